from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.base.models.ir_mail_server import MailDeliveryException
from odoo.addons.mail.tests.common import MailCase

from .common import DunningCommon

BUSY = "SMTPDataError: (451, b'Try later')"
UNKNOWN = "SMTPRecipientsRefused: {'muster@example.com': (550, b'No such user')}"


@tagged("post_install", "-at_install")
class TestSend(DunningCommon):
    day = date(2026, 6, 22)

    def write_notice(self):
        """Write the first reminder of an invoice, without sending it."""
        self.invoice()
        return self.notices._remind(self.day, self.company)

    def send(self, notice):
        """Send a reminder as the scheduled action does."""
        notice.action_send()
        notice.sudo()._lock_and_deliver()

    def test_the_customer_gets_the_letter_with_the_invoice(self):
        notice = self.write_notice()
        self.send(notice)
        message = notice.delivery_message_id
        self.assertEqual(notice.state, "sent")
        self.assertEqual(message.partner_ids, self.customer)
        self.assertEqual(len(message.attachment_ids), 2)
        self.assertIn("1,000.00", message.body)

    def test_who_paid_after_the_decision_gets_nothing(self):
        notice = self.write_notice()
        self.pay(notice.line_ids.move_id, 1000, self.day)
        self.send(notice)
        self.assertEqual(notice.state, "cancelled")
        self.assertFalse(notice.delivery_message_id)
        self.assertTrue(notice.cancel_reason)
        self.assertFalse(notice.activity_ids)
        self.assertFalse(notice.delivery_state)

    def test_who_paid_a_part_after_the_decision_is_asked_for_the_rest(self):
        notice = self.write_notice()
        self.pay(notice.line_ids.move_id, 400, self.day)
        self.send(notice)
        self.assertEqual((notice.state, notice.amount_total), ("sent", 600))

    def test_a_hold_after_the_decision_stops_the_letter(self):
        notice = self.write_notice()
        notice.line_ids.move_id.dunning_hold_until = date(2026, 7, 1)
        self.send(notice)
        self.assertEqual(notice.state, "cancelled")

    def test_after_a_letter_that_came_back_no_sharper_one_follows(self):
        notice = self.write_notice()
        self.send(notice)
        notice.sudo()._message_receive_bounce(self.customer.email, self.customer)
        self.assertEqual(notice.delivery_state, "failed")
        self.assertTrue(notice.activity_ids)
        move = notice.line_ids.move_id
        later = date(2026, 7, 6)
        self.assertEqual(self.get_reasons(later), {move.id: "undelivered"})
        notice.action_print()
        self.assertEqual(self.remind(later).level_id, self.levels[1])

    def test_a_letter_is_sent_when_it_is_printed(self):
        self.levels[0].channel = "letter"
        notice = self.write_notice()
        notice.action_send()
        self.assertEqual(notice.state, "draft")
        self.assertTrue(notice.activity_ids)
        notice.action_print()
        self.assertEqual(notice.state, "sent")
        self.assertFalse(notice.activity_ids)

    def test_nothing_to_print_says_why(self):
        self.levels[0].channel = "letter"
        notice = self.write_notice()
        self.pay(notice.line_ids.move_id, 1000, self.day)
        with self.assertRaisesRegex(UserError, "Nothing is left to print"):
            notice.action_print()


