from odoo import models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _is_fixed_price_invoiced(self):
        """Return whether the item is invoiced without regard to the hours worked for
        it, so that none of them is to pay for again."""
        return bool(self.qty_invoiced and not self.product_id._is_delivered_timesheet())
