"""Where a table asks more for less, and the points of its graph.

Values in, values out: no ORM, standard library only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from . import kinds
from .pricing import price
from .terms import Terms
from .tiers import Charge, Usage


@dataclass(frozen=True)
class Cliff:
    """Below ``bound`` hours, from more than ``start`` on, more hours would cost less.

    :param amount: what ``bound`` hours cost
    :param loss: what is asked above it at most, just below the bound
    """

    start: Decimal
    bound: Decimal
    amount: Decimal
    loss: Decimal


def find_cliffs(terms: Terms, list_price: Decimal) -> list[Cliff]:
    """Return the cliffs of a ``volume`` table without best price, by rising bounds."""
    if terms.mode != "volume" or terms.best_price:
        return []
    table = sorted(terms.tiers, key=lambda tier: tier.min_quantity)
    cliffs, above, lower = [], list_price, Decimal(0)
    for tier in table:
        bound, reached = tier.min_quantity, tier.price(list_price)
        if bound and reached < above:
            amount = bound * reached
            start = max(amount / above, lower)
            cliffs.append(Cliff(start, bound, amount, bound * above - amount))
        above, lower = reached, bound
    return cliffs


@dataclass(frozen=True)
class Point:
    """``total`` for some hours, ``rate`` per hour on average and of the last hour."""

    hours: Decimal
    total: Decimal
    rate: Decimal
    marginal: Decimal


def get_points(
    terms: Terms, list_price: Decimal, upper: Decimal, count: int = 120
) -> list[Point]:
    """Return points of the curve from the first part of ``upper`` hours to all.

    The bounds themselves, and what is just below them, are points too.
    """
    step = upper / count
    hours = {step * number for number in range(1, count + 1)}
    for tier in terms.tiers:
        if 0 < tier.min_quantity <= upper:
            hours |= {tier.min_quantity, tier.min_quantity - step / 100}
    return [_get_point(terms, list_price, value) for value in sorted(hours)]


def _get_point(terms: Terms, list_price: Decimal, hours: Decimal) -> Point:
    charges = price(terms, [Usage(hours, list_price)])
    total = sum((charge.amount for charge in charges), Decimal(0))
    return Point(hours, total, total / hours, _get_marginal(charges))


def _get_marginal(charges: Sequence[Charge]) -> Decimal:
    """Return the price of the last hour that stands on a line."""
    return [charge for charge in charges if charge.kind == kinds.TIME][-1].price_unit
