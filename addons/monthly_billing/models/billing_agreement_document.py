from odoo import fields, models


class BillingAgreement(models.Model):
    _inherit = "billing.agreement"

    show_estimates = fields.Boolean(
        default=True,
        tracking=True,
        help="The printed invoice names the approved estimate of a ticket beside the "
        "hours that were used.",
    )
