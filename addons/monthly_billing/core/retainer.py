"""Hours that a fixed monthly amount pays for: which entries are among them.

Plain values. A month grants hours; work uses those of its own month and, with a
roll-over, those that earlier months left, the oldest first. What is left is always
computed from what was granted and what was billed as included: nothing is counted on.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal

from ...volume_discount.core.calendar import Window, add_months, window_of
from ...volume_discount.core.numbers import EPSILON, ZERO
from . import kinds
from .entries import Entry


@dataclass
class Retainer:
    """Granted hours and used ones, by month of the work.

    :param rollover: months that unused hours may still be used in
    :param due: months whose fixed amount is not billed yet
    """

    grants: dict[date, Decimal] = field(default_factory=dict)
    used: dict[date, Decimal] = field(default_factory=dict)
    rollover: int = 0
    due: tuple[date, ...] = ()

    def get_left(self, month: date) -> Decimal:
        """Return the hours that more work of ``month`` may still use.

        What was billed as included stays included, whichever month comes late.
        """
        demand = dict(self.used)
        demand[month] = demand.get(month, ZERO) + sum(self.grants.values(), ZERO)
        return self._serve(demand) - self._serve(self.used)

    def _serve(self, demand: Mapping[date, Decimal]) -> Decimal:
        """Return how many of the demanded hours the granted ones cover, at most.

        Oldest month first out of the oldest hours: every window is as long as the
        others, so no other order covers more.
        """
        left, served = dict(self.grants), ZERO
        for month in sorted(demand):
            wanted = demand[month]
            for age in range(self.rollover, -1, -1):
                source = add_months(month, -age)
                taken = min(wanted, left.get(source, ZERO))
                if taken > 0:
                    left[source] -= taken
                    wanted -= taken
                    served += taken
        return served

    def use(self, month: date, hours: Decimal) -> None:
        """Count ``hours`` of work in ``month`` as included."""
        self.used[month] = self.used.get(month, ZERO) + hours


def get_span(month: date, first: date, last: date | None) -> Window:
    """Return the days of ``month`` from ``first`` to ``last`` (None: open end)."""
    window = window_of(month)
    end = min(window.end, last + timedelta(days=1)) if last else window.end
    return Window(max(window.start, first), end)


def get_share(span: Window) -> Decimal:
    """Return which part of its month the days of ``span`` are."""
    month = window_of(span.start)
    return Decimal((span.end - span.start).days) / (month.end - month.start).days


def include(entries: Iterable[Entry], retainer: Retainer) -> list[Entry]:
    """Return ``entries``, those that the retainer pays for as ``included``.

    By billed hours in the order of allocation; an entry at the limit is split, its
    worked time in proportion. ``retainer`` knows of them afterwards.

    :param entries: rounded, in the order of allocation (work date, entry id)
    """
    left, result = {}, []
    for entry in entries:
        if entry.kind != kinds.TIME or not entry.billed:
            result.append(entry)
            continue
        if entry.month not in left:
            left[entry.month] = max(retainer.get_left(entry.month), ZERO)
        hours = min(entry.billed, left[entry.month])
        left[entry.month] -= hours
        retainer.use(entry.month, hours)
        result += _split(entry, hours)
    return result


def _split(entry: Entry, hours: Decimal) -> list[Entry]:
    """Return the included part of an entry, ``hours`` as billed, and the rest."""
    if not hours:
        return [entry]
    if hours == entry.billed:
        return [replace(entry, kind=kinds.INCLUDED)]
    worked = min(entry.worked, (entry.worked * hours / entry.billed).quantize(EPSILON))
    return [
        replace(entry, kind=kinds.INCLUDED, worked=worked, billed=hours),
        replace(entry, worked=entry.worked - worked, billed=entry.billed - hours),
    ]
