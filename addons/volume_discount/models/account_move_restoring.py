"""Undoing what a table did to the lines of a draft invoice."""

from odoo import models
from odoo.fields import Command

from ..core import kinds
from ..invoice_lines import (
    TOLERANCE,
    get_differences,
    get_group_list_price,
    group_parts,
    in_order,
    to_price,
)

UNPRICED = {
    "volume_discount_kind": False,
    "volume_discount_list_price": 0.0,
    "volume_discount_price": 0.0,
    "volume_discount_split": 0,
    "volume_discount_uom_id": False,
}


class AccountMove(models.Model):
    _inherit = "account.move"

    def _remove_volume_discount(self):
        """Undo the discount: list prices, one line where one line was split."""
        self.ensure_one()
        commands = [
            Command.delete(line.id)
            for line in self.invoice_line_ids
            if line.volume_discount_kind and line.volume_discount_kind != kinds.TIME
        ]
        for lines in self._get_marked_groups():
            if values := get_differences(lines[0], self._get_restored_values(lines)):
                commands.append(Command.update(lines[0].id, values))
            commands += [Command.delete(line.id) for line in lines[1:]]
        self.write(
            {
                "volume_discount_id": False,
                "volume_discount_presentation": False,
                "volume_discount_data": False,
                "invoice_line_ids": commands,
            }
        )

    def _get_marked_groups(self, counted=None):
        """Return the lines that a table priced, by what was one line once.

        :param counted: lines to leave out
        """
        marked = self.invoice_line_ids.filtered(
            lambda line: line.volume_discount_kind == kinds.TIME
        )
        marked = in_order(marked - counted if counted else marked)
        timed = marked.filtered(lambda line: line._is_time())
        return [*group_parts(timed).values(), *(marked - timed)]

    def _get_restored_values(self, lines):
        """Return the values that make one line of a group, as if never priced."""
        first = lines[0]
        if not first._is_time():
            return UNPRICED | {"price_unit": first._get_list_price()}
        unit = self._get_restored_unit(lines)
        if len(lines) == 1 and unit == first.product_uom_id:
            return UNPRICED | {"price_unit": first._get_list_price()}
        per_unit = first._get_hours_per_unit(unit)
        if unit == first.product_uom_id:
            quantity = sum(lines.mapped("quantity"))
        else:
            quantity = float(sum(line._get_hours() for line in lines) / per_unit)
        return UNPRICED | {
            "product_uom_id": unit.id,
            "quantity": quantity,
            "price_unit": to_price(get_group_list_price(lines) * per_unit, 9),
        }

    def _get_restored_unit(self, lines):
        """Return the unit from before, if two digits can tell the hours in it."""
        first = lines[0]
        unit = first.volume_discount_uom_id
        if not unit or first.product_uom_id != self.env["uom.uom"]._get_hour():
            return first.product_uom_id
        hours = sum(line._get_hours() for line in lines)
        quantity = hours / first._get_hours_per_unit(unit)
        whole = quantity.quantize(unit._get_quantum())
        is_exact = abs(quantity - whole) <= TOLERANCE
        return unit if is_exact else first.product_uom_id
