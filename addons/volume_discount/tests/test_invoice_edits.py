"""What the user changes on lines that a table has priced or added."""

from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .invoice_common import InvoiceCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-05")
class TestEditedParts(InvoiceCommon):
    """Parts of a line that no longer cost alike are lines of their own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reduced = cls.tax.copy({"name": "Reduced", "amount": 7})

    def change(self, invoice, position, **values):
        line = invoice.invoice_line_ids.sorted("sequence")[position]
        invoice.invoice_line_ids = [Command.update(line.id, values)]

    def check_proof(self, invoice):
        (proof,) = invoice.volume_discount_data["proofs"]
        asked = sum(float(row["amount"]) for row in proof["rows"])
        self.assertAlmostEqual(asked, invoice.amount_untaxed, 2)

    def test_discount_of_a_part_is_in_the_proof(self):
        invoice = self.create_priced(15)
        self.change(invoice, 1, discount=10)
        self.assertEqual(invoice.amount_untaxed, 1200 + 5 * 99)
        self.check_proof(invoice)

    def test_tax_of_a_part_stays_in_the_summary(self):
        invoice = self.create_priced(15)
        self.change(invoice, 1, tax_ids=[Command.set(self.reduced.ids)])
        invoice.volume_discount_presentation = "summary"
        taxes = invoice.invoice_line_ids.filtered("product_id").mapped("tax_ids")
        self.assertEqual(taxes, self.tax | self.reduced)
        self.assertEqual(invoice.amount_untaxed, 1750)

    def test_service_of_a_part_stays(self):
        travel = self.create_hours_service("Travel", 120)
        invoice = self.create_priced(15)
        self.change(invoice, 1, product_id=travel.id, price_unit=120)
        self.change(invoice, 0, quantity=5)
        self.assertEqual(invoice.amount_untaxed, 1200)
        products = invoice.invoice_line_ids.mapped("product_id")
        self.assertEqual(products, self.support | travel)

    def test_removing_keeps_parts_with_another_discount(self):
        invoice = self.create_priced(15)
        self.change(invoice, 1, discount=10)
        invoice.action_remove_volume_discount()
        self.assertEqual(invoice.amount_untaxed, 1200 + 5 * 108)

    def test_quantity_of_a_discount_line_is_one(self):
        invoice = self.create_priced(15, volume_discount_presentation="summary")
        line = invoice.invoice_line_ids.filtered(
            lambda line: line.volume_discount_kind == "discount"
        )
        for values in ({"quantity": 2}, {"discount": 50}):
            invoice.invoice_line_ids = [Command.update(line.id, values)]
            self.assertEqual(invoice.amount_untaxed, 1750, values)


@tagged("post_install", "-at_install")
@freeze_time("2026-11-05")
class TestPostedAgain(InvoiceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.discount.window = "year"

    def test_hours_whose_place_was_taken_meanwhile_are_priced_anew(self):
        for mode in ("graduated", "volume"):
            self.partner = self.create_partner(name="Waiting")
            self.partner.volume_discount_id = self.create_discount(
                mode=mode, window="year"
            )
            customer = {"partner_id": self.partner.id}
            first = self.create_priced(10, day="2026-01-31", post=True, **customer)
            first.button_draft()
            second = self.create_priced(10, day="2026-02-28", post=True, **customer)
            first.action_post()
            expected = 2300 if mode == "graduated" else 2000
            self.assertEqual(
                first.amount_untaxed + second.amount_untaxed, expected, mode
            )

    def test_both_reset_and_posted_together_stay_the_same(self):
        first = self.create_priced(10, day="2026-01-31", post=True)
        second = self.create_priced(10, day="2026-02-28", post=True)
        both = first | second
        both.button_draft()
        both.action_post()
        self.assertEqual(both.mapped("amount_untaxed"), [1200, 1100])

    def test_cancelled_and_posted_after_another_comes_last(self):
        first = self.create_priced(6, day="2026-01-31", post=True)
        self.create_priced(6, day="2026-02-28", post=True)
        first.button_draft()
        first.button_cancel()
        self.create_priced(6, day="2026-03-31", post=True)
        first.button_draft()
        first.action_post()
        self.assertEqual(first.amount_untaxed, 6 * 110)


@tagged("post_install", "-at_install")
@freeze_time("2026-11-05")
class TestPrecision(InvoiceCommon):
    def test_hours_with_more_digits_stay(self):
        self.env.ref("uom.decimal_product_uom").digits = 4
        invoice = self.create_invoice(12.3333)
        invoice.action_apply_volume_discount()
        self.assertEqual(self.get_lines(invoice), [(10, 120), (2.3333, 110)])
        invoice.action_remove_volume_discount()
        self.assertEqual(self.get_lines(invoice), [(12.3333, 120)])

    def test_price_of_an_odd_day_comes_back(self):
        day = self.env["uom.uom"].create(
            {
                "name": "Day of 7.7 h",
                "relative_factor": 7.7,
                "relative_uom_id": self.hour.id,
            }
        )
        days = {"product_uom_id": day.id, "quantity": 1, "price_unit": 1000}
        for presentation in ("line", "summary"):
            invoice = self.create_priced(
                days, days, volume_discount_presentation=presentation
            )
            invoice.action_remove_volume_discount()
            self.assertEqual(self.get_lines(invoice), [(1, 1000), (1, 1000)])
