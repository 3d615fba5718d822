"""From the plan to the values of a native invoice: text, taxes, nothing written."""

from odoo import models


class BillingAgreement(models.Model):
    _inherit = "billing.agreement"

    def _get_invoice_partner(self):
        """Return the address that gets the invoice."""
        return self._get_address("invoice", self.partner_id)

    def _get_address(self, kind, partner):
        """Return the address of ``partner`` for ``invoice`` or ``delivery``; it is
        read together with the other customers."""
        address = partner.browse(partner.address_get([kind])[kind])
        return address.with_prefetch(self.partner_id._prefetch_ids)

    def _localize(self):
        """Return the agreement in its company and in the language of its invoice."""
        agreement = self.with_company(self.company_id)
        address = agreement._get_invoice_partner()
        return agreement.with_context(lang=address._get_document_language())
