from odoo import fields, models


class BillingAgreement(models.Model):
    """Invoices whose total is rounded to what can be paid, for instance 0.05."""

    _inherit = "billing.agreement"

    cash_rounding_id = fields.Many2one(
        "account.cash.rounding",
        string="Cash Rounding Method",
        tracking=True,
        ondelete="restrict",
        help="How the total of each invoice is rounded. Empty: not at all.",
    )
