"""What the e-mails of monthly invoices say and link to, and the receipt of payment."""

import logging

from psycopg2 import OperationalError

from odoo import api, fields, models

from .account_move_delivery import STAFF

_logger = logging.getLogger(__name__)


class AccountMove(models.Model):
    _inherit = "account.move"

    receipt_state = fields.Selection(
        [("waiting", "To Be Sent"), ("sent", "Sent")],
        string="Receipt",
        readonly=True,
        copy=False,
        groups=STAFF,
        help="The e-mail that confirms full payment to the customer.",
    )

    _receipt_waiting_idx = models.Index("(id) WHERE receipt_state = 'waiting'")

    def _get_mail_template(self):
        if self and all(move._get_billing_period() for move in self):
            if all(move.move_type == "out_invoice" for move in self):
                return self.env.ref("monthly_billing.mail_template_invoice")
            if all(move.move_type == "out_refund" for move in self):
                return self.env.ref("monthly_billing.mail_template_credit_note")
        return super()._get_mail_template()

    def _get_billing_period(self):
        """Return the month that an invoice bills or a credit note corrects."""
        self.ensure_one()
        move = self.sudo()
        return move.billing_period_id or move.reversed_entry_id.billing_period_id

    def _invoice_paid_hook(self):
        """The customer may get a receipt, whoever recorded the payment, and how."""
        result = super()._invoice_paid_hook()
        paid = self.sudo().filtered(
            lambda move: (
                move._is_monthly_invoice()
                and move.company_id.send_payment_receipt
                and not move.receipt_state
                and move.payment_state in ("paid", "in_payment")
                and not move.currency_id.is_zero(move.amount_total)
            )
        )
        if paid:
            paid._record({"receipt_state": "waiting"})
            cron = self.env.ref("monthly_billing.account_move_cron_send_receipts")
            cron.sudo()._trigger()
        return result

    @api.model
    def _cron_send_receipts(self):
        """Confirm each full payment to the customer, once."""
        moves = self.search([("receipt_state", "=", "waiting")])
        remaining = len(moves)
        commit = self.env["ir.cron"]._commit_progress
        commit(remaining=remaining)
        for move in moves:
            self.browse(move.id)._send_receipt_or_log_error()
            remaining -= 1
            if commit(1, remaining=remaining) <= 0:
                return

    def _send_receipt_or_log_error(self):
        """Mail one receipt; one that fails stops no other and is tried again the next
        time."""
        try:
            self._send_receipt()
            self.env.flush_all()
        except OperationalError:
            raise
        except Exception:
            _logger.exception("The receipt of invoice %s failed", self.id)
            self.env.cr.rollback()

    def _send_receipt(self):
        """Mail the receipt, unless the payment was taken back or another worker does.

        A payment that is taken back before the mail waits for the next one.
        """
        move = self.try_lock_for_update(allow_referencing=True)
        move.invalidate_recordset(["receipt_state", "payment_state"])
        if move.receipt_state != "waiting":
            return
        if move.payment_state not in ("paid", "in_payment"):
            move._record({"receipt_state": False})
            return
        move._record({"receipt_state": "sent"})
        template = self.env.ref("monthly_billing.mail_template_receipt")
        move.message_post_with_source(
            template,
            email_layout_xmlid="mail.mail_notification_layout_with_responsible_signature",
            subtype_xmlid="mail.mt_comment",
            message_type="comment",
        )
