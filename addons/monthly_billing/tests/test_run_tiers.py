from datetime import date

from odoo.tests import freeze_time, tagged

from .common import MonthlyBillingCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestTiers(MonthlyBillingCommon):
    """The worked numbers of pricing.md, on native invoices."""

    def book_three_tickets(self):
        """6.5 h on A, 9.25 h on B, 8 h on C, in this order of work."""
        tickets = [self.make_ticket(name) for name in "ABC"]
        for ticket, hours, day in zip(
            tickets, (6.5, 9.25, 8.0), ("10-02", "10-10", "10-20"), strict=True
        ):
            self.book(hours, day, ticket)
        return tickets

    def test_ticket_that_crosses_a_bound_gets_a_line_per_tier(self):
        self.agreement.volume_discount_id = self.make_table((10, 110), (20, 100))
        a, b, c = self.book_three_tickets()
        invoice = self.bill().invoice_id
        self.assertEqual(
            self.get_time_lines(invoice),
            [
                (f"{a.number} A", 6.5, 120.0),
                (f"{b.number} B", 3.5, 120.0),
                (f"{b.number} B", 5.75, 110.0),
                (f"{c.number} C", 4.25, 110.0),
                (f"{c.number} C", 3.75, 100.0),
            ],
        )
        self.assertEqual(invoice.amount_untaxed, 2675.0)
        self.assertIn("(rate from 10 h)", invoice.invoice_line_ids[2].name)

    def test_order_of_typing_does_not_decide_which_hours_are_cheap(self):
        self.agreement.volume_discount_id = self.make_table((2, 100))
        second = self.book(2, "10-20", self.make_ticket("Typed first"))
        first = self.book(2, "10-05", self.make_ticket("Worked first"))
        allocations = self.bill().allocation_ids
        prices = {entry.timesheet_id: entry.price_unit for entry in allocations}
        self.assertEqual(prices, {first: 120.0, second: 100.0})

    def test_volume_gives_all_hours_the_reached_rate(self):
        self.agreement.volume_discount_id = self.make_table(
            (10, 110), (20, 100), mode="volume"
        )
        self.book_three_tickets()
        invoice = self.bill().invoice_id
        self.assertEqual(set(invoice.invoice_line_ids.mapped("price_unit")), {100.0})
        self.assertEqual(invoice.amount_untaxed, 2375.0)

    def test_best_price_is_a_separate_named_line(self):
        self.agreement.volume_discount_id = self.make_table(
            (10, 110), (20, 100), mode="volume", best_price=True
        )
        self.book(9.5, "10-05", self.make_ticket("A"))
        invoice = self.bill().invoice_id
        self.assertEqual(invoice.amount_untaxed, 1100.0)
        cut = invoice.invoice_line_ids.filtered(
            lambda line: line.billing_kind == "best_price"
        )
        self.assertEqual(cut.price_subtotal, -40.0)
        self.assertIn("Best price", cut.name)

    def test_summary_shows_the_discount_as_one_line(self):
        self.agreement.volume_discount_id = self.make_table(
            (10, 110), (20, 100), presentation="summary"
        )
        self.book_three_tickets()
        invoice = self.bill().invoice_id
        self.assertEqual(
            invoice.invoice_line_ids.mapped("price_subtotal"),
            [780.0, 1110.0, 960.0, -175.0],
        )
        self.assertEqual(invoice.amount_untaxed, 2675.0)

    def test_percentages_work_on_the_list_price(self):
        self.service.list_price = 100.0
        table = self.make_table((20, 0), (40, 0))
        table.tier_ids.write({"price_type": "discount", "discount": 5})
        table.tier_ids[1].discount = 10
        self.agreement.volume_discount_id = table
        self.book(50, "10-05")
        self.assertEqual(self.bill().invoice_id.amount_untaxed, 4800.0)

    def test_year_window_counts_what_was_billed_before(self):
        self.service.list_price = 100.0
        self.agreement.volume_discount_id = self.make_table((50, 90), window="year")
        self.book(48, "05-05")
        self.bill(date(2026, 5, 1))
        self.book(6, "06-05")
        invoice = self.bill(date(2026, 6, 1)).invoice_id
        self.assertEqual(invoice.amount_untaxed, 560.0)

    def test_year_window_in_volume_mode_reprices_what_was_billed(self):
        self.service.list_price = 100.0
        self.agreement.volume_discount_id = self.make_table(
            (50, 90), window="year", mode="volume"
        )
        self.book(48, "05-05")
        self.bill(date(2026, 5, 1))
        self.book(6, "06-05")
        invoice = self.bill(date(2026, 6, 1)).invoice_id
        self.assertEqual(
            invoice.invoice_line_ids.mapped("price_subtotal"), [540.0, -480.0]
        )

    def test_late_hours_are_priced_as_if_they_had_been_there_in_time(self):
        self.agreement.volume_discount_id = self.make_table(
            (10, 110), (20, 100), mode="volume"
        )
        self.book(19, "05-05")
        self.assertEqual(self.bill(date(2026, 5, 1)).invoice_id.amount_untaxed, 2090.0)
        self.book(2, "05-20")
        invoice = self.bill(date(2026, 6, 1)).invoice_id
        self.assertEqual(invoice.amount_untaxed, 10.0)
        self.assertEqual(invoice.invoice_line_ids[0].name, "Supplement May 2026")

    def test_agreements_of_one_customer_share_the_window(self):
        other = self.make_project("Website Sommer", self.partner)
        table = self.make_table((10, 100))
        self.agreement.action_draft()
        both = self.make_agreement(
            project_ids=self.project.ids, volume_discount_id=table.id
        ) | self.make_agreement(project_ids=other.ids, volume_discount_id=table.id)
        self.book(8, "10-05")
        self.book(8, "10-05", project_id=other.id)
        total = sum(self.bill(agreements=both).mapped("amount_untaxed"))
        self.assertEqual(total, 10 * 120.0 + 6 * 100.0)
