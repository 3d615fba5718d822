"""Rows of a file as time entries, or as what is wrong with them."""

import hashlib
import json
from collections import Counter
from typing import NamedTuple

from .days import guess_order, read_day
from .durations import guess_unit, read_minutes
from .errors import FileError
from .records import MAX_NAME, MAX_NOTE, Named, TimeEntry
from .texts import clean, to_line

YES = {"yes", "y", "ja", "j", "true", "wahr", "1", "x", "billable", "abrechenbar"}
NO = {"no", "n", "nein", "false", "falsch", "0", "non-billable", "nicht abrechenbar"}


class Problem(NamedTuple):
    """What is wrong with a row: ``kind`` is ``day``, ``duration``, ``user``,
    ``billable`` or ``key``."""

    line: int
    kind: str
    value: str


class Reading(NamedTuple):
    """``entries`` are pairs of (line, ``TimeEntry``)."""

    entries: list
    problems: list


def read_rows(table, columns, unit=None, order=None):
    """Return the ``Reading`` of a table.

    A row that cannot be read is a problem and stops no other.

    :param columns: dict of fact to column, see ``columns.guess_columns``
    :param unit: of plain numbers: ``hours``, ``minutes``, or None to find it
    :param order: of days: ``dmy``, ``mdy``, or None to find it
    :raise FileError: ``dates`` if the days can be read in two ways
    """
    days = [get_cell(cells, columns["date"]) for _line, cells in table.rows]
    order = order or guess_order(days)
    if not order:
        raise FileError("dates")
    if not unit:
        column = columns["duration"]
        cells = [get_cell(cells, column) for _line, cells in table.rows]
        unit = guess_unit(table.header[column], cells)
    entries, problems, seen = [], [], Counter()
    for line, cells in table.rows:
        row = {name: get_cell(cells, column) for name, column in columns.items()}
        try:
            entry = read_row(row, unit, order)
        except RowError as error:
            problems.append(Problem(line, error.kind, str(error.value)[:100]))
            continue
        key = entry.key or get_fingerprint(entry)
        seen[key] += 1
        if entry.key and seen[key] > 1:
            problems.append(Problem(line, "key", entry.key))
            continue
        if not entry.key:
            key = f"{key}-{seen[key]}"
        entries.append((line, TimeEntry(**{**vars(entry), "key": key})))
    return Reading(entries, problems)


class RowError(ValueError):
    """A cell of a row cannot be read."""

    def __init__(self, kind, value):
        super().__init__(kind)
        self.kind = kind
        self.value = value


def read_row(row, unit, order):
    """Return the ``TimeEntry`` of a row; its key is empty if the row has none."""
    try:
        day = read_day(row["date"], order)
    except ValueError as error:
        raise RowError("day", row["date"]) from error
    try:
        minutes = read_minutes(row["duration"], unit)
    except ValueError as error:
        raise RowError("duration", row["duration"]) from error
    user = f"{get_text(row, 'user')} {get_text(row, 'last_name')}".strip()
    if not user:
        raise RowError("user", "")
    return TimeEntry(
        key=get_text(row, "key")[:100],
        day=day,
        minutes=minutes,
        note=clean(str(row.get("note") or ""))[:MAX_NOTE],
        billable=read_billable(row.get("billable")),
        user=get_named(user),
        customer=get_named(get_text(row, "customer")),
        project=get_named(get_text(row, "project"), get_text(row, "customer")),
        service=get_named(get_text(row, "service")),
    )


def read_billable(value):
    """Return whether the customer pays; a file that does not say so bills."""
    if isinstance(value, bool):
        return value
    text = str(value if value is not None else "").strip().casefold()
    if not text or text in YES:
        return True
    if text in NO:
        return False
    raise RowError("billable", value)


def get_cell(cells, column):
    """Return a cell, None where the row is too short."""
    return cells[column] if column is not None and column < len(cells) else None


def get_text(row, name):
    """Return the text of a cell as one line."""
    value = row.get(name)
    return to_line(clean(str(value if value is not None else "")))[:MAX_NAME]


def get_named(name, parent=""):
    """Return what a file knows by name alone; projects have theirs per customer."""
    if not name:
        return Named()
    key = " / ".join(part.casefold() for part in (parent, name) if part)
    return Named(f"name:{key}", name)


def get_fingerprint(entry):
    """Return what equal rows have in common, as a short text."""
    facts = [
        entry.day.isoformat(),
        entry.minutes,
        entry.note,
        entry.billable,
        *(getattr(entry, name).key for name in ("user", "customer", "project")),
        entry.service.key,
    ]
    text = json.dumps(facts, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]
