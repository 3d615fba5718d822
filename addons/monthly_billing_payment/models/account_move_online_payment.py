"""Online payment of monthly invoices: asked for once, and for the rest alone."""

from math import isfinite

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import formatLang


class AccountMove(models.Model):
    _inherit = "account.move"

    def _has_to_be_paid(self):
        """A month is not asked for while its money is on the way or is collected."""
        return super()._has_to_be_paid() and not (
            self._is_monthly_invoice()
            and (self._is_payment_under_way() or self._get_direct_debit())
        )

    def _is_payment_under_way(self):
        """Return whether money that was sent is not booked on the invoice yet."""
        self.ensure_one()
        return self.payment_state == "in_payment" or any(
            (tx.state in ("pending", "authorized") and tx.provider_code != "custom")
            or (tx.state == "done" and not tx.is_post_processed)
            for tx in self.sudo().transaction_ids
        )

    def _is_withdrawn(self):
        """Return whether the customer once got this invoice and it counts no more."""
        self.ensure_one()
        return self._is_monthly_invoice() and self.state != "posted"

    def _get_online_payment_error(self):
        """Say in one sentence why a month cannot be paid online."""
        if not self._is_monthly_invoice():
            return super()._get_online_payment_error()
        return self._get_no_payment_reason() or self.env._(
            "This invoice cannot be paid online."
        )

    def _get_no_payment_reason(self):
        """Return why the customer should not pay this invoice now, or False."""
        env = self.env
        if self.state == "cancel":
            return env._("We cancelled this invoice. Please do not pay it.")
        if self.state == "draft":
            return env._(
                "We are revising this invoice. Please wait for the new one before you "
                "pay."
            )
        if self.payment_state == "reversed":
            return env._(
                "We credited this invoice in full. There is nothing left to pay."
            )
        if self.currency_id.is_zero(self.amount_residual):
            return env._("This invoice is paid. Thank you.")
        if self._is_payment_under_way():
            return env._("Your payment is on its way. Please do not pay again.")
        if self._get_direct_debit():
            return env._("We collect this invoice from your account.")
        return False

    def _check_online_payment(self, amount, provider):
        """Make sure that a customer may pay these invoices together now.

        The page that asks may be older than the last payment, and what the browser
        sends may be forged. Other invoices than those of months are Odoo's affair.

        :param amount: in the currency of the invoices, as the browser sent it
        :param provider: payment.provider that is to take the money
        :raise UserError: in the language of the customer
        """
        if not any(move._is_monthly_invoice() for move in self):
            return
        moves = self.with_context(lang=self[:1]._get_document_language())
        for move in moves:
            if not move._has_to_be_paid():
                raise UserError(
                    moves.env._(
                        "%(invoice)s: %(reason)s",
                        invoice=move.name,
                        reason=move._get_online_payment_error(),
                    )
                )
            if provider not in move._get_open_providers():
                raise UserError(
                    moves.env._("Please choose another way to pay: reload this page.")
                )
        moves._check_amount(amount)

    def _check_amount(self, amount):
        """Make sure that an amount is part of what these invoices ask for."""
        currency = self.currency_id[:1]
        rest = sum(self.mapped("amount_residual"))
        if not (
            isfinite(amount)
            and currency.compare_amounts(amount, 0) > 0
            and currency.compare_amounts(amount, rest) <= 0
        ):
            raise UserError(
                self.env._(
                    "There are %(amount)s left to pay. Please reload this page.",
                    amount=formatLang(self.env, rest, currency_obj=currency),
                )
            )

    def _get_invoice_next_payment_values(self, custom_amount=None):
        """A link made for more than is left asks for what is left."""
        if custom_amount and self._is_monthly_invoice():
            rest = self.amount_residual
            if self.currency_id.compare_amounts(custom_amount, rest) > 0:
                custom_amount = None
        return super()._get_invoice_next_payment_values(custom_amount=custom_amount)

    def _can_be_paid_online(self):
        """Return whether the customer finds somebody there who takes the money."""
        self.ensure_one()
        if not self._has_to_be_paid():
            return False
        # customers see none but published ones, whoever asks here
        providers = self._get_open_providers().filtered("is_published")
        methods = self.env["payment.method"].sudo()
        return bool(
            methods._get_compatible_payment_methods(
                providers.ids, self.partner_id.id, currency_id=self.currency_id.id
            )
        )

    def _get_open_providers(self):
        """Return the payment providers that the invoice's page offers the user."""
        return (
            self.env["payment.provider"]
            .sudo()
            ._get_compatible_providers(
                self.company_id.id,
                self.partner_id.id,
                self.amount_total,
                currency_id=self.currency_id.id,
            )
        )

    def _get_online_payment_url(self):
        if not self._can_be_paid_online():
            return super()._get_online_payment_url()
        return self._get_portal_link(query_string="&payment=True", anchor="portal_pay")
