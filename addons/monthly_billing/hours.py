"""Hours as exact decimals: consent and rounding of worked time.

Everything is in hours (``Decimal``). Worked time is what the employee booked, billed
time is what stands on the invoice; both are kept. Money does not occur here.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from math import isfinite
from typing import NamedTuple

ZERO, ONE = Decimal(0), Decimal(1)
#: Odoo keeps invoice quantities with two digits ("Product Unit")
HUNDREDTH = Decimal("0.01")
#: A thousandth of a second: below it two stored times are the same time
EPSILON = Decimal("0.000001")
#: More than anybody can book as one entry; forms and imports refuse it as well
MAX_HOURS = Decimal(10_000)
#: Beyond it decimals lose digits
LARGEST = 10**15


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
    kind: str = "time"
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


class OddNumber(ValueError):
    """A stored number that no hours and no price can be."""


def to_decimal(value: float) -> Decimal:
    """Return a stored float (hours, a price) as a decimal without binary noise.

    :raise OddNumber: if it is infinite, no number, or too large to calculate with
    """
    if not value:
        return ZERO
    if not isfinite(value) or abs(value) > LARGEST:
        raise OddNumber(str(value))
    return Decimal(str(value)).quantize(EPSILON).normalize() + ZERO


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


@dataclass(frozen=True)
class Rounding:
    """How worked time becomes billed time (pricing.md, "Rounding of time").

    :param scope: ``none``, ``entry``, ``day`` (job and day), ``month`` (job and month)
    :param direction: ``up`` or ``nearest``
    :param step: minutes
    """

    scope: str = "none"
    direction: str = "up"
    step: int = 15

    def group_of(self, entry: Entry) -> Hashable:
        """Return the key of the entries that are rounded together."""
        if self.scope == "entry":
            return entry.timesheet_id
        return entry.job, entry.day if self.scope == "day" else entry.month

    def apply(self, worked: Decimal) -> Decimal:
        """Return the hours to bill for ``worked`` hours, exact to the step."""
        if self.scope == "none":
            return worked
        mode = ROUND_CEILING if self.direction == "up" else ROUND_HALF_UP
        # the noise of many stored floats must not open the next step
        minutes = (worked * 60).quantize(HUNDREDTH)
        return (minutes / self.step).to_integral_value(mode) * self.step / 60


def limit_billed(
    entries: Iterable[Entry], allowed: Mapping[Hashable, Decimal]
) -> list[Entry]:
    """Return rounded ``entries`` of which no more is billed than was approved.

    What rounding would add beyond is withheld: the last entries lose it. Time that was
    released without approval is billed as it was worked.

    :param allowed: billed hours that are approved, by job; a job that is missing has no
        limit
    """
    entries = list(entries)
    limits, billed = dict(allowed), defaultdict(lambda: ZERO)
    worked = defaultdict(lambda: ZERO)
    for entry in entries:
        worked[entry.job] += entry.worked
        billed[entry.job] += entry.billed
    for position in range(len(entries) - 1, -1, -1):
        entry = entries[position]
        if entry.job in limits:
            limit = max(limits[entry.job], worked[entry.job])
            over = billed[entry.job] - limit.quantize(HUNDREDTH, ROUND_FLOOR)
            if over > 0:
                cut = min(over, entry.billed)
                entries[position] = replace(entry, billed=entry.billed - cut)
                billed[entry.job] -= cut
    return entries


def round_time(
    entries: Iterable[Entry], rounding: Rounding, before: Iterable[Entry] = ()
) -> list[Entry]:
    """Return ``entries`` with their billed hours.

    Time is rounded in the groups of the policy. The hours of a month then add up before
    they are rounded to the hundredths that invoice lines can hold: as if all of it had
    been there at once, minus what was billed of it before. Jobs, and the entries of a
    group, share the hours in proportion and add up to them exactly.

    :param before: parts that are billed already, with worked and billed hours
    """
    entries, before = list(entries), list(before)
    factors = _get_factors(entries, before, rounding)
    opened = _get_open_hours(entries, before, rounding, factors)
    members = defaultdict(list)
    for position, entry in enumerate(entries):
        members[rounding.group_of(entry)].append(position)
    for group, hours in _share_months(entries, opened, rounding).items():
        positions = members[group]
        shares = apportion(hours, [entries[position].worked for position in positions])
        for position, billed in zip(positions, shares, strict=True):
            entries[position] = replace(entries[position], billed=billed)
    return entries


def _get_factors(entries, before, rounding: Rounding) -> dict[Hashable, Decimal]:
    """Return billed hours per worked hour, by group."""
    groups = defaultdict(Decimal)
    for entry in before + entries:
        groups[rounding.group_of(entry)] += entry.worked
    return {
        key: rounding.apply(worked) / worked if worked else ZERO
        for key, worked in groups.items()
    }


def _get_open_hours(entries, before, rounding: Rounding, factors) -> dict:
    """Return the exact hours of each group that are not billed, by month and group.

    What earlier rounding gave or took counts where it is less than a hundredth. Groups
    without new time stay as billed else, also where the policy has changed since.
    """
    touched = {rounding.group_of(entry) for entry in entries}
    opened = defaultdict(Decimal)
    for entry in before + entries:
        group = rounding.group_of(entry)
        opened[entry.month, group] += entry.worked * factors[group]
    for entry in before:
        opened[entry.month, rounding.group_of(entry)] -= entry.billed
    return {
        (month, group): hours
        for (month, group), hours in opened.items()
        if abs(hours) < HUNDREDTH or (group in touched and hours > 0)
    }


def _share_months(entries, opened: Mapping, rounding: Rounding) -> dict:
    """Return the hours to bill of each group with new time, in hundredths."""
    months, due = defaultdict(dict), {}
    for entry in entries:
        group = rounding.group_of(entry)
        weight = max(opened.get((entry.month, group), ZERO), ZERO)
        months[entry.month][group] = weight
    for month, weights in months.items():
        hours = [open_ for (other, _group), open_ in opened.items() if other == month]
        total = sum(hours, ZERO).quantize(EPSILON).quantize(HUNDREDTH, ROUND_HALF_UP)
        groups = list(weights)
        if total > 0 and not any(weights.values()):
            weights = dict.fromkeys(groups, ONE)
        shares = apportion(max(total, ZERO), [weights[group] for group in groups])
        due.update(zip(groups, shares, strict=True))
    return due


def apportion(
    total: Decimal, weights: Sequence[Decimal], quantum: Decimal = HUNDREDTH
) -> list[Decimal]:
    """Share ``total`` in proportion to ``weights``, in multiples of ``quantum``.

    Largest remainder method: the shares add up to ``total`` exactly and each differs
    from its exact share by less than one ``quantum``.

    :raise ValueError: if the weights add up to nothing but ``total`` does not
    """
    whole = sum(weights, ZERO)
    if not total:
        return [ZERO for _weight in weights]
    if whole <= 0:
        raise ValueError("the weights must add up to more than zero")
    exact = [total * weight / whole for weight in weights]
    shares = [value.quantize(quantum, ROUND_FLOOR) for value in exact]
    missing = int((total - sum(shares, ZERO)) / quantum)
    by_remainder = sorted(
        range(len(shares)), key=lambda index: (shares[index] - exact[index], index)
    )
    for index in by_remainder[:missing]:
        shares[index] += quantum
    return shares


def share_of(hours: Decimal, worked: Decimal, billed: Decimal) -> Decimal:
    """Return the billed hours of ``hours`` out of ``worked`` ones billed as ``billed``.

    In proportion, to the hundredth that an invoice line can hold; all of the worked
    hours have all of the billed ones.

    :raise ValueError: if ``hours`` is not between zero and ``worked``
    """
    if not ZERO <= hours <= worked:
        raise ValueError(f"{hours} h are not a part of {worked} h")
    if hours == worked:
        return billed
    return (billed * hours / worked).quantize(HUNDREDTH, ROUND_HALF_UP)
