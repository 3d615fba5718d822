from odoo import api, fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    volume_discount_id = fields.Many2one(
        "volume.discount",
        company_dependent=True,
        check_company=True,
        ondelete="restrict",
        groups="account.group_account_invoice",
        help="The tiers that make this customer's hours cheaper. "
        "Contacts use the table of their company.",
    )

    @api.model
    def _commercial_fields(self):
        return super()._commercial_fields() + ["volume_discount_id"]
