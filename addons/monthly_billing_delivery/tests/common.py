from contextlib import ExitStack
from datetime import datetime
from unittest.mock import patch

from odoo.tests import freeze_time
from odoo.tools import email_normalize

from odoo.addons.base.models.ir_mail_server import MailDeliveryException
from odoo.addons.mail.tests.common import MailCase
from odoo.addons.monthly_billing.tests.common import MonthlyBillingCommon


def at(moment):
    """Return a moment of 2026 as Odoo keeps it, such as "11-01 08:00"."""
    return datetime.fromisoformat(f"2026-{moment}")


NOW = at("11-01 08:00")


@freeze_time("2026-11-01 08:00:00")
class DeliveryCommon(MonthlyBillingCommon, MailCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner.invoice_sending_method = "email"
        cls.agreement.write({"auto_post": True, "auto_send": True})
        cls.ticket = cls.make_ticket("Printer")

    def bill_hours(self, hours=2):
        self.book(hours, "10-05", self.ticket)
        return self.bill().invoice_id

    def deliver(self, invoices, error=None, refused=""):
        """Run the scheduled actions of delivery and of mails; return what went out.

        :param error: exception that the mail server answers with
        :param str refused: address that the mail server refuses
        """
        cron = self.env.ref("monthly_billing_delivery.account_move_cron_deliver")
        server = self.env.registry["ir.mail_server"]
        with self.mock_mail_gateway(), ExitStack() as stack:
            if error:
                refusal = patch.object(server, "_connect__", side_effect=error)
                stack.enter_context(refusal)
            if refused:
                self.send_email_mocked.side_effect = self.refuse(refused)
            with self.enter_registry_test_mode():
                cron.method_direct_trigger()
            self.env["mail.mail"].process_email_queue()
            sent = list(self._mails)
        invoices.invalidate_recordset()
        return sent

    def refuse(self, address):
        """Return how a mail server sends that does not know ``address``."""
        native = self.send_email_mocked.side_effect

        def send(model, message, *args, **kwargs):
            if address in message["To"]:
                reason = f"{address}: no such user"
                raise MailDeliveryException(reason)
            return native(model, message, *args, **kwargs)

        return send

    def get_readers(self, mails):
        """Return the addresses that mails went to, sorted."""
        return sorted(
            email_normalize(address) for mail in mails for address in mail["email_to"]
        )

    def put_into_outbox(self, invoice):
        """Leave the mail of an invoice to the mail queue and return it."""
        with self.keep_mails():
            invoice._deliver()
        return invoice.delivery_message_id.sudo().mail_ids

    def keep_mails(self):
        """Have mails wait in the outbox, as they do until a transaction is done."""
        mails = self.env.registry["mail.mail"]
        return patch.object(mails, "send_after_commit", lambda mail: None)

    def get_activities(self, invoice):
        mail = self.env.ref("mail.mail_activity_data_email")
        return invoice.billing_period_id.activity_ids.filtered(
            lambda activity: activity.activity_type_id == mail
        )
