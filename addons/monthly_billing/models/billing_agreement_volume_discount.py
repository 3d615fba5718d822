"""The tier table of an agreement: its proof, and hours invoiced by hand."""

from collections import defaultdict
from dataclasses import replace

from odoo import models
from odoo.fields import Command, Domain

from odoo.addons.volume_discount import proof as proofs
from odoo.addons.volume_discount import terms as agreed
from odoo.addons.volume_discount.terms import Span

from ..periods import window_of
from ..proving import prove_lines


class BillingAgreement(models.Model):
    _inherit = "billing.agreement"

    def _has_counted_service(self):
        """Return whether a tier table prices the hours of the agreement."""
        self.ensure_one()
        table = self.volume_discount_id
        counted = table.product_ids
        return bool(table) and (not counted or self.product_id in counted)

    def _plan(self, entries, window, allowed, past, rates):
        plan = super()._plan(entries, window, allowed, past, rates)
        terms = self._get_terms()
        if terms is None:
            return plan
        scope = self._get_scope()
        found = prove_lines(
            plan.lines, terms, lambda span: past.within(scope, span), window
        )
        return replace(plan, proofs=found)

    def _prepare_invoice(self, plan, period):
        values = super()._prepare_invoice(plan, period)
        return values | self._prepare_volume_discount(plan)

    def _prepare_volume_discount(self, plan):
        """Return the values that keep the terms of an invoice and its proof."""
        if not self._has_counted_service():
            return {}
        table = self._localize().volume_discount_id
        return {
            "volume_discount_id": table.id,
            "volume_discount_presentation": table.presentation,
            "volume_discount_data": {
                "name": table.name,
                "terms": agreed.to_data(self._get_terms()),
                "proofs": [proofs.to_data(proof) for proof in plan.proofs],
            },
        }

    def _prepare_line(self, line, position):
        values = super()._prepare_line(line, position)
        if not self._has_counted_service():
            return values
        values["volume_discount_kind"] = line.kind
        product = self.volume_discount_id.discount_product_id
        if line.shares:
            values["volume_discount_list_price"] = float(line.list_price)
            values["volume_discount_price"] = float(line.price_unit)
        elif product:
            values["product_id"] = product.id
            values["tax_ids"] = [Command.set(self._get_taxes().ids)]
        return values

    def _get_past(self, usage):
        """Count what was invoiced by hand, too."""
        past = super()._get_past(usage)
        priced = self.filtered(lambda agreement: agreement._has_counted_service())
        days = [entry.day for agreement in priced for entry in usage[agreement]]
        if days:
            first, last = window_of(min(days), "year"), window_of(max(days), "year")
            priced._add_past_by_hand(past, Span(first.start, last.last_day))
        return past

    def _add_past_by_hand(self, past, span):
        """Add to ``past`` the posted hours that no run of an agreement wrote."""
        tables = defaultdict(self.env["volume.discount"].browse)
        for agreement in self:
            tables[agreement._get_scope()] |= agreement.volume_discount_id
        for line in self._search_lines_by_hand(span):
            scope = (
                line.company_id.id,
                line.move_id.commercial_partner_id.id,
                line.currency_id.id,
            )
            counts = any(
                table._is_line_counted(line) or table._is_correction_counted(line)
                for table in tables.get(scope, ())
            )
            if counts:
                billed = line._get_billed()
                month = billed.day.replace(day=1)
                past.add_amount(scope, month, billed.amount)
                if billed.hours:
                    past.add_hours(scope, month, billed.list_price, billed.hours)

    def _search_lines_by_hand(self, span):
        """Return the posted lines in ``span`` that are not in the ledger."""
        lines = self.env["account.move.line"].sudo()
        by_hand = Domain([("billing_kind", "=", False), ("allocation_ids", "=", False)])
        by_hand &= Domain("currency_id", "in", self.currency_id.ids)
        domain = Domain.OR(
            lines._get_billed_hours_domain(agreements.partner_id, company, span)
            for company, agreements in self.grouped("company_id").items()
        )
        found = lines.search(domain & by_hand)
        return found.filtered(lambda line: line._get_work_day() in span)
