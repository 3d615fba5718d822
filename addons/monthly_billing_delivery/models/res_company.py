from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    send_payment_receipt = fields.Boolean(
        string="Confirm Payments",
        groups="base.group_user",
        help="When a monthly invoice is fully paid, an e-mail says thank you.",
    )
