"""The timesheet report of an invoice as a file: PDF, CSV and Excel."""

import csv
import io

import xlsxwriter

from odoo import api, fields, models

from ..core.timesheet_report import guard_formula

REPORT = "monthly_billing_document.account_move_timesheet_report_action"
MIMETYPES = {
    "pdf": "application/pdf",
    "csv": "text/csv;charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
#: what a cell of an Excel sheet can hold
MAX_TEXT = 32767
#: columns of the files: name in the CSV, and width in the Excel sheet
COLUMNS = {
    "document": 18,
    "document_type": 14,
    "document_date": 12,
    "customer": 28,
    "currency": 9,
    "heading": 22,
    "month": 12,
    "ticket": 12,
    "title": 36,
    "date": 12,
    "person": 16,
    "description": 48,
    "kind": 10,
    "worked_hours": 10,
    "billed_hours": 10,
    "rate": 10,
    "discount": 10,
    "amount": 12,
}


#: written by the document alone, on drafts as well
RECORDS = {"timesheet_report_file"}


class AccountMove(models.Model):
    _inherit = "account.move"

    timesheet_report_id = fields.Many2one(
        "ir.attachment",
        compute=lambda self: self._compute_linked_attachment_id(
            "timesheet_report_id", "timesheet_report_file"
        ),
        depends=["timesheet_report_file"],
    )
    timesheet_report_file = fields.Binary(attachment=True, copy=False)

    @api.model
    def _get_recorded_fields(self):
        return super()._get_recorded_fields() | RECORDS

    def _has_timesheet_report(self, kind=None):
        """Return whether there are hours of a month to report.

        :param kind: only if it was agreed as ``same`` or ``separate``
        """
        self.ensure_one()
        agreement = self._get_timesheet_report_agreement()
        return bool(agreement) and kind in (None, agreement.timesheet_report)

    def _has_timesheet_annex(self):
        """Return whether the printed document ends with the report."""
        self.ensure_one()
        report = self._is_billing_document() and self._get_fact("report")
        return bool(report) and report["is_annexed"]

    def _can_get_timesheet_report(self, user):
        """Return whether ``user``, who may see the invoice, may see its report.

        Staff may see any, customers that of a posted invoice if it was agreed.
        """
        self.ensure_one()
        if not self._has_timesheet_report():
            return False
        if user._is_internal() and self.with_user(user).has_access("read"):
            return True
        return self.state == "posted" and not self._has_timesheet_report("none")

    def _may_print_timesheet_report(self):
        """Return whether who prints may see the report: Odoo lets customers print any
        report of their invoices."""
        self.ensure_one()
        if self.env.su:
            return self._has_timesheet_report()
        return self._can_get_timesheet_report(self.env.user)

    def _ensure_timesheet_report_attachments(self):
        """Each of these posted invoices whose report is one of its own has it as a PDF.

        Each is rendered once and belongs to the invoice from then on; a reset to draft
        detaches it like the PDF of the invoice.

        :return: ``ir.attachment``, as superuser
        """
        moves = self.sudo().filtered(
            lambda move: (
                move.state == "posted" and move._has_timesheet_report("separate")
            )
        )
        for move in moves:
            if not move.timesheet_report_id:
                move._create_timesheet_report_attachment()
        return moves.timesheet_report_id

    def _create_timesheet_report_attachment(self):
        name, content, mimetype = self._render_timesheet_report("pdf")
        self.env["ir.attachment"].sudo().create(
            {
                "name": name,
                "raw": content,
                "mimetype": mimetype,
                "res_model": self._name,
                "res_id": self.id,
                "res_field": "timesheet_report_file",
            }
        )
        self.invalidate_recordset(["timesheet_report_id", "timesheet_report_file"])

    def _render_timesheet_report(self, kind):
        """Return name, content and MIME type of the report, in the language of the
        document.

        A PDF that went out with the invoice is returned as it was.

        :param str kind: ``pdf``, ``csv`` or ``xlsx``
        """
        self.ensure_one()
        move = self.sudo().with_context(lang=self._get_document_language())
        if kind == "pdf" and move.timesheet_report_id:
            content = move.timesheet_report_id.raw
        elif kind == "pdf":
            report = move.env["ir.actions.report"]
            content, _kind = report._render_qweb_pdf(REPORT, move.ids)
        elif kind == "csv":
            content = move._render_timesheet_csv()
        else:
            content = move._render_timesheet_xlsx()
        return f"{move._get_timesheet_report_name()}.{kind}", content, MIMETYPES[kind]

    def _get_timesheet_report_name(self):
        """Return what files of the report are called, in the language of the
        document."""
        self.ensure_one()
        move = self.sudo().with_context(lang=self._get_document_language())
        number = (move.name or move.partner_id.display_name).replace("/", "-")
        return move.env._("Timesheets %(number)s", number=number)

    def _get_timesheet_report_rows(self):
        """Return the rows of the files: values by name of the column.

        There is one for each entry and invoice line, and one for each line without
        hours, so the amounts add up to the net total. Empty is None; ``worked_hours``
        are exact, ``kind`` is ``time``, ``included``, ``free``, ``typed``, ``changed``
        or ``other``.
        """
        report = self._get_timesheet_report()
        common = {
            "document": self.name or "",
            "document_type": "credit_note"
            if self.move_type == "out_refund"
            else "invoice",
            "document_date": self.invoice_date or None,
            "customer": self._get_fact("head")["customer"],
            "currency": self.currency_id.name,
        }
        rows = [
            row
            for ticket in report["tickets"]
            for entry in ticket["entries"]
            for row in self._get_timesheet_entry_rows(ticket, entry)
        ]
        rows += [
            {"kind": "other", "title": line["text"], "amount": line["amount"]}
            for line in report["other"]
        ]
        return [dict.fromkeys(COLUMNS) | common | row for row in rows]

    def _get_timesheet_entry_rows(self, ticket, entry):
        """Return the rows of one entry, one per invoice line that it stands on."""
        return [
            {
                "heading": ", ".join(ticket["headings"]),
                "month": ticket["month"],
                "ticket": ticket["number"],
                "title": ticket["title"],
                "date": entry["date"],
                "person": entry["person"],
                "description": entry["text"],
                "kind": entry["kind"],
                "worked_hours": part["worked"],
                "billed_hours": part["billed"],
                "rate": part["price_unit"],
                "discount": part["discount"],
                "amount": part["amount"],
            }
            for part in entry["parts"]
        ]

    def _render_timesheet_csv(self):
        """Return the rows for programs: UTF-8, commas, ISO dates, decimal points."""
        stream = io.StringIO()
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        for row in self._get_timesheet_report_rows():
            writer.writerow(
                guard_formula(value) if isinstance(value, str) else value
                for value in row.values()
            )
        return stream.getvalue().encode()

    def _render_timesheet_xlsx(self):
        """Return the rows for people: titles in the language of the environment."""
        stream = io.BytesIO()
        titles = self._get_timesheet_report_titles()
        options = {"in_memory": True, "default_date_format": "yyyy-mm-dd"}
        with xlsxwriter.Workbook(stream, options) as workbook:
            sheet = workbook.add_worksheet(self.env._("Timesheets")[:31])
            head = workbook.add_format({"bold": True, "bottom": 1})
            decimals = workbook.add_format({"num_format": "#,##0.00"})
            for column, (name, width) in enumerate(COLUMNS.items()):
                sheet.write_string(0, column, titles[name], head)
                sheet.set_column(column, column, width)
            rows = self._get_timesheet_report_rows()
            for position, row in enumerate(rows, 1):
                for column, value in enumerate(row.values()):
                    if isinstance(value, str):
                        sheet.write_string(position, column, value[:MAX_TEXT])
                    elif isinstance(value, float):
                        sheet.write_number(position, column, value, decimals)
                    elif value:
                        sheet.write_datetime(position, column, value)
            sheet.freeze_panes(1, 0)
            sheet.autofilter(0, 0, len(rows), len(COLUMNS) - 1)
        return stream.getvalue()

    def _get_timesheet_report_titles(self):
        """Return the titles of the columns by name."""
        return {
            "document": self.env._("Document"),
            "document_type": self.env._("Type"),
            "document_date": self.env._("Document Date"),
            "customer": self.env._("Customer"),
            "currency": self.env._("Currency"),
            "heading": self.env._("Heading"),
            "month": self.env._("Month"),
            "ticket": self.env._("Ticket"),
            "title": self.env._("Title"),
            "date": self.env._("Date"),
            "person": self.env._("Person"),
            "description": self.env._("Description"),
            "kind": self.env._("Kind"),
            "worked_hours": self.env._("Worked (h)"),
            "billed_hours": self.env._("Billed (h)"),
            "rate": self.env._("Rate"),
            "discount": self.env._("Discount (%)"),
            "amount": self.env._("Amount"),
        }

    def _get_fields_to_detach(self):
        return [*super()._get_fields_to_detach(), "timesheet_report_file"]

    def _detach_attachments(self):
        result = super()._detach_attachments()
        self.invalidate_recordset(["timesheet_report_id", "timesheet_report_file"])
        return result

    def _get_mail_thread_data_attachments(self):
        # attachments of fields are left out otherwise
        return super()._get_mail_thread_data_attachments() | self.timesheet_report_id

    def action_download_timesheet_report(self):
        """Download the report as ``timesheet_report_kind`` of the context says."""
        self.ensure_one()
        kind = self.env.context.get("timesheet_report_kind", "pdf")
        return {
            "type": "ir.actions.act_url",
            "url": self._get_timesheet_report_url(kind),
            "target": "download",
        }

    def _get_timesheet_report_url(self, kind):
        """Return where the report is in the portal, for who is logged in."""
        self.ensure_one()
        return f"/my/invoices/{self.id}/timesheets.{kind}"
