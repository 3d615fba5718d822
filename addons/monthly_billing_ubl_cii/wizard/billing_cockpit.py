from odoo import models
from odoo.fields import Domain

from ..payment_terms import STRICT_FORMATS

XRECHNUNG = ("xrechnung",)
CII = ("facturx",)
PEPPOL = ("ubl_bis3", "nlcius", "ubl_a_nz", "ubl_sg")
EMPTY = (False, "")
#: code of addresses that are routing IDs of German authorities (Leitweg-ID)
ROUTING_ID = "0204"


class BillingCockpit(models.TransientModel):
    """What e-invoices will lack, said before anything is posted.

    Odoo says it when an invoice is sent. Here each need is a domain, so that one
    search per company finds who lacks something.
    """

    _inherit = "billing.cockpit"

    def _get_customer_problems(self):
        problems = super()._get_customer_problems()
        lacking = self.env["res.partner"]
        for company in self.env.companies:
            domain = Domain.OR(
                Domain("invoice_edi_format_store", "in", formats) & missing
                for formats, missing, _reason in self._get_buyer_needs()
            )
            lacking |= self._search_buyers(company, domain)
        return {**problems, "e_invoice": Domain("id", "in", lacking.ids)}

    def _search_buyers(self, company, domain, limit=None):
        """Return the customers of ``company`` in the month that meet ``domain``."""
        agreements = self._get_agreements_domain()
        agreements &= Domain("company_id", "=", company.id)
        partners = self.env["res.partner"].with_company(company)
        return partners.search(
            Domain("billing_agreement_ids", "any", agreements) & domain, limit=limit
        )

    def _get_buyer_needs(self):
        """Return what e-invoices need of a customer: (formats, domain of the customers
        that lack it, sentence)."""
        no_reference = Domain("ref", "in", EMPTY)
        no_endpoint = Domain("peppol_endpoint", "in", EMPTY)
        return [
            *self._get_needs_of_xrechnung(no_reference, no_endpoint),
            *self._get_needs_of_peppol(no_reference, no_endpoint),
            (
                STRICT_FORMATS,
                self._get_refused_terms_domain(),
                self.env._(
                    "The note of the payment terms has a line that begins with #. "
                    "E-invoices take such a line for a discount and become invalid."
                ),
            ),
        ]

    def _get_needs_of_xrechnung(self, no_reference, no_endpoint):
        """Return what XRechnung needs of a customer, as ``_get_buyer_needs``."""
        no_routing = no_endpoint | Domain("peppol_eas", "!=", ROUTING_ID)
        unmailable = self.env["res.partner"]._get_unmailable_domain()
        return [
            (
                XRECHNUNG,
                no_reference & no_routing,
                self.env._("The routing ID (Leitweg-ID) or the reference is missing."),
            ),
            (
                XRECHNUNG,
                Domain("zip", "in", EMPTY),
                self.env._("The postcode is missing."),
            ),
            (
                XRECHNUNG,
                no_endpoint & unmailable,
                self.env._("The electronic address is missing."),
            ),
        ]

    def _get_needs_of_peppol(self, no_reference, no_endpoint):
        """Return what Peppol needs of a customer, as ``_get_buyer_needs``."""
        no_order = ~Domain(
            "billing_agreement_ids",
            "any",
            self._get_agreements_domain() & ~Domain("customer_reference", "in", EMPTY),
        )
        return [
            (
                PEPPOL,
                no_endpoint | Domain("peppol_eas", "in", EMPTY),
                self.env._("The Peppol address is missing."),
            ),
            (
                PEPPOL,
                no_reference & no_order,
                self.env._("The reference or the order number is missing."),
            ),
        ]

    def _get_refused_terms_domain(self):
        """Return the domain of customers whose payment terms make an e-invoice
        invalid: those of the agreement, else their own."""
        agreements = self._get_agreements_domain()
        own = Domain("payment_term_id.is_refused_in_e_invoices", "=", True)
        without = Domain("payment_term_id", "=", False)
        return Domain("billing_agreement_ids", "any", agreements & own) | (
            Domain("billing_agreement_ids", "any", agreements & without)
            & Domain("property_payment_term_id.is_refused_in_e_invoices", "=", True)
        )

    def _get_customer_reason(self, kind, customer):
        if kind != "e_invoice":
            return super()._get_customer_reason(kind, customer)
        needs = self._get_buyer_needs()
        reasons = [
            reason
            for company in self.env.companies
            for buyer in customer.with_company(company)
            for reason in self._find_reasons(needs, {buyer.invoice_edi_format}, buyer)
        ]
        return " ".join(dict.fromkeys(reasons))

    def _find_reasons(self, needs, formats, partner):
        """Return as sentences what ``partner`` lacks for ``formats``."""
        return [
            reason
            for wanted_by, missing, reason in needs
            if formats.intersection(wanted_by) and partner.filtered_domain(missing)
        ]

    def _find_customer_issues(self):
        return [*super()._find_customer_issues(), *self._find_seller_issues()]

    def _find_seller_issues(self):
        """Return the companies whose e-invoices to customers of the month would lack
        something."""
        issues = []
        for company in self.env.companies:
            reasons = self._find_reasons(
                self._get_seller_needs(),
                self._get_formats(company),
                company.partner_id,
            )
            if reasons:
                issues.append(
                    {
                        "kind": "e_invoice_seller",
                        "partner_id": company.partner_id.id,
                        "reason": " ".join(reasons),
                    }
                )
        return issues

    def _get_formats(self, company):
        """Return the formats that customers of ``company`` in the month get."""
        return {
            name
            for name in self.env["res.partner"]._get_ubl_cii_formats()
            if self._search_buyers(
                company, Domain("invoice_edi_format_store", "=", name), limit=1
            )
        }

    def _get_seller_needs(self):
        """Return what e-invoices need of the company, as ``_get_buyer_needs``."""
        no_vat = Domain("vat", "in", EMPTY)
        if "l10n_de_stnr" in self.env["res.company"]._fields:
            with_number = ~Domain("l10n_de_stnr", "in", EMPTY)
            no_vat &= ~Domain("ref_company_ids", "any", with_number)
        return [
            (
                (*XRECHNUNG, *CII),
                Domain("phone", "in", EMPTY),
                self.env._("The telephone number is missing."),
            ),
            (
                (*XRECHNUNG, *CII),
                Domain("email", "in", EMPTY),
                self.env._("The e-mail address is missing."),
            ),
            (
                (*XRECHNUNG, *CII, *PEPPOL),
                Domain("city", "in", EMPTY)
                | Domain("zip", "in", EMPTY)
                | Domain("country_id", "=", False),
                self.env._("City, postcode or country is missing."),
            ),
            (
                (*XRECHNUNG, *CII),
                Domain("bank_ids", "=", False),
                self.env._("The bank account is missing."),
            ),
            (
                (*XRECHNUNG, *CII, *PEPPOL),
                no_vat,
                self.env._("The VAT number or the tax number is missing."),
            ),
            (
                PEPPOL,
                Domain("peppol_endpoint", "in", EMPTY),
                self.env._("The Peppol address is missing."),
            ),
        ]
