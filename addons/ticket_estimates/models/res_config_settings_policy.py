from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """The rules for work the customer has not approved."""

    _inherit = "res.config.settings"

    ticket_estimate_policy = fields.Selection(
        related="company_id.ticket_estimate_policy", readonly=False
    )
    ticket_estimate_free_hours = fields.Float(
        related="company_id.ticket_estimate_free_hours", readonly=False
    )
    ticket_overrun_policy = fields.Selection(
        related="company_id.ticket_overrun_policy", readonly=False
    )
    ticket_overrun_tolerance = fields.Float(
        related="company_id.ticket_overrun_tolerance", readonly=False
    )
    ticket_overrun_warning = fields.Float(
        related="company_id.ticket_overrun_warning", readonly=False
    )
    ticket_overrun_notice = fields.Selection(
        related="company_id.ticket_overrun_notice", readonly=False
    )
