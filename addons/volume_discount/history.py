"""What was billed in a window before: hours at their list prices, and money.

Values in, values out: no ORM, standard library only.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable
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
    their price stays what it was. ``by_tier`` is how many of the others lie in which
    tier (its key, None below the first), as far as that is known.
    """

    usages: tuple[Usage, ...] = ()
    amount: Decimal = ZERO
    other_hours: Decimal = ZERO
    by_tier: tuple[tuple[Hashable, Decimal], ...] = ()

    @property
    def hours(self) -> Decimal:
        """The sum of the hours."""
        return sum((usage.quantity for usage in self.usages), self.other_hours)


def summarize(lines: Iterable[Billed]) -> History:
    """Return what the lines of one window add up to, oldest month first.

    Credited hours are negative; together they can be more than the window has.
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
        if quantity
    ]
    return History(tuple(usages), amount, others)


def lower_bounds(tiers: Iterable[Tier], hours: Decimal) -> list[Tier]:
    """Return ``tiers`` for a customer who has ``hours`` in the window already.

    :param hours: negative where more was credited than billed
    """
    tiers = list(tiers)
    begun = max(hours, ZERO)
    reached = [tier for tier in tiers if tier.min_quantity <= begun]
    start = sorted(reached, key=lambda tier: tier.min_quantity)[-1:]
    ahead = [tier for tier in tiers if tier.min_quantity > begun]
    return [
        *(replace(tier, min_quantity=ZERO) for tier in start),
        *(replace(tier, min_quantity=tier.min_quantity - hours) for tier in ahead),
    ]
