from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .invoice_common import InvoiceCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-05")
class TestSections(InvoiceCommon):
    """A discount line lowers no subtotal of a section that somebody else made."""

    def create_divided(self, **values):
        section = {"display_type": "line_section", "name": "Work", "product_id": False}
        invoice = self.create_invoice(section, 25, **values)
        invoice.volume_discount_presentation = "summary"
        invoice.action_apply_volume_discount()
        return invoice

    def get_texts(self, invoice):
        lines = invoice.invoice_line_ids.sorted(lambda line: (line.sequence, line.id))
        return [line.name for line in lines]

    def test_discount_has_its_own_section(self):
        invoice = self.create_divided()
        self.assertEqual(
            self.get_texts(invoice),
            [
                "Work",
                "Support",
                "Volume discount",
                "Volume discount (Framework contract)",
            ],
        )
        sections = invoice.invoice_line_ids.filtered(
            lambda line: line.display_type == "line_section"
        ).sorted("sequence")
        totals = [line.get_section_subtotal() for line in sections]
        self.assertEqual(totals, [3000, -200])

    def test_section_stays_last_and_single(self):
        invoice = self.create_divided()
        invoice.action_apply_volume_discount()
        work = {"display_type": "line_section", "name": "Travel", "sequence": 900}
        hours = {"product_id": self.support.id, "quantity": 2, "sequence": 901}
        invoice.invoice_line_ids = [Command.create(work), Command.create(hours)]
        self.assertEqual(
            self.get_texts(invoice)[2:],
            [
                "Travel",
                "Support",
                "Volume discount",
                "Volume discount (Framework contract)",
            ],
        )

    def test_section_goes_with_the_discount_and_with_the_other_sections(self):
        invoice = self.create_divided()
        sections = invoice.invoice_line_ids.filtered(lambda line: line.name == "Work")
        invoice.invoice_line_ids = [Command.delete(sections.id)]
        self.assertEqual(
            self.get_texts(invoice),
            ["Support", "Volume discount (Framework contract)"],
        )
        invoice = self.create_divided()
        invoice.action_remove_volume_discount()
        self.assertEqual(self.get_texts(invoice), ["Work", "Support"])

    def test_printed_subtotals_leave_it_out(self):
        invoice = self.create_divided(partner_id=self.partner.id)
        invoice.action_post()
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "account.account_invoices", invoice.ids
        )
        above = html.decode().split("Volume discount")[0]
        self.assertGreaterEqual(above.count("3,000.00"), 2)
        self.assertNotIn("2,800.00", above)


@tagged("post_install", "-at_install")
@freeze_time("2026-11-05")
class TestZeroHours(InvoiceCommon):
    def test_split_line_that_is_set_to_zero_is_one_line(self):
        invoice = self.create_priced(25, 4)
        parts = invoice.invoice_line_ids.sorted("sequence")[:3]
        invoice.invoice_line_ids = [
            Command.update(line.id, {"quantity": 0}) for line in parts
        ]
        self.assertEqual(self.get_lines(invoice), [(0, 120), (4, 120)])
        self.assertEqual(len(parts.exists()), 1)
        self.assertFalse(parts.exists().volume_discount_split)

    def test_hours_on_the_line_that_is_left_are_priced_again(self):
        invoice = self.create_priced(25)
        invoice.invoice_line_ids = [
            Command.update(line.id, {"quantity": 0})
            for line in invoice.invoice_line_ids
        ]
        line = invoice.invoice_line_ids
        invoice.invoice_line_ids = [Command.update(line.id, {"quantity": 12})]
        self.assertEqual(self.get_lines(invoice), [(10, 120), (2, 110)])
