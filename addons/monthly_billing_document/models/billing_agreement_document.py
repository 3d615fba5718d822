from odoo import fields, models


class BillingAgreement(models.Model):
    """What the customer gets to check the hours of an invoice with."""

    _inherit = "billing.agreement"

    show_estimates = fields.Boolean(
        default=True,
        tracking=True,
        help="The printed invoice names the approved estimate of a ticket beside the "
        "hours that were used.",
    )
    timesheet_report = fields.Selection(
        [
            ("none", "None"),
            ("same", "In the invoice PDF"),
            ("separate", "As a PDF of its own"),
        ],
        required=True,
        default="separate",
        tracking=True,
        help="Every entry behind the hours of an invoice, with sums per ticket that "
        "equal its lines. As a PDF of its own it is attached to the e-mail beside the "
        "invoice, which stays short for the bookkeeper. The customer also finds it in "
        "the portal, as PDF, Excel and CSV.",
    )
