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

    def _get_document_language(self):
        """Return the code of the language of documents that this address gets.

        Everything on a document is in it: text of lines, dates, the form, e-mail and
        e-invoice. An address without language reads that of its company, then of the
        firm.

        Extension point: another addon may know better.
        """
        partner = self[:1]
        return (
            partner.lang
            or partner.commercial_partner_id.lang
            or self.env.company.partner_id.lang
            or self.env.lang
        )

    @api.model
    def _commercial_fields(self):
        return super()._commercial_fields() + ["volume_discount_id"]
