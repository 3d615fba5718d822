"""Hours that wait for the customer's approval: which they are and who is told."""

from odoo import api, fields, models

from odoo.addons.volume_discount.core.calendar import window_of


class BillingAgreement(models.Model):
    _inherit = "billing.agreement"

    show_withheld = fields.Boolean(
        string="Name Withheld Hours",
        default=True,
        tracking=True,
        help="A line of text on the invoice names the hours per ticket that wait for "
        "the customer's approval.",
    )

    @api.model
    def _get_end_of_booked_time(self):
        """Return the first day whose time no view of today looks at."""
        return window_of(self._get_today()).end
