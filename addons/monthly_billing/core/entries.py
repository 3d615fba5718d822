"""Timesheet entries as plain values, and which of their hours the customer agreed to.

Everything is in hours (``Decimal``). Worked time is what the employee booked, billed
time is what stands on the invoice; both are kept. Money does not occur here.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from math import isfinite
from typing import NamedTuple

from ...volume_discount.core.numbers import ONE, ZERO, to_decimal
from . import kinds

#: More than anybody can book as one entry; forms and imports refuse it as well
MAX_HOURS = Decimal(10_000)


@dataclass(frozen=True)
class Entry:
    """The part of one timesheet entry that is not billed yet.

    ``job`` names the line it belongs to (ticket, task or project), ``worked`` and
    ``billed`` are hours; ``released`` are hours of it that may be billed although the
    customer has not approved them all, ``reserved`` those of them that were approved:
    no other entry may use them up.

    :param kind: ``time`` (has a price), ``included`` (the monthly retainer pays it) or
        ``free`` (non-billable time that the invoice shows)
    :param product: the service that gives the price
    :param taxes: what the taxes of the service are, to correct prices per tax
    :param scale: what they make of a price of the tier table
    :param group: what the agreement separates lines by besides the job
    :param categories: the category of the ticket and those above it
    """

    timesheet_id: int
    day: date
    job: Hashable
    worked: Decimal
    billed: Decimal = ZERO
    list_price: Decimal = ZERO
    released: Decimal = ZERO
    reserved: Decimal = ZERO
    kind: str = kinds.TIME
    product: Hashable = None
    taxes: Hashable = None
    group: Hashable = None
    scale: Decimal = ONE
    employee: Hashable = None
    project: Hashable = None
    categories: frozenset = frozenset()

    @property
    def month(self) -> date:
        """The first day of the month in which the work was done."""
        return self.day.replace(day=1)

    @property
    def is_odd(self) -> bool:
        """Whether nobody can be asked to pay these hours as they are."""
        return self.worked < 0 or self.worked > MAX_HOURS


class Claim(NamedTuple):
    """The work that an agreement bills: from ``first`` to ``last`` day, in ``projects``
    (ids; empty: in all of the customer)."""

    first: date
    last: date
    projects: frozenset[int]

    def covers(self, day: date, project: int) -> bool:
        """Return whether work on ``day`` in ``project`` is among it."""
        return self.first <= day <= self.last and (
            not self.projects or project in self.projects
        )


def to_hours(value: float) -> Decimal:
    """Return stored hours as a decimal, whatever they are.

    More than ``MAX_HOURS``, less than their negative and what is no number become one
    hour more: such entries are shown and never billed (``Entry.is_odd``).
    """
    if not value or (isfinite(value) and abs(value) <= MAX_HOURS):
        return to_decimal(value)
    return -MAX_HOURS - 1 if value < 0 else MAX_HOURS + 1


def to_bounded(value: float) -> Decimal:
    """Return a stored limit as a decimal: however high it is, ``MAX_HOURS`` are enough;
    what is no number limits to nothing."""
    if not value or value != value:
        return ZERO
    return to_decimal(min(max(value, -MAX_HOURS), MAX_HOURS))


def withhold(
    entries: Sequence[Entry], allowed: Mapping[Hashable, Decimal]
) -> tuple[list[Entry], list[Entry]]:
    """Split ``entries`` into what the customer agreed to and what is withheld.

    :param entries: in the order in which approved hours are used up
    :param allowed: hours that may still be billed, by job; a job that is missing
        may be billed without limit
    :return: agreed and withheld entries; an entry at the limit stands in both. Of an
        entry beyond the limit at least its released hours are agreed.
    """
    left = dict(allowed)
    reserved = {}
    for entry in entries:
        if entry.reserved and entry.job in left:
            own = min(entry.reserved, entry.worked, max(left[entry.job], ZERO))
            reserved[entry.timesheet_id] = own
            left[entry.job] -= own
    agreed, withheld = [], []
    for entry in entries:
        if entry.job not in left:
            agreed.append(entry)
            continue
        own = reserved.get(entry.timesheet_id, ZERO)
        more = min(entry.worked - own, max(left[entry.job], ZERO))
        left[entry.job] -= more
        fits = own + more
        billable = min(entry.worked, max(fits, entry.released))
        if billable:
            agreed.append(replace(entry, worked=billable))
        if billable < entry.worked:
            withheld.append(replace(entry, worked=entry.worked - billable))
    return agreed, withheld
