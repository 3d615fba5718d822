from odoo import api, fields, models
from odoo.exceptions import AccessError


class BillingDecisionWizardLine(models.TransientModel):
    _name = "billing.decision.wizard.line"
    _description = "Withheld Hours to Decide On"

    wizard_id = fields.Many2one(
        "billing.decision.wizard", required=True, ondelete="cascade"
    )
    timesheet_id = fields.Many2one(
        "account.analytic.line", required=True, ondelete="cascade"
    )
    date = fields.Date(related="timesheet_id.date")
    ticket_id = fields.Many2one(related="timesheet_id.ticket_id")
    name = fields.Char(related="timesheet_id.name", string="Description")
    employee_id = fields.Many2one(related="timesheet_id.employee_id")
    withheld_hours = fields.Float(
        readonly=True, help="Hours of the entry that wait for approval."
    )
    hours = fields.Float(help="Hours that are released or written off.")

    @api.constrains("timesheet_id")
    def _check_company_of_entry(self):
        """The row shows a time entry: only to those of its company."""
        # constraints run as superuser
        strange = self.timesheet_id.company_id - self.env.user.company_ids
        if strange and not self.env.user._is_superuser():
            raise AccessError(
                self.env._("The time belongs to a company that is not yours.")
            )
