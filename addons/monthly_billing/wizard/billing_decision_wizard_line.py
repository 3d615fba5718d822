from odoo import fields, models


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
