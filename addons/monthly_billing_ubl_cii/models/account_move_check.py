"""What no e-invoice can say, refused before an invoice is posted."""

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import html2plaintext

from ..core.facts import UNKNOWN_TO_XML
from ..payment_terms import STRICT_FORMATS

ADDRESS_FIELDS = ("name", "street", "street2", "zip", "city", "vat", "ref", "email")


class AccountMove(models.Model):
    _inherit = "account.move"

    def _post(self, soft=True):
        for move in self:
            move._check_e_invoice_texts()
        return super()._post(soft)

    def _check_e_invoice_texts(self):
        """Raise UserError, with all that is wrong, if the e-invoice of this monthly
        invoice could not be made or would be invalid."""
        self.ensure_one()
        if not (self.billing_period_id and self.is_sale_document()):
            return
        problems = [
            *self._find_lines_without_text(),
            *self._find_unknown_characters(),
            *self._find_refused_payment_terms(),
        ]
        if problems:
            title = self.env._(
                "%(invoice)s of %(customer)s cannot become an e-invoice:",
                invoice=self.display_name,
                customer=self.partner_id.display_name,
            )
            lines = [title, *[f"- {problem}" for problem in problems]]
            raise UserError(UNKNOWN_TO_XML.sub("�", "\n".join(lines)))

    def _find_lines_without_text(self):
        return [
            self.env._(
                "A line for %(amount)s has no text. Say what it is for.",
                amount=line.currency_id.format(line.price_subtotal),
            )
            for line in self.invoice_line_ids
            if line.display_type == "product"
            and not (line.product_id or (line.name or "").strip())
        ]

    def _find_unknown_characters(self):
        return [
            self.env._(
                "%(field)s holds a character that no file can hold: “%(text)s”. Type "
                "it anew.",
                field=self._get_label(record, name),
                text=html2plaintext(text)[:60],
            )
            for record, name, text in self._get_typed_texts()
            if UNKNOWN_TO_XML.search(text or "")
        ]

    def _get_typed_texts(self):
        """Yield (record, field, text) of what people typed into the e-invoice."""
        move = self.sudo()
        for line in move.invoice_line_ids:
            yield line, "name", line.name
            yield line.product_id, "name", line.product_id.name
        parties = (
            move.partner_id | move.commercial_partner_id | move.partner_shipping_id
        )
        for party in parties | move.company_id.partner_id:
            for name in ADDRESS_FIELDS:
                yield party, name, party[name]
        agreement = move.billing_period_id.agreement_id
        yield agreement, "customer_reference", agreement.customer_reference
        yield move, "ref", move.ref
        yield move, "narration", move.narration
        term = move.invoice_payment_term_id.with_context(lang=move.partner_id.lang)
        yield term, "note", term.note

    def _get_label(self, record, name):
        """Return what the user calls a field, and the record it belongs to."""
        field = record._fields[name]._description_string(self.env)
        return f"{record.display_name[:60]}: {field}"

    def _find_refused_payment_terms(self):
        customer = self.commercial_partner_id.with_company(self.company_id)
        if customer.invoice_edi_format not in STRICT_FORMATS:
            return []
        terms = self.invoice_payment_term_id.with_context(lang=self.partner_id.lang)
        return [
            self.env._(
                "The payment terms “%(terms)s” have the line “%(line)s”. In e-invoices "
                "a line that begins with # must be a discount as in "
                "#SKONTO#TAGE=7#PROZENT=2.00#.",
                terms=term.name,
                line=line,
            )
            for term in terms
            for line in term._find_refused_lines()
        ]
