from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    timesheet_day_limit = fields.Float(
        string="Hours of a Day",
        default=24.0,
        groups="base.group_user",
        help="Most hours a person can book on one day. 0: any number.",
    )
    timesheet_day_policy = fields.Selection(
        selection=[
            ("approver", "Only timesheet approvers may book more"),
            ("refuse", "Nobody may book more"),
        ],
        string="Longer Days",
        default="approver",
        required=True,
        groups="base.group_user",
    )

    _timesheet_day_limit_range = models.Constraint(
        "CHECK(timesheet_day_limit BETWEEN 0 AND 10000)",
        "The hours of a day must be between 0 and 10,000. 0 means no limit.",
    )
