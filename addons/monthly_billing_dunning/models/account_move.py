from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    def _get_dunning_delivered_on(self):
        """The day on which the mail server of the customer took the invoice."""
        delivered_on = self.sudo().delivered_on
        if delivered_on:
            return self.company_id._get_dunning_day(delivered_on)
        return super()._get_dunning_delivered_on()
