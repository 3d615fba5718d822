"""Calendar months as windows of days."""

from calendar import monthrange
from datetime import date, timedelta


def get_first(day):
    """Return the first day of the month of ``day``."""
    return day.replace(day=1)


def get_last(day):
    """Return the last day of the month of ``day``."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def list_months(first, last):
    """Return the first days of the months from ``first`` to ``last``."""
    months, month = [], get_first(first)
    while month <= last:
        months.append(month)
        month = get_last(month) + timedelta(days=1)
    return months


def add_month(day: date) -> date:
    """Return the first day of the month after that of ``day``."""
    return get_last(day) + timedelta(days=1)
