from contextlib import contextmanager
from datetime import date
from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import Form

from odoo.addons.monthly_billing.tests.common import MonthlyBillingCommon

FORMATS = ("xrechnung", "ubl_bis3", "facturx")
OCTOBER = date(2026, 10, 1)
#: content of the annex, in base64
ANNEX = "JVBERi0xLjc="


@contextmanager
def patch_annex(env, mimetype="application/pdf"):
    """Make a file the timesheet report of every invoice."""
    names = ["timesheet_report_id", "timesheet_report_file"]

    def attach(moves):
        for move in moves.filtered(lambda one: not one.timesheet_report_id):
            env["ir.attachment"].sudo().create(
                {
                    "name": "report.pdf",
                    "datas": ANNEX,
                    "mimetype": mimetype,
                    "res_model": move._name,
                    "res_id": move.id,
                    "res_field": names[1],
                }
            )
            move.invalidate_recordset(names)

    name = "_ensure_timesheet_report_attachments"
    with patch.object(env.registry["account.move"], name, attach):
        yield


@contextmanager
def collect(partner):
    """Collect all invoices from an account of a customer."""
    env = partner.env
    bank = env["res.partner.bank"].create(
        {"acc_number": "DE75512108001245126199", "partner_id": partner.id}
    )
    debit = {
        "bank": bank,
        "mandate": "M-2026-7",
        "creditor": "DE98ZZZ09999999999",
        "date": date(2026, 11, 15),
    }
    move = env.registry["account.move"]
    with patch.object(move, "_get_direct_debit", lambda move: debit):
        yield


class ElectronicCommon(MonthlyBillingCommon):
    """A German firm and its customer, with all that their e-invoices need."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.write(
            {
                "name": "Petersen IT GmbH",
                "street": "Lange Brücke 1",
                "zip": "14467",
                "city": "Potsdam",
                "country_id": cls.env.ref("base.de").id,
                "vat": "DE123456788",
                "phone": "+49 331 5550171",
                "email": "rechnung@example.com",
            }
        )
        cls.bank = cls.env["res.partner.bank"].create(
            {
                "acc_number": "DE02120300000000202051",
                "partner_id": cls.company.partner_id.id,
                "allow_out_payment": True,
            }
        )
        cls.partner.write({"vat": "DE136695976", "ref": "K-1001", "lang": "en_US"})

    def issue(self, day=OCTOBER, **values):
        """Return the posted invoice of the month of ``day``, changed before."""
        invoice = self.bill(day).invoice_id
        if values:
            invoice.write(values)
        invoice.action_post()
        return invoice

    def type_line(self, invoice, **values):
        """Add a line to a draft as a person does."""
        values = {"name": "Typed", "quantity": 1, "price_unit": 50.0, **values}
        values.setdefault("tax_ids", [Command.set(self.tax_19.ids)])
        invoice.write({"invoice_line_ids": [Command.create(values)]})

    def credit(self, invoice, release, lines=()):
        """Return the posted credit note of an invoice, or of some of its lines."""
        context = {"active_model": "account.move", "active_ids": invoice.ids}
        wizard = Form(self.env["account.move.reversal"].with_context(**context))
        wizard.billing_release = release
        for line in lines:
            wizard.billing_line_ids.add(line)
        record = wizard.save()
        record.refund_moves()
        record.new_move_ids.action_post()
        return record.new_move_ids

    def export(self, invoice, kind):
        """Return the e-invoice of ``invoice`` as bytes; Odoo's own checks pass."""
        builder = self.env["res.partner"]._get_edi_builder(kind)
        xml, errors = builder._export_invoice(invoice)
        self.assertFalse(errors, kind)
        return xml
