"""Delivery of monthly invoices: planned, and handed to the mail server."""

import logging

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

_logger = logging.getLogger(__name__)

CRON = "monthly_billing.account_move_cron_deliver"
#: who reads how the delivery goes: not the customer in the portal
STAFF = "account.group_account_readonly,account.group_account_invoice"


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
        groups=STAFF,
        help="What became of sending this invoice by e-mail.",
    )
    delivery_at = fields.Datetime(
        string="Send At",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups=STAFF,
        help="When the invoice is sent, or tried again.",
    )
    delivery_attempts = fields.Integer(
        readonly=True,
        copy=False,
        groups=STAFF,
        help="How often sending has failed.",
    )
    delivery_error = fields.Text(
        readonly=True,
        copy=False,
        groups=STAFF,
        help="Why the last attempt failed.",
    )
    delivered_on = fields.Datetime(
        readonly=True,
        copy=False,
        groups=STAFF,
        help="When the mail server took the invoice.",
    )
    delivery_message_id = fields.Many2one(
        "mail.message",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups=STAFF,
        help="The message that carries the invoice.",
    )

    _delivery_failed_idx = models.Index("(company_id) WHERE delivery_state = 'failed'")

    def button_draft(self):
        result = super().button_draft()
        self.sudo().filtered("delivery_state")._call_off_delivery()
        return result

    def button_cancel(self):
        result = super().button_cancel()
        self.sudo().filtered("delivery_state")._forget_delivery()
        return result

    def _call_off_delivery(self):
        """Take back the mails that did not go out: they carry the old version.

        An invoice that nobody got and that is sent as agreed goes out once it is
        posted again. Whether one that the customer has is sent anew, a person says.
        """
        self._cancel_unsent_mails()
        again = self.filtered(
            lambda move: (
                move.delivery_state != "sent"
                and move.billing_period_id.agreement_id.auto_post
                and move.billing_period_id.agreement_id.auto_send
            )
        )
        (self - again)._forget_delivery()
        again._record({"delivery_message_id": False})
        for move in again:
            move._plan_delivery(move.delivery_at or fields.Datetime.now())

    def _cancel_unsent_mails(self):
        mails = self._get_unsent_mails()
        mails.cancel()
        mails.mail_message_id.notification_ids.filtered(
            lambda one: one.notification_status in ("ready", "exception")
        ).notification_status = "canceled"

    def _forget_delivery(self):
        self._record(
            {
                "delivery_state": False,
                "delivery_at": False,
                "delivery_error": False,
                "delivery_message_id": False,
            }
        )

    def action_deliver(self):
        """Send these invoices again, now: after an address was mended, for instance.

        What lies in the outbox goes out anyway.
        """
        monthly = self.filtered(
            lambda move: (
                move.state == "posted"
                and move.delivery_state != "sending"
                and move._get_billing_period()
            )
        )
        monthly._plan_delivery(fields.Datetime.now())
        return True

    def _plan_delivery(self, moment):
        """Have these invoices sent at ``moment`` (UTC) by the scheduled action."""
        if not self:
            return
        self._record(
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
        self._follow_up_outbox()
        moves = self.search(self._get_delivery_domain(), order="delivery_at, id")
        remaining = len(moves)
        commit = self.env["ir.cron"]._commit_progress
        time_left = commit(remaining=remaining)
        for move in moves:
            if time_left <= 0:
                return
            # alone, or each invoice would read all others again
            self.browse(move.id)._deliver_or_record_error()
            remaining -= 1
            time_left = commit(1, remaining=remaining)

    def _deliver_or_record_error(self):
        """Send one invoice unless another worker does; keep the reason if it fails.

        A failure undoes the transaction and no savepoint, because services such as
        Peppol commit what they sent.
        """
        try:
            if move := self._lock_due():
                move._deliver()
                self.env.flush_all()
        except OperationalError:
            raise
        except Exception as error:
            if not isinstance(error, UserError):
                _logger.exception("Sending of invoice %s failed", self.id)
            self.env.cr.rollback()
            if move := self._lock_due():
                move._record_delivery_failure(str(error))

    def _lock_due(self):
        """Return this invoice, locked, if it is to be sent now, else none."""
        move = self.try_lock_for_update(allow_referencing=True)
        move.invalidate_recordset(["delivery_state", "delivery_at", "state"])
        return move.filtered_domain(self._get_delivery_domain())

    def _deliver(self):
        """Hand the invoice to the mail server: again what it refused, else anew."""
        self.ensure_one()
        if mails := self._get_unsent_mails():
            self._record({"delivery_state": "sending", "delivery_at": False})
            mails.mark_outgoing()
            self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()
            return
        if self.payment_state == "reversed" and not self.delivery_message_id:
            self._record_delivery_failure(self._get_credited_text(), retry=False)
            return
        self._record({"delivery_message_id": False})
        goes_another_way = self._goes_another_way()
        author = self.invoice_user_id or self.env.user
        self.env["account.move.send"].with_company(
            self.company_id
        )._generate_and_send_invoices(
            self,
            author_user_id=author.id,
            author_partner_id=author.partner_id.id,
        )
        message = self.delivery_message_id
        if message.partner_ids & message.notification_ids.res_partner_id:
            return
        if goes_another_way:
            self._record_delivered()
        else:
            self._record_delivery_failure(self._get_no_address_text(), retry=False)

    def _goes_another_way(self):
        """Return whether Odoo itself sends the invoice by another way than e-mail,
        such as Peppol: then it says so if it fails."""
        sender = self.env["account.move.send"].with_company(self.company_id)
        return any(
            method not in ("email", "manual")
            and sender._is_applicable_to_move(method, self)
            for method in sender._get_default_sending_methods(self)
        )

    def _get_unsent_mails(self):
        """Return the mails of these invoices that the mail server did not take."""
        return self.env["mail.mail"].search(
            [
                ("mail_message_id", "in", self.delivery_message_id.ids),
                ("state", "in", ("outgoing", "exception")),
            ]
        )

    def _record_handover(self, message):
        """The invoice lies in the outbox as ``message``."""
        self._record(
            {
                "delivery_state": "sending",
                "delivery_at": False,
                "delivery_message_id": message.id,
            }
        )
