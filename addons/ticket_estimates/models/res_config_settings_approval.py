from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    ticket_estimate_approval = fields.Selection(
        related="company_id.ticket_estimate_approval", readonly=False
    )
    ticket_estimate_approval_limit = fields.Monetary(
        related="company_id.ticket_estimate_approval_limit",
        readonly=False,
        currency_field="currency_id",
    )
    mail_signup_link = fields.Boolean(
        related="company_id.mail_signup_link", readonly=False
    )
    ticket_estimate_reminder_days = fields.Integer(
        related="company_id.ticket_estimate_reminder_days", readonly=False
    )
