from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .invoice_common import InvoiceCommon

MONTHS = ("2026-08-31", "2026-09-30", "2026-10-31")
HOURS = (9.5, 19, 25)


class NetCommon(InvoiceCommon):
    def simulate(self, partner):
        simulation = self.env["volume.discount.simulation"].create(
            {
                "partner_ids": [Command.set(partner.ids)],
                "table_ids": [Command.set(partner.volume_discount_id.ids)],
                "date_start": "2026-08-01",
                "date_end": "2026-10-15",
            }
        )
        simulation.action_simulate()
        return simulation.line_ids

    def check_simulation(self, **line):
        """Check that what is simulated is what three months were billed before tax."""
        for values in (
            {"mode": "graduated"},
            {"mode": "volume", "window": "year"},
            {"mode": "volume", "window": "month", "best_price": True},
        ):
            self.discount.write(values)
            partner = self.create_partner(name=str(values))
            partner.volume_discount_id = self.discount
            billed = [
                self.bill({"quantity": hours} | line, day=day, partner_id=partner.id)
                for hours, day in zip(HOURS, MONTHS, strict=True)
            ]
            with self.subTest(**values):
                lines = self.simulate(partner)
                self.assertEqual(lines.mapped("billed_amount"), billed)
                self.assertEqual(lines.mapped("amount"), billed)
                self.assertFalse(any(lines.mapped("difference")))

    def get_proof(self, invoice):
        return invoice.with_context(lang="en_US")._get_volume_discount_proofs()[0]


@tagged("post_install", "-at_install")
@freeze_time("2026-11-05")
class TestPricesWithTax(NetCommon):
    """The tax is in the prices: 120.00 per hour are 100.00 before tax."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tax.write({"amount": 20, "price_include_override": "tax_included"})

    def test_simulation_is_before_tax(self):
        for method in ("round_per_line", "round_globally"):
            self.company.tax_calculation_rounding_method = method
            self.check_simulation()

    def test_list_amount_is_before_tax(self):
        self.bill(5)
        self.assertEqual(self.simulate(self.partner).list_amount, 500)

    def test_proof_does_not_call_prices_with_tax_before_tax(self):
        proof = self.get_proof(self.create_priced(25))
        self.assertEqual(proof["total_label"], "Total")
        self.assertIn("2,800.00", proof["total"])

    def test_printed_invoice_does_not_call_it_before_tax(self):
        invoice = self.create_priced(25, post=True)
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "account.account_invoices", invoice.ids
        )
        self.assertNotIn("Total before tax", html.decode())


@tagged("post_install", "-at_install")
@freeze_time("2026-11-05")
class TestDiscountOfTheLine(NetCommon):
    """A discount in percent on a line comes on top of the table."""

    def test_simulation_takes_it_off(self):
        self.check_simulation(discount=12.5)

    def test_proof_multiplies_to_what_is_billed(self):
        invoice = self.create_priced({"quantity": 25, "discount": 50})
        proof = self.get_proof(invoice)
        self.assertEqual(proof["total_label"], "Total before tax")
        self.assertEqual(proof["formula"], "10 h × 60.00, 10 h × 55.00, 5 h × 50.00")
        self.assertEqual(invoice.amount_untaxed, 1400)
        self.assertIn("1,400.00", proof["total"])

    def test_lines_with_and_without_it_stand_apart(self):
        proof = self.get_proof(self.create_priced(4, {"quantity": 4, "discount": 25}))
        self.assertEqual(proof["formula"], "4 h × 120.00, 4 h × 90.00")

    def test_cliff_is_not_named_where_it_changes_the_price(self):
        self.discount.mode = "volume"
        self.assertTrue(self.get_proof(self.create_priced(9.5))["advice"])
        invoice = self.create_priced({"quantity": 9.5, "discount": 10})
        self.assertFalse(self.get_proof(invoice)["advice"])


@tagged("post_install", "-at_install")
@freeze_time("2026-11-05")
class TestNegativeHours(NetCommon):
    """Negative hours leave the window from the top, at the price they have there."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.discount.window = "year"

    def test_they_have_the_price_of_the_top(self):
        invoice = self.create_priced(25, -7)
        self.assertEqual(
            self.get_lines(invoice),
            [(10, 120), (10, 110), (5, 100), (-5, 100), (-2, 110)],
        )
        self.assertEqual(self.get_proof(invoice)["hours"], "18.00")
        self.assertEqual(
            self.get_proof(invoice)["formula"], "10 h × 120.00, 8 h × 110.00"
        )

    def test_removing_gives_them_back_as_they_were_typed(self):
        invoice = self.create_priced(25, -7)
        invoice.action_remove_volume_discount()
        self.assertEqual(self.get_lines(invoice), [(25, 120), (-7, 120)])

    def test_invoice_of_negative_hours_has_a_proof(self):
        self.bill(12, day="2026-09-30")
        goods = {"product_id": self.product_a.id, "price_unit": 5000}
        invoice = self.create_priced(-15, goods, post=True)
        self.assertEqual(self.get_lines(invoice)[:2], [(-2, 110), (-13, 120)])
        self.assertIn("-3 h", self.get_proof(invoice)["position"])
        self.assertIn("10 h until", self.get_proof(invoice)["next"])
        self.assertEqual(self.get_lines(self.create_priced(14)), [(13, 120), (1, 110)])

    def test_they_do_not_bring_the_next_tier_nearer(self):
        self.bill(12, -2, day="2026-09-30")
        self.assertEqual(self.get_lines(self.create_priced(12)), [(10, 110), (2, 100)])

    def test_volume_ends_at_the_total_of_the_table(self):
        self.discount.mode = "volume"
        asked = self.bill(12, -2, day="2026-09-30") + self.bill(0.5)
        self.assertEqual(asked, 1155)

    def test_credit_note_gives_back_all_of_it(self):
        invoice = self.create_priced(12, -2, day="2026-09-30", post=True)
        self.credit(invoice).action_post()
        self.assertEqual(self.get_lines(self.create_priced(10)), [(10, 120)])
