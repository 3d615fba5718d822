"""Lines of an invoice as a table sees them: their order, and what was one line."""

import json
import sys
from decimal import Decimal

from odoo.fields import Command

#: below this two quantities are the same
TOLERANCE = Decimal("0.000001")


def in_order(lines):
    """Return lines as the invoice shows them, new ones last."""
    return lines.sorted(lambda line: (line.sequence, line._origin.id or sys.maxsize))


def group_parts(lines):
    """Return lines by what was one line once, unless its parts no longer cost alike.

    :return: dict of a key to lines, in their order
    """
    wholes = {}
    for line in lines:
        parts = wholes.setdefault(line.volume_discount_split or line.id, {})
        alike = (
            line.product_id,
            line.tax_ids,
            line.discount,
            line.account_id,
            json.dumps(line.analytic_distribution or {}, sort_keys=True),
        )
        parts[alike] = parts.get(alike, line.browse()) | line
    return {
        key if len(parts) == 1 else part[0].id: part
        for key, parts in wholes.items()
        for part in parts.values()
    }


def to_price(amount, digits=11):
    """Return a price as a line keeps it: without what dividing it by hours left."""
    return float(round(amount, digits))


def get_group_list_price(lines):
    """Return the list price per hour of what was one line; a typed one wins."""
    typed = lines.filtered(lambda line: line._is_price_typed())
    return (typed or lines)[0]._get_list_price_per_hour()


def prepare_amount(extra):
    """Return the values of an amount without hours."""
    return {
        "price_unit": float(extra.amount),
        "volume_discount_exact": float(extra.exact),
    }


def get_differences(line, values):
    """Return those of ``values`` that the line does not have yet."""
    return {
        name: value
        for name, value in values.items()
        if not _is_same(line._fields[name].convert_to_write(line[name], line), value)
    }


def _is_same(old, new):
    if isinstance(new, float):
        return abs(old - new) < 1e-9
    return old == new


def to_commands(layout, extras, surplus):
    """Return the commands for placed lines; positions only where lines are added."""
    if any(line is None for line, _values in layout):
        layout = [
            (line, values | {"sequence": 10 * position})
            for position, (line, values) in enumerate(layout, 1)
        ]
        last = 10 * len(layout)
    else:
        last = max([line.sequence for line, _values in layout], default=0)
    has_heading = any("display_type" in values for _line, values in extras)
    extras = [
        (
            line,
            values
            if line and not has_heading
            else values | {"sequence": last + 10 + min(position, 1)},
        )
        for position, (line, values) in enumerate(extras)
    ]
    commands = [Command.delete(line.id) for line in surplus]
    for line, values in [*layout, *extras]:
        if line is None:
            commands.append(Command.create(values))
        elif values := get_differences(line, values):
            commands.append(Command.update(line.id, values))
    return commands
