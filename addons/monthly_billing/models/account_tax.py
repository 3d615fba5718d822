from odoo import models


class AccountTax(models.Model):
    _inherit = "account.tax"

    def _get_rounding_key(self):
        """Return which lines of an invoice are rounded together (text).

        A tax of a fixed amount is left out: it has no rate.
        """
        taxes = self._origin._get_taxes_of_amounts()
        return "taxes,{}".format(",".join(map(str, sorted(taxes.ids))))
