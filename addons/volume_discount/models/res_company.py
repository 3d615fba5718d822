from decimal import Decimal

from odoo import api, models

from ..core.numbers import to_decimal

#: finer than any currency: where only sums are rounded
FINE = Decimal("0.000001")


class ResCompany(models.Model):
    _inherit = "res.company"

    def _get_volume_discount_quantum(self, currency):
        """Return to which unit the amount of an invoice line is rounded (``Decimal``).

        Odoo rounds each line, or only the sum of the lines.
        """
        self.ensure_one()
        if self._is_rounded_globally():
            return FINE
        return to_decimal(currency.rounding)

    @api.model
    def _get_slack(self, currency):
        """Return by how much rounding a line can change its amount (``Decimal``)."""
        return to_decimal(currency.rounding) / 2

    def _is_rounded_globally(self):
        """Return whether only the sum of an invoice is rounded, none of its lines."""
        return self.tax_calculation_rounding_method == "round_globally"
