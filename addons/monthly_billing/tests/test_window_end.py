"""What a window asks after the last month of an agreement is settled (pricing.md)."""

from datetime import date

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .test_window import FROM_50, WindowCommon


@freeze_time("2026-11-01 08:00:00")
class EndCommon(WindowCommon):
    def end(self):
        """End in July after 54 h at 90.00 = 4,860.00; half of June goes back.

        June asked 540.00 - 480.00; 3 h of it give back 30.00, and 51 h at 90.00 are
        4,590.00: 240.00 too much were charged.
        """
        self.agree(*FROM_50, price=100, mode="volume")
        self.agreement.bill_from = date(2026, 5, 1)
        self.agreement.date_end = date(2026, 7, 31)
        self.work(48, 5)
        self.work(3, 6)
        self.entry = self.work(3, 6, 9)
        self.work(1, 7)
        self.bill_month(5)
        june = self.bill_month(6)
        self.bill_month(7)
        self.credit(june, hours={self.entry: 3})
        self.entry.non_billable = True


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestAfterTheLastMonth(EndCommon):
    def test_job_pays_out_what_is_open(self):
        """52 h at 90.00 = 4,680.00."""
        self.end()
        self.assertEqual(self.get_total(), 4920)
        periods = self.agreement.sudo()._create_due_periods(date(2026, 11, 1))
        periods.agreement_id._bill_period(periods.date_start)
        credit = periods.invoice_id
        self.assertEqual((credit.move_type, credit.amount_untaxed), ("out_refund", 240))
        self.assertEqual((self.get_total(), credit.state), (4680, "posted"))
        self.check_money()

    def test_job_leaves_an_ended_agreement_alone_that_is_settled(self):
        self.end()
        self.agreement.action_settle()
        due = self.agreement.sudo()._create_due_periods(date(2026, 12, 1))
        self.assertFalse(due)

    def test_closing_says_what_is_open_and_how_to_settle_it(self):
        self.end()
        with self.assertRaisesRegex(UserError, "240.00.*too much.*settle it"):
            self.agreement.action_close()
        self.assertIn("240.00", self.agreement.open_difference)
        self.agreement.action_settle()
        self.assertEqual(self.get_total(), 4680)
        self.assertFalse(self.agreement.open_difference)
        self.agreement.action_close()

    def test_credit_after_closing_is_settled_and_the_agreement_stays_closed(self):
        """2 h of 48 h go back for 200.00; two of the 6 h of June cost 100.00 then."""
        self.agree(*FROM_50, price=100)
        self.agreement.date_end = date(2026, 6, 30)
        self.work(46, 5)
        entry = self.work(2, 5, 9)
        self.work(6, 6)
        may = self.bill_month(5)
        self.bill_month(6)
        self.agreement.action_close()
        self.assertEqual(self.credit(may, hours={entry: 2}).amount_untaxed, 200)
        entry.non_billable = True
        self.agreement.with_user(self.billing_manager).action_settle()
        self.assertEqual(self.get_total(), 50 * 100 + 2 * 90)
        self.assertEqual(self.agreement.state, "closed")
        self.check_money()

    def test_late_hours_that_the_retainer_paid_for_do_not_stop_closing(self):
        self.agree(*FROM_50, price=100)
        self.agreement.write(
            {
                "bill_from": date(2026, 6, 1),
                "date_end": date(2026, 7, 31),
                "included_hours": 5,
                "included_price": 300,
                "included_from": date(2026, 6, 1),
            }
        )
        self.work(1, 6)
        self.bill_month(6)
        self.bill_month(7)
        self.work(2, 7, 20)
        self.assertFalse(self.bill_month(8))
        self.agreement.action_close()
        self.assertEqual(self.get_total(), 600)

    def test_settling_waits_for_the_last_day(self):
        self.end()
        self.agreement.date_end = False
        with self.assertRaisesRegex(UserError, "Valid Until"):
            self.agreement.action_settle()

    def test_users_without_the_role_do_not_settle(self):
        self.end()
        stranger = self.make_user("stranger", "base.group_user")
        with self.assertRaises(UserError):
            self.agreement.with_user(stranger).action_settle()


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestSeveralAgreements(EndCommon):
    def add_agreement(self, **values):
        project = self.make_project("Other", self.partner)
        self.agreement.project_ids = [Command.set(self.project.ids)]
        return self.make_agreement(
            partner_id=self.partner.id,
            project_ids=[Command.set(project.ids)],
            auto_post=True,
            **values,
        )

    def test_another_one_with_the_same_table_asks_for_it(self):
        self.end()
        other = self.add_agreement(volume_discount_id=self.table.id)
        self.assertFalse(self.agreement.open_difference)
        self.agreement.action_close()
        ticket = self.make_ticket("Other", other.project_ids)
        self.book(5, "09-05", ticket)
        self.bill(date(2026, 9, 1), other)
        self.assertEqual(self.get_total(), 57 * 90)
        self.check_money()

    def test_another_one_with_another_table_does_not(self):
        self.end()
        self.add_agreement(volume_discount_id=self.make_table((5, 90)).id)
        self.agreement.action_settle()
        self.assertEqual(self.get_total(), 4680)

    def test_the_last_one_settles_the_windows_of_the_others(self):
        self.end()
        other = self.add_agreement(volume_discount_id=self.table.id)
        self.agreement.action_close()
        other.date_end = date(2026, 9, 30)
        self.bill(date(2026, 9, 1), other)
        self.assertEqual(self.get_total(), 4680)
        other.action_close()
