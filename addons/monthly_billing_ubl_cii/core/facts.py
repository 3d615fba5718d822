"""What an e-invoice says about a month beyond amounts: plain values, no Odoo.

The names BT-nn and BG-nn are the terms of EN 16931.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

#: UNTDID 1001: the identifier of what is invoiced, and a document in proof of it
OBJECT = "130"
PROOF = "916"
#: UNTDID 4461: SEPA direct debit
DIRECT_DEBIT = "59"
#: UNTDID 5189: discount
DISCOUNT = "95"
#: characters that XML cannot hold and that Odoo does not leave out
UNKNOWN_TO_XML = re.compile("[\ufffe\uffff]")
#: digits behind the point of a unit price; an amount has two
PRICE_DIGITS = 6


@dataclass(frozen=True)
class LineFacts:
    """A line: days of work (BT-134, 135), ticket (BT-128), remark (BT-127)."""

    start: date | None = None
    end: date | None = None
    ticket: str = ""
    note: str = ""


@dataclass(frozen=True)
class Document:
    """A file that travels inside the e-invoice (BT-122 to BT-125)."""

    name: str
    mimetype: str
    content: bytes


@dataclass(frozen=True)
class Debit:
    """How the money is collected: account BT-91, mandate BT-89, creditor BT-90."""

    account: str
    mandate: str
    creditor: str


@dataclass(frozen=True)
class Facts:
    """The invoice as a whole.

    ``start`` and ``end`` are BT-73 and BT-74, ``order`` BT-13, ``agreement`` BT-12
    and BT-18, ``credited`` BT-25 and BT-26; ``lines`` by id of the invoice line.
    """

    start: date | None
    end: date | None
    order: str
    agreement: str
    credited: tuple[str, date] | None = None
    documents: tuple[Document, ...] = ()
    debit: Debit | None = None
    lines: Mapping[int, LineFacts] = field(default_factory=dict)

    def get_line(self, line_id: int) -> LineFacts:
        """Return what there is to say about a line."""
        return self.lines.get(line_id, LineFacts())


def widen(
    start: date | None, end: date | None, lines: Iterable[LineFacts]
) -> tuple[date | None, date | None]:
    """Return the period of an invoice so that it holds the days of all its lines.

    Time billed late was worked before the month of the invoice, and a line must lie
    within the period of its invoice (PEPPOL-EN16931-R110, R111).
    """
    starts = [line.start for line in lines if line.start]
    ends = [line.end for line in lines if line.end]
    return (
        min([start, *starts]) if start else None,
        max([end, *ends]) if end else None,
    )


def get_unit_price(gross: float, quantity: float, price_unit: float) -> Decimal:
    """Return the unit price from which ``gross`` follows (BT-146).

    The price of the line if it does; with another one, for instance a price that
    holds the tax, the quotient.

    :param gross: amount of the line without tax, before its discount, of two digits
    """
    price, amount = _to_decimal(price_unit), _to_decimal(gross)
    hours = _to_decimal(quantity)
    if not hours or (price * hours).quantize(Decimal("0.01"), ROUND_HALF_UP) == amount:
        return _shorten(price)
    return _shorten(amount / hours)


def _to_decimal(value: float) -> Decimal:
    return Decimal(repr(value))


def _shorten(price: Decimal) -> Decimal:
    """Return ``price`` with two digits behind the point, or as many as it needs."""
    rounded = price.quantize(Decimal(1).scaleb(-PRICE_DIGITS), ROUND_HALF_UP)
    short = rounded.quantize(Decimal("0.01"), ROUND_HALF_UP)
    return short if short == rounded else rounded.normalize()
