"""Which rate of interest holds on which day, as periods of equal rate.

A base rate changes each 1 January and 1 July (BGB 247). A half-year whose rate is not
known is never guessed: it raises ``MissingRate``.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

ONE_DAY = timedelta(days=1)


class MissingRate(LookupError):
    """No base rate is known for the half-year that begins on ``half_year``."""

    def __init__(self, half_year: date):
        super().__init__(f"no base rate for the half-year from {half_year}")
        self.half_year = half_year


@dataclass(frozen=True)
class Period:
    """The days from ``first`` to ``last``, both included, with one rate.

    ``percent`` is the rate of interest a year.
    """

    first: date
    last: date
    percent: Decimal

    @property
    def days(self) -> int:
        """Number of days that bear interest."""
        return (self.last - self.first).days + 1


def half_year_of(day: date) -> date:
    """Return the first day of the half-year of ``day``: a 1 January or a 1 July."""
    return date(day.year, 7 if day.month > 6 else 1, 1)


def next_half_year(day: date) -> date:
    """Return the first day of the half-year after that of ``day``."""
    start = half_year_of(day)
    if start.month == 1:
        return start.replace(month=7)
    return date(start.year + 1, 1, 1)


@dataclass(frozen=True)
class BaseRate:
    """Interest that is some points above a base rate (BGB 288).

    ``rates`` maps the first day of each known half-year to its percent a year; a
    negative base rate lowers the interest, down to nothing and never below.
    ``points`` are added: 9 between businesses, 5 with consumers.
    """

    rates: Mapping[date, Decimal]
    points: Decimal

    def periods(self, first: date, last: date) -> Iterator[Period]:
        """Cut ``first`` to ``last``, both included, at each change of the base rate.

        :raise MissingRate: if the rate of a half-year is not known
        """
        while first <= last:
            half_year = half_year_of(first)
            if half_year not in self.rates:
                raise MissingRate(half_year)
            until = min(last, next_half_year(first) - ONE_DAY)
            percent = max(self.rates[half_year] + self.points, Decimal(0))
            yield Period(first, until, percent)
            first = until + ONE_DAY


@dataclass(frozen=True)
class FixedRate:
    """Interest of one agreed rate, ``percent`` a year."""

    percent: Decimal

    def periods(self, first: date, last: date) -> Iterator[Period]:
        """Return ``first`` to ``last``, both included, as one period."""
        if first <= last:
            yield Period(first, last, self.percent)
