"""From invoice lines and the time behind them to the timesheet report.

Plain values: the report adds up to the invoice by construction. Hours and money are
``Decimal`` on the way in and numbers on the way out; the sign is that of the document,
so time that a credit note gives back is positive on it.
"""

import re
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from ...volume_discount.core.numbers import EPSILON, ZERO
from ...volume_discount.core.numbers import share as share_exactly

CENT = Decimal("0.01")
MINUTE = Decimal(1)
#: what makes programs take the text of a cell for a formula; full-width signs as well
FORMULA_SIGNS = "=+\\-@＝＋－＠"
#: what programs skip before it: blanks of any kind, and signs of no width
SKIPPED = r"[\s\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
#: where a cell begins: with the text, and after what separates cells in some country
#: (German programs split at semicolons and line breaks even within a text)
FORMULA = re.compile(rf"(^|[;\t\r\n|])(?={SKIPPED}*[{FORMULA_SIGNS}])|^(?=[\t\r\n])")


@dataclass(frozen=True)
class Share:
    """What one timesheet entry, or a row that stands for none, has on a line."""

    kind: str
    worked: Decimal
    billed: Decimal
    timesheet_id: int | None = None
    day: date | None = None
    person: str = ""
    text: str = ""


@dataclass(frozen=True)
class TimeLine:
    """A line of hours on the invoice.

    :param headings: texts of the headings above it, the outer one first
    :param job: lines of the same job under the same headings are shown together
    :param amount: net amount of the line
    :param text: of the row for hours that no entry stands behind
    """

    headings: tuple[str, ...]
    job: Hashable
    number: str
    title: str
    month: date | None
    hours: Decimal
    price_unit: Decimal
    discount: Decimal
    amount: Decimal
    shares: tuple[Share, ...]
    text: str = ""


def format_minutes(minutes: int) -> str:
    """Return minutes as hours and minutes: 95 is "1:35"."""
    hours, rest = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else ''}{hours}:{rest:02}"


def guard_formula(text: str) -> str:
    """Return ``text`` so that no spreadsheet program takes it for a formula."""
    return FORMULA.sub(lambda match: f"{match[0]}'", text)


def build_tickets(lines: Iterable[TimeLine], quantum: Decimal = CENT) -> list[dict]:
    """Return the tickets of the report in the order of ``lines``.

    Each ticket is ``headings`` (texts), ``number``, ``title``, ``month`` (first day or
    None), ``entries``, ``rates``, and its ``worked``, ``billed`` (hours), ``minutes``
    (worked) and ``amount`` (net). Billed hours and amount are the sums of its lines.

    An entry is ``kind``, ``date``, ``person``, ``text``, ``worked``, ``billed``,
    ``minutes``, ``amount`` and ``parts``, one per invoice line (``worked``, ``billed``,
    ``price_unit``, ``discount``, ``amount``). ``rates`` are the ``hours``,
    ``price_unit``, ``discount`` and ``amount`` of each line.

    :param quantum: the currency's smallest unit
    """
    groups = {}
    for line in lines:
        groups.setdefault((line.headings, line.job), []).append(line)
    return [_build_ticket(members, quantum) for members in groups.values()]


def _build_ticket(lines: Sequence[TimeLine], quantum: Decimal) -> dict:
    first = lines[0]
    entries = _build_entries(lines, quantum)
    worked = sum((share.worked for line in lines for share in line.shares), ZERO)
    minutes = int((worked * 60).quantize(MINUTE, ROUND_HALF_UP))
    spread = share_exactly(
        Decimal(minutes), [Decimal(str(entry["worked"])) for entry in entries], MINUTE
    )
    for entry, part in zip(entries, spread, strict=True):
        entry["minutes"] = int(part)
    return {
        "headings": list(first.headings),
        "number": first.number,
        "title": first.title,
        "month": first.month,
        "entries": entries,
        "rates": [_get_rate(line) for line in lines],
        "worked": to_number(worked),
        "minutes": minutes,
        "billed": to_number(sum((line.hours for line in lines), ZERO)),
        "amount": to_number(sum((line.amount for line in lines), ZERO)),
    }


def _get_rate(line: TimeLine) -> dict:
    return {
        "hours": to_number(line.hours),
        "price_unit": to_number(line.price_unit),
        "discount": to_number(line.discount),
        "amount": to_number(line.amount),
    }


def _build_entries(lines: Sequence[TimeLine], quantum: Decimal) -> list[dict]:
    """Return the entries of a ticket by day; one on several lines is shown once."""
    found = {}
    for line in lines:
        shares = _get_complete_shares(line)
        amounts = share_exactly(
            line.amount, [share.billed for share in shares], quantum
        )
        for share, amount in zip(shares, amounts, strict=True):
            key = (share.timesheet_id, share.kind) if share.timesheet_id else len(found)
            found.setdefault(key, []).append((line, share, amount))
    entries = [_build_entry(parts) for parts in found.values()]
    return sorted(entries, key=lambda entry: entry["date"] or date.max)


def _get_complete_shares(line: TimeLine) -> list[Share]:
    """Return the shares of a line, with one more for hours changed by hand."""
    missing = line.hours - sum((share.billed for share in line.shares), ZERO)
    shares = list(line.shares)
    if missing or not shares:
        if shares:
            shares.append(Share("changed", ZERO, missing))
        else:
            shares.append(Share("typed", ZERO, missing, text=line.text))
    return shares


def _build_entry(parts: Sequence[tuple[TimeLine, Share, Decimal]]) -> dict:
    _line, share, _amount = parts[0]
    return {
        "kind": share.kind,
        "date": share.day,
        "person": share.person,
        "text": share.text,
        "worked": to_number(sum((part.worked for _l, part, _a in parts), ZERO)),
        "billed": to_number(sum((part.billed for _l, part, _a in parts), ZERO)),
        "amount": to_number(sum((amount for _l, _s, amount in parts), ZERO)),
        "parts": [
            {
                "worked": to_number(part.worked),
                "billed": to_number(part.billed),
                "price_unit": to_number(line.price_unit),
                "discount": to_number(line.discount),
                "amount": to_number(amount),
            }
            for line, part, amount in parts
        ],
    }


def to_number(value: Decimal) -> float:
    """Return a decimal as the number that is nearest to it, never minus zero."""
    return float(value.quantize(EPSILON)) + 0.0
