from base64 import b64encode

from odoo import models

from odoo.addons.account_edi_ubl_cii.models.account_edi_common import FloatFmt

from ..core.facts import DIRECT_DEBIT, DISCOUNT, OBJECT


class AccountEdiXmlUblBis3(models.AbstractModel):
    """UBL: Peppol BIS 3, and with it XRechnung and the others that inherit it."""

    _inherit = "account.edi.xml.ubl_bis3"

    def _export_invoice(self, invoice):
        builder = self._localize(invoice)
        return super(AccountEdiXmlUblBis3, builder)._export_invoice(invoice)

    def _get_invoice_node(self, vals):
        vals["billing"] = vals["invoice"]._get_e_invoice_facts()
        return super()._get_invoice_node(vals)

    # ------------------------------------------------------------------
    # The invoice as a whole
    # ------------------------------------------------------------------

    def _add_invoice_header_nodes(self, document_node, vals):
        super()._add_invoice_header_nodes(document_node, vals)
        facts = vals.get("billing")
        if not facts:
            return
        if facts.start and facts.end:
            document_node["cac:InvoicePeriod"] = self._get_period_node(facts)
        self._set_buyer_reference(document_node, vals["invoice"])
        self._set_order_node(document_node, facts)
        document_node["cac:ContractDocumentReference"] = {
            "cbc:ID": {"_text": facts.agreement}
        }
        document_node["cac:AdditionalDocumentReference"] = [
            self._get_object_node(facts.agreement),
            *[self._get_document_node(document) for document in facts.documents],
        ]
        if facts.credited:
            number, day = facts.credited
            document_node["cac:BillingReference"] = {
                "cac:InvoiceDocumentReference": {
                    "cbc:ID": {"_text": number},
                    "cbc:IssueDate": {"_text": day},
                }
            }

    def _set_buyer_reference(self, document_node, invoice):
        """Give one to every invoice inside of Germany (DE-R-015), as XRechnung does."""
        parties = invoice.company_id.partner_id, invoice.commercial_partner_id
        reference = document_node["cbc:BuyerReference"]
        if not reference["_text"] and {one.country_code for one in parties} == {"DE"}:
            document_node["cbc:BuyerReference"] = {"_text": "N/A"}

    def _set_order_node(self, document_node, facts):
        """Name the customer's order and nothing else.

        Odoo falls back to the number of the invoice. That stays only where neither
        order nor buyer reference is known, for one of them must be there
        (PEPPOL-EN16931-R003).
        """
        order_node = document_node["cac:OrderReference"]
        if facts.order:
            order_node["cbc:ID"] = {"_text": facts.order}
        elif document_node["cbc:BuyerReference"]["_text"]:
            document_node["cac:OrderReference"] = None

    def _setup_base_lines(self, vals):
        """Leave the cents of rounding with the lines of their rate (BR-E-08).

        Odoo spreads them over all lines, so that a rate would have another amount than
        its lines.
        """
        super()._setup_base_lines(vals)
        if not vals.get("billing"):
            return
        for base_line in vals["base_lines"]:
            details = base_line["tax_details"]
            for suffix, currency in (
                ("_currency", base_line["currency_id"]),
                ("", vals["company"].currency_id),
            ):
                details[f"gross_total_excluded{suffix}"] = currency.round(
                    details[f"total_excluded{suffix}"]
                    + details[f"delta_total_excluded{suffix}"]
                    + details[f"discount_amount{suffix}"]
                )

    def _get_document_template(self, vals):
        """Odoo's order of nodes has no mandate."""
        template = super()._get_document_template(vals)
        means = template.get("cac:PaymentMeans")
        if not means:
            return template
        mandate = {"cbc:ID": {}, "cac:PayerFinancialAccount": {"cbc:ID": {}}}
        means = {**means, "cac:PaymentMandate": mandate}
        return {**template, "cac:PaymentMeans": means}

    def _add_invoice_payment_means_nodes(self, document_node, vals):
        """Say that the money is collected, and name no account to pay it to."""
        super()._add_invoice_payment_means_nodes(document_node, vals)
        facts = vals.get("billing")
        if not (facts and facts.debit):
            return
        node = document_node["cac:PaymentMeans"]
        node["cbc:PaymentMeansCode"] = {"_text": DIRECT_DEBIT}
        node["cac:PayeeFinancialAccount"] = None
        node["cac:PaymentMandate"] = {
            "cbc:ID": {"_text": facts.debit.mandate},
            "cac:PayerFinancialAccount": {"cbc:ID": {"_text": facts.debit.account}},
        }

    def _add_invoice_payment_terms_nodes(self, document_node, vals):
        """State discount and installments too (BT-20)."""
        result = super()._add_invoice_payment_terms_nodes(document_node, vals)
        if vals.get("billing"):
            text = self._get_payment_terms_text(vals["invoice"])
            document_node["cac:PaymentTerms"] = {"cbc:Note": {"_text": text or None}}
        return result

    def _set_creditor(self, party_node, creditor):
        """Add the identifier of a seller who collects the money (BT-90)."""
        known = party_node["cac:PartyIdentification"]
        known = known if isinstance(known, list) else [known]
        party_node["cac:PartyIdentification"] = [
            *[one for one in known if one and one["cbc:ID"]["_text"]],
            {"cbc:ID": {"_text": creditor, "schemeID": "SEPA"}},
        ]

    def _get_party_node(self, vals):
        node = super()._get_party_node(vals)
        if vals.get("billing"):
            number = self._get_tax_number(vals["invoice"])
            if vals["role"] == "supplier" and number:
                self._set_tax_number(node, number)
            node["cac:PartyTaxScheme"] = [
                scheme
                for scheme in node["cac:PartyTaxScheme"]
                if scheme["cbc:CompanyID"]["_text"]
            ]
            debit = vals["billing"].debit
            if vals["role"] == "supplier" and debit:
                self._set_creditor(node, debit.creditor)
        return node

    def _set_tax_number(self, party_node, number):
        """Identify a seller without VAT number by its tax number (BT-32, BT-29)."""
        party_node["cac:PartyTaxScheme"] = [
            {
                "cbc:CompanyID": {"_text": number},
                "cac:TaxScheme": {"cbc:ID": {"_text": "FC"}},
            }
        ]
        if not party_node["cac:PartyIdentification"]["cbc:ID"]["_text"]:
            party_node["cac:PartyIdentification"] = {"cbc:ID": {"_text": number}}

    def _get_period_node(self, period):
        """Return the node of a period with ``start`` and ``end``."""
        return {
            "cbc:StartDate": {"_text": period.start},
            "cbc:EndDate": {"_text": period.end},
        }

    def _get_object_node(self, number):
        """Return the node that refers to what is invoiced."""
        return {
            "cbc:ID": {"_text": number},
            "cbc:DocumentTypeCode": {"_text": OBJECT},
        }

    def _get_document_node(self, document):
        """Return the node of a file inside the invoice."""
        return {
            "cbc:ID": {"_text": document.name},
            "cbc:DocumentDescription": {"_text": self.env._("Timesheet report")},
            "cac:Attachment": {
                "cbc:EmbeddedDocumentBinaryObject": {
                    "_text": b64encode(document.content).decode(),
                    "mimeCode": document.mimetype,
                    "filename": document.name,
                }
            },
        }

    # ------------------------------------------------------------------
    # Lines
    # ------------------------------------------------------------------

    def _get_invoice_line_node(self, vals):
        node = super()._get_invoice_line_node(vals)
        line = vals["base_line"]["record"]
        if vals.get("billing") and line:
            self._add_line_facts(node, vals["billing"].get_line(line.id))
        return node

    def _add_line_facts(self, node, facts):
        """Write days of work, ticket and remark into the node of a line."""
        if facts.note:
            node["cbc:Note"] = {"_text": facts.note}
        if facts.start:
            node["cac:InvoicePeriod"] = self._get_period_node(facts)
        if facts.ticket:
            node["cac:DocumentReference"] = self._get_object_node(facts.ticket)

    # ------------------------------------------------------------------
    # Reductions of the whole invoice
    # ------------------------------------------------------------------

    def _is_document_allowance_charge(self, base_line):
        line = base_line["record"]
        return super()._is_document_allowance_charge(base_line) or (
            line
            and line._name == "account.move.line"
            and line._is_e_invoice_allowance()
        )

    def _add_invoice_allowance_charge_nodes(self, document_node, vals):
        result = super()._add_invoice_allowance_charge_nodes(document_node, vals)
        if vals.get("billing"):
            document_node["cac:AllowanceCharge"] += [
                self._get_reduction_node(base_line, vals)
                for base_line in vals["base_lines"]
                if base_line["record"] and base_line["record"]._is_e_invoice_allowance()
            ]
        return result

    def _get_reduction_node(self, base_line, vals):
        """Return the node of a line that reduces the whole invoice (BG-20)."""
        currency = vals["currency_id"]
        details = base_line["tax_details"]
        amount = details["total_excluded_currency"]
        amount += details["delta_total_excluded_currency"]
        return {
            "_currency": currency,
            "cbc:ChargeIndicator": {"_text": "false"},
            "cbc:AllowanceChargeReasonCode": {"_text": DISCOUNT},
            "cbc:AllowanceChargeReason": {"_text": base_line["record"].name},
            "cbc:Amount": {
                "_text": FloatFmt(-amount, min_dp=currency.decimal_places),
                "currencyID": currency.name,
            },
            "cac:TaxCategory": [
                self._ubl_get_allowance_charge_early_payment_tax_category_node(
                    vals, category
                )
                for category in self._get_tax_categories(base_line, vals)
            ],
        }

    def _get_tax_categories(self, base_line, vals):
        """Return the categories of the taxes of a line."""
        categories = [
            self._ubl_default_tax_category_grouping_key(
                base_line, tax, vals, vals["currency_id"]
            )
            for tax in base_line["tax_details"]["taxes_data"] or [None]
        ]
        return [category for category in categories if category]

    def _add_invoice_monetary_total_nodes(self, document_node, vals):
        """Take reductions of the whole invoice off its totals (BR-CO-13, BR-CO-15).

        Odoo's own ones, of early payment, are charged again and add up to nothing.
        """
        super()._add_invoice_monetary_total_nodes(document_node, vals)
        if not vals.get("billing"):
            return
        tag = self._get_tags_for_document_type(vals)["monetary_total"]
        for name in ("cbc:TaxExclusiveAmount", "cbc:TaxInclusiveAmount"):
            node = document_node[tag][name]
            total = node["_text"] + sum(
                allowance["cbc:Amount"]["_text"]
                * (1 if allowance["cbc:ChargeIndicator"]["_text"] == "true" else -1)
                for allowance in document_node["cac:AllowanceCharge"]
            )
            node["_text"] = FloatFmt(total, min_dp=vals["currency_dp"])
