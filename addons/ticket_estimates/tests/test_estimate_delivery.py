from smtplib import SMTPServerDisconnected

from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from odoo.addons.base.models.ir_mail_server import MailDeliveryException
from odoo.addons.mail.tests.common import MailCase

from .common import TicketEstimatesCommon

BROKEN = SMTPServerDisconnected("Connection unexpectedly closed")
UNKNOWN = MailDeliveryException(
    "Mail Delivery Failed", "SMTPRecipientsRefused: {'a@b': (550, b'No such user')}"
)


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestEstimateDelivery(TicketEstimatesCommon, MailCase):
    """Estimates, reminders and notices that the mail server does not take."""

    def send(self):
        estimate = self._create_estimate()
        estimate.action_send()
        return estimate

    def run_queue(self, error=None):
        """Do as the mail queue does; return how many e-mails the customer got."""
        with (
            self.mock_mail_gateway(),
            mute_logger("odoo.addons.mail.models.mail_mail"),
        ):
            if error:
                self.send_email_mocked.side_effect = error
            self.env["mail.mail"].process_email_queue()
            mails = [m for m in self._mails if self.customer.email in str(m)]
        self.env.invalidate_all()
        return len(mails)

    def follow_up(self):
        cron = self.env.ref("mail_delivery_followup.mail_delivery_cron_deliver")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def test_an_estimate_whose_connection_broke_off_goes_out_once(self):
        self.send()
        self.run_queue(BROKEN)
        self.follow_up()
        with freeze_time("2026-11-01 08:15:00"):
            self.follow_up()
            self.assertEqual(self.run_queue(), 1)
            self.follow_up()
            self.assertEqual(self.run_queue(), 0)

    def test_a_refused_estimate_reaches_the_person_in_charge(self):
        estimate = self.send()
        self.run_queue(UNKNOWN)
        self.assertIn("No such user (550)", estimate.delivery_error)
        self.assertEqual(
            estimate.activity_ids.user_id, estimate._get_person_in_charge()
        )
        estimate.action_deliver()
        self.follow_up()
        self.assertEqual(self.run_queue(), 1)
        self.assertFalse(estimate.activity_ids)
        self.assertFalse(estimate.delivery_error)

    def test_a_refused_reminder_reaches_the_person_in_charge(self):
        estimate = self.send()
        self.run_queue()
        self.company.ticket_estimate_reminder_days = 1
        with freeze_time("2026-11-03 08:00:00"):
            estimate._remind()
            self.run_queue(UNKNOWN)
        self.assertIn("No such user", estimate.activity_ids.note)

    def test_a_withdrawn_estimate_stays_in_the_outbox_of_nobody(self):
        estimate = self.send()
        estimate._withdraw()
        self.follow_up()
        self.assertEqual(self.run_queue(), 0)

    def test_an_answer_takes_back_the_question_why_it_did_not_arrive(self):
        estimate = self.send()
        self.run_queue(UNKNOWN)
        estimate._approve("Dr. Bauer", user=self.env.user)
        self.assertFalse(estimate.activity_ids)
        self.assertFalse(estimate.delivery_error)

    def test_a_bounced_estimate_reaches_the_person_in_charge(self):
        estimate = self.send()
        self.run_queue()
        estimate._message_receive_bounce(self.customer.email, self.customer)
        self.assertIn("came back", estimate.activity_ids.note)
