"""The receipt of payment: an e-mail of its own, followed up like the invoice."""

from odoo import api, fields, models

from .account_move_delivery import STAFF

RECEIPT = "receipt"


class AccountMove(models.Model):
    _inherit = "account.move"

    receipt_state = fields.Selection(
        [
            ("waiting", "To Be Sent"),
            ("sending", "In the Outbox"),
            ("sent", "Sent"),
            ("failed", "Not Delivered"),
        ],
        string="Receipt",
        compute="_compute_receipt_state",
        compute_sudo=True,
        groups=STAFF,
        help="The e-mail that confirms full payment to the customer.",
    )
    receipt_error = fields.Text(
        compute="_compute_receipt_state",
        compute_sudo=True,
        groups=STAFF,
        help="Why the receipt did not reach the customer.",
    )

    @api.depends("payment_state")
    def _compute_receipt_state(self):
        receipts = self._get_deliveries(RECEIPT).grouped("res_id")
        for move in self:
            receipt = receipts.get(move.id, self.env["mail.delivery"])[:1]
            move.receipt_state = receipt.delivery_state
            move.receipt_error = receipt.delivery_error

    def _invoice_paid_hook(self):
        """The customer may get a receipt, whoever recorded the payment, and how."""
        result = super()._invoice_paid_hook()
        paid = self.sudo().filtered(
            lambda move: (
                move._is_monthly_invoice()
                and move.company_id.send_payment_receipt
                and move.payment_state in ("paid", "in_payment")
                and not move.currency_id.is_zero(move.amount_total)
            )
        )
        paid._plan_receipts()
        return result

    def _plan_receipts(self):
        """Have each full payment confirmed to the customer, once."""
        receipts = self._get_deliveries(RECEIPT)
        new = self.filtered(lambda move: move.id not in receipts.mapped("res_id"))
        planned = receipts.filtered(lambda one: not one.delivery_state)
        for move in new:
            planned |= move._create_deliveries(RECEIPT, move.partner_id)
        if planned:
            planned._plan_delivery(fields.Datetime.now())
            self._get_receipt_cron().sudo()._trigger()
            self.invalidate_recordset(["receipt_state", "receipt_error"])

    @api.model
    def _get_receipt_cron(self):
        return self.env.ref("monthly_billing_delivery.account_move_cron_send_receipts")

    @api.model
    def _cron_send_receipts(self):
        """Confirm full payments to customers, and follow up what was sent."""
        self.env["mail.delivery"]._cron_deliver()

    def action_deliver_receipt(self):
        """Send the receipts again that the customers have not got."""
        self.check_access("write")
        paid = self.filtered(lambda move: move.receipt_state)
        paid.sudo()._get_deliveries(RECEIPT)._deliver_again()
        return True

    def _send_delivery_of(self, delivery):
        if delivery.purpose != RECEIPT:
            return super()._send_delivery_of(delivery)
        return self.with_company(self.company_id).message_post_with_source(
            self.env.ref("monthly_billing_delivery.mail_template_receipt"),
            email_layout_xmlid="mail.mail_notification_layout_with_responsible_signature",
            subtype_xmlid="mail.mt_comment",
            message_type="comment",
        )

    def _is_delivery_wanted_of(self, delivery):
        """A payment that is taken back before the mail waits for the next one."""
        if delivery.purpose != RECEIPT:
            return super()._is_delivery_wanted_of(delivery)
        return self.payment_state in ("paid", "in_payment")

    def _get_delivery_owner_of(self, delivery):
        return self._get_billing_period() or self

    def _get_delivery_user_of(self, delivery):
        return self._get_delivery_user()

    def _get_undelivered_title_of(self, delivery):
        return self.env._("Receipt was not delivered")
