from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    send_payment_receipt = fields.Boolean(
        related="company_id.send_payment_receipt", readonly=False
    )
