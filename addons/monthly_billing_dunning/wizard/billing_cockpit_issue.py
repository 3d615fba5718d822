from odoo import fields, models

#: what a person has to see to about reminders
KINDS = [
    ("base_rate", "Base Rate of Interest Missing"),
    ("reminder_failed", "Reminder Not Delivered"),
    ("reminder_last", "Last Reminder Without Payment"),
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
        if self.kind in ("reminder_failed", "reminder_last"):
            return self.partner_id.action_open_dunning_notices()
        return super().action_open()
