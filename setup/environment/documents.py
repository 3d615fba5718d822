"""Bills the demo firm and writes its documents to a folder; runs inside Odoo."""

import contextlib
import re
from pathlib import Path

import demo_firm


def show(env, month: str, folder: str, address: str) -> dict:
    """Bill the month once; return rows of the table, names of files, and logins."""
    rows = demo_firm.bill(env, month)
    ids = [row["invoice_id"] for row in rows if row.get("invoice_id")]
    return {
        "rows": rows,
        "files": [
            *write_all(env, ids, folder, address),
            *write_reminders(env, folder, address),
        ],
        "logins": demo_firm.logins(env),
    }


def write_all(env, invoice_ids: list[int], folder: str, address: str) -> list[str]:
    """Write the documents of each invoice to `folder`; return the file names.

    These are PDF and e-invoice, and the timesheet report: as CSV and Excel, and as PDF
    where it is agreed, which may be the annex of the invoice. A server must answer at
    `address`: PDFs fetch their styles from it. A draft has neither a number nor an
    e-invoice.
    """
    with _printing_from(env, address):
        return _write_all(env, invoice_ids, folder)


def write_reminders(env, folder: str, address: str) -> list[str]:
    """Write the last reminder of each customer to `folder`; return the file names.

    :param address: as in `write_all`
    """
    sent = env["dunning.notice"].search([("state", "=", "sent")], order="date, id")
    last = {notice.partner_id: notice for notice in sent}
    with _printing_from(env, address):
        return [_write_reminder(notice, Path(folder)) for notice in last.values()]


def _write_reminder(notice, target: Path) -> str:
    report = "invoice_dunning.action_report_notice"
    content, _kind = notice.env["ir.actions.report"]._render_qweb_pdf(
        report, notice.ids
    )
    name = f"{_on_disk(f'{notice.name} {notice.partner_id.name}')}.pdf"
    target.mkdir(parents=True, exist_ok=True)
    (target / name).write_bytes(content)
    return name


@contextlib.contextmanager
def _printing_from(env, address: str):
    """Let PDFs fetch their styles from `address`; afterwards all is as it was.

    The database outlives the server, which may get another port the next time.
    """
    parameters = env["ir.config_parameter"].sudo()
    values = {"report.url": address, "report.print_delay": "0"}
    former = {name: parameters.get_param(name) for name in values}
    for name, value in values.items():
        parameters.set_param(name, value)
    env.cr.commit()  # the server answers requests with the new address
    try:
        yield
    except BaseException:
        env.cr.rollback()
        raise
    finally:
        for name, value in former.items():
            parameters.set_param(name, value)
        env.cr.commit()


def _write_all(env, invoice_ids: list[int], folder: str) -> list[str]:
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    names = []
    for invoice in env["account.move"].browse(invoice_ids).exists():
        env.invalidate_all()  # labels of taxes stay in the language of the one before
        for name, content in [*_documents(env, invoice), *_timesheets(invoice)]:
            (target / name).write_bytes(content)
            names.append(name)
    return names


def _documents(env, invoice) -> list[tuple[str, bytes]]:
    """Names and contents of what the customer of an invoice gets."""
    if invoice.state != "posted":
        report = env["ir.actions.report"]
        content, _kind = report._render_qweb_pdf(
            "account.account_invoices", invoice.ids
        )
        return [(f"{_file_name(invoice)}.pdf", content)]
    if not invoice.invoice_pdf_report_id:
        sender = env["account.move.send"]
        sender._generate_and_send_invoices(invoice, sending_methods=["manual"])
    return [
        (f"{_file_name(invoice)}.pdf", invoice.invoice_pdf_report_id.raw),
        (f"{_file_name(invoice)}.xml", _e_invoice(env, invoice)),
    ]


def _timesheets(invoice) -> list[tuple[str, bytes]]:
    """Names and contents of the report that the customer checks the hours with.

    An annex is in the PDF of the invoice.
    """
    if not invoice._has_timesheet_report():
        return []
    kinds = ["pdf"] if invoice._has_timesheet_report("separate") else []
    files = [invoice._render_timesheet_report(kind) for kind in (*kinds, "csv", "xlsx")]
    return [(_on_disk(name), content) for name, content, _mimetype in files]


def _e_invoice(env, invoice) -> bytes:
    """The e-invoice the customer gets; an XRechnung where none is asked for."""
    if invoice.ubl_cii_xml_id:
        return invoice.ubl_cii_xml_id.raw
    content, _errors = env["account.edi.xml.ubl_de"]._export_invoice(invoice)
    return content


def _file_name(invoice) -> str:
    """Number of the invoice, or draft and customer."""
    name = invoice.name
    if invoice.state != "posted":
        name = f"draft {invoice.partner_id.display_name}"
    return _on_disk(name)


def _on_disk(name: str) -> str:
    """A name with letters that a disk can take."""
    return re.sub(r"[^\w.-]+", "-", name).strip("-")
