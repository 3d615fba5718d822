"""The proofs of an invoice from its planned lines, as plain values."""

from collections import defaultdict
from collections.abc import Callable, Iterable

from odoo.addons.volume_discount.history import History
from odoo.addons.volume_discount.proof import Proof, prove
from odoo.addons.volume_discount.terms import Span
from odoo.addons.volume_discount.tiers import ZERO, Charge

from .periods import Window, window_of
from .plan import Line, Terms


def prove_lines(
    lines: Iterable[Line],
    terms: Terms,
    get_history: Callable[[Window], History],
    month: Window,
) -> tuple[Proof, ...]:
    """Return a proof per window of the table, the oldest first.

    :param get_history: returns what was billed before in a window
    :param month: the month that the invoice bills
    """
    tiers = {tier.key: tier for tier in terms.tiers}
    charges = defaultdict(list)
    for line in lines:
        charges[window_of(line.month, terms.window)] += _get_charges(line, tiers)
    return tuple(
        prove(
            terms,
            Span(window.start, window.last_day),
            get_history(window).hours,
            members,
            Span(month.start, month.last_day),
        )
        for window, members in sorted(charges.items())
        if members
    )


def _get_charges(line: Line, tiers: dict) -> list[Charge]:
    """Return the charges behind a line; what tiers save is in the prices already."""
    if line.kind == "discount":
        return []
    if line.kind != "time":
        return [Charge(ZERO, ZERO, ZERO, None, None, line.kind, line.price_unit)]
    return [
        Charge(
            share.billed,
            line.list_price,
            share.price_unit,
            tiers.get(share.tier),
            None,
            "time",
            share.billed * share.price_unit,
        )
        for share in line.shares
        if share.billed
    ]
