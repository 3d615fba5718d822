from decimal import Decimal

from odoo import models

from ..core.numbers import ONE, to_exact

#: enough digits for the part of a price
FINE = Decimal("1E-12")
#: a price that Odoo's taxes change without losing digits of the part
MILLION = 1_000_000


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _get_price_scale(self, company, taxes):
        """Return what is left of a price of the service with other taxes (``Decimal``).

        Only a price that includes its tax changes: 1 / 1.19 for a customer abroad.
        """
        own = self.sudo().taxes_id._filter_taxes_by_company(company)
        if own == taxes or not any(own.mapped("price_include")):
            return ONE
        mapped = self._get_tax_included_unit_price_from_price(
            MILLION, own, product_taxes_after_fp=taxes
        )
        return (to_exact(mapped) / MILLION).quantize(FINE).normalize()
