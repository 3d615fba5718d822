"""What became of sent invoices: delivered, to be tried again, or left to a person."""

import logging

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import plaintext2html

from ..delivery import get_retry_delay
from .account_move_delivery import CRON

_logger = logging.getLogger(__name__)

#: failures of a mail that waiting does not heal
LASTING = {
    "mail_email_invalid",
    "mail_email_missing",
    "mail_from_invalid",
    "mail_from_missing",
}
ACTIVITY = "mail.mail_activity_data_email"


class AccountMove(models.Model):
    _inherit = "account.move"

    @api.model
    def _follow_up_outbox(self):
        """Ask a person about invoices whose mail was cancelled or deleted."""
        moves = self.search([("delivery_state", "=", "sending")])
        messages = moves._get_unsent_mails().mail_message_id
        for move in moves.filtered(lambda one: one.delivery_message_id not in messages):
            text = move._localize_for_staff().env._(
                "The e-mail was cancelled before it went out. Send the invoice again."
            )
            move._record_delivery_failure(text, retry=False)

    def _update_delivery_or_log_error(self, reason):
        """Take over what became of mails; an error here must not look like a mail that
        the server refused, or the customer would get the invoice again."""
        try:
            with self.env.cr.savepoint():
                self._update_delivery(reason)
        except OperationalError:
            raise
        except Exception:
            _logger.exception("Delivery of invoices %s is not known", self.ids)

    def _update_delivery(self, reason=None):
        """Take over what became of the mails of these invoices, once all were tried.

        :param reason: what the mail server answered
        """
        for move in self.filtered(lambda move: move.state == "posted"):
            notifications = move.delivery_message_id.sudo().notification_ids
            notifications = notifications.filtered(
                lambda one: one.notification_type == "email"
            )
            states = set(notifications.mapped("notification_status"))
            failed = notifications.filtered(
                lambda one: one.notification_status == "exception"
            )
            if "ready" in states:
                continue
            if failed:
                move._record_delivery_failure(
                    move._get_failure_text(failed, reason),
                    retry=not LASTING.issuperset(failed.mapped("failure_type")),
                )
            elif states <= {"sent", "canceled"}:
                move._record_delivered()

    def _get_failure_text(self, notifications, reason):
        """Return why mails did not reach their readers.

        :param notifications: ``mail.notification`` of these readers
        :param reason: what the mail server answered, or None
        """
        env = self._localize_for_staff().env
        labels = dict(notifications._fields["failure_type"]._description_selection(env))
        texts = [
            f"{one.res_partner_id.email or one.res_partner_id.display_name}: "
            f"{labels.get(one.failure_type, '')}"
            for one in notifications
        ]
        return "\n".join(filter(None, [*texts, reason]))

    def _get_no_address_text(self):
        """Return what to do about an invoice that went to nobody."""
        return self._localize_for_staff().env._(
            "The invoice went to nobody. Give %(customer)s an e-mail address, set the "
            "way of sending invoices to e-mail, and send it again.",
            customer=self.partner_id.display_name,
        )

    def _get_credited_text(self):
        """Return why an invoice that is credited as a whole is not sent by itself: it
        would ask for money that nobody owes."""
        return self._localize_for_staff().env._(
            "The invoice was credited before it was sent. If the customer is to have "
            "both, open each of them and send it."
        )

    def _record_delivered(self):
        """The mail server took the invoice for all of its readers."""
        self.ensure_one()
        self._record(
            {
                "delivery_state": "sent",
                "delivery_at": False,
                "delivery_error": False,
                "delivered_on": fields.Datetime.now(),
            }
        )
        period = self._get_billing_period()
        if period.activity_unlink([ACTIVITY]):
            for other in self._get_undelivered(period)[:1]:
                other._ask_for_delivery()

    def _get_undelivered(self, period):
        """Return the invoice and credit notes of a month that wait for a person."""
        return self.search(
            Domain("delivery_state", "=", "failed")
            & (
                Domain("billing_period_id", "=", period.id)
                | Domain("reversed_entry_id.billing_period_id", "=", period.id)
            )
        )

    def _record_delivery_failure(self, reason, retry=True):
        """Keep why an invoice was not sent; try again later or ask a person.

        :param reason: text
        :param retry: whether it may help to wait
        """
        self.ensure_one()
        attempts = self.delivery_attempts + 1
        delay = get_retry_delay(attempts) if retry else None
        moment = fields.Datetime.now() + delay if delay else False
        self._record(
            {
                "delivery_state": "waiting" if moment else "failed",
                "delivery_at": moment,
                "delivery_attempts": attempts,
                "delivery_error": reason,
            }
        )
        if moment:
            self.env.ref(CRON).sudo()._trigger(moment)
        else:
            self._ask_for_delivery()

    def _ask_for_delivery(self):
        """Ask the responsible person to see to it that the invoice arrives."""
        period = self._get_billing_period()
        period.activity_unlink([ACTIVITY])
        period.activity_schedule(
            ACTIVITY,
            summary=self._get_undelivered_title(),
            note=plaintext2html(self.delivery_error or ""),
            user_id=self._get_delivery_user().id,
        )

    def _get_undelivered_title(self):
        """Return what the responsible person is asked about, in their language."""
        return self._localize_for_staff().env._("Invoice was not delivered")

    def _get_delivery_user(self):
        """Return who sees to it that the invoice arrives."""
        return self._get_billing_period().user_id or self.env.user

    def _localize_for_staff(self):
        """Return this invoice in the language of who is asked about it."""
        return self.with_context(lang=self._get_delivery_user().lang)

    def _message_receive_bounce(self, email, partner):
        """A mail of the invoice came back: a person has to find the right address.

        That a colleague was not reached who follows the invoice matters to nobody.
        """
        result = super()._message_receive_bounce(email, partner)
        for move in self.sudo().filtered("delivery_message_id"):
            readers = move.delivery_message_id.partner_ids
            if not partner & readers and email not in readers.mapped(
                "email_normalized"
            ):
                continue
            text = move._localize_for_staff().env._(
                "The e-mail to %(address)s came back.", address=email
            )
            move._record_delivery_failure(text, retry=False)
        return result
