"""Something that goes out by e-mail: planned, handed to the mail queue, followed up."""

import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..disturbance import concerns_all
from ..retry import FIRST_DELAY

_logger = logging.getLogger(__name__)

CRON = "mail_delivery_followup.mail_delivery_cron_deliver"
QUEUE = "mail.ir_cron_mail_scheduler_action"


class MailDeliveryMixin(models.AbstractModel):
    """Give a model these fields and it is sent until the mail server has it.

    What a model must say is how its e-mail is written: ``_send_delivery``.
    """

    _name = "mail.delivery.mixin"
    _description = "Delivery by E-Mail, Followed Up"

    delivery_state = fields.Selection(
        [
            ("waiting", "To Be Sent"),
            ("sending", "In the Outbox"),
            ("sent", "Sent"),
            ("failed", "Not Delivered"),
        ],
        string="Delivery",
        readonly=True,
        copy=False,
        help="What became of the e-mail.",
    )
    delivery_at = fields.Datetime(
        string="Send At",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="When it is sent, or tried again.",
    )
    delivery_attempts = fields.Integer(
        readonly=True, copy=False, help="How often sending has failed."
    )
    delivery_error = fields.Text(
        readonly=True, copy=False, help="Why the last attempt failed."
    )
    delivered_on = fields.Datetime(
        readonly=True, copy=False, help="When the mail server took the e-mail."
    )
    delivery_message_id = fields.Many2one(
        "mail.message",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The message that went out.",
    )
    delivery_activity_id = fields.Many2one(
        "mail.activity",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="Asks a person to see to it that the e-mail arrives.",
    )

    def _send_delivery(self):
        """Extension point: write the e-mail; return its ``mail.message``, empty if it
        went another way.

        It runs in a transaction of its own. A failure that a person can mend is raised
        as ``UserError`` that says how.
        """
        raise NotImplementedError

    def _is_delivery_wanted(self):
        """Extension point: return whether it may still go out: called right before."""
        return True

    @api.model
    def _get_delivery_cron(self):
        """Extension point: return the scheduled action that calls ``_cron_deliver`` of
        this model; by default the one for all models without one of their own."""
        return self.env.ref(CRON)

    @api.model
    def _get_delivery_domain(self):
        """Extension point: return the domain of what is to be sent now."""
        return Domain("delivery_at", "<=", fields.Datetime.now()) & Domain(
            "delivery_state", "=", "waiting"
        )

    def _write_delivery(self, values):
        """Extension point: write what became of the delivery of these.

        For models that refuse such values from anybody but their own steps.
        """
        return self.write(values)

    def _plan_delivery(self, moment):
        """Have these sent at ``moment`` (UTC) by the scheduled action."""
        if not self:
            return
        self._write_delivery(
            {
                "delivery_state": "waiting",
                "delivery_at": moment,
                "delivery_attempts": 0,
                "delivery_error": False,
            }
        )
        self._get_delivery_cron().sudo()._trigger(moment)

    def _deliver_again(self):
        """Have everything sent now that its reader has not got yet.

        What lies in the outbox goes out anyway, at once.
        """
        self.check_access("write")
        records = self.sudo()
        sending = records.filtered(lambda one: one.delivery_state == "sending")
        sending._update_delivery()
        underway = sending.filtered(lambda one: one._is_underway())
        if underway:
            self.env.ref(QUEUE).sudo()._trigger()
        arrived = sending.filtered(lambda one: one.delivery_state == "sent")
        (records - underway - arrived)._plan_delivery(fields.Datetime.now())

    def _call_off_delivery(self):
        """Take back the e-mails that did not go out, and send nothing any more."""
        self._cancel_unsent_mails()
        self._forget_delivery()

    def _cancel_unsent_mails(self):
        mails = self._get_unsent_mails()
        mails.cancel()
        mails.mail_message_id.notification_ids.filtered(
            lambda one: one.notification_status in ("ready", "exception")
        ).notification_status = "canceled"

    def _forget_delivery(self):
        self._clear_delivery_activity()
        self._write_delivery(
            {
                "delivery_state": False,
                "delivery_at": False,
                "delivery_error": False,
                "delivery_message_id": False,
            }
        )

    @api.model
    def _cron_deliver(self):
        """Send what is due and take over what became of what was sent, each in a
        transaction of its own: one that fails stops no other.

        The e-mail goes out when that is committed, and that it went out is committed
        at once. A crash between the answer of the mail server and this commit repeats
        that one e-mail, with the same Message-Id.

        :return: whether there was time for everything
        """
        due = self.search(self._get_delivery_domain(), order="delivery_at, id")
        todo = self._get_settled() | due
        remaining = len(todo)
        commit = self.env["ir.cron"]._commit_progress
        commit(remaining=remaining)
        for record in todo:
            # alone, or each would read all others again
            self.browse(record.id)._deliver_or_record_error()
            remaining -= 1
            if commit(1, remaining=remaining) <= 0 and remaining:
                return False
        self._look_again_later()
        commit()
        return True

    @api.model
    def _look_again_later(self):
        """Have what lies in the outbox looked at, whatever the mail queue does."""
        if self.search_count([("delivery_state", "=", "sending")], limit=1):
            moment = fields.Datetime.now() + FIRST_DELAY
            self._get_delivery_cron().sudo()._trigger(moment)
            self.env.ref(QUEUE).sudo()._trigger()

    def _deliver_or_record_error(self):
        """Send one of them unless another worker does; keep the reason if it fails.

        A failure undoes the transaction and no savepoint, because services such as
        Peppol commit what they sent. What another transaction disturbs is left to the
        next time.
        """
        try:
            self._lock_and_deliver()
            self.env.flush_all()
        except Exception as error:
            self.env.cr.rollback()
            self.env.invalidate_all()
            if concerns_all(error):
                _logger.info("Sending of %s was disturbed, it is left over", self)
            else:
                self._record_exception(error)

    def _lock_and_deliver(self):
        """Send one of them, or take over what became of it."""
        record = self.try_lock_for_update(allow_referencing=True)
        record.invalidate_recordset(["delivery_state", "delivery_at"])
        record.filtered(lambda one: one.delivery_state == "sending")._update_delivery()
        if due := record.filtered_domain(record._get_delivery_domain()):
            due._deliver()

    def _record_exception(self, error):
        """Keep why sending failed; what nobody expected is logged, not shown."""
        record = self.try_lock_for_update(allow_referencing=True)
        if not record.filtered_domain(record._get_delivery_domain()):
            return
        reason = str(error)
        if not isinstance(error, UserError):
            _logger.error("Sending of %s failed", self, exc_info=error)
            reason = record._get_unexpected_text()
        record._record_delivery_failure(reason)

    def _deliver(self):
        """Hand it to the mail queue: again what was not taken, else written anew."""
        self.ensure_one()
        if not self._is_delivery_wanted():
            self._call_off_delivery()
            return
        mails = self._get_unsent_mails()
        if mails and not self._find_unreadable(mails.attachment_ids):
            self._write_delivery({"delivery_state": "sending", "delivery_at": False})
            mails.mark_outgoing()
            self.env.ref(QUEUE).sudo()._trigger()
            return
        mails.cancel()
        self._write_delivery({"delivery_message_id": False})
        # by the queue: it goes on when the mail server hangs up
        message = self.with_context(mail_notify_force_send=False)._send_delivery()
        if self._get_reader_notifications(message):
            if message != self.delivery_message_id:
                self._record_handover(message)
            self.env.ref(QUEUE).sudo()._trigger()
        elif self.delivery_state == "waiting":
            self._record_delivery_failure(self._get_no_address_text(), retry=False)

    def _get_unsent_mails(self):
        """Return the e-mails of these that the mail server did not take."""
        return self.env["mail.mail"].search(
            [
                ("mail_message_id", "in", self.delivery_message_id.ids),
                ("state", "in", ("outgoing", "exception")),
            ]
        )

    @api.model
    def _find_unreadable(self, attachments):
        """Return those of ``attachments`` whose file is gone, empty or damaged."""
        return attachments.sudo().filtered(
            lambda one: (
                one.type == "binary"
                and (not one.raw or one._compute_checksum(one.raw) != one.checksum)
            )
        )

    def _record_handover(self, message):
        """It lies in the outbox as ``message``."""
        self._write_delivery(
            {
                "delivery_state": "sending",
                "delivery_at": False,
                "delivery_message_id": message.id,
            }
        )
