from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .invoice_common import InvoiceCommon

#: hours: graduated, volume, volume with best price (pricing.md, "Modes")
TABLE = [
    (9.5, 1140.00, 1140.00, 1100.00),
    (9.99, 1198.80, 1198.80, 1100.00),
    (10, 1200.00, 1100.00, 1100.00),
    (10.25, 1227.50, 1127.50, 1127.50),
    (19, 2190.00, 2090.00, 2000.00),
    (20, 2300.00, 2000.00, 2000.00),
    (20.25, 2325.00, 2025.00, 2025.00),
    (23.75, 2675.00, 2375.00, 2375.00),
]


@tagged("post_install", "-at_install")
@freeze_time("2026-11-05")
class TestNumbers(InvoiceCommon):
    """Every number of pricing.md, on real invoices written by hand."""

    def check_modes(self, presentation):
        self.discount.presentation = presentation
        for column, values in enumerate(
            ({"mode": "graduated"}, {"mode": "volume"}, {"best_price": True}), 1
        ):
            self.discount.write(values)
            for row in TABLE:
                with self.subTest(hours=row[0], **values):
                    invoice = self.create_priced(row[0])
                    self.assertEqual(invoice.amount_untaxed, row[column])

    def test_every_mode_line_by_line(self):
        self.check_modes("line")

    def test_every_mode_as_summary(self):
        self.check_modes("summary")

    def test_percentages(self):
        tiers = [self.discount_tier(20, 5), self.discount_tier(40, 10)]
        self.partner.volume_discount_id = self.create_discount(tiers, list_price=100)
        for mode, total in [("graduated", 4800), ("volume", 4500)]:
            self.partner.volume_discount_id.mode = mode
            invoice = self.create_priced({"quantity": 50, "price_unit": 100})
            self.assertEqual(invoice.amount_untaxed, total)

    def test_three_jobs_share_the_tiers_in_their_order(self):
        invoice = self.create_priced(6.5, 9.25, 8)
        self.assertEqual(
            self.get_lines(invoice),
            [(6.5, 120), (3.5, 120), (5.75, 110), (4.25, 110), (3.75, 100)],
        )
        self.assertEqual(invoice.amount_untaxed, 2675)

    def test_three_jobs_as_summary(self):
        self.discount.presentation = "summary"
        invoice = self.create_priced(6.5, 9.25, 8)
        self.assertEqual(
            self.get_lines(invoice), [(6.5, 120), (9.25, 120), (8, 120), (1, -175)]
        )
        self.assertEqual(invoice.amount_untaxed, 2675)

    def create_year_table(self, mode):
        self.partner.volume_discount_id = self.create_discount(
            [self.discount_tier(50, 10)], list_price=100, window="year", mode=mode
        )
        return {"price_unit": 100}

    def test_year_window_graduated(self):
        price = self.create_year_table("graduated")
        self.assertEqual(self.bill(price | {"quantity": 48}, day="2026-05-31"), 4800)
        self.assertEqual(self.bill(price | {"quantity": 6}, day="2026-06-30"), 560)

    def test_year_window_volume(self):
        price = self.create_year_table("volume")
        self.assertEqual(self.bill(price | {"quantity": 48}, day="2026-05-31"), 4800)
        june = self.create_priced(price | {"quantity": 6}, day="2026-06-30")
        self.assertEqual(june.amount_untaxed, 60)
        self.assertEqual(self.get_extras(june), [("difference", -480)])

    def test_late_hours_are_priced_as_if_they_had_been_there_in_time(self):
        self.discount.mode = "volume"
        self.assertEqual(self.bill(19, day="2026-05-31"), 2090)
        self.assertEqual(self.bill(2, day="2026-05-20"), 10)

    def test_free_hours_and_no_hours_change_nothing(self):
        invoice = self.create_priced(0, 5)
        self.assertEqual(self.get_lines(invoice), [(0, 120), (5, 120)])


