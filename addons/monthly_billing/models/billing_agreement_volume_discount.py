"""The tier table of an agreement: its terms and its proof on an invoice."""

from odoo import models


class BillingAgreement(models.Model):
    _inherit = "billing.agreement"

    def _has_counted_service(self, terms=None):
        """Return whether a tier table prices the hours of the agreement.

        :param terms: others than those of today
        """
        self.ensure_one()
        tables = self.env["volume.discount"]
        table = tables.browse(terms.key) if terms else self.volume_discount_id
        if not table:
            return False
        products = self.product_id | self.rate_ids.product_id
        return any(map(table._is_product_counted, products))
