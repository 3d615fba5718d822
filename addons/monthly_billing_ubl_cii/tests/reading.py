"""Reads e-invoices of both syntaxes with the same words."""

import re

from lxml import etree

HEADER = "SupplyChainTradeTransaction/ApplicableHeaderTrade"
MEANS = f"{HEADER}Settlement/SpecifiedTradeSettlementPaymentMeans"
LINE = "SpecifiedLineTradeSettlement"
TOTALS = f"{HEADER}Settlement/SpecifiedTradeSettlementHeaderMonetarySummation"
ANNEX = f"{HEADER}Agreement/AdditionalReferencedDocument"

#: paths of element names without namespace, by what is found there
UBL = {
    "period": ("InvoicePeriod/StartDate", "InvoicePeriod/EndDate"),
    "buyer_reference": ("BuyerReference",),
    "order": ("OrderReference/ID",),
    "agreement": (
        "ContractDocumentReference/ID",
        "AdditionalDocumentReference[DocumentTypeCode='130']/ID",
    ),
    "credited": (
        "BillingReference/InvoiceDocumentReference/ID",
        "BillingReference/InvoiceDocumentReference/IssueDate",
    ),
    "reductions": ("AllowanceCharge/AllowanceChargeReason", "AllowanceCharge/Amount"),
    "rates": (
        "TaxTotal/TaxSubtotal/TaxCategory/Percent",
        "TaxTotal/TaxSubtotal/TaxableAmount",
        "TaxTotal/TaxSubtotal/TaxAmount",
    ),
    "net": ("LegalMonetaryTotal/TaxExclusiveAmount",),
    "tax": ("TaxTotal[TaxSubtotal]/TaxAmount",),
    "rounding": ("LegalMonetaryTotal/PayableRoundingAmount",),
    "due": ("LegalMonetaryTotal/PayableAmount",),
    "reason": ("TaxTotal/TaxSubtotal/TaxCategory/TaxExemptionReason",),
    "payment": ("PaymentMeans/PaymentMeansCode",),
    "terms": ("PaymentTerms/Note",),
    "account": ("PaymentMeans/PayeeFinancialAccount/ID",),
    "debit": (
        "PaymentMeans/PaymentMandate/PayerFinancialAccount/ID",
        "PaymentMeans/PaymentMandate/ID",
        "AccountingSupplierParty/Party/PartyIdentification/ID[@schemeID='SEPA']",
    ),
    "annex": (
        "AdditionalDocumentReference[Attachment]/ID",
        "AdditionalDocumentReference/Attachment/EmbeddedDocumentBinaryObject",
    ),
    "lines": ("InvoiceLine|CreditNoteLine",),
    "line_days": ("InvoicePeriod/StartDate", "InvoicePeriod/EndDate"),
    "line_ticket": ("DocumentReference[DocumentTypeCode='130']/ID",),
    "line_note": ("Note",),
    "line_discount": (
        "AllowanceCharge/AllowanceChargeReason",
        "AllowanceCharge/Amount",
    ),
    "line_price": ("Price/PriceAmount",),
    "line_name": ("Item/Name",),
}
CII = {
    "period": (
        f"{HEADER}Settlement/BillingSpecifiedPeriod/StartDateTime/DateTimeString",
        f"{HEADER}Settlement/BillingSpecifiedPeriod/EndDateTime/DateTimeString",
    ),
    "buyer_reference": (f"{HEADER}Agreement/BuyerReference",),
    "order": (f"{HEADER}Agreement/BuyerOrderReferencedDocument/IssuerAssignedID",),
    "agreement": (
        f"{HEADER}Agreement/ContractReferencedDocument/IssuerAssignedID",
        f"{ANNEX}[TypeCode='130']/IssuerAssignedID",
    ),
    "credited": (
        f"{HEADER}Settlement/InvoiceReferencedDocument/IssuerAssignedID",
        f"{HEADER}Settlement/InvoiceReferencedDocument/FormattedIssueDateTime/"
        "DateTimeString",
    ),
    "reductions": (
        f"{HEADER}Settlement/SpecifiedTradeAllowanceCharge/Reason",
        f"{HEADER}Settlement/SpecifiedTradeAllowanceCharge/ActualAmount",
    ),
    "rates": (
        f"{HEADER}Settlement/ApplicableTradeTax/RateApplicablePercent",
        f"{HEADER}Settlement/ApplicableTradeTax/BasisAmount",
        f"{HEADER}Settlement/ApplicableTradeTax/CalculatedAmount",
    ),
    "net": (f"{TOTALS}/TaxBasisTotalAmount",),
    "tax": (f"{TOTALS}/TaxTotalAmount",),
    "rounding": (f"{TOTALS}/RoundingAmount",),
    "due": (f"{TOTALS}/DuePayableAmount",),
    "reason": (f"{HEADER}Settlement/ApplicableTradeTax/ExemptionReason",),
    "payment": (f"{MEANS}/TypeCode",),
    "terms": (f"{HEADER}Settlement/SpecifiedTradePaymentTerms/Description",),
    "account": (f"{MEANS}/PayeePartyCreditorFinancialAccount/IBANID",),
    "debit": (
        f"{MEANS}/PayerPartyDebtorFinancialAccount/IBANID",
        f"{HEADER}Settlement/SpecifiedTradePaymentTerms/DirectDebitMandateID",
        f"{HEADER}Settlement/CreditorReferenceID",
    ),
    "annex": (
        f"{ANNEX}[TypeCode='916']/IssuerAssignedID",
        f"{ANNEX}/AttachmentBinaryObject",
    ),
    "lines": ("SupplyChainTradeTransaction/IncludedSupplyChainTradeLineItem",),
    "line_days": (
        f"{LINE}/BillingSpecifiedPeriod/StartDateTime/DateTimeString",
        f"{LINE}/BillingSpecifiedPeriod/EndDateTime/DateTimeString",
    ),
    "line_ticket": (
        f"{LINE}/AdditionalReferencedDocument[TypeCode='130']/IssuerAssignedID",
    ),
    "line_note": ("AssociatedDocumentLineDocument/IncludedNote/Content",),
    "line_discount": (
        f"{LINE}/SpecifiedTradeAllowanceCharge/Reason",
        f"{LINE}/SpecifiedTradeAllowanceCharge/ActualAmount",
    ),
    "line_price": (
        "SpecifiedLineTradeAgreement/NetPriceProductTradePrice/ChargeAmount",
    ),
    "line_name": ("SpecifiedTradeProduct/Name",),
}


class Reader:
    """An e-invoice whose elements have lost their namespaces."""

    def __init__(self, xml):
        self.root = etree.fromstring(xml)
        for element in self.root.iter(etree.Element):
            element.tag = etree.QName(element).localname
        is_cii = self.root.tag == "CrossIndustryInvoice"
        self.paths = CII if is_cii else UBL

    def get(self, name, node=None):
        """Return the texts found: dates as year-month-day, numbers without the zeros
        that say nothing."""
        node = self.root if node is None else node
        found = [one.text for path in self.paths[name] for one in node.xpath(path)]
        dated = [re.sub(r"^(\d{4})(\d\d)(\d\d)$", r"\1-\2-\3", text) for text in found]
        return [re.sub(r"^(\d+\.\d+?)0+$", r"\1", text) for text in dated]

    def get_lines(self, name):
        """Return what is found in each line."""
        (path,) = self.paths["lines"]
        return [self.get(name, line) for line in self.root.xpath(path)]
