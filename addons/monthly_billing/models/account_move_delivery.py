"""Delivery of monthly invoices: planned, handed to the mail server, followed up."""

import logging

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import plaintext2html

from ..delivery import get_retry_delay

_logger = logging.getLogger(__name__)

#: failures of a mail that waiting does not heal
LASTING = (
    "mail_email_invalid",
    "mail_email_missing",
    "mail_from_invalid",
    "mail_from_missing",
)
CRON = "monthly_billing.account_move_cron_deliver"


class AccountMove(models.Model):
    _inherit = "account.move"

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
        help="What became of sending this invoice by e-mail.",
    )
    delivery_at = fields.Datetime(
        string="Send At",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="When the invoice is sent, or tried again.",
    )
    delivery_attempts = fields.Integer(
        readonly=True, copy=False, help="How often sending has failed."
    )
    delivery_error = fields.Text(
        readonly=True, copy=False, help="Why the last attempt failed."
    )
    delivered_on = fields.Datetime(
        readonly=True, copy=False, help="When the mail server took the invoice."
    )
    delivery_message_id = fields.Many2one(
        "mail.message",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The message that carries the invoice.",
    )

    _delivery_failed_idx = models.Index("(company_id) WHERE delivery_state = 'failed'")

    def button_draft(self):
        result = super().button_draft()
        self.filtered("delivery_state").write(
            {"delivery_state": False, "delivery_at": False, "delivery_error": False}
        )
        return result

    def action_deliver(self):
        """Send these invoices again, now: after an address was mended, for instance."""
        monthly = self.filtered(
            lambda move: move.state == "posted" and move._get_billing_period()
        )
        monthly._plan_delivery(fields.Datetime.now())
        return True

    def _plan_delivery(self, moment):
        """Have these invoices sent at ``moment`` (UTC) by the scheduled action."""
        if not self:
            return
        self.write(
            {
                "delivery_state": "waiting",
                "delivery_at": moment,
                "delivery_attempts": 0,
                "delivery_error": False,
            }
        )
        self.env.ref(CRON).sudo()._trigger(moment)

    @api.model
    def _get_delivery_domain(self):
        """Return the domain of the invoices that are to be sent now."""
        return (
            Domain("delivery_at", "<=", fields.Datetime.now())
            & Domain("delivery_state", "=", "waiting")
            & Domain("state", "=", "posted")
        )

    @api.model
    def _cron_deliver(self):
        """Send what is due, each invoice and its documents in a transaction of its
        own: one that fails stops no other.

        Its mail goes out when that is committed, and that it went out is committed at
        once. A crash between the answer of the mail server and this commit repeats
        that one mail, with the same Message-Id.
        """
        moves = self.search(self._get_delivery_domain(), order="delivery_at, id")
        remaining = len(moves)
        commit = self.env["ir.cron"]._commit_progress
        time_left = commit(remaining=remaining)
        for move in moves:
            if time_left <= 0:
                return
            move._deliver_or_record_error()
            remaining -= 1
            time_left = commit(1, remaining=remaining)

    def _deliver_or_record_error(self):
        """Send one invoice unless another worker does; keep the reason if it fails."""
        move = self.try_lock_for_update(allow_referencing=True)
        move.invalidate_recordset(["delivery_state", "delivery_at", "state"])
        if not move.filtered_domain(self._get_delivery_domain()):
            return
        try:
            with self.env.cr.savepoint():
                move._deliver()
        except OperationalError:
            raise
        except Exception as error:
            if not isinstance(error, UserError):
                _logger.exception("Sending of invoice %s failed", move.id)
            self.env.invalidate_all()
            move._record_delivery_failure(str(error))

    def _deliver(self):
        """Hand the invoice to the mail server: again what it refused, else anew."""
        self.ensure_one()
        if mails := self._get_refused_mails():
            self.write({"delivery_state": "sending", "delivery_at": False})
            mails.mark_outgoing()
            self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()
            return
        self.delivery_message_id = False
        author = self.invoice_user_id or self.env.user
        self.env["account.move.send"].with_company(
            self.company_id
        )._generate_and_send_invoices(
            self,
            author_user_id=author.id,
            author_partner_id=author.partner_id.id,
        )
        if not self.delivery_message_id.notification_ids:
            self._record_delivery_failure(self._get_no_address_text(), retry=False)

    def _get_refused_mails(self):
        """Return the mails of the invoice that the mail server did not take."""
        return self.env["mail.mail"].search(
            [
                ("mail_message_id", "=", self.delivery_message_id.id),
                ("mail_message_id", "!=", False),
                ("state", "=", "exception"),
            ]
        )

    def _get_no_address_text(self):
        """Return what to do about an invoice that went to nobody."""
        return self.env._(
            "The invoice went to nobody. Give %(customer)s an e-mail address, set the "
            "way of sending invoices to e-mail, and send it again.",
            customer=self.partner_id.display_name,
        )

    def _record_handover(self, message):
        """The invoice lies in the outbox as ``message``."""
        self.write(
            {
                "delivery_state": "sending",
                "delivery_at": False,
                "delivery_message_id": message.id,
            }
        )

    def _update_delivery(self, failure_type, reason):
        """Take over what became of the mails of these invoices.

        :param failure_type: as in ``mail.notification``, or None
        """
        for move in self.filtered(lambda move: move.state == "posted"):
            states = set(
                move.delivery_message_id.sudo()
                .notification_ids.filtered(lambda one: one.notification_type == "email")
                .mapped("notification_status")
            )
            if "exception" in states:
                move._record_delivery_failure(
                    reason or failure_type, retry=failure_type not in LASTING
                )
            elif states <= {"sent", "canceled"}:
                move._record_delivered()

    def _record_delivered(self):
        """The mail server took the invoice for all of its readers."""
        self.ensure_one()
        self.write(
            {
                "delivery_state": "sent",
                "delivery_at": False,
                "delivery_error": False,
                "delivered_on": fields.Datetime.now(),
            }
        )
        self._get_billing_period().activity_unlink(["mail.mail_activity_data_email"])

    def _record_delivery_failure(self, reason, retry=True):
        """Keep why an invoice was not sent; try again later or ask a person.

        :param reason: text
        :param retry: whether it may help to wait
        """
        self.ensure_one()
        attempts = self.delivery_attempts + 1
        delay = get_retry_delay(attempts) if retry else None
        moment = fields.Datetime.now() + delay if delay else False
        self.write(
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
        period.activity_unlink(["mail.mail_activity_data_email"])
        period.activity_schedule(
            "mail.mail_activity_data_email",
            summary=self.env._("Invoice was not delivered"),
            note=plaintext2html(self.delivery_error or ""),
            user_id=period.user_id.id or self.env.uid,
        )

    def _message_receive_bounce(self, email, partner):
        """A mail of the invoice came back: a person has to find the right address."""
        result = super()._message_receive_bounce(email, partner)
        for move in self.filtered("delivery_message_id"):
            move._record_delivery_failure(
                self.env._("The e-mail to %(address)s came back.", address=email),
                retry=False,
            )
        return result
