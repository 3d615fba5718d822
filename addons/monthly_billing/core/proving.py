"""The proofs of an invoice from its planned lines, as plain values."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date

from ...volume_discount.core.calendar import Window, window_of
from ...volume_discount.core.history import History
from ...volume_discount.core.numbers import ZERO
from ...volume_discount.core.proof import Proof, prove
from ...volume_discount.core.terms import Terms
from ...volume_discount.core.tiers import Charge
from . import kinds
from .plan import Line


def prove_lines(
    lines: Iterable[Line],
    get_terms: Callable[[date], Terms | None],
    get_history: Callable[[Terms, Window], History],
    month: Window,
) -> tuple[Proof, ...]:
    """Return a proof per window of the table, the oldest first.

    :param get_terms: returns the tier table that holds on a day
    :param get_history: returns what was billed before in a window of a table
    :param month: the month that the invoice bills
    """
    charges = defaultdict(list)
    for line in lines:
        terms = get_terms(line.month)
        window = window_of(line.month, terms.window)
        charges[window, terms] += _get_charges(line)
    return tuple(
        prove(
            terms,
            window,
            get_history(terms, window).hours,
            members,
            month,
        )
        for (window, terms), members in sorted(
            charges.items(), key=lambda item: item[0][0]
        )
        if members
    )


def _get_charges(line: Line) -> list[Charge]:
    """Return the charges behind a line; what tiers save is in the prices already."""
    if line.kind == kinds.DISCOUNT:
        return []
    if line.kind != kinds.TIME:
        return [Charge(ZERO, ZERO, ZERO, None, None, line.kind, line.price_unit)]
    return [
        Charge(
            share.billed,
            line.list_price,
            share.price_unit,
            share.tier,
            None,
            kinds.TIME,
            share.billed * share.price_unit,
        )
        for share in line.shares
        if share.billed
    ]
