from contextlib import contextmanager
from datetime import datetime, timedelta
from smtplib import SMTPServerDisconnected
from unittest.mock import patch

from psycopg2.errors import (
    ProgramLimitExceeded,
    QueryCanceled,
    SerializationFailure,
)

from odoo.exceptions import ConcurrencyError, UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from odoo.addons.base.models.ir_mail_server import MailDeliveryException
from odoo.addons.mail.tests.common import MailCase

from ..retry import MAX_ATTEMPTS


class TooLong(ProgramLimitExceeded):
    pgcode = "54000"


class TooSlow(QueryCanceled):
    pgcode = "57014"


NOW = datetime.fromisoformat("2026-11-01 08:00")
MAILS = "odoo.addons.mail.models.mail_mail"
MIXIN = "odoo.addons.mail_delivery_followup.models.mail_delivery_mixin"
BUSY = "SMTPDataError: (451, b'Try later')"
UNKNOWN = "SMTPRecipientsRefused: {'anna@example.com': (550, b'No such user')}"


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestDelivery(MailCase):
    """E-mails about a contact, who stands for any document."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        partners = cls.env["res.partner"]
        cls.reader = partners.create({"name": "Anna", "email": "anna@example.com"})
        cls.document = partners.create({"name": "Document"})
        cls.boss = cls.env.ref("base.user_admin")
        hooks = cls.env.registry["mail.delivery.document"]
        for name in (
            "_create_deliveries",
            "_get_deliveries",
            "_get_delivery_owner_of",
            "_get_undelivered_title_of",
            "_is_delivery_wanted_of",
        ):
            cls.add_hook(name, getattr(hooks, name))
        cls.add_hook("_send_delivery_of", cls.write_mail)
        cls.add_hook("_get_delivery_user_of", lambda self, delivery: cls.boss)

    @classmethod
    def add_hook(cls, name, method):
        model = cls.env.registry["res.partner"]
        cls.startClassPatcher(patch.object(model, name, method, create=True))

    def change_hook(self, name, method):
        self.patch(self.env.registry["res.partner"], name, method)

    @staticmethod
    def write_mail(document, delivery):
        return document.message_post(
            body=delivery.purpose, partner_ids=delivery.recipient_id.ids
        )

    def send(self, purpose="Hello"):
        """Return the delivery of an e-mail that lies in the outbox."""
        delivery = self.document._create_deliveries(purpose, self.reader)
        delivery._deliver_now()
        return delivery

    @contextmanager
    def mail_server(self, error=None):
        """A mail server that answers each e-mail with an error."""
        with self.mock_mail_gateway(), mute_logger(MAILS):
            if error:
                self.send_email_mocked.side_effect = error
            yield

    def run_queue(self, error=None):
        """Do as the mail queue does; return how many e-mails went out."""
        with self.mail_server(error):
            self.env["mail.mail"].process_email_queue()
            return len([mail for mail in self._mails if "anna" in str(mail)])

    def follow_up(self):
        """Do as the scheduled action does."""
        with self.enter_registry_test_mode():
            cron = self.env.ref("mail_delivery_followup.mail_delivery_cron_deliver")
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def test_it_is_sent_when_the_server_took_it_and_not_before(self):
        delivery = self.send()
        self.assertEqual(delivery.delivery_state, "sending")
        self.assertFalse(delivery.delivered_on)
        self.assertEqual(self.run_queue(), 1)
        self.assertEqual(delivery.delivery_state, "sent")
        self.assertEqual(delivery.delivered_on, NOW)

    def test_what_is_refused_for_now_is_tried_again(self):
        delivery = self.send()
        self.run_queue(MailDeliveryException("Failed", BUSY))
        self.assertEqual(delivery.delivery_state, "waiting")
        self.assertEqual(delivery.delivery_at, NOW + timedelta(minutes=15))
        self.assertIn("Try later (451)", delivery.delivery_error)
        self.assertFalse(delivery.delivery_activity_id)
        with freeze_time("2026-11-01 08:15:00"):
            self.follow_up()
            self.assertEqual(self.run_queue(), 1)
        self.assertEqual(delivery.delivery_state, "sent")

    def test_what_is_refused_for_good_reaches_a_person_at_once(self):
        delivery = self.send()
        self.run_queue(MailDeliveryException("Failed", UNKNOWN))
        self.assertEqual(delivery.delivery_state, "failed")
        activity = self.document.activity_ids
        self.assertEqual(activity.user_id, self.boss)
        self.assertIn("anna@example.com", activity.note)
        self.assertIn("No such user (550)", activity.note)
        self.assertNotIn("SMTPRecipientsRefused", activity.note)

    def test_what_broke_off_is_found_without_being_told(self):
        delivery = self.send()
        self.run_queue(SMTPServerDisconnected("Connection unexpectedly closed"))
        self.assertEqual(delivery.delivery_message_id.mail_ids.state, "exception")
        self.assertEqual(delivery.delivery_state, "sending")
        self.follow_up()
        self.assertEqual(delivery.delivery_state, "waiting")
        self.assertIn("broke off", delivery.delivery_error)
        with freeze_time("2026-11-01 08:15:00"):
            self.follow_up()
            self.assertEqual(self.run_queue(), 1)
        self.assertEqual(delivery.delivery_state, "sent")

    def test_what_broke_off_is_sent_again_by_a_click(self):
        delivery = self.send()
        self.run_queue(SMTPServerDisconnected("Connection unexpectedly closed"))
        delivery._deliver_again()
        self.follow_up()
        self.assertEqual(self.run_queue(), 1)
        self.assertEqual(delivery.delivery_state, "sent")

    def test_what_lies_in_the_outbox_is_not_written_twice_by_a_click(self):
        delivery = self.send()
        delivery._deliver_again()
        self.follow_up()
        self.assertEqual(self.run_queue(), 1)

    def test_one_that_breaks_off_leaves_the_next_ones_to_the_queue(self):
        first, second = self.send("First"), self.send("Second")
        self.run_queue(SMTPServerDisconnected("Connection unexpectedly closed"))
        queue = self.env.ref("mail.ir_cron_mail_scheduler_action")
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", queue.id)])
        triggers.unlink()
        self.follow_up()
        self.assertEqual(second.delivery_state, "sending")
        self.assertTrue(triggers.search([("cron_id", "=", queue.id)]))
        self.assertEqual(self.run_queue(), 1)
        self.assertEqual(second.delivery_state, "sent")
        self.assertEqual(first.delivery_state, "waiting")

    def test_a_person_is_asked_after_the_last_attempt(self):
        delivery = self.send()
        delivery.delivery_attempts = MAX_ATTEMPTS - 1
        self.run_queue(MailDeliveryException("Failed", BUSY))
        self.assertEqual(delivery.delivery_state, "failed")
        self.assertEqual(len(self.document.activity_ids), 1)

    def test_what_arrives_after_all_takes_back_the_question(self):
        delivery = self.send()
        self.run_queue(MailDeliveryException("Failed", UNKNOWN))
        delivery._deliver_again()
        self.follow_up()
        self.run_queue()
        self.assertEqual(delivery.delivery_state, "sent")
        self.assertFalse(self.document.activity_ids)

    def test_what_somebody_deletes_from_the_outbox_is_told(self):
        delivery = self.send()
        delivery.delivery_message_id.mail_ids.unlink()
        self.follow_up()
        self.assertEqual(delivery.delivery_state, "failed")
        self.assertIn("cancelled", delivery.delivery_error)

    def test_without_address_a_person_is_asked(self):
        self.reader.email = False
        delivery = self.send()
        self.run_queue()
        self.assertEqual(delivery.delivery_state, "failed")
        self.assertEqual(len(self.document.activity_ids), 1)

    def test_a_bounce_reaches_a_person(self):
        first, second = self.send("First"), self.send("Second")
        self.run_queue()
        self.document._message_receive_bounce("anna@example.com", self.reader)
        self.assertEqual(first.delivery_state, "sent")
        self.assertEqual(second.delivery_state, "failed")
        self.assertIn("came back", self.document.activity_ids.note)

    def test_one_that_cannot_be_written_stops_no_other(self):
        bad = self.document._create_deliveries("Bad", self.reader)
        worse = self.document._create_deliveries("Worse", self.reader)
        good = self.document._create_deliveries("Good", self.reader)
        errors = {"Bad": UserError("Give it a name."), "Worse": ValueError("b'x'")}

        def write_or_fail(document, delivery):
            if delivery.purpose in errors:
                raise errors[delivery.purpose]
            return self.write_mail(document, delivery)

        self.change_hook("_send_delivery_of", write_or_fail)
        (bad | worse | good)._plan_delivery(NOW)
        with mute_logger(MIXIN):
            self.follow_up()
        self.run_queue()
        self.assertEqual(good.delivery_state, "sent")
        self.assertEqual(bad.delivery_error, "Give it a name.")
        self.assertIn("administrator", worse.delivery_error)
        self.assertNotIn("b'x'", worse.delivery_error)

    def deliver_with(self, error):
        """Return an e-mail that is due when writing it raises ``error``."""

        def fail(document, delivery):
            raise error

        self.change_hook("_send_delivery_of", fail)
        delivery = self.document._create_deliveries("Hello", self.reader)
        delivery._plan_delivery(NOW)
        with mute_logger(MIXIN):
            self.follow_up()
        return delivery

    def test_what_is_disturbed_is_left_to_the_next_time(self):
        for error in (SerializationFailure(), ConcurrencyError("first")):
            with self.subTest(error):
                delivery = self.deliver_with(error)
                self.assertEqual(delivery.delivery_state, "waiting")
                self.assertFalse(delivery.delivery_attempts)

    def test_what_the_database_cannot_hold_is_no_disturbance(self):
        for error in (TooLong(), TooSlow()):
            with self.subTest(error):
                delivery = self.deliver_with(error)
                self.assertEqual(delivery.delivery_attempts, 1)
                self.assertIn("administrator", delivery.delivery_error)

    def test_a_disturbance_after_the_server_took_it_stops_no_other(self):
        for error in (SerializationFailure(), ConcurrencyError("first"), TooLong()):
            with self.subTest(error):
                first, second = self.send("First"), self.send("Second")
                with (
                    patch.object(
                        self.registry["mail.delivery"],
                        "_update_delivery",
                        side_effect=error,
                    ),
                    mute_logger("odoo.addons.mail_delivery_followup"),
                ):
                    self.assertEqual(self.run_queue(), 2)
                self.assertEqual(first.delivery_state, "sending")
                self.follow_up()
                self.assertEqual(first.delivery_state, "sent")
                self.assertEqual(second.delivery_state, "sent")
                self.assertFalse(self.run_queue(), "nothing goes out twice")

    def test_what_is_called_off_is_not_sent(self):
        delivery = self.send()
        delivery._call_off_delivery()
        self.follow_up()
        self.assertFalse(self.run_queue())
        self.assertFalse(delivery.delivery_state)

    def test_what_is_not_wanted_any_more_is_not_written(self):
        delivery = self.document._create_deliveries("Hello", self.reader)
        delivery._plan_delivery(NOW)
        self.change_hook("_is_delivery_wanted_of", lambda self, delivery: False)
        self.follow_up()
        self.assertFalse(self.run_queue())
        self.assertFalse(delivery.delivery_state)
