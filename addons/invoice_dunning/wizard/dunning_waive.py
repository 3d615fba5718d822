from odoo import fields, models


class DunningWaive(models.TransientModel):
    _name = "dunning.waive"
    _description = "Waive Claims"

    notice_id = fields.Many2one(
        "dunning.notice",
        required=True,
        default=lambda self: self.env.context.get("active_id"),
    )
    reason = fields.Char(
        required=True, size=200, help="Stays with the reminder and in its history."
    )

    def action_waive(self):
        """Give up interest and flat sum of the reminder."""
        self.ensure_one()
        self.notice_id._waive_claims(self.reason)
        return {"type": "ir.actions.act_window_close"}
