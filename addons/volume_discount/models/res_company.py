from decimal import Decimal

from odoo import models

from ..tiers import to_decimal

#: finer than any currency: where only sums are rounded
FINE = Decimal("0.000001")


class ResCompany(models.Model):
    _inherit = "res.company"

    def _get_volume_discount_quantum(self, currency):
        """Return to which unit the amount of an invoice line is rounded (``Decimal``).

        Odoo rounds each line, or only the sum of the lines.
        """
        self.ensure_one()
        if self.tax_calculation_rounding_method == "round_globally":
            return FINE
        return to_decimal(currency.rounding)
