"""Which months are due, and when a day begins where a firm is.

Plain dates in, plain dates out; every input is an argument.
"""

from calendar import monthrange
from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from ...volume_discount.core.calendar import Window, add_months, window_of

LAST_DAY = 0
#: a date before or after these is a slip of the keyboard
EARLIEST, LATEST = date(2000, 1, 1), date(2099, 12, 31)
#: no more months of the past are made at once, however early an agreement begins
MAX_BACKLOG = 120


def is_sensible(day: date) -> bool:
    """Return whether an agreement can have a month with ``day``."""
    return EARLIEST <= day <= LATEST


def is_carried_too_long(oldest: date, month: date, limit: int) -> bool:
    """Return whether time may not be carried beyond ``month`` any more.

    :param oldest: first day of the month in which the oldest time was worked
    :param month: first day of the month that is billed
    :param limit: how many times time may be carried to the next month, 0 for always
    """
    return bool(limit) and add_months(oldest, limit) <= month


def billing_date(month: Window, billing_day: int) -> date:
    """Return the day on which ``month`` is billed.

    :param billing_day: 1 to 31, a day of the following month (the last one where the
        month is shorter), or ``LAST_DAY`` for the last day of the month itself
    :raise ValueError: for any other number
    """
    if billing_day == LAST_DAY:
        return month.last_day
    if not 1 <= billing_day <= 31:
        raise ValueError(f"billing day {billing_day} is not between 0 and 31")
    days_in_month = monthrange(month.end.year, month.end.month)[1]
    return month.end.replace(day=min(billing_day, days_in_month))


def last_month_due(today: date, billing_day: int) -> Window:
    """Return the latest month that is due on ``today`` (see ``billing_date``)."""
    month = window_of(today)
    while billing_date(month, billing_day) > today:
        month = window_of(month.start - timedelta(days=1))
    return month


def noon_of(day: date, timezone_name: str | None) -> datetime:
    """Return noon of ``day`` where the firm is, as naive UTC.

    Whatever begins or ends at midnight there holds on the right days.
    """
    return _to_utc(day, time(12), timezone_name)


def start_of(day: date, timezone_name: str | None) -> datetime:
    """Return when ``day`` begins where the firm is, as naive UTC."""
    return _to_utc(day, time(), timezone_name)


def _to_utc(day: date, moment: time, timezone_name: str | None) -> datetime:
    local = datetime.combine(day, moment, ZoneInfo(timezone_name or "UTC"))
    return local.astimezone(timezone.utc).replace(tzinfo=None)
