"""What a window asks: the only place where hours get their price.

The invariant of pricing.md, "The window telescopes": ask what all counting hours cost
at once, in the order of allocation; subtract what was charged. New hours stand at the
price of the tier they fall into; what is left is an amount of its own, with the taxes
of the hours whose price it changes. Values in, values out: standard library only.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from . import kinds
from .best_price import get_best_price_cut, share_cut
from .history import Billed, History
from .numbers import ZERO, exact, round_part
from .terms import Terms
from .tiers import (
    Charge,
    Tier,
    Usage,
    arrange,
    charge_time,
    check_mode,
    check_usages,
    get_bands,
    get_hours,
    get_tier,
    rate_graduated,
    sort_tiers,
)

#: without a currency's unit amounts are shared as finely as this
FINEST = Decimal("1E-20")
#: two prices are the same: what the sums of stored floats leave of one
SAME_PRICE = Decimal("0.001")
OTHER = object()
NOTHING = History()


@dataclass(frozen=True)
class Asked:
    """What a window asks, by taxes: ``amounts``, and how much less best price asks."""

    amounts: dict[Hashable, Decimal]
    cuts: dict[Hashable, Decimal]

    @property
    def totals(self) -> dict[Hashable, Decimal]:
        """Both together."""
        totals = defaultdict(Decimal, self.amounts)
        for taxes, cut in self.cuts.items():
            totals[taxes] += cut
        return dict(totals)


@exact
def ask(
    terms: Terms,
    usages: Iterable[Usage],
    others: Iterable[Usage] = (),
    quantum: Decimal | None = None,
) -> Asked:
    """Return what all hours of a window cost at once.

    :param usages: the hours that the table prices
    :param others: hours that take up their place and keep their price
    :param quantum: the currency's smallest unit
    :raise ValueError: on negative prices, a table that is not well-formed, an unknown
        mode
    """
    check_mode(terms.mode)
    table = sort_tiers(terms.tiers)
    own, others = check_usages(usages), check_usages(others)
    amounts = defaultdict(Decimal)
    if terms.mode == "graduated":
        for charge in _get_slices(table, own, others):
            amounts[charge.taxes] += charge.amount
        return Asked(dict(amounts), {})
    beyond = get_hours(others)
    tier = get_tier(table, get_hours(own) + beyond)
    for usage in own:
        amounts[usage.taxes] += usage.quantity * usage.price(tier) * usage.factor
    cuts = {}
    if terms.best_price:
        cut = get_best_price_cut(table, own, beyond)
        cuts = share_cut(cut, amounts, quantum or FINEST)
    return Asked(dict(amounts), cuts)


@exact
def price(
    terms: Terms,
    usages: Iterable[Usage],
    past: History = NOTHING,
    quantum: Decimal | None = None,
) -> list[Charge]:
    """Return what is asked for new hours in a window that has a past.

    Together with what was charged before it is what the table asks for everything.

    :param usages: the new hours
    :param quantum: the currency's smallest unit; None: nothing is rounded
    :return: ``time`` charges in the order of the usages, then per kind of taxes a
        ``difference`` where the price of other hours changes, and a ``best_price``
    :raise ValueError: as ``ask``
    """
    new = [usage for usage in check_usages(usages) if usage.quantity]
    own = [row.usage for row in past.own if row.hours]
    asked = ask(terms, [*own, *new], past.others, quantum)
    times = _charge_new(terms, new, own, past)
    rest = defaultdict(Decimal, asked.totals)
    for taxes, amount in past.charged.items():
        rest[taxes] -= amount
    for charge in times:
        rest[charge.taxes] -= charge.amount
    cuts = _get_new_cuts(terms, new, own, past, asked, quantum)
    return times + _charge_rest(rest, cuts, asked.totals, past.noise, quantum)


def rate(
    mode: str,
    tiers: Iterable[Tier],
    usages: Iterable[Usage],
    consumed: Iterable[Usage] = (),
    billed: Decimal | None = None,
    best_price: bool = False,
) -> list[Charge]:
    """Return what is asked for ``usages`` after ``consumed``, see ``price``.

    :param billed: amount charged for ``consumed``; None is what the table asks for them
    """
    terms = Terms(mode, tuple(tiers), best_price=best_price)
    past = consume(terms, consumed)
    if billed is not None:
        rows = tuple(replace(row, amount=ZERO) for row in past.rows)
        past = History(rows, ((None, billed),))
    return price(terms, usages, past)


@exact
def consume(terms: Terms, usages: Iterable[Usage]) -> History:
    """Return the past of a window whose hours were charged as the table asks."""
    usages = list(usages)
    rows = [
        Billed(usage.day, usage.quantity, usage.list_price, ZERO, factor=usage.factor)
        for usage in usages
    ]
    rows = [
        replace(row, taxes=usage.taxes, scale=usage.scale, order=usage.order)
        for row, usage in zip(rows, usages, strict=True)
    ]
    return History(tuple(rows), tuple(ask(terms, usages).totals.items()))


@exact
def total(
    mode: str, tiers: Iterable[Tier], usages: Iterable[Usage], best_price: bool = False
) -> Decimal:
    """Return what a table asks for all hours of a window, unrounded.

    With several list prices ``graduated`` depends on the order of the usages, since
    the first hours are the dear ones; ``volume`` never does.
    """
    terms = Terms(mode, tuple(tiers), best_price=best_price)
    return sum(ask(terms, usages).totals.values(), ZERO)


def _get_slices(
    table: Sequence[Tier], own: Iterable[Usage], others: Iterable[Usage]
) -> list[Charge]:
    """Return in which tiers of a graduated table the own hours lie."""
    hours = [replace(usage, key=None) for usage in own]
    hours += [replace(usage, key=OTHER) for usage in others]
    slices = rate_graduated(table, arrange(hours))
    return [charge for charge in slices if charge.key is not OTHER]


def _charge_new(
    terms: Terms, new: Sequence[Usage], own: Sequence[Usage], past: History
) -> list[Charge]:
    """Return the new hours, each at the price of the tier it falls into."""
    table = sort_tiers(terms.tiers)
    before = [*own, *past.others]
    if terms.mode == "volume":
        tier = get_tier(table, get_hours(before) + get_hours(new))
        return [charge_time(usage, usage.quantity, tier) for usage in new]
    if any(usage.quantity < 0 for usage in new):  # they leave the window from the top
        return rate_graduated(table, new, arrange(before))
    return _fill(table, new, _get_room(table, new, own, past))


def _get_room(
    table: Sequence[Tier], new: Sequence[Usage], own: Sequence[Usage], past: History
) -> list[Decimal]:
    """Return by band of a graduated table the hours that it asks for beyond those that
    were charged at its price.

    Usually the room lies on top. Where hours were credited it lies below others, which
    move down for it. Hours of which the price is not one of the table's fill the room
    from the bottom.
    """
    tiers = [tier for _lower, _upper, tier in get_bands(table)]
    room = dict.fromkeys(tiers, ZERO)
    for charge in _get_slices(table, [*own, *new], past.others):
        room[charge.tier] += charge.quantity
    unknown = ZERO
    for row in past.own:
        if row.hours:
            left, alike = row.hours, _find_tiers(tiers, row)
            for tier in alike[:-1]:
                taken = min(max(room[tier], ZERO), max(left, ZERO))
                room[tier] -= taken
                left -= taken
            if alike:
                room[alike[-1]] -= left
            else:
                unknown += left
    for tier in tiers:
        taken = min(max(room[tier], ZERO), max(unknown, ZERO))
        room[tier] -= taken
        unknown -= taken
    return [room[tier] for tier in tiers]


def _find_tiers(tiers: Sequence[Tier | None], row: Billed) -> list[Tier | None]:
    """Return the tiers whose price some hours have; several may have the same."""
    price_unit = row.amount / row.hours
    return [
        tier for tier in tiers if abs(row.usage.price(tier) - price_unit) <= SAME_PRICE
    ]


def _fill(
    table: Sequence[Tier], new: Sequence[Usage], room: Sequence[Decimal]
) -> list[Charge]:
    """Return the new hours in the tiers that have room, from the bottom."""
    bands = [tier for _lower, _upper, tier in get_bands(table)]
    free = [max(hours, ZERO) for hours in room]
    charges = []
    for usage in new:
        left = usage.quantity
        for at, tier in enumerate(bands):
            quantity = left if at == len(bands) - 1 else min(left, free[at])
            free[at] -= quantity
            left -= quantity
            if quantity:
                charges.append(charge_time(usage, quantity, tier))
    return charges


def _get_new_cuts(
    terms: Terms,
    new: Sequence[Usage],
    own: Sequence[Usage],
    past: History,
    asked: Asked,
    quantum: Decimal | None,
) -> dict[Hashable, Decimal]:
    """Return what best price takes off more than it did before, by taxes.

    While the tier stays the same, the cut already granted on earlier hours stands:
    only the new part of it is shown. With another tier the earlier hours have another
    price, and all that changes for them is one difference.
    """
    cuts = defaultdict(Decimal, asked.cuts)
    table, others = sort_tiers(terms.tiers), past.others
    before = get_hours(own) + get_hours(others)
    after = before + get_hours(new)
    if asked.cuts and own and get_tier(table, before) == get_tier(table, after):
        for taxes, cut in ask(terms, own, others, quantum).cuts.items():
            cuts[taxes] -= cut
    return cuts


def _charge_rest(
    rest: dict, cuts: dict, totals: dict, noise: Decimal, quantum: Decimal | None
) -> list[Charge]:
    """Return the amounts that stand on no hour, first the differences.

    :param totals: what the window asks, by taxes: rounded it is what is charged
    """

    def rounded(amount, taxes):
        if quantum is None:
            return amount
        return round_part(amount, totals.get(taxes, ZERO), quantum)

    differences, best = [], []
    for taxes, amount in rest.items():
        cut = rounded(cuts.get(taxes, ZERO), taxes)
        other = rounded(amount, taxes) - cut
        if abs(other) > noise:
            differences += _charge_amount(kinds.DIFFERENCE, other, taxes)
        best += _charge_amount(kinds.BEST_PRICE, cut, taxes)
    return differences + best


def _charge_amount(kind: str, amount: Decimal, taxes: Hashable) -> list[Charge]:
    """Return one charge without hours, or none for nothing."""
    nothing = ZERO, ZERO, ZERO, None, None
    return [Charge(*nothing, kind, amount, taxes=taxes)] if amount else []
