"""From worked to billed hours (pricing.md, "Rounding of time"), as exact decimals."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

from ...volume_discount.core.numbers import EPSILON, ONE, ZERO, share
from .entries import Entry

#: Odoo keeps invoice quantities with two digits ("Product Unit")
HUNDREDTH = Decimal("0.01")


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
        worked = [entries[position].worked for position in positions]
        shares = share(hours, worked, HUNDREDTH)
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
    without new time stay as they were billed, even if the policy has changed since.
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
        by_group = [weights[group] for group in groups]
        shares = share(max(total, ZERO), by_group, HUNDREDTH)
        due.update(zip(groups, shares, strict=True))
    return due


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
