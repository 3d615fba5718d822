from odoo import models
from odoo.tools import formatLang


class PaymentTransaction(models.Model):
    """Money that arrives for a month is booked, and what is too much is given back."""

    _inherit = "payment.transaction"

    def _pays_month(self):
        """Return whether this is the payment of a monthly invoice."""
        self.ensure_one()
        return any(move._is_monthly_invoice() for move in self.invoice_ids)

    def _set_done(self, *, state_message=None, extra_allowed_states=()):
        """Book also the money of a payment that another window had taken over."""
        late = self.filtered(lambda tx: tx.state == "cancel" and tx._pays_month())
        done = self.browse()
        if late:
            done = super(PaymentTransaction, late)._set_done(
                state_message=state_message,
                extra_allowed_states=(*extra_allowed_states, "cancel"),
            )
        if late == self:
            return done
        return done | super(PaymentTransaction, self - late)._set_done(
            state_message=state_message, extra_allowed_states=extra_allowed_states
        )

    def _post_process(self):
        """Ask for the refund of what comes in beyond what was left to pay."""
        monthly = self.filtered(
            lambda tx: tx.state == "done" and not tx.payment_id and tx._pays_month()
        )
        for transaction in monthly:
            left = transaction._get_amount_left()
            super(PaymentTransaction, transaction)._post_process()
            surplus = transaction.amount - left
            if transaction.currency_id.compare_amounts(surplus, 0) > 0:
                transaction._ask_for_refund(surplus)
        return super(PaymentTransaction, self - monthly)._post_process()

    def _get_amount_left(self):
        """Return what the invoices of this payment still ask for."""
        return sum(
            move.amount_residual
            for move in self.invoice_ids
            if move.state == "posted" and move.payment_state in ("not_paid", "partial")
        )

    def _ask_for_refund(self, surplus):
        """Ask the person in charge of the invoice to give ``surplus`` back."""
        move = self.invoice_ids.filtered(lambda one: one._is_monthly_invoice())[:1]
        user = move.billing_period_id.user_id or move.invoice_user_id or self.env.user
        env = self.with_context(lang=user.lang).env
        amount = formatLang(env, surplus, currency_obj=self.currency_id)
        move.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=env._("Paid twice: refund %(amount)s", amount=amount),
            note=env._(
                "The payment %(payment)s brought %(amount)s more than was left to pay: "
                "the customer paid in two windows. Refund it on the payment, or set "
                "it off against another invoice as agreed with the customer.",
                payment=self._get_html_link(),
                amount=amount,
            ),
            user_id=user.id,
        )
