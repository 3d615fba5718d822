"""Months and working days, as plain values."""

from datetime import date, timedelta

HOLIDAYS = {(1, 1), (5, 1), (10, 3), (10, 31), (12, 24), (12, 25), (12, 26), (12, 31)}


def parse_month(text: str) -> date:
    """Return the first day of a month like "2026-05"."""
    return date.fromisoformat(f"{text}-01")


def add_months(first: date, months: int) -> date:
    """Return the first day of the month `months` after the one of `first`."""
    index = first.year * 12 + first.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def weekday_before(day: date, count: int = 1) -> date:
    """Return the weekday that lies `count` weekdays before a day."""
    while count:
        day -= timedelta(days=1)
        count -= day.weekday() < 5
    return day


def working_days(first: date) -> list[date]:
    """Return the days of the month of `first` on which the firm works."""
    end = add_months(first, 1)
    days = (first + timedelta(days=index) for index in range((end - first).days))
    return [
        day
        for day in days
        if day.weekday() < 5 and (day.month, day.day) not in HOLIDAYS
    ]
