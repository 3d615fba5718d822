from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    ticket_estimate_product_id = fields.Many2one(
        related="company_id.ticket_estimate_product_id", readonly=False
    )
    ticket_estimate_validity_days = fields.Integer(
        related="company_id.ticket_estimate_validity_days", readonly=False
    )