@tagged("post_install", "-at_install")
class TestRetry(MailCase, DunningCommon):
    """The mail server does not take a reminder at once."""

    day = date(2026, 6, 22)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.move = cls.invoice()
        cls.notice = cls.notices._remind(cls.day, cls.company)
        cls.notice.action_send()
        cls.notice.sudo()._lock_and_deliver()

    def run_queue(self, error=None):
        """Do as the mail queue does; return how many reminders went out."""
        with self.mock_mail_gateway(), mute_logger("odoo.addons.mail.models.mail_mail"):
            if error:
                self.send_email_mocked.side_effect = error
            self.env["mail.mail"].process_email_queue()
            return len([mail for mail in self._mails if "muster@" in str(mail)])

    def try_again(self):
        """Do as the scheduled action does when the time has come."""
        self.assertEqual(self.notice.delivery_state, "waiting")
        self.notice.sudo().delivery_at = self.notice.create_date
        self.notice.sudo()._lock_and_deliver()

    def put_off(self):
        """The mail server is busy."""
        self.run_queue(MailDeliveryException("Failed", BUSY))

    def test_what_is_refused_for_now_goes_out_later_and_once(self):
        self.put_off()
        message = self.notice.delivery_message_id
        self.try_again()
        self.assertEqual(self.notice.delivery_message_id, message)
        self.assertEqual([self.run_queue(), self.run_queue()], [1, 0])
        self.assertEqual(self.notice.delivery_state, "sent")

    def test_who_pays_before_the_second_attempt_gets_nothing(self):
        self.put_off()
        self.pay(self.move, 1000, self.day)
        self.try_again()
        self.assertEqual(self.notice.state, "cancelled")
        self.assertEqual(self.run_queue(), 0)
        self.assertFalse(self.notice.activity_ids)

    def test_who_pays_a_part_before_the_second_attempt_is_asked_for_the_rest(self):
        self.put_off()
        self.pay(self.move, 400, self.day)
        self.try_again()
        self.assertEqual(self.notice.amount_total, 600)
        self.assertIn("600.00", self.notice.delivery_message_id.body)
        self.assertEqual(self.run_queue(), 1)

    def test_a_cancelled_reminder_leaves_the_outbox(self):
        self.notice.action_cancel()
        self.assertEqual(self.run_queue(), 0)

    def test_send_again_sends_what_was_refused_for_good(self):
        self.run_queue(MailDeliveryException("Failed", UNKNOWN))
        self.assertEqual(self.notice.delivery_state, "failed")
        self.notice.action_send_again()
        self.notice.sudo()._lock_and_deliver()
        self.assertEqual(self.run_queue(), 1)
        self.assertFalse(self.notice.activity_ids)


@tagged("post_install", "-at_install")
class TestClaimsOfNotices(DunningCommon):
    def claim(self):
        """Send three reminders of an invoice; return the last."""
        self.invoice()
        for day in (date(2026, 6, 22), date(2026, 7, 6)):
            self.remind(day)
        return self.remind(date(2026, 7, 20))

    def test_waived_claims_are_not_asked_for_again(self):
        notice = self.claim()
        notice._waive_claims("first time")
        self.assertEqual(notice.line_ids.amount_claim, 0)
        self.assertIn("first time", notice.message_ids[0].body)

    def test_claims_stay_open_when_the_principal_is_paid(self):
        notice = self.claim()
        self.pay(notice.line_ids.move_id, 1000, date(2026, 7, 21))
        self.assertEqual(notice.line_ids.amount_claim, 48.02)

    def test_claims_are_booked_without_tax(self):
        notice = self.claim()
        self.company.dunning_account_id = self.company_data["default_account_revenue"]
        self.company.dunning_journal_id = self.company_data["default_journal_misc"]
        notice.action_book_claims()
        entry = notice.line_ids.claim_move_id
        self.assertEqual(entry.state, "posted")
        self.assertFalse(entry.line_ids.tax_ids)
        receivable = entry.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        self.assertEqual(receivable.balance, 48.02)

    def test_claims_are_booked_once(self):
        self.test_claims_are_booked_without_tax()
        notice = self.notices.search([("level_id", "=", self.levels[2].id)])
        with self.assertRaisesRegex(UserError, "Nothing is left to book"):
            notice.action_book_claims()

    def test_without_an_account_booking_says_what_to_choose(self):
        with self.assertRaisesRegex(UserError, "Choose the account"):
            self.claim().action_book_claims()


@tagged("post_install", "-at_install")
class TestRoles(DunningCommon):
    def test_invoicing_users_write_reminders_but_waive_nothing(self):
        user = new_test_user(
            self.env,
            "invoicing",
            "account.group_account_invoice",
            company_id=self.company.id,
            company_ids=self.company.ids,
        )
        self.invoice()
        notices = self.notices.with_user(user)
        notice = notices._remind(date(2026, 6, 22), self.company)
        self.assertTrue(notice.name)
        with self.assertRaises(AccessError):
            notice._waive_claims("no")
        with self.assertRaises(AccessError):
            self.levels[0].with_user(user).days = 1

    def test_others_see_nothing(self):
        user = new_test_user(self.env, "other", "base.group_user")
        with self.assertRaises(AccessError):
            self.notices.with_user(user)._preview(date(2026, 6, 22), self.company)
