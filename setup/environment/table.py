"""Tables of plain text."""

from collections.abc import Iterable
from decimal import Decimal


def render(rows: list[dict], columns: dict[str, str], sums: Iterable[str] = ()) -> str:
    """Lay out rows under the titles of `columns`; numbers stand right.

    A line with the totals of the columns in `sums` follows.
    """
    lines = [[_text(row.get(name)) for name in columns] for row in rows]
    titles = list(columns.values())
    footer = [_text(_total(rows, name)) if name in sums else "" for name in columns]
    table = [titles, *lines, *([footer] if sums else [])]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    right = [any(_is_number(row.get(name)) for row in rows) for name in columns]
    rule = "  ".join("-" * width for width in widths)
    shown = [_line(line, widths, right) for line in table]
    shown.insert(1, rule)
    if sums:
        shown.insert(-1, rule)
    return "\n".join(shown)


def _total(rows: list[dict], name: str):
    """The exact sum of a column of numbers, which may come as text or float."""
    values = [row[name] for row in rows if row.get(name) not in (None, "")]
    total = sum((Decimal(str(value)) for value in values), Decimal())
    return int(total) if all(isinstance(value, int) for value in values) else total


def _is_number(value) -> bool:
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)


def _text(value) -> str:
    if isinstance(value, (float, Decimal)):
        return f"{value:,.2f}"
    return "" if value is None else str(value)


def _line(cells: list[str], widths: list[int], right: list[bool]) -> str:
    padded = [
        cell.rjust(width) if is_right else cell.ljust(width)
        for cell, width, is_right in zip(cells, widths, right, strict=True)
    ]
    return "  ".join(padded).rstrip()