@tagged("post_install", "-at_install")
@freeze_time("2026-11-05")
class TestServices(InvoiceCommon):
    """Several rates, units and taxes on one invoice."""

    def test_percentages_serve_senior_junior_and_travel(self):
        senior = self.create_hours_service("Senior", 150)
        junior = self.create_hours_service("Junior", 90)
        travel = self.create_hours_service("Travel", 60)
        self.partner.volume_discount_id = self.create_discount(
            [self.discount_tier(10, 10)],
            list_price=150,
            product_ids=(senior | junior).ids,
        )
        invoice = self.create_priced(
            {"product_id": senior.id, "quantity": 8},
            {"product_id": travel.id, "quantity": 5},
            {"product_id": junior.id, "quantity": 4},
        )
        self.assertEqual(self.get_lines(invoice), [(8, 150), (5, 60), (2, 90), (2, 81)])

    def test_services_that_do_not_count_do_not_move_the_window(self):
        travel = self.create_hours_service("Travel", 60)
        self.discount.product_ids = self.support
        self.bill({"product_id": travel.id, "quantity": 30}, 1, day="2026-10-05")
        self.assertEqual(self.bill(10), 9 * 120 + 110)

    def test_goods_keep_their_price(self):
        cable = {"product_id": self.product_a.id, "quantity": 50, "price_unit": 7}
        invoice = self.create_priced(cable, 20)
        self.assertEqual(self.get_lines(invoice), [(50, 7), (10, 120), (10, 110)])

    def test_days_count_as_hours(self):
        days = {"product_uom_id": self.day.id, "quantity": 2, "price_unit": 960}
        invoice = self.create_priced(days)
        self.assertEqual(self.get_lines(invoice), [(1.25, 960), (0.75, 880)])
        self.assertEqual(invoice.amount_untaxed, 10 * 120 + 6 * 110)

    def test_part_of_a_day_that_two_digits_cannot_tell_is_told_in_hours(self):
        days = {"product_uom_id": self.day.id, "quantity": 1, "price_unit": 960}
        invoice = self.create_priced(6.5, days)
        self.assertEqual(self.get_lines(invoice), [(6.5, 120), (3.5, 120), (4.5, 110)])
        self.assertEqual(invoice.invoice_line_ids.product_uom_id, self.hour)

    def test_minutes_reach_a_bound_exactly(self):
        minute = self.env.ref("uom.product_uom_minute")
        minutes = {"product_uom_id": minute.id, "quantity": 600, "price_unit": 2}
        self.discount.mode = "volume"
        invoice = self.create_priced(minutes)
        self.assertAlmostEqual(invoice.amount_untaxed, 1100, 2)

    def test_discount_of_the_line_comes_on_top_and_is_not_made_up_for(self):
        self.discount.write({"mode": "volume", "window": "year"})
        self.bill({"quantity": 9, "discount": 50}, day="2026-05-31")
        invoice = self.create_priced(1, day="2026-06-30")
        self.assertEqual(self.get_extras(invoice), [("difference", -45)])

    def test_discount_of_all_lines_takes_its_part_of_the_total_of_the_table(self):
        """9 h, then 1 h, both half off: 10 h at 110.00 cost 550.00."""
        self.discount.write({"mode": "volume", "window": "year"})
        for best_price, total in ((False, 550), (True, 550)):
            self.discount.best_price = best_price
            partner = self.create_partner()
            partner.volume_discount_id = self.discount
            asked = [
                self.bill(
                    {"quantity": hours, "discount": 50}, day=day, partner_id=partner.id
                )
                for hours, day in ((9, "2026-05-31"), (1, "2026-06-30"))
            ]
            self.assertEqual(sum(asked), total)

    def test_best_price_takes_the_discount_of_the_line_into_account(self):
        self.discount.write({"mode": "volume", "best_price": True})
        self.assertEqual(self.bill({"quantity": 9.5, "discount": 50}), 550)

    def test_proposal_saves_what_the_discount_of_the_line_leaves(self):
        invoice = self.create_invoice({"quantity": 25, "discount": 50})
        self.assertIn("100.00", invoice.volume_discount_message)


@tagged("post_install", "-at_install")
@freeze_time("2026-11-05")
class TestSummary(InvoiceCommon):
    """The discount line: taxes of its base, account of a product or of the hours."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.discount.presentation = "summary"
        cls.reduced = cls.tax.copy({"name": "Reduced", "amount": 7})

    def get_discount_lines(self, invoice):
        return invoice.invoice_line_ids.filtered(
            lambda line: line.volume_discount_kind == "discount"
        )

    def test_discount_has_the_tax_split_of_its_base(self):
        reduced = {"quantity": 15, "tax_ids": [Command.set(self.reduced.ids)]}
        invoice = self.create_priced(12, reduced)
        split = {
            line.tax_ids: line.price_subtotal
            for line in self.get_discount_lines(invoice)
        }
        self.assertEqual(split, {self.tax: -20, self.reduced: -8 * 10 - 7 * 20})

    def test_best_price_is_shared_among_the_taxes(self):
        self.discount.write({"mode": "volume", "best_price": True})
        reduced = {"quantity": 4.75, "tax_ids": [Command.set(self.reduced.ids)]}
        invoice = self.create_priced(4.75, reduced)
        self.assertEqual(
            self.get_extras(invoice), [("best_price", -20), ("best_price", -20)]
        )

    def test_account_is_that_of_the_hours(self):
        account = self.company_data["default_account_revenue"].copy()
        invoice = self.create_priced({"quantity": 25, "account_id": account.id})
        self.assertEqual(self.get_discount_lines(invoice).account_id, account)

    def test_account_is_that_of_the_discount_product(self):
        account = self.company_data["default_account_revenue"].copy()
        self.discount.discount_product_id = self.create_service(
            name="Rebate", property_account_income_id=account.id
        )
        line = self.get_discount_lines(self.create_priced(25))
        self.assertEqual(line.account_id, account)
        self.assertEqual(line.tax_ids, self.tax)

    def test_discount_line_speaks_the_language_of_the_customer(self):
        self.partner.lang = "de_DE"
        line = self.get_discount_lines(self.create_priced(25))
        self.assertEqual(line.name, "Mengenrabatt (Framework contract)")

    def check_presentations(self, rounding):
        self.company.tax_calculation_rounding_method = rounding
        hours = [{"quantity": q, "price_unit": 86.67} for q in (7.33, 9.41, 8.27)]
        tiers = [self.discount_tier(10, 3.33), self.discount_tier(20, 6.67)]
        self.partner.volume_discount_id = self.create_discount(tiers)
        invoice = self.create_priced(*hours)
        by_line = invoice.amount_untaxed
        self.assertEqual(self.get_extras(invoice), [])
        invoice.volume_discount_presentation = "summary"
        self.assertEqual(invoice.amount_untaxed, by_line)
        self.assertEqual(len(self.get_extras(invoice)), 1)

    def test_both_presentations_add_up_to_the_cent(self):
        self.check_presentations("round_per_line")

    def test_both_presentations_add_up_where_only_the_sum_is_rounded(self):
        self.check_presentations("round_globally")
