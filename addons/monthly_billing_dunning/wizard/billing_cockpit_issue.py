from odoo import fields, models

KINDS = [("undelivered_reminder", "Reminder Not Delivered")]


class BillingCockpitIssue(models.TransientModel):
    _inherit = "billing.cockpit.issue"

    kind = fields.Selection(
        selection_add=KINDS, ondelete={kind: "cascade" for kind, _label in KINDS}
    )
