from odoo import fields, models

KINDS = [
    ("undelivered_reminder", "Reminder Not Delivered"),
    ("last_reminder", "Last Reminder Without Payment"),
    ("base_rate", "Base Rate of Interest Missing"),
]


class BillingCockpitIssue(models.TransientModel):
    _inherit = "billing.cockpit.issue"

    kind = fields.Selection(
        selection_add=KINDS, ondelete={kind: "cascade" for kind, _label in KINDS}
    )

    def action_open(self):
        if self.kind == "base_rate":
            return self.env["ir.actions.act_window"]._for_xml_id(
                "invoice_dunning.dunning_base_rate_action"
            )
        return super().action_open()
