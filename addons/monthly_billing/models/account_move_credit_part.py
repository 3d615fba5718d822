"""Credit notes for a part of a monthly invoice: what of each line goes back.

A credit note never gives back more than was charged for its hours: lines that stand for
no time (best price, adjustment, discount) go back in proportion (pricing.md).
"""

from collections import defaultdict

from odoo import models
from odoo.fields import Command, Domain

from odoo.addons.volume_discount.core.calendar import window_of
from odoo.addons.volume_discount.core.numbers import ZERO, round_to, to_decimal

from ..core import kinds


class AccountMove(models.Model):
    _inherit = "account.move"

    def _reduce_to(self, shares, opened, is_rest):
        """Reduce the lines of this copy to the hours that are given back.

        :param dict shares: (worked, billed) hours that are given back, by allocation
        :param dict opened: those that were still open, by allocation
        :param is_rest: give back what else is open of the invoice, too
        """
        billed = defaultdict(lambda: ZERO)
        for row, (_worked, hours) in shares.items():
            billed[row.move_line_id] += hours
        given = self._get_amounts_given_back()
        commands = []
        for source, line in self._get_credited_lines().items():
            if source in billed:
                values = {"quantity": source._get_share_of_quantity(billed[source])}
            else:
                values = self._prepare_part(source, shares, opened, given, is_rest)
            commands.append(
                Command.update(line.id, values) if values else Command.delete(line.id)
            )
        self.write({"invoice_line_ids": commands})

    def _get_amounts_given_back(self):
        """Return what other credit notes give back of the lines (dict of decimals).

        A draft counts here, so that two of them do not give the same amount back.
        """
        sources = self.reversed_entry_id.invoice_line_ids
        lines = self.env["account.move.line"]
        lines = lines.search(
            lines._get_counting_domain()
            & Domain("source_line_id", "in", sources.ids)
            & Domain("move_id.move_type", "=", "out_refund")
            & Domain("move_id.billing_release", "in", ("all", "chosen"))
            & Domain("move_id", "!=", self.id)
        )
        given = defaultdict(lambda: ZERO)
        for line in lines:
            given[line.source_line_id] += line._get_plain_amount()
        return given

    def _prepare_part(self, source, shares, opened, given, is_rest):
        """Return what of a line without hours of its own goes back, as values; none for
        nothing."""
        left = source._get_plain_amount() - given[source]
        kind = source.billing_kind
        if kind == kinds.DISCOUNT:
            amount = self._get_part_of_discount(source, shares, opened, left)
        elif kind in kinds.CORRECTIONS:
            amount = self._get_part_of_correction(source, shares, opened, left)
        else:
            amount = left if is_rest and not source.allocation_ids else ZERO
        if not amount:
            return {}
        if amount == source._get_plain_amount():
            return {"quantity": source.quantity, "price_unit": source.price_unit}
        return {"quantity": 1.0, "price_unit": float(amount)}

    def _get_part_of_discount(self, source, shares, opened, left):
        """Return what the tiers saved on the hours that are given back."""
        key = source._get_discount_key()
        saved, rest = ZERO, ZERO
        for row, (_worked, hours) in opened.items():
            line = row.move_line_id
            if line.billing_kind == kinds.TIME and line._get_discount_key() == key:
                given = shares.get(row, (ZERO, ZERO))[1]
                saved += given * to_decimal(row.list_price - row.price_unit)
                rest += hours - given
        return left if not rest else -self._round_part(saved)

    def _get_part_of_correction(self, source, shares, opened, left):
        """Return the part of a correction for the hours that are given back: in
        proportion to what was asked for the hours of its window on the invoice."""
        kept = self.reversed_entry_id.volume_discount_data or {}
        size = kept.get("terms", {}).get("window", "month")
        window = window_of(source.service_month, size)
        asked, part = ZERO, ZERO
        for row, (_worked, hours) in opened.items():
            is_priced = row.move_line_id.volume_discount_id == source.volume_discount_id
            if is_priced and row.service_month in window:
                price = to_decimal(row.price_unit)
                asked += hours * price
                part += shares.get(row, (ZERO, ZERO))[1] * price
        if not asked:
            return ZERO
        return left if part == asked else self._round_part(left * part / asked)

    def _round_part(self, amount):
        return round_to(amount, self._get_volume_discount_quantum())


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _get_plain_amount(self):
        """Return quantity times price, whatever the document (``Decimal``)."""
        self.ensure_one()
        return to_decimal(self.quantity) * to_decimal(self.price_unit)
