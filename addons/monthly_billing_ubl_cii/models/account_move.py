"""What the e-invoice of a month says beyond the amounts."""

from odoo import fields, models

from ..core.facts import Debit, Document, Facts, widen

#: kinds of files that EN 16931 lets travel inside an invoice (BT-125)
MIMETYPES = (
    "application/pdf",
    "application/vnd.oasis.opendocument.spreadsheet",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "image/jpeg",
    "image/png",
    "text/csv",
)


class AccountMove(models.Model):
    _inherit = "account.move"

    def _get_e_invoice_facts(self):
        """Return the ``Facts`` of a monthly invoice or its credit note.

        None for any other invoice: its e-invoice is left to Odoo.
        """
        self.ensure_one()
        if not (self.billing_period_id and self.is_sale_document()):
            return None
        head = self._get_fact("head")
        entries = self._get_fact("entries") or {}
        if self.reversed_entry_id:
            entries = (self.reversed_entry_id._get_fact("entries") or {}) | entries
        lines = self.invoice_line_ids._get_e_invoice_lines(
            self._get_estimate_texts(), self._get_fact("lines") or {}, entries
        )
        start, end = widen(
            self.service_period_start, self.service_period_end, lines.values()
        )
        corrected = head["corrected"]
        return Facts(
            start=start,
            end=end,
            order=head["order"],
            agreement=head["agreement"],
            credited=(corrected[0], fields.Date.to_date(corrected[1]))
            if corrected
            else None,
            documents=self._get_e_invoice_documents(),
            debit=self._get_e_invoice_debit(),
            lines=lines,
        )

    def _get_e_invoice_debit(self):
        """Return the ``Debit`` of an invoice that is collected, else None."""
        self.ensure_one()
        debit = self.move_type == "out_invoice" and self._get_announced_debit()
        if not debit:
            return None
        return Debit(debit["account"], debit["mandate"], debit["creditor"])

    def _get_e_invoice_documents(self):
        """Return the files that travel inside the e-invoice: the timesheet report."""
        self.ensure_one()
        return tuple(
            Document(one.name, one.mimetype, one.raw)
            for one in self._get_timesheet_report_attachments()
            if one.mimetype in MIMETYPES
        )
