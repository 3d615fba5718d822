"""What explains a difference between what a window asks and what was charged."""

from odoo import models

from odoo.addons.volume_discount.core import proof as proofs
from odoo.addons.volume_discount.core.numbers import EPSILON
from odoo.addons.volume_discount.core.terms import are_alike


class BillingAgreement(models.Model):
    _inherit = "billing.agreement"

    def _is_difference_open(self, found):
        """Return whether something happened to the window since its last invoice that
        the next one makes up for: a credit note, a cancelled or deleted invoice, hours
        typed into a draft, or a decision to correct it or to let other terms hold."""
        self.ensure_one()
        periods = self._get_sisters().period_ids
        moves = periods.move_ids.filtered(
            lambda move: any(
                line.service_month and line.service_month in found.window
                for line in move.invoice_line_ids
            )
        )
        typed = moves.filtered(
            lambda move: move.state == "draft" and move._has_typed_hours()
        )
        invoices = moves.filtered(
            lambda move: move._is_monthly_invoice() and move._is_counting()
        )
        return (
            bool(typed)
            or self._is_correction_asked(found)
            or not invoices._is_window_as_billed(found)
        )

    def _is_correction_asked(self, found):
        """Return whether a person lets the next invoice correct a window, and none did
        yet: what is open is what it was then."""
        table = self.env["volume.discount"].browse(found.terms.key)
        window = self.env["billing.window"]._find_window(
            self.company_id,
            self.partner_id,
            self.currency_id,
            table,
            found.window.start,
        )
        amount = float(found.amount)
        return window.state == "asked" and not self.currency_id.compare_amounts(
            window.amount, amount
        )


class AccountMove(models.Model):
    _inherit = "account.move"

    def _is_window_as_billed(self, found):
        """Return whether the hours of a window are those that the last of these
        invoices found there and billed: nothing was given back, cancelled or deleted
        since, and the terms are the same. The ledger tells which invoice was computed
        last.

        :param found: ``Difference``
        """
        dated = self.filtered("invoice_line_ids.allocation_ids")
        if not dated:
            return False
        last = max(dated, key=lambda move: max(move.line_ids.allocation_ids.ids))
        known = [
            proofs.from_data(data)
            for data in (last.volume_discount_data or {}).get("proofs", ())
        ]
        return all(
            abs(proof.position - found.history.hours) <= EPSILON
            and are_alike(proof.terms, found.terms)
            for proof in known
            if proof.window.start == found.window.start
        )
