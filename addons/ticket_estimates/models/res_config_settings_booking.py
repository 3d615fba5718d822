from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    timesheet_day_limit = fields.Float(
        related="company_id.timesheet_day_limit", readonly=False
    )
    timesheet_day_policy = fields.Selection(
        related="company_id.timesheet_day_policy", readonly=False
    )
