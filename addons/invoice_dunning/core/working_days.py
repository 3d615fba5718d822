"""Days on which a firm works: no weekend and no holiday of the whole country."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

from dateutil.easter import easter

FIXED_HOLIDAYS = {"DE": ((1, 1), (5, 1), (10, 3), (12, 25), (12, 26))}
#: days after Easter Sunday: Good Friday, Easter Monday, Ascension Day, Whit Monday
EASTER_HOLIDAYS = {"DE": (-2, 1, 39, 50)}
SATURDAY = 5


def holidays(year: int, country: str) -> Iterator[date]:
    """Yield the holidays of a whole country, none where they are not known.

    :param country: its ISO code, such as DE
    """
    for month, day in FIXED_HOLIDAYS.get(country, ()):
        yield date(year, month, day)
    for days in EASTER_HOLIDAYS.get(country, ()):
        yield easter(year) + timedelta(days=days)


def is_working_day(day: date, country: str) -> bool:
    """Return whether ``day`` is neither a weekend nor a holiday of the country."""
    return day.weekday() < SATURDAY and day not in holidays(day.year, country)


@lru_cache(maxsize=4096)  # asked for each of many amounts, of few days
def next_working_day(day: date, country: str) -> date:
    """Return ``day`` or the first working day after it (BGB 193)."""
    while not is_working_day(day, country):
        day += timedelta(days=1)
    return day
