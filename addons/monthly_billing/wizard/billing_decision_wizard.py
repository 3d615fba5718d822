from odoo import fields, models
from odoo.exceptions import UserError

from ..models.billing_decision import KINDS


class BillingDecisionWizard(models.TransientModel):
    _name = "billing.decision.wizard"
    _description = "Decide on Withheld Hours"

    kind = fields.Selection(KINDS, string="Decision", required=True, default="release")
    reason = fields.Text(
        required=True,
        help="Kept with the decision and on the ticket; the customer does not see it.",
    )
    line_ids = fields.One2many("billing.decision.wizard.line", "wizard_id")

    def action_apply(self):
        """Release or write off the entered hours."""
        self.ensure_one()
        hours = {
            line.timesheet_id.id: line.hours for line in self.line_ids if line.hours
        }
        if not hours:
            raise UserError(self.env._("Enter the hours to decide on."))
        self.env["billing.decision"]._decide(self.kind, hours, self.reason)
        return {"type": "ir.actions.act_window_close"}
