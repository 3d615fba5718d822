from odoo import fields, models


class MiteDriftRemedy(models.TransientModel):
    _name = "mite.drift.remedy"
    _description = "Ignore a Change of Billed Time"

    drift_ids = fields.Many2many("mite.drift", required=True)
    reason = fields.Text(
        required=True, help="Kept with the decision; the customer does not see it."
    )

    def action_apply(self):
        self.ensure_one()
        self.drift_ids._ignore(self.reason)
        return {"type": "ir.actions.act_window_close"}
