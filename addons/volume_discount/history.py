"""What was billed in a window before: hours at their list prices, and money.

Values in, values out: no ORM, standard library only.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from .tiers import ONE, ZERO, Tier, Usage


@dataclass(frozen=True)
class Billed:
    """One invoice line: hours (negative on a credit note) and what was asked.

    A line that only corrects an amount has no hours. ``is_own`` is whether the table
    priced the line. ``amount`` leaves out a discount of the line itself, of which
    ``factor`` is left.
    """

    day: date
    hours: Decimal
    list_price: Decimal
    amount: Decimal
    is_own: bool = True
    factor: Decimal = ONE


@dataclass(frozen=True)
class History:
    """What was billed in a window before: hours at their list prices, and money.

    ``other_hours`` were priced without the table: they count towards its tiers, but
    their price stays what it was.
    """

    usages: tuple[Usage, ...] = ()
    amount: Decimal = ZERO
    other_hours: Decimal = ZERO

    @property
    def hours(self) -> Decimal:
        """The sum of the hours."""
        return sum((usage.quantity for usage in self.usages), self.other_hours)


def summarize(lines: Iterable[Billed]) -> History:
    """Return what the lines of one window add up to, oldest month first.

    Credited hours take away hours at their own list price, else at another one: the
    window never has less than no hours.
    """
    hours, amount, others = defaultdict(Decimal), ZERO, ZERO
    for line in lines:
        if not line.is_own:
            others += line.hours
            continue
        amount += line.amount * line.factor
        if line.hours:
            key = (line.day.replace(day=1), line.list_price, line.factor)
            hours[key] += line.hours
    usages = [
        Usage(quantity, list_price, factor=factor)
        for (_month, list_price, factor), quantity in sorted(hours.items())
    ]
    return History(tuple(settle(usages)), amount, max(others, ZERO))


def lower_bounds(tiers: Iterable[Tier], hours: Decimal) -> list[Tier]:
    """Return ``tiers`` for a customer who has ``hours`` in the window already."""
    tiers = list(tiers)
    reached = [tier for tier in tiers if tier.min_quantity <= hours]
    start = sorted(reached, key=lambda tier: tier.min_quantity)[-1:]
    ahead = [tier for tier in tiers if tier.min_quantity > hours]
    return [
        replace(tier, min_quantity=max(tier.min_quantity - hours, ZERO))
        for tier in start + ahead
    ]


def settle(usages: Sequence[Usage]) -> Iterable[Usage]:
    """Yield usages without negative hours and with the same sum, or none.

    :param usages: credited hours are negative
    """
    credited = -sum((u.quantity for u in usages if u.quantity < 0), ZERO)
    by_price = defaultdict(Decimal)
    for usage in usages:
        if usage.quantity < 0:
            by_price[usage.list_price, usage.factor] -= usage.quantity
    positive = [usage for usage in usages if usage.quantity > 0]
    left = [usage.quantity for usage in positive]
    for index, usage in enumerate(positive):  # first the hours of the same price
        taken = min(left[index], by_price[usage.list_price, usage.factor])
        by_price[usage.list_price, usage.factor] -= taken
        left[index] -= taken
        credited -= taken
    for index in range(len(positive)):
        taken = min(left[index], credited)
        left[index] -= taken
        credited -= taken
    for quantity, usage in zip(left, positive, strict=True):
        if quantity:
            yield replace(usage, quantity=quantity)
