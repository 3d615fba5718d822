from odoo.fields import Command
from odoo.tests import freeze_time

from .common import VolumeDiscountCommon
from .ready_company import ReadyCompanyCommon


@freeze_time("2026-11-05")
class InvoiceCommon(VolumeDiscountCommon, ReadyCompanyCommon):
    """A firm on 5 November 2026 that writes its invoices by hand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.company_data["company"]
        cls.currency = cls.company.currency_id
        cls.tax = cls.company_data["default_tax_sale"]
        cls.support = cls.create_hours_service("Support", 120)
        cls.discount = cls.create_discount()
        cls.partner = cls.create_partner(is_company=True, lang="en_US")
        cls.partner.volume_discount_id = cls.discount

    @classmethod
    def create_hours_service(cls, name, price, **values):
        defaults = {"name": name, "list_price": price}
        defaults["taxes_id"] = [Command.set(cls.tax.ids)]
        return cls.create_service(**(defaults | values))

    @classmethod
    def create_invoice(cls, *hours, day="2026-10-31", **values):
        """Create a draft with a line per number of hours, or per dict of values."""
        lines = [cls.prepare_hours(line) for line in hours]
        return cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": cls.partner.id,
                "invoice_date": day,
                "delivery_date": day,
                "invoice_line_ids": [Command.create(line) for line in lines],
                **values,
            }
        )

    @classmethod
    def prepare_hours(cls, hours):
        line = hours if isinstance(hours, dict) else {"quantity": hours}
        return {"product_id": cls.support.id} | line

    @classmethod
    def create_priced(cls, *hours, post=False, **values):
        """Create a draft and apply the table; post it on demand."""
        invoice = cls.create_invoice(*hours, **values)
        invoice.action_apply_volume_discount()
        if post:
            invoice.action_post()
        return invoice

    @classmethod
    def bill(cls, *hours, **values):
        """Return what an invoice asks for some hours, before tax; it is posted."""
        return cls.create_priced(*hours, post=True, **values).amount_untaxed

    @classmethod
    def credit(cls, invoice):
        """Return the draft credit note of a posted invoice."""
        wizard = cls.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        values = {"journal_id": invoice.journal_id.id, "date": "2026-11-05"}
        action = wizard.create(values).reverse_moves()
        return cls.env["account.move"].browse(action["res_id"])

    def get_lines(self, invoice):
        """Return (hours, price) of each line in the order of the invoice."""
        lines = invoice.invoice_line_ids.sorted(lambda line: (line.sequence, line.id))
        return [(line.quantity, line.price_unit) for line in lines]

    def get_extras(self, invoice):
        """Return (kind, amount) of the lines without hours."""
        return [
            (line.volume_discount_kind, line.price_subtotal)
            for line in invoice.invoice_line_ids
            if line.volume_discount_kind not in (False, "time")
        ]
