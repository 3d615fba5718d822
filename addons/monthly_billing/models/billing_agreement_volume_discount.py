"""The tier table of an agreement: its proof, and hours invoiced by hand."""

from dataclasses import replace

from odoo import fields, models
from odoo.fields import Command, Domain

from odoo.addons.volume_discount import proof as proofs
from odoo.addons.volume_discount import terms as agreed
from odoo.addons.volume_discount.terms import Span

from ..past import Billed
from ..periods import window_of
from ..proving import prove_lines
from ..retainer import Retainer, include


class BillingAgreement(models.Model):
    _inherit = "billing.agreement"

    def _has_counted_service(self):
        """Return whether a tier table prices the hours of the agreement."""
        self.ensure_one()
        table = self.volume_discount_id
        products = self.product_id | self.rate_ids.product_id
        return bool(table) and any(map(table._is_product_counted, products))

    def _plan(self, entries, window, facts):
        plan = super()._plan(entries, window, facts)
        terms = self._get_terms()
        if terms is None:
            return plan
        found = prove_lines(
            [line for line in plan.lines if self._get_table_of(line)],
            terms,
            lambda span: facts.past.within(self._get_customer_key(), terms, span),
            window,
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

    def _prepare_line(self, line, position, table):
        values = super()._prepare_line(line, position, table)
        if not table:
            return values
        values["volume_discount_kind"] = line.kind
        product = self.volume_discount_id.discount_product_id
        if line.shares:
            values["volume_discount_list_price"] = float(line.list_price)
            values["volume_discount_price"] = float(line.price_unit)
        elif product:
            values["product_id"] = product.id
        return values

    def _prepare_amount_taxes(self, line, found):
        """Return the taxes of a line that is only an amount, no hours, as values.

        They are those of the hours without fixed amounts, which are due per hour;
        nothing where the invoice finds them by itself.

        :param line: ``plan.Line``
        :param dict found: taxes by service, which are looked up once
        """
        if self.env["billing.tax.change"]._get_days(self.company_id):
            return self._prepare_taxes_of_amount(line)
        hours = line.product or self.product_id.id
        taxes = self._get_line_taxes({"product_id": hours}, found)
        wanted = taxes._get_taxes_of_amounts()
        if wanted == taxes and not self.volume_discount_id.discount_product_id:
            return {}
        return {"tax_ids": [Command.set(wanted.ids)]}

    def _prepare_taxes_of_amount(self, line):
        """Return taxes and account of a line that only is an amount, where taxes
        change: those of its hours.

        They are in its month, or where a window is longer in one of the others.
        """
        product = self.volume_discount_id.discount_product_id
        product = product or self.env["product.product"].browse(line.product)
        changes = self.env["billing.tax.change"]._get_days(self.company_id)
        eras = [fields.Date.add(changes[0], days=-1), *changes]
        days = [line.month, *(day for day in eras if day in window_of(line.month))]
        day = next(
            day
            for day in (*days, *eras, line.month)
            if self._get_tax_key(line.product, day) == line.taxes or day is eras[-1]
        )
        return self._prepare_taxes_of_day(product, day) | {
            "tax_ids": [Command.set(line.taxes)]
        }

    def _get_simulated_entries(self, entries, facts):
        """Return unbilled ``entries`` as a run would bill them, before tiers."""
        self.ensure_one()
        positive = [
            entry for entry in entries if entry.worked > 0 and entry.kind != "free"
        ]
        agreed, _withheld = self._get_agreed(positive, facts)
        retainer = facts.retainers.get(self.id, Retainer())
        priced = self._assign_rates(
            include(self._round_agreed(agreed, facts), retainer), facts
        )
        return [entry for entry in priced if entry.kind == "time"]

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
        keys = {agreement._get_customer_key() for agreement in self}
        for line in self._search_lines_by_hand(span):
            move = line.move_id
            key = (move.company_id.id, move.commercial_partner_id.id)
            key += (line.currency_id.id,)
            table = line._get_volume_discount()
            is_sold = line._is_time() and line._get_list_price() >= 0
            if key in keys and (is_sold or table):
                billed = line._get_billed(table)
                past.add(
                    Billed(
                        key,
                        line.product_id.id,
                        table.id or None,
                        billed.day.replace(day=1),
                        billed.hours,
                        billed.list_price,
                        billed.amount,
                        billed.factor,
                    )
                )

    def _search_lines_by_hand(self, span):
        """Return the posted lines in ``span`` that are not in the ledger."""
        lines = self.env["account.move.line"].sudo()
        by_hand = Domain("billing_kind", "in", (False, "typed"))
        by_hand &= Domain("allocation_ids", "=", False)
        by_hand &= Domain("currency_id", "in", self.currency_id.ids)
        domain = Domain.OR(
            lines._get_billed_hours_domain(agreements.partner_id, company, span)
            for company, agreements in self.grouped("company_id").items()
        )
        found = lines.search(domain & by_hand)
        return found.filtered(lambda line: line._get_work_day() in span)
