"""What was billed in a window before: hours at their list prices, and money.

Values in, values out: no ORM, standard library only.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .tiers import ZERO, Usage


@dataclass(frozen=True)
class Billed:
    """One invoice line: hours (negative on a credit note) and what was asked.

    A line that only corrects an amount has no hours.
    """

    day: date
    hours: Decimal
    list_price: Decimal
    amount: Decimal


@dataclass(frozen=True)
class History:
    """The hours and the amount of a window that come before some others."""

    usages: tuple[Usage, ...] = ()
    amount: Decimal = ZERO

    @property
    def hours(self) -> Decimal:
        """The sum of the hours."""
        return sum((usage.quantity for usage in self.usages), ZERO)


def summarize(lines: Iterable[Billed]) -> History:
    """Return what the lines of one window add up to, oldest month first.

    Credited hours take away hours at their own list price, else at another one: the
    window never has less than no hours.
    """
    hours, amount = defaultdict(Decimal), ZERO
    for line in lines:
        amount += line.amount
        if line.hours:
            hours[line.day.replace(day=1), line.list_price] += line.hours
    usages = [
        Usage(quantity, list_price)
        for (_month, list_price), quantity in sorted(hours.items())
    ]
    return History(tuple(settle(usages)), amount)


def settle(usages: Sequence[Usage]) -> Iterable[Usage]:
    """Yield usages without negative hours and with the same sum, or none.

    :param usages: credited hours are negative
    """
    credited = -sum((u.quantity for u in usages if u.quantity < 0), ZERO)
    by_price = defaultdict(Decimal)
    for usage in usages:
        if usage.quantity < 0:
            by_price[usage.list_price] -= usage.quantity
    positive = [usage for usage in usages if usage.quantity > 0]
    left = [usage.quantity for usage in positive]
    for index, usage in enumerate(positive):  # first the hours of the same price
        taken = min(left[index], by_price[usage.list_price])
        by_price[usage.list_price] -= taken
        left[index] -= taken
        credited -= taken
    for index in range(len(positive)):
        taken = min(left[index], credited)
        left[index] -= taken
        credited -= taken
    for quantity, usage in zip(left, positive, strict=True):
        if quantity:
            yield Usage(quantity, usage.list_price)
