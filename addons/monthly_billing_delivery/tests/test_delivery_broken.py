from datetime import date
from smtplib import SMTPServerDisconnected

from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from odoo.addons.base.models.ir_mail_server import MailDeliveryException

from .common import DeliveryCommon

MAILS = "odoo.addons.mail.models.mail_mail"
BROKEN = SMTPServerDisconnected("Connection unexpectedly closed")
UNKNOWN = MailDeliveryException(
    "Mail Delivery Failed", "SMTPRecipientsRefused: {'a@b': (550, b'No such user')}"
)
BUSY = MailDeliveryException("Mail Delivery Failed", "SMTPDataError: (421, b'Busy')")


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestDeliveryBroken(DeliveryCommon):
    """Mail servers that hang up, refuse or fall silent in the middle of an e-mail."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.send_payment_receipt = True

    def run_queue(self, error=None):
        """Do as the mail queue does; return the readers of what went out."""
        with self.mock_mail_gateway(), mute_logger(MAILS):
            if error:
                self.send_email_mocked.side_effect = error
            self.env["mail.mail"].process_email_queue()
            mails = list(self._mails)
        self.env.invalidate_all()
        return self.get_readers(mails).count(self.partner.email)

    def follow_up(self, name="account_move_cron_deliver"):
        cron = self.env.ref(f"monthly_billing_delivery.{name}")
        with self.enter_registry_test_mode(), self.keep_mails():
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def pay(self, invoice):
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        wizard.create({"payment_date": date(2026, 11, 1)})._create_payments()

    def test_an_invoice_whose_connection_broke_off_goes_out_once(self):
        invoice = self.bill_hours()
        self.follow_up()
        self.run_queue(BROKEN)
        self.follow_up()
        self.assertEqual(invoice.delivery_state, "waiting")
        self.assertIn("broke off", invoice.delivery_error)
        with freeze_time("2026-11-01 08:15:00"):
            self.follow_up()
            self.assertEqual(self.run_queue(), 1)
            self.follow_up()
            self.assertEqual(self.run_queue(), 0)
        self.assertEqual(invoice.delivery_state, "sent")

    def test_an_invoice_whose_connection_broke_off_goes_out_by_a_click(self):
        invoice = self.bill_hours()
        self.follow_up()
        self.run_queue(BROKEN)
        invoice.action_deliver()
        self.follow_up()
        self.assertEqual(self.run_queue(), 1)
        self.assertEqual(invoice.delivery_state, "sent")

    def test_an_address_that_is_refused_for_good_reaches_a_person_at_once(self):
        invoice = self.bill_hours()
        self.follow_up()
        self.run_queue(UNKNOWN)
        self.assertEqual(invoice.delivery_state, "failed")
        self.assertEqual(len(self.get_activities(invoice)), 1)
        self.assertIn("No such user (550)", invoice.delivery_error)
        self.assertNotIn("SMTPRecipientsRefused", invoice.delivery_error)

    def test_a_receipt_is_sent_when_the_server_took_it(self):
        invoice = self.bill_hours()
        self.pay(invoice)
        self.follow_up("account_move_cron_send_receipts")
        self.assertEqual(invoice.receipt_state, "sending")
        for error in (BROKEN, BUSY):
            with self.subTest(error):
                self.run_queue(error)
                self.follow_up("account_move_cron_send_receipts")
                self.assertEqual(invoice.receipt_state, "waiting")
        with freeze_time("2026-11-01 09:00:00"):
            self.follow_up("account_move_cron_send_receipts")
            self.assertEqual(self.run_queue(), 1)
            self.follow_up("account_move_cron_send_receipts")
            self.assertEqual(self.run_queue(), 0)
        self.assertEqual(invoice.receipt_state, "sent")

    def test_a_receipt_that_is_refused_reaches_a_person(self):
        invoice = self.bill_hours()
        self.pay(invoice)
        self.follow_up("account_move_cron_send_receipts")
        self.run_queue(UNKNOWN)
        self.assertEqual(invoice.receipt_state, "failed")
        self.assertIn("No such user", self.get_activities(invoice).note)
        self.assertIn("No such user", invoice.receipt_error)
        invoice.action_deliver_receipt()
        self.follow_up("account_move_cron_send_receipts")
        self.assertEqual(self.run_queue(), 1)
        self.assertFalse(self.get_activities(invoice))

    def test_a_late_payment_of_a_bounced_invoice_still_asks_for_its_address(self):
        invoice = self.bill_hours()
        self.follow_up()
        self.run_queue(UNKNOWN)
        self.pay(invoice)
        self.follow_up("account_move_cron_send_receipts")
        self.assertEqual(self.run_queue(), 1)
        self.assertEqual(invoice.receipt_state, "sent")
        self.assertEqual(len(self.get_activities(invoice)), 1)
