from odoo import fields, models


class AccountAnalyticLine(models.Model):
    _inherit = "account.analytic.line"

    mite_entry_id = fields.Many2one(
        "mite.entry",
        string="Imported From",
        index="btree_not_null",
        readonly=True,
        copy=False,
        ondelete="set null",
        groups="monthly_billing.monthly_billing_group_user",
    )
