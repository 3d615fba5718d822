"""Which tiers have room for the next hours of a window.

Usually the first hours are taken. Where an invoice was credited or cancelled there are
gaps below later hours; they are filled first, so that hours that are billed again cost
what they did. Values in, values out: no ORM, standard library only.
"""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from itertools import accumulate, pairwise

from .history import History, lower_bounds
from .tiers import ZERO, Tier


def free_tiers(tiers: Iterable[Tier], history: History) -> list[Tier]:
    """Return ``tiers`` with bounds for the hours that come next in the window.

    Hours of which the tier is not known lie on top of the others.
    """
    bands = _get_bands(lower_bounds(tiers, history.other_hours))
    taken = _get_taken(bands, dict(history.by_tier))
    own = sum((usage.quantity for usage in history.usages), ZERO)
    _put_on_top(bands, taken, own - sum(taken, ZERO))
    free = [size - hours for (_tier, size), hours in zip(bands, taken, strict=True)]
    starts = accumulate(free[:-1], initial=ZERO)
    return [
        replace(tier, min_quantity=start)
        for (tier, _size), start, room in zip(bands, starts, free, strict=True)
        if tier and room
    ]


def _get_bands(tiers: Iterable[Tier]) -> list[tuple[Tier | None, Decimal]]:
    """Return what is below the first tier and each tier, with the hours they hold."""
    table = sorted(tiers, key=lambda tier: tier.min_quantity)
    bounds = [ZERO, *(tier.min_quantity for tier in table), Decimal("Infinity")]
    sizes = [upper - lower for lower, upper in pairwise(bounds)]
    return list(zip([None, *table], sizes, strict=True))


def _get_taken(bands: list[tuple[Tier | None, Decimal]], known: dict) -> list[Decimal]:
    """Return the hours that lie in each band.

    Those of a tier that is no more count below the others; what has no room goes up.

    :param known: hours by key of their tier
    """
    keys = [tier.key if tier else None for tier, _size in bands]
    over = sum((hours for key, hours in known.items() if key not in keys), ZERO)
    taken = []
    for key, (_tier, size) in zip(keys, bands, strict=True):
        wanted = known.get(key, ZERO) + over
        taken.append(min(wanted, size))
        over = wanted - taken[-1]
    return taken


def _put_on_top(
    bands: list[tuple[Tier | None, Decimal]], taken: list[Decimal], hours: Decimal
) -> None:
    """Add ``hours`` above those that are there; negative ones leave from the top."""
    top = max((at for at, there in enumerate(taken) if there), default=0)
    places = range(top, len(bands)) if hours > 0 else range(top, -1, -1)
    for at in places:
        size = bands[at][1]
        change = min(hours, size - taken[at]) if hours > 0 else max(hours, -taken[at])
        taken[at] += change
        hours -= change
    taken[0] += hours
