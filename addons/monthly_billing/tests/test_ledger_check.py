from odoo.tests import freeze_time, tagged
from odoo.tools import SQL

from .common import NOVEMBER
from .test_credit import CreditCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestLedgerCheck(CreditCommon):
    """The check is silent on a sound ledger and names what was broken."""

    def setUp(self):
        super().setUp()
        self.row = self.first.allocation_ids

    def check(self):
        """Return the kinds of deviation of this customer's month."""
        found = self.env["billing.allocation"]._find_deviations()
        return [one.kind for one in found if self.period.id in one.period_ids]

    def break_by_sql(self, query, *arguments):
        self.env.flush_all()
        self.env.cr.execute(SQL(query, *arguments))
        self.env.invalidate_all()

    def test_sound_ledger_has_no_deviations(self):
        self.assertFalse(self.check())

    def test_credits_are_sound(self):
        self.credit("chosen", {self.third: 1})
        self.credit("all")
        self.bill()
        self.assertFalse(self.check())

    def test_draft_credit_notes_are_sound(self):
        self.credit("all", post=False)
        self.assertFalse(self.check())

    def test_replaced_invoice_is_sound(self):
        self.open_wizard().save().modify_moves()
        self.assertFalse(self.check())

    def test_entry_that_is_billed_twice_is_named(self):
        self.break_by_sql(
            "UPDATE account_analytic_line SET unit_amount = 1 WHERE id = %s",
            self.first.id,
        )
        self.assertEqual(self.check(), ["entry"])

    def test_entry_in_days_is_converted(self):
        self.break_by_sql(
            """UPDATE account_analytic_line SET product_uom_id = %s, unit_amount = 0.25
                WHERE id = %s""",
            self.env.ref("uom.product_uom_day").id,
            self.first.id,
        )
        self.assertFalse(self.check())

    def test_hours_changed_by_hand_are_named_on_the_invoice(self):
        self.invoice.button_draft()
        line = self.row.move_line_id
        self.invoice.invoice_line_ids = [(1, line.id, {"quantity": 5})]
        self.assertEqual(self.check(), ["line"])
        self.assertIn("5.0 h on the invoice, 3.5 h", self.invoice.billing_difference)

    def test_rate_changed_by_hand_is_named_on_the_invoice(self):
        self.invoice.button_draft()
        line = self.row.move_line_id
        self.invoice.invoice_line_ids = [
            (1, line.id, {"price_unit": 60, "quantity": 7})
        ]
        self.assertEqual(self.check(), ["line", "price"])
        self.assertIn("60.00", self.invoice.billing_difference)
        self.assertIn("120.00", self.invoice.billing_difference)

    def test_discount_by_hand_is_named_on_the_invoice(self):
        self.invoice.button_draft()
        line = self.row.move_line_id
        self.invoice.invoice_line_ids = [(1, line.id, {"discount": 50})]
        self.assertEqual(self.check(), ["price"])

    def test_rates_of_a_summary_and_its_credit_are_sound(self):
        table = self.make_table((2, 90), presentation="summary")
        self.agreement.volume_discount_id = table
        entry = self.book(4, "11-02", self.printer)
        self.period = self.bill(NOVEMBER)
        self.invoice = self.period.invoice_id
        self.invoice.action_post()
        self.credit("chosen", {entry: 3})
        self.assertFalse(self.check())

    def test_hours_of_the_wrong_sign_are_named(self):
        credit = self.credit("chosen", {self.third: 1})
        self.break_by_sql(
            "UPDATE account_move SET move_type = 'out_invoice' WHERE id = %s", credit.id
        )
        self.assertEqual(self.check(), ["line"])

    def test_row_given_back_twice_is_named(self):
        self.credit("chosen", {self.third: 1})
        self.break_by_sql(
            """UPDATE billing_allocation SET worked_hours = -9, billed_hours = -9
                WHERE origin_id IS NOT NULL AND timesheet_id = %s""",
            self.third.id,
        )
        self.assertEqual(self.check(), ["entry", "line", "credit"])

    def test_time_of_another_company_is_named(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.break_by_sql(
            "UPDATE account_analytic_line SET company_id = %s WHERE id = %s",
            other.id,
            self.first.id,
        )
        self.assertEqual(self.check(), ["scope"])

    def test_scheduled_check_asks_once(self):
        self.break_by_sql(
            "UPDATE account_analytic_line SET unit_amount = 1 WHERE id = %s",
            self.first.id,
        )
        for _run in range(2):
            self.env["billing.allocation"]._cron_check_ledger()
        self.assertEqual(
            self.period.activity_ids.mapped("summary"), ["Ledger and invoices disagree"]
        )
        self.period.activity_ids.action_feedback()
        self.env["billing.allocation"]._cron_check_ledger()
        self.assertFalse(self.period.activity_ids)
