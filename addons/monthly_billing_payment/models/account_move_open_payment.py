"""One open payment per invoice: a second window takes it over, or is told of it."""

from datetime import timedelta
from math import ceil

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

#: how long another window has to finish the payment that it began
PATIENCE = timedelta(minutes=15)


class AccountMove(models.Model):
    _inherit = "account.move"

    def _begin_online_payment(self, amount, provider, own):
        """Clear the way for one new payment of these invoices.

        Who left the page of the provider and pays anew gives up the payment begun
        before; another window's has to be finished first, or given up. What cannot be
        stopped any more and brings money twice is asked to be refunded, see
        ``payment.transaction``.

        :param own: payment.transaction that the same browser began last, or none
        :raise UserError: in the language of the customer
        """
        self._lock_for_payment()
        self._check_online_payment(amount, provider)
        for move in self.filtered(lambda move: move._is_monthly_invoice()):
            for transaction in move._get_open_payments():
                if transaction not in own:
                    move._check_given_up(transaction)
                transaction._set_canceled(state_message="Begun anew by the customer")

    def _lock_for_payment(self):
        """Let one payment at a time begin.

        An unchanged write is enough: PostgreSQL reports a serialization failure to
        the later of two transactions, and Odoo repeats it on the new state.
        """
        monthly = self.filtered(lambda move: move._is_monthly_invoice())
        if monthly:
            self.env.cr.execute(
                SQL(
                    "UPDATE account_move SET write_date = write_date WHERE id IN %s",
                    tuple(monthly.ids),
                ),
                log_exceptions=False,  # a sign to start again, no error
            )

    def _get_open_payments(self):
        """Return the payments that were begun and of which nothing is known yet."""
        self.ensure_one()
        return self.sudo().transaction_ids.filtered(
            lambda tx: (
                tx.state == "draft"
                and tx.provider_code != "custom"
                and tx.operation != "validation"
            )
        )

    def _check_given_up(self, transaction):
        """Raise while another window may still finish a payment."""
        move = self.with_context(lang=self._get_document_language())
        left = transaction.create_date + PATIENCE - self.env.cr.now()
        if left > timedelta():
            raise UserError(
                move.env._(
                    "A payment of %(invoice)s was begun in another window. Please "
                    "finish it there, or try again in %(minutes)s minutes.",
                    invoice=move.name,
                    minutes=ceil(left / timedelta(minutes=1)),
                )
            )
