"""Months, quarters and years as windows of days.

Plain dates in, plain dates out: no ORM, standard library only.
"""

from dataclasses import dataclass
from datetime import date, timedelta

MONTHS_PER_WINDOW = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True, order=True)
class Window:
    """The days from ``start`` up to, but without, ``end``."""

    start: date
    end: date

    @classmethod
    def of_days(cls, first: date, last: date) -> "Window":
        """Return the window from ``first`` to ``last``, both included."""
        return cls(first, last + timedelta(days=1))

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.end

    @property
    def last_day(self) -> date:
        """The last day that belongs to the window."""
        return self.end - timedelta(days=1)

    def covers(self, other: "Window") -> bool:
        """Return whether every day of ``other`` is a day of this one."""
        return self.start <= other.start and other.end <= self.end


def add_months(first: date, months: int) -> date:
    """Return the first day of the month ``months`` after the month of ``first``."""
    index = first.year * 12 + first.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def window_of(day: date, kind: str = "month") -> Window:
    """Return the calendar window that contains ``day``.

    :param kind: ``month``, ``quarter`` or ``year``
    :raise KeyError: for any other kind
    """
    months = MONTHS_PER_WINDOW[kind]
    start = date(day.year, (day.month - 1) // months * months + 1, 1)
    return Window(start, add_months(start, months))
