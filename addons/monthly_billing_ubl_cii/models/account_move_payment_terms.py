"""What the e-invoice of a month says about paying it, as the PDF does."""

from odoo import models
from odoo.tools import formatLang
from odoo.tools.misc import format_date

from ..payment_terms import MARK, format_discount, join


class AccountMove(models.Model):
    _inherit = "account.move"

    def _get_payment_terms_text(self):
        """Return the payment terms (BT-20) in the language of the environment: the
        note, the installments and the discount on early payment."""
        self.ensure_one()
        term = self.invoice_payment_term_id
        lines = term._get_note_lines() if term else []
        if term.display_on_invoice:
            lines += self._get_installment_lines()
            lines += self._get_discount_lines(lines)
        return join(lines)

    def _get_installment_lines(self):
        """Return a sentence for each installment if there are several."""
        parts = self.line_ids.filtered(lambda line: line.display_type == "payment_term")
        is_printed = self.move_type in self._early_payment_discount_move_types()
        if len(parts) < 2 or not is_printed:
            return []
        return [
            self.env._(
                "%(number)s - Installment of %(amount)s due on %(date)s",
                number=number,
                amount=formatLang(
                    self.env, abs(part.amount_currency), currency_obj=self.currency_id
                ),
                date=format_date(self.env, part.date_maturity),
            )
            for number, part in enumerate(parts.sorted("date_maturity"), start=1)
        ]

    def _get_discount_lines(self, lines):
        """Return the line of a discount on early payment, if there is one that the note
        does not state as well.

        :param lines: those of the note
        """
        term = self.invoice_payment_term_id
        is_stated = any(line.strip().startswith(MARK) for line in lines)
        if is_stated or not self._is_eligible_for_early_payment_discount(
            self.currency_id, self.invoice_date
        ):
            return []
        on_net = term.early_pay_discount_computation in ("excluded", "mixed")
        basis = self.amount_untaxed if on_net else None
        return [format_discount(term.discount_days, term.discount_percentage, basis)]
