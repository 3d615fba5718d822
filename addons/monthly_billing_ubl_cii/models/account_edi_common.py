from odoo import models
from odoo.tools import html2plaintext

#: categories of tax whose breakdown must say why there is none (BR-E-10, BR-AE-10)
REASONS = {
    "AE": ("VATEX-EU-AE", "Reverse charge"),
    "O": ("VATEX-EU-O", "Not subject to VAT"),
}


class AccountEdiCommon(models.AbstractModel):
    _inherit = "account.edi.common"

    def _localize(self, invoice):
        """Return the builder in the language of a monthly invoice."""
        if invoice.billing_period_id:
            return self.with_context(lang=invoice._get_document_language())
        return self

    def _get_payment_terms_text(self, invoice):
        """Return the payment terms in the language of the document."""
        return invoice.with_context(lang=self.env.lang)._get_payment_terms_text()

    def _get_tax_number(self, invoice):
        """Return the tax number of a seller without VAT number, or an empty text.

        A small business has none (UStG 19); the field comes with Odoo's addon for
        Germany.
        """
        company = invoice.company_id
        if company.vat or "l10n_de_stnr" not in company._fields:
            return ""
        return company.l10n_de_stnr or ""

    def _get_tax_exemption_reason(self, customer, supplier, tax):
        """Give the reason also where Odoo has none.

        The legal note of the tax is what German law wants on the invoice (UStG 14(4)
        no. 8); reverse charge has a reason of its own.
        """
        reason = super()._get_tax_exemption_reason(customer, supplier, tax)
        if not tax or tax.ubl_cii_tax_exemption_reason_code or tax.amount:
            return reason
        category = self._get_tax_category_code(customer, supplier, tax)
        if category in REASONS and not reason["tax_exemption_reason"]:
            code, text = REASONS[category]
            reason = {"tax_exemption_reason_code": code, "tax_exemption_reason": text}
        note = html2plaintext(tax.invoice_legal_notes or "").strip()
        if note and category in ("E", *REASONS):
            reason = {**reason, "tax_exemption_reason": note}
        return reason
