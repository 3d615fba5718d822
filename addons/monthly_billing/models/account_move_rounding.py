from odoo import models


class AccountMove(models.Model):
    """Monthly invoices are rounded tax rate by tax rate.

    Where a company rounds the sum and not each line, the cents that are left over stay
    with lines of the same taxes. Only so do the lines of a rate add up to what is
    taxed with it (EN 16931: BR-S-08, BR-E-08 and the like).
    """

    _inherit = "account.move"

    def _prepare_product_base_line_for_taxes_computation(self, product_line):
        base_line = super()._prepare_product_base_line_for_taxes_computation(
            product_line
        )
        return self._round_by_taxes(base_line)

    def _prepare_epd_base_line_for_taxes_computation(self, epd_line):
        base_line = super()._prepare_epd_base_line_for_taxes_computation(epd_line)
        return self._round_by_taxes(base_line)

    def _round_by_taxes(self, base_line):
        """Let a line of a monthly invoice or its credit note be rounded with those of
        the same taxes; return it."""
        if self.billing_period_id and not base_line["computation_key"]:
            base_line["computation_key"] = base_line["tax_ids"]._get_rounding_key()
        return base_line
