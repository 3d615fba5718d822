"""What became of sent e-mails: delivered, to be tried again, or left to a person."""

import logging

from odoo import api, fields, models
from odoo.tools import plaintext2html

from ..answers import read_answer
from ..disturbance import DISTURBANCES
from ..retry import get_retry_delay

_logger = logging.getLogger(__name__)

#: failures that waiting does not heal
LASTING = {
    "mail_bl",
    "mail_bounce",
    "mail_email_invalid",
    "mail_email_missing",
    "mail_from_invalid",
    "mail_from_missing",
}
ACTIVITY = "mail.mail_activity_data_email"


class MailDeliveryMixin(models.AbstractModel):
    _inherit = "mail.delivery.mixin"

    @api.model
    def _get_settled(self):
        """Return what was in the outbox and is neither underway nor scheduled again.

        This is a look at facts: the mail queue tells of most failures, but not when
        the connection breaks off, and not of e-mails that somebody deletes.
        """
        sending = self.search([("delivery_state", "=", "sending")])
        return sending.filtered(lambda one: not one._is_underway())

    def _is_underway(self):
        """Return whether the mail queue has yet to send a part of it."""
        self.ensure_one()
        return "outgoing" in self.delivery_message_id.sudo().mail_ids.mapped("state")

    def _update_delivery_or_log_error(self):
        """Take over what became of e-mails; an error here must not look like one of
        the mail server, or the reader would get the e-mail again.

        That holds for disturbances, too: what is missed is found by
        ``_get_settled``. When the connection to the database is lost, the next
        statement says so.
        """
        try:
            with self.env.cr.savepoint():
                self._update_delivery()
        except DISTURBANCES:
            self.env.invalidate_all()
            _logger.info("Delivery of %s is looked at again later", self)
        except Exception:
            self.env.invalidate_all()
            _logger.exception("Delivery of %s is not known", self)

    def _update_delivery(self):
        """Take over what became of the e-mails of these, once all were tried."""
        for record in self.filtered(
            lambda one: (
                one.delivery_state in ("sending", "waiting", "failed")
                and not one._is_underway()
            )
        ):
            failed = record._get_failed_notifications()
            statuses = set(
                record._get_reader_notifications().mapped("notification_status")
            )
            if failed:
                record._record_refusal(failed)
            elif "sent" in statuses and statuses <= {"sent", "canceled"}:
                record._record_delivered()
            elif record.delivery_state == "sending":
                record._record_delivery_failure(record._get_lost_text(), retry=False)

    def _get_reader_notifications(self, message=None):
        """Return the notifications of who was meant to get the e-mail.

        That a colleague was not reached who follows the document matters to nobody.
        """
        message = (self.delivery_message_id if message is None else message).sudo()
        return message.notification_ids.filtered(
            lambda one: one.res_partner_id in message.partner_ids
        )

    def _get_failed_notifications(self):
        return self._get_reader_notifications().filtered(
            lambda one: one.notification_status in ("exception", "bounce")
        )

    def _record_refusal(self, notifications):
        """Keep that some readers did not get the e-mail.

        What is refused for good reaches a person at once, the rest is tried again.
        """
        self.ensure_one()
        lasting = notifications.filtered(lambda one: self._is_lasting(one))
        self._record_delivery_failure(
            self._get_failure_text(notifications), retry=notifications != lasting
        )
        if lasting and self.delivery_state == "waiting":
            self._ask_for_delivery()

    @api.model
    def _is_lasting(self, notification):
        """Return whether waiting does not heal the failure of a notification."""
        answer = self._read_answer(notification)
        final = bool(answer) and answer.is_final
        return final or notification.failure_type in LASTING

    @api.model
    def _read_answer(self, notification):
        """Return what the mail server answered (``Answer``), or None."""
        reasons = [
            notification.failure_reason,
            notification.mail_mail_id.sudo().failure_reason,
        ]
        return read_answer("\n".join(filter(None, reasons)))

    def _get_failure_text(self, notifications):
        """Return why e-mails did not reach their readers, a line for each.

        :param notifications: ``mail.notification`` of these readers
        """
        record = self._localize_for_staff()
        return "\n".join(
            record.env._(
                "%(reader)s: %(reason)s",
                reader=one.res_partner_id.email or one.res_partner_id.display_name,
                reason=record._get_undelivered_reason(one),
            )
            for one in notifications
        )

    def _get_undelivered_reason(self, notification):
        """Return in words why an e-mail failed, in the language of the environment."""
        env, kind = self.env, notification.failure_type
        if answer := self._read_answer(notification):
            if answer.is_final:
                return env._(
                    "The mail server refuses it for good: %(answer)s (%(code)s)",
                    answer=answer.text,
                    code=answer.code,
                )
            return env._(
                "The mail server does not take it now: %(answer)s (%(code)s)",
                answer=answer.text,
                code=answer.code,
            )
        if kind == "mail_smtp":
            return env._("The mail server cannot be reached.")
        if files := self._find_unreadable(notification.mail_message_id.attachment_ids):
            return env._(
                "The file %(name)s is missing or damaged. It is written anew.",
                name=files[0].name,
            )
        if kind in (False, "unknown"):
            return env._("The connection to the mail server broke off.")
        return dict(notification._fields["failure_type"]._description_selection(env))[
            kind
        ]

    def _get_lost_text(self):
        """Return what to do about an e-mail that left the outbox unsent."""
        return self._localize_for_staff().env._(
            "The e-mail was cancelled before it went out. Send it again."
        )

    def _get_no_address_text(self):
        """Extension point: return what to do about an e-mail that went to nobody."""
        return self._localize_for_staff().env._(
            "The e-mail went to nobody. Give the recipient an e-mail address and send "
            "it again."
        )

    def _get_unexpected_text(self):
        """Return what a person reads about an error that nobody foresaw."""
        return self._localize_for_staff().env._(
            "The e-mail could not be written. An administrator finds the reason in the "
            "log of the server."
        )

    def _record_delivered(self):
        """The mail server took the e-mail for all of its readers."""
        self.ensure_one()
        self._write_delivery(
            {
                "delivery_state": "sent",
                "delivery_at": False,
                "delivery_error": False,
                "delivered_on": fields.Datetime.now(),
            }
        )
        self._clear_delivery_activity()

    def _record_delivery_failure(self, reason, retry=True):
        """Keep why it was not sent; try again later or ask a person.

        :param reason: text
        :param retry: whether it may help to wait
        """
        self.ensure_one()
        attempts = self.delivery_attempts + 1
        delay = get_retry_delay(attempts) if retry else None
        moment = fields.Datetime.now() + delay if delay else False
        self._write_delivery(
            {
                "delivery_state": "waiting" if moment else "failed",
                "delivery_at": moment,
                "delivery_attempts": attempts,
                "delivery_error": reason,
            }
        )
        if moment:
            self._get_delivery_cron().sudo()._trigger(moment)
        else:
            self._ask_for_delivery()

    def _ask_for_delivery(self):
        """Ask the responsible person to see to it that the e-mail arrives."""
        self._clear_delivery_activity()
        activity = self._get_delivery_owner().activity_schedule(
            ACTIVITY,
            summary=self._get_undelivered_title(),
            note=plaintext2html(self.delivery_error or ""),
            user_id=self._get_delivery_user().id,
        )
        self._write_delivery({"delivery_activity_id": activity.id})

    def _clear_delivery_activity(self):
        """Nobody is asked any more; what a person has done stays on record."""
        self.sudo().delivery_activity_id.filtered("active").unlink()

    def _get_delivery_owner(self):
        """Extension point: return the record that gets the activity."""
        return self

    def _get_undelivered_title(self):
        """Extension point: return what the responsible person is asked about, in their
        language."""
        return self._localize_for_staff().env._("E-mail was not delivered")

    def _get_delivery_user(self):
        """Extension point: return who sees to it that the e-mail arrives."""
        return self.env.user

    def _localize_for_staff(self):
        """Return this record in the language of who is asked about it."""
        return self.with_context(lang=self._get_delivery_user().lang)

    def _record_bounce(self, address):
        """The e-mail came back: a person has to find the right address."""
        self.ensure_one()
        text = self._localize_for_staff().env._(
            "The e-mail to %(address)s came back.", address=address
        )
        self._record_delivery_failure(text, retry=False)

    def _is_reader(self, email, partner):
        """Return whether the e-mail went to this address or contact."""
        readers = self.delivery_message_id.sudo().partner_ids
        return bool(partner & readers) or email in readers.mapped("email_normalized")

    @api.model
    def _find_deliveries(self, documents):
        """Extension point: return what was sent about ``documents`` of any model."""
        if documents._name == self._name:
            return self.browse(documents.ids).filtered("delivery_message_id")
        return self.browse()
