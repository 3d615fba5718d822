from odoo import fields, models

from ..core.facts import UNKNOWN_TO_XML, LineFacts

#: lines that reduce the invoice as a whole and stand for no time of their own
REDUCTIONS = ("discount", "best_price", "difference", "typed")


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _is_e_invoice_allowance(self):
        """Return whether the line is a reduction of the whole invoice (BG-20).

        What a tier table saves is no service that is invoiced. But an invoice needs a
        line (BR-16), so without any other line this one stays.
        """
        self.ensure_one()
        return self._is_reduction() and any(
            line.display_type == "product" and not line._is_reduction()
            for line in self.move_id.invoice_line_ids
        )

    def _is_reduction(self):
        return (
            self.billing_kind in REDUCTIONS
            and self.currency_id.compare_amounts(self.price_subtotal, 0) < 0
        )

    def _get_e_invoice_lines(self, notes, tickets, entries):
        """Return the ``LineFacts`` by id of the invoice lines.

        Lines of a credit note without time of their own have that of the lines they
        credit.

        :param dict notes: remarks by id of the line
        :param dict tickets: see ``_prepare_line_facts`` of ``account.move``
        :param dict entries: see ``_prepare_entry_facts`` of ``account.move``
        """
        products = self.filtered(lambda line: line.display_type == "product")
        days = (products | products.source_line_id)._get_work_days(entries)
        facts = {}
        for line in products:
            start, end = days.get(line) or days.get(line.source_line_id) or (None, None)
            _key, number, _title = tickets.get(str(line.id)) or (None, "", "")
            facts[line.id] = LineFacts(
                start=start,
                end=end,
                ticket=number,
                note=UNKNOWN_TO_XML.sub("", notes.get(line.id, "")),
            )
        return facts

    def _get_work_days(self, entries):
        """Return first and last day of the time of each line that has time.

        :param dict entries: what is known of them, see ``_prepare_entry_facts``
        """
        allocations = (
            self.env["billing.allocation"]
            .sudo()
            .search_fetch(
                [("move_line_id", "in", self.ids)], ["move_line_id", "timesheet_id"]
            )
        )
        result = {}
        for line, shares in allocations.grouped("move_line_id").items():
            days = [
                fields.Date.to_date(entries[str(entry.id)][0])
                if str(entry.id) in entries
                else entry.date
                for entry in shares.timesheet_id
            ]
            result[line] = (min(days), max(days))
        return result
