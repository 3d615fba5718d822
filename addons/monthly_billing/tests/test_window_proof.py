"""The check of the ledger names what corrections were charged wrongly (pricing.md).

Each test makes a sound ledger, plants a result that other rules of pricing would have
had, by SQL, and expects its amount.
"""

from datetime import date

from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .test_window import FIXED, FROM_50, WindowCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestWrongResultsAreNamed(WindowCommon):
    def execute(self, query, *arguments):
        self.env.flush_all()
        self.env.cr.execute(query, arguments)
        self.env.invalidate_all()

    def plant_price(self, invoice, price, wrong):
        """Let the hours of a price have another one, on paper and in the ledger."""
        for table, join in (
            ("account_move_line", "account_move_line.id = line.id"),
            ("billing_allocation", "move_line_id = line.id"),
        ):
            self.execute(
                f"""UPDATE {table} SET price_unit = %s FROM account_move_line AS line
                     WHERE {join} AND line.move_id = %s AND line.billing_kind = 'time'
                       AND abs({table}.price_unit - %s) < 0.001""",
                wrong,
                invoice.id,
                price,
            )

    def plant_missing(self, move, kind):
        """Let a line without hours be missing."""
        self.assertIn(kind, move.invoice_line_ids.mapped("billing_kind"))
        self.execute(
            "DELETE FROM account_move_line WHERE move_id = %s AND billing_kind = %s",
            move.id,
            kind,
        )

    def assert_named(self, kind, *words):
        found = self.env["billing.allocation"]._find_deviations()
        self.assertEqual([one.kind for one in found], [kind])
        for word in words:
            self.assertIn(word, found[0].text.replace("\xa0€", ""))

    def bill_48_and_6(self, **values):
        self.agree(*FROM_50, price=100, **values)
        self.entry, self.later = self.work(48, 5), self.work(6, 6)
        return self.bill_month(5), self.bill_month(6)

    def test_later_hours_pushed_up_by_typed_ones(self):
        """2,000.00 for March, not 1,800.00."""
        self.agree(*FROM_50, price=100)
        self.agreement.auto_post = False
        for month in (1, 2, 3):
            self.work(20, month)
        january = self.bill_month(1)
        self.type_hours(january, 20, 100)
        invoices = january | self.bill_month(2) | self.bill_month(3)
        invoices.action_post()
        self.check_money()
        march = invoices[-1]
        self.assertEqual(march.amount_untaxed, 1800)
        self.plant_price(march, 90, 100)
        self.assert_named("window", "200.00", "too much")

    def test_entry_below_zero(self):
        """An entry at -4 h: the invoice is gone, its credit note stands."""
        self.agree(*FIXED)
        entry = self.work(4, 7)
        invoice = self.bill_month(7)
        self.credit(invoice, hours={entry: 4})
        self.check_money()
        self.execute(
            "UPDATE billing_allocation SET origin_id = NULL WHERE timesheet_id = %s",
            entry.id,
        )
        self.execute(
            """UPDATE account_move_line SET parent_state = 'cancel',
                      billing_kind = NULL WHERE move_id = %s""",
            invoice.id,
        )
        self.assert_named("entry", "-4.0 h billed")

    def test_more_given_back_than_was_charged(self):
        """540.00 on an invoice of 60.00."""
        _may, june = self.bill_48_and_6(mode="volume")
        credit = self.credit(june, hours={self.later: 6})
        self.check_money()
        self.plant_missing(credit, "difference")
        self.assert_named("given", "540.00 given back", "60.00 charged")

    def test_gap_after_hours_were_reduced(self):
        """1,940.00, not 1,970.00."""
        self.agree(*FIXED)
        first, _second = self.work(5, 7, 2), self.work(15, 7, 3)
        self.credit(self.bill_month(7), hours={first: 5})
        first.unit_amount = 2
        invoice = self.bill_month(8)
        self.check_money()
        self.plant_missing(invoice, "difference")
        self.assert_named("window", "1,940.00 charged", "30.00 too little")

    def test_gap_after_a_month_was_cancelled(self):
        """4,560.00, not 4,600.00."""
        may, _june = self.bill_48_and_6()
        may.button_draft()
        may.button_cancel()
        self.entry.unit_amount = 40
        invoice = self.bill_month(5)
        self.check_money()
        self.plant_missing(invoice, "difference")
        self.assert_named("window", "4,560.00 charged", "40.00 too little")

    def test_gap_after_hours_were_billed_again(self):
        """5,340.00, not 5,360.00: 2 h of the first 50 went back and cost 90.00."""
        may, _june = self.bill_48_and_6()
        self.credit(may, hours={self.entry: 2})
        invoice = self.bill_month(7)
        self.assertEqual(self.get_total(), 5360)
        self.check_money()
        self.plant_price(invoice, 100, 90)
        self.assert_named("window", "5,340.00 charged", "20.00 too little")

    def test_goodwill_taken_back(self):
        """260.00 for one late hour, not 100.00."""
        self.agree(*FIXED, mode="volume", window="month")
        self.work(25, 7)
        gift = self.credit(self.bill_month(7), "none", post=False)
        gift.invoice_line_ids.quantity = 10
        gift.action_post()
        self.work(1, 7, 20)
        invoice = self.bill_month(8)
        self.check_money()
        self.plant_price(invoice, 100, 260)
        self.assert_named("window", "160.00 too much")

    def test_adjustment_with_the_taxes_of_other_hours(self):
        """A tax of 222.00, not 234.00."""
        tax_7 = self.tax_19.copy({"amount": 7, "name": "7 %"})
        reduced = self.make_service("Reduced", 100, taxes_id=[Command.set(tax_7.ids)])
        self.agree((15, 90), price=100, mode="volume", window="quarter")
        project = self.make_project("Reduced", self.partner)
        self.agreement.rate_ids = [
            Command.create({"project_id": project.id, "product_id": reduced.id})
        ]
        self.work(10, 4, ticket=self.make_ticket("Reduced", project))
        self.work(10, 5)
        invoices = self.bill_month(4) | self.bill_month(5)
        self.assertEqual(sum(invoices.mapped("amount_tax")), 234)
        self.check_money()
        self.execute(
            """UPDATE account_move_line_account_tax_rel SET account_tax_id = %s
                WHERE account_move_line_id IN (SELECT id FROM account_move_line
                      WHERE move_id = %s AND billing_kind = 'difference')""",
            self.tax_19.id,
            invoices[-1].id,
        )
        self.assert_named("window", "1,800.00 charged", "not with the taxes")

    def test_draft_credit_note_that_counted_by_half(self):
        """860.00 for August, not 900.00: its best price counted, its hours did not."""
        self.agree(*FIXED, mode="volume", best_price=True)
        self.work(9.5, 7)
        self.credit(self.bill_month(7), "all", post=False)
        self.work(10.5, 8)
        august = self.bill_month(8)
        self.assertEqual(august.amount_untaxed, 900)
        self.check_money()
        self.execute(
            """UPDATE account_move_line SET price_unit = price_unit - 40
                WHERE move_id = %s AND billing_kind = 'difference'""",
            august.id,
        )
        self.assert_named("window", "40.00 too little")

    def test_late_entry_at_another_list_price(self):
        """1,920.00, not 1,900.00."""
        invoice = self.bill_late_entry()
        self.assertEqual(self.get_total(), 1900)
        self.check_money()
        self.execute(
            """UPDATE account_move_line SET price_unit = price_unit + 20
                WHERE move_id = %s AND billing_kind = 'difference'""",
            invoice.id,
        )
        self.assert_named("window", "1,920.00 charged", "20.00 too much")

    def test_second_agreement_billed_on_its_own(self):
        """2,520.00, not 2,400.00: 12 h at 110.00 and 12 h at 100.00."""
        self.agree(*FIXED, mode="volume")
        partner = self.make_partner("Two")
        total = 0
        for name in "AB":
            project = self.make_project(name, partner)
            agreement = self.make_agreement(
                partner_id=partner.id,
                project_ids=[Command.set(project.ids)],
                volume_discount_id=self.table.id,
                auto_post=True,
            )
            self.book(12, "07-05", self.make_ticket(name, project))
            invoice = self.bill(date(2026, 7, 1), agreement).invoice_id
            total += invoice.amount_untaxed
        self.assertEqual(total, 2400)
        self.check_money()
        self.plant_missing(invoice, "difference")
        self.assert_named("window", "2,520.00 charged", "120.00 too much")

    def test_another_table_in_the_running_window(self):
        """250.00 for 5 h, not 550.00: an edited table held at once."""
        self.agree(*FIXED)
        self.work(12, 7)
        self.bill_month(7)
        self.table.tier_ids.filtered(lambda t: t.min_quantity == 10).price_unit = 50
        self.work(5, 8)
        invoice = self.bill_month(8)
        self.check_money()
        self.plant_price(invoice, 110, 50)
        self.assert_named("window", "300.00 too little")
