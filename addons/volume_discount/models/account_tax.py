from odoo import models


class AccountTax(models.Model):
    _inherit = "account.tax"

    def _get_taxes_of_amounts(self):
        """Return what a line that is only an amount is taxed with.

        A tax of a fixed amount is one per unit, and such a line has none.
        """
        taxes = self
        if any(tax.amount_type == "group" for tax in self):
            taxes = self.flatten_taxes_hierarchy()
        fixed = taxes.filtered(lambda tax: tax.amount_type == "fixed")
        return taxes - fixed if fixed else self
