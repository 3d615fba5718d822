"""Writing what a table asks onto the lines of a draft invoice."""

import sys
from decimal import Decimal

from odoo import models
from odoo.fields import Command

from ..core import kinds
from ..core import proof as proofs
from ..core import terms as agreed
from ..core.calendar import window_of
from ..core.invoicing import reprice
from ..core.tiers import Usage
from ..invoice_lines import (
    TOLERANCE,
    get_group_list_price,
    group_parts,
    in_order,
    prepare_amount,
    to_commands,
    to_price,
)

#: fields that the price decides and the invoice computes
COMPUTED = ("amount_currency", "balance", "credit", "debit", "move_id")


class AccountMove(models.Model):
    _inherit = "account.move"

    def _refresh_volume_discount(self, also=None):
        """Bring lines and proof in line with the hours; no change if they are.

        :param also: invoices that are posted together with this one, before it
        """
        self.ensure_one()
        table = self.volume_discount_id
        if table.currency_id != self.currency_id:
            self._remove_volume_discount()
            return
        self._adopt_window_terms()
        terms = self._get_volume_discount_terms()
        past = self._get_window_history(table, terms, also)
        if self._is_volume_discount_settled(terms, past):
            return
        repricing = self._get_repricing(table, terms, past)
        commands = self._get_repricing_commands(table, repricing, past)
        data = self._prepare_volume_discount_data(table, terms, repricing, past)
        if commands or data != self.volume_discount_data:
            self.write({"invoice_line_ids": commands, "volume_discount_data": data})

    def _get_discount_groups(self, table):
        """Return the lines that the table prices, by what was one line once.

        :return: dict of a key to lines, in the order of the invoice
        """
        products = self._get_counted_products(table)
        counted = self.invoice_line_ids.filtered(
            lambda line: table._is_line_counted(line, products)
        )
        return group_parts(in_order(counted))

    def _get_discount_usages(self, table):
        """Return the hours on the invoice as plain values."""
        usages = []
        for key, lines in self._get_discount_groups(table).items():
            first = lines[0]
            usages.append(
                Usage(
                    sum(line._get_hours() for line in lines),
                    get_group_list_price(lines),
                    key,
                    first._get_discount_factor(),
                    first._get_amount_tax_key(),
                    first._get_tier_scale(),
                    self._get_volume_discount_day(),
                    sys.maxsize,
                )
            )
        return [usage for usage in usages if usage.quantity]

    def _get_window_history(self, table, terms, also=None):
        """Return what was billed in the window before this invoice (``History``)."""
        span = window_of(self._get_volume_discount_day(), terms.window)
        return table._get_history(
            self.commercial_partner_id,
            self.company_id,
            span,
            also,
            self._get_counted_products(table),
        )

    def _get_counted_products(self, table):
        """Return the services that counted when the invoice was priced, else those of
        its window; none are all services."""
        kept = (self.volume_discount_data or {}).get("product_ids")
        if kept is None:
            _terms, products = self._get_terms_to_apply(table)
            return products
        return table.product_ids.browse(kept)

    def _get_repricing(self, table, terms, past):
        """Return what the lines become under ``terms`` (``Repricing``).

        :param past: ``History`` of the window before this invoice
        """
        return reprice(
            terms,
            self._get_discount_usages(table),
            past,
            self._get_volume_discount_quantum(),
        )

    def _prepare_volume_discount_data(self, table, terms, repricing, past):
        """Return terms and proof as they are kept with the invoice."""
        name = table.with_context(lang=self._get_document_language()).name
        data = {
            "name": name,
            "terms": agreed.to_data(terms),
            "product_ids": sorted(self._get_counted_products(table).ids),
            "proofs": [],
        }
        if repricing.charges:
            proof = proofs.prove(
                terms,
                window_of(self._get_volume_discount_day(), terms.window),
                past.hours,
                repricing.charges,
                self._get_volume_discount_period(),
            )
            data["proofs"] = [proofs.to_data(proof)]
        return data

    def _get_repricing_commands(self, table, repricing, past):
        """Return the commands that bring the lines to ``repricing``, none if they are.

        Where a line is split, all lines get new positions, so that the parts stay
        together.
        """
        groups = self._get_discount_groups(table)
        owner = {line: key for key, lines in groups.items() for line in lines}
        layout, surplus, seen = [], self.env["account.move.line"], set()
        restored = {}
        for lines in self._get_marked_groups(surplus.concat(*groups.values())):
            restored[lines[0]] = self._get_restored_values(lines)
            surplus |= lines[1:]
        for line in in_order(self.invoice_line_ids - surplus):
            key = owner.get(line)
            if key is None:
                if line.volume_discount_kind in kinds.KEPT:
                    layout.append((line, restored.get(line, {})))
            elif key not in seen:
                seen.add(key)
                placed = self._place_slices(groups[key], key, repricing.of(key))
                layout += placed
                used = self.env["account.move.line"].concat(
                    *(placed_line for placed_line, _values in placed if placed_line)
                )
                surplus |= groups[key] - used
        extras, obsolete = self._place_extras(table, repricing.extras, past)
        return to_commands(layout, extras, surplus | obsolete)

    def _place_slices(self, lines, key, slices):
        """Return (line or None, values) for each slice of a group of lines."""
        if not slices:  # no hours are left of it
            return [(lines[0], self._get_restored_values(lines))]
        unit = lines[0].product_uom_id
        per_unit = lines[0]._get_hours_per_unit()
        quantities = [part.hours / per_unit for part in slices]
        quantum = unit._get_quantum()
        if any(abs(q - q.quantize(quantum)) > TOLERANCE for q in quantities):
            # a part of a day that two digits cannot tell is told in hours
            unit, per_unit = unit._get_hour(), Decimal(1)
            quantities = [part.hours for part in slices]
        original = lines[0].volume_discount_uom_id
        if unit != lines[0].product_uom_id:
            original = lines[0].product_uom_id
        list_price = get_group_list_price(lines)
        placed = []
        for position, (part, quantity) in enumerate(
            zip(slices, quantities, strict=True)
        ):
            values = {
                "product_uom_id": unit.id,
                "quantity": float(quantity.quantize(quantum)),
                "price_unit": to_price(part.price_unit * per_unit),
                "volume_discount_kind": kinds.TIME,
                "volume_discount_list_price": to_price(list_price * per_unit),
                "volume_discount_price": to_price(part.price_unit * per_unit),
                "volume_discount_split": key if len(slices) > 1 else 0,
                "volume_discount_uom_id": original.id,
            }
            if position < len(lines):
                placed.append((lines[position], values))
            else:
                whole = lines[0].with_context(include_business_fields=True)
                copied = whole.copy_data()[0]
                for name in COMPUTED:
                    copied.pop(name, None)
                placed.append((None, copied | values))
        return placed

    def _place_extras(self, table, extras, past):
        """Return [(line or None, values)] of the amounts, and lines to delete.

        Where the invoice has sections they get their own: they reduce all of them.
        """
        present = {
            (line.volume_discount_kind, tuple(sorted(line.tax_ids.ids))): line
            for line in self.invoice_line_ids
            if line.volume_discount_kind not in kinds.KEPT
        }
        placed, kept = [], self.env["account.move.line"]
        if self._has_own_sections() and any(extra.amount for extra in extras):
            kept = present.get((kinds.SECTION, ()), kept)
            placed.append((kept[:1] or None, self._prepare_heading(table)))
        for extra in extras:
            if not extra.amount:
                continue
            line = present.get((extra.kind, extra.taxes))
            if line:
                amount = prepare_amount(extra)
                placed.append((line, amount | {"quantity": 1.0, "discount": 0.0}))
                kept |= line
            else:
                placed.append((None, self._prepare_extra_line(table, extra, past)))
        lines = self.invoice_line_ids.filtered(
            lambda line: line.volume_discount_kind not in kinds.KEPT
        )
        return placed, lines - kept

    def _has_own_sections(self):
        """Return whether somebody divided the invoice into sections."""
        self.ensure_one()
        return any(
            line.display_type == "line_section" and not line.volume_discount_kind
            for line in self.invoice_line_ids
        )

    def _prepare_heading(self, table):
        """Return the values of the heading above lines without hours."""
        return {
            "display_type": "line_section",
            "name": table._get_line_text(kinds.SECTION, self._get_document_language()),
            "volume_discount_kind": kinds.SECTION,
        }

    def _prepare_extra_line(self, table, extra, past):
        """Return the values of a line that has an amount and no hours.

        Its account is that of the discount product, or of the largest line with the
        same taxes, here or on an earlier invoice whose hours change their price.

        :param past: ``History`` of the window
        """
        name = table._get_line_text(extra.kind, self._get_document_language())
        if extra.kind == kinds.DIFFERENCE and past.reason:
            name = f"{name}\n{past.reason}"
        values = {
            "name": name,
            "quantity": 1.0,
            "tax_ids": [Command.set(extra.taxes)],
            "volume_discount_kind": extra.kind,
            **prepare_amount(extra),
        }
        if table.discount_product_id:
            values["product_id"] = table.discount_product_id.id
        else:
            largest = max(
                self._get_lines_with_taxes(table, extra.taxes)
                or self._get_past_lines(past, extra.taxes),
                key=lambda line: line.price_subtotal,
            )
            values["account_id"] = largest.account_id.id
        return values

    def _get_lines_with_taxes(self, table, taxes):
        """Return the lines of hours that the table prices and that have ``taxes``."""
        products = self._get_counted_products(table)
        return self.invoice_line_ids.filtered(
            lambda line: (
                table._is_line_counted(line, products)
                and line._get_amount_tax_key() == taxes
            )
        )

    def _get_past_lines(self, past, taxes):
        """Return the lines of earlier invoices behind the hours with ``taxes``."""
        ids = [row.order for row in past.own if row.hours and row.taxes == taxes]
        return self.env["account.move.line"].sudo().browse(ids)
