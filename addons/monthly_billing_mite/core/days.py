"""Days as files write them."""

import re
from datetime import date, datetime

ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?")
PARTS = re.compile(r"(\d{1,2})([./-])(\d{1,2})[./-](\d{4}|\d{2})(?: .*)?")


def guess_order(cells):
    """Return how a column writes days: ``dmy``, ``mdy``, or None if both may be.

    Days with points are ``dmy``; a year in front needs no guess.
    """
    orders = set()
    for cell in cells:
        if isinstance(cell, date) or not (match := PARTS.fullmatch(str(cell).strip())):
            continue
        first, sign, second, _year = match.groups()
        if sign == "." or int(first) > 12:
            orders.add("dmy")
        elif int(second) > 12:
            orders.add("mdy")
        else:
            orders.add(None)
    certain = orders - {None}
    if certain:
        return certain.pop() if len(certain) == 1 else None
    return None if orders else "dmy"


def read_day(value, order):
    """Return the day of a cell; a time of the day in it does not matter.

    :param order: ``dmy`` or ``mdy``
    :raise ValueError: if it is no day
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = str(value or "").strip()
    if match := ISO.fullmatch(text):
        return date(*(int(part) for part in match.groups()))
    match = PARTS.fullmatch(text)
    if not match:
        raise ValueError(text)
    first, _sign, second, year = match.groups()
    day, month = (first, second) if order == "dmy" else (second, first)
    year = int(year) + (2000 if len(year) == 2 else 0)
    return date(year, int(month), int(day))
