"""Durations as people and spreadsheets write them, in minutes."""

import re
from datetime import datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

CLOCK = re.compile(r"(\d{1,6}):([0-5]?\d)(?::([0-5]?\d)(?:[.,]\d+)?)?")
WORDS = re.compile(
    r"(?:(\d{1,6})\s*(?:h|std|stunden?|hours?)\.?)?\s*"
    r"(?:(\d{1,6})\s*(?:m|min|minuten?|minutes?)\.?)?",
    re.IGNORECASE,
)
#: nobody works longer than that on one entry
MAX_MINUTES = 600_000


def read_minutes(value, unit):
    """Return whole minutes of ``1:30``, ``1,5``, ``90``, ``1h 30m`` or a cell.

    Clock times mean the same in any column; plain numbers are in ``unit``.

    :param value: text, number, or time as a spreadsheet has it
    :param unit: ``hours`` or ``minutes``
    :raise ValueError: if it is no duration
    """
    if isinstance(value, bool) or value is None:
        raise ValueError(value)
    if isinstance(value, timedelta):
        return check(Decimal(str(value.total_seconds())) / 60)
    if isinstance(value, datetime):  # 1:30 in a cell that is formatted as a date
        value = value.time()
    if isinstance(value, time):
        return check(Decimal(value.hour * 3600 + value.minute * 60 + value.second) / 60)
    if isinstance(value, int | float):
        return check(Decimal(str(value)) * (60 if unit == "hours" else 1))
    return read_text(value, unit)


def read_text(text, unit):
    """Return whole minutes of a text; see ``read_minutes``."""
    text = text.strip().replace("\u00a0", "")
    if match := CLOCK.fullmatch(text):
        hours, minutes, seconds = (int(part or 0) for part in match.groups())
        return check(Decimal(hours * 3600 + minutes * 60 + seconds) / 60)
    if text and (match := WORDS.fullmatch(text)) and any(match.groups()):
        hours, minutes = (int(part or 0) for part in match.groups())
        return check(Decimal(hours * 60 + minutes))
    return check(read_number(text) * (60 if unit == "hours" else 1))


def read_number(text):
    """Return a number with a comma or a point before its decimals.

    :raise ValueError: if it is none, or may be read in two ways
    """
    text = text.strip()
    if "," in text and "." in text:
        thousands = min(",.", key=text.rfind)
        text = text.replace(thousands, "")
    if not re.fullmatch(r"\d{1,9}(?:[.,]\d{1,12})?", text):
        raise ValueError(text)
    try:
        return Decimal(text.replace(",", "."))
    except InvalidOperation as error:
        raise ValueError(text) from error


def check(minutes):
    """Return ``minutes`` rounded to whole ones, if anybody can work them."""
    if not minutes.is_finite() or not 0 <= minutes <= MAX_MINUTES:
        raise ValueError(str(minutes))
    return int(minutes.quantize(Decimal(1), ROUND_HALF_UP))


def guess_unit(heading, cells):
    """Return the unit of the plain numbers of a column: ``hours`` or ``minutes``.

    The heading decides; without one a column of whole numbers alone is in minutes.
    """
    heading = heading.casefold()
    if "minut" in heading or re.search(r"\bmin\b", heading):
        return "minutes"
    if re.search(r"stunde|hour|\bstd\b|\bh\b|decimal|dezimal", heading):
        return "hours"
    texts = [str(cell).strip() for cell in cells if cell not in (None, "")]
    return "minutes" if texts and all(text.isdecimal() for text in texts) else "hours"
