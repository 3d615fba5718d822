"""The switch that removes the cliffs of a volume table (pricing.md, "Modes").

Values in, values out: no ORM, standard library only.
"""

from collections.abc import Sequence
from decimal import Decimal

from .numbers import ZERO, share, weigh
from .tiers import Tier, Usage, get_hours, get_tier


def get_best_price_cut(
    table: Sequence[Tier], usages: Sequence[Usage], beyond: Decimal
) -> Decimal:
    """Return the (zero or negative) difference to the cheapest later tier's start.

    All later tiers count, not only the next one, so that the total never falls with
    more hours, whatever the table's prices do. The hours that are missing to a
    tier's start are taken at the lowest price present.

    :param beyond: hours that count and have their own price
    """
    hours = get_hours(usages)
    if hours <= 0:
        return ZERO
    reached = get_tier(table, hours + beyond)
    amount = _get_amount(usages, reached)
    lowest = _get_cheapest(usages)
    starts = (
        _get_amount(usages, tier)
        + (tier.min_quantity - hours - beyond) * lowest.price(tier) * lowest.factor
        for tier in table
        if tier.min_quantity > hours + beyond
    )
    return min([amount, *starts]) - amount


def _get_amount(usages: Sequence[Usage], tier: Tier | None) -> Decimal:
    """Return the amount of all usages in one tier."""
    return sum((u.quantity * u.price(tier) * u.factor for u in usages), ZERO)


def _get_cheapest(usages: Sequence[Usage]) -> Usage:
    """Return a usage at the lowest price of which hours are left."""
    hours = {}
    for usage in usages:
        key = usage.list_price * usage.factor, usage.factor
        quantity, _usage = hours.get(key, (ZERO, usage))
        hours[key] = quantity + usage.quantity, usage
    left = [key for key, (quantity, _usage) in hours.items() if quantity > 0]
    return hours[min(left)][1]


def share_cut(cut: Decimal, amounts: dict, quantum: Decimal) -> dict:
    """Return ``cut`` by taxes, in proportion to what their hours cost."""
    if not cut:
        return {}
    if len(amounts) == 1:
        return dict.fromkeys(amounts, cut)
    weights = weigh(amounts.items())
    return dict(zip(weights, share(cut, list(weights.values()), quantum), strict=True))
