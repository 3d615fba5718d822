"""A customer whose windows are billed and corrected, and what pricing.md asks of them.

``ask_naively`` and ``Customer.entries`` know nothing of the engine: hours in the order
of their work, each at the price of where it lies. Pure Python.
"""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from decimal import Decimal as D

from ..core.calendar import window_of
from ..core.history import Billed, History
from ..core.invoicing import reprice
from ..core.numbers import round_to

CENT = D("0.01")
MODES = {
    "graduated": {"mode": "graduated"},
    "volume": {"mode": "volume"},
    "best price": {"mode": "volume", "best_price": True},
}


def cost(terms, position, list_price):
    """Return the price of an hour where ``position`` hours are reached."""
    price = list_price
    for row in sorted(terms.tiers, key=lambda row: row.min_quantity):
        if row.min_quantity <= position:
            off = list_price * (100 - row.discount) / 100
            price = row.price_unit if row.price_type == "price" else off
    return price


def ask_naively(terms, entries):
    """Return by taxes what a table asks for all hours at once.

    :param entries: (usage, whether the table prices it)
    """
    entries = sorted(entries, key=lambda one: one[0].place)
    count = sum((usage.quantity for usage, _own in entries), D(0))
    starts = sorted(row.min_quantity for row in terms.tiers)
    asked, low = defaultdict(D), D(0)
    for usage, is_own in entries:
        high = low + usage.quantity
        cuts = [low, *(start for start in starts if low < start < high), high]
        parts = list(zip(cuts, cuts[1:], strict=False))
        for start, end in parts if is_own else ():
            at = start if terms.mode == "graduated" else count
            asked[usage.taxes] += (end - start) * cost(terms, at, usage.list_price)
        low = high
    if terms.best_price and sum(asked.values()):
        whole = sum(asked.values())
        best = min([whole, *_ask_ahead(terms, entries, count, starts)])
        asked = {key: amount * best / whole for key, amount in asked.items()}
    return dict(asked)


def _ask_ahead(terms, entries, count, starts):
    """Yield what more hours would cost at the start of each later tier."""
    own = [usage for usage, is_own in entries if is_own]
    lowest = min(usage.list_price for usage in own)
    for start in starts:
        if start > count:
            amount = (start - count) * cost(terms, start, lowest)
            for usage in own:
                amount += usage.quantity * cost(terms, start, usage.list_price)
            yield amount


@dataclass(eq=False)
class Document:
    """An invoice or credit note: its rows, and what is printed by taxes."""

    rows: list = field(default_factory=list)
    printed: dict = field(default_factory=dict)
    is_credited: bool = False

    @property
    def total(self):
        return sum(self.printed.values(), D(0))


class Customer:
    """Documents of one customer; beside them the hours that count, by place."""

    def __init__(self, terms):
        self.terms, self.documents, self.entries = terms, [], {}

    def get_window(self, day):
        return window_of(day, self.terms.window)

    def get_past(self, window):
        rows = [row for one in self.documents for row in one.rows if row.day in window]
        return History(tuple(rows))

    def bill(self, *usages):
        """Write an invoice; hours of an earlier one are its late hours."""
        new, printed = [], defaultdict(D)
        for window in sorted(
            {self.get_window(usage.day) for usage in usages}, key=lambda one: one.start
        ):
            own = {one.place: one for one in usages if one.day in window}
            lines = [replace(usage, key=place) for place, usage in sorted(own.items())]
            done = reprice(self.terms, lines, self.get_past(window), CENT)
            for part in done.slices:
                amount = round_to(part.hours * part.price_unit, CENT)
                printed[own[part.key].taxes] += amount
            for extra in done.extras:
                printed[extra.taxes] += extra.amount
            new += [
                self._get_row(one, own.get(one.key), window) for one in done.charges
            ]
        for usage in usages:
            self._count(usage, usage.quantity, True)
        return self._add(Document(new, dict(printed)))

    def _get_row(self, charge, usage, window):
        return Billed(
            usage.day if usage else window.last_day,
            charge.quantity,
            charge.list_price,
            charge.amount,
            taxes=charge.taxes,
            order=usage.order if usage else 0,
        )

    def _add(self, document):
        self.documents.append(document)
        return document

    def _count(self, usage, hours, is_own):
        there, _own = self.entries.pop(usage.place, (replace(usage, quantity=D(0)), 0))
        if there.quantity + hours:
            left = replace(there, quantity=there.quantity + hours)
            self.entries[usage.place] = left, is_own

    def invoice_by_hand(self, usage, price_unit):
        """Write hours that the table does not price."""
        amount = usage.quantity * D(price_unit)
        row = Billed(
            usage.day,
            usage.quantity,
            usage.list_price,
            amount,
            is_own=False,
            taxes=usage.taxes,
            order=usage.order,
        )
        self._count(usage, usage.quantity, False)
        return self._add(Document([row], {usage.taxes: amount}))

    def credit(self, invoice, hours):
        """Give hours back at their prices, by place, and amounts in proportion."""
        left, rows, asked, given = dict(hours), [], D(0), D(0)
        for row in invoice.rows:
            part = min(left.get(row.usage.place, D(0)), row.hours)
            if part:
                left[row.usage.place] -= part
                amount = row.amount * part / row.hours
                rows.append(replace(row, hours=-part, amount=-amount))
                self._count(row.usage, -part, row.is_own)
                given += amount
            asked += row.amount if row.hours else 0
        for row in invoice.rows:
            if not row.hours and asked:
                amount = round_to(row.amount * given / asked, CENT)
                rows.append(replace(row, amount=-amount))
        invoice.is_credited = True
        printed = defaultdict(D)
        for row in rows:
            printed[row.taxes] += row.amount
        return self._add(Document(rows, dict(printed), is_credited=True))

    def cancel(self, invoice):
        for row in invoice.rows:
            if row.hours:
                self._count(row.usage, -row.hours, row.is_own)
        self.documents.remove(invoice)

    def get_deviations(self, day):
        """Return by taxes what the window of a day was charged beyond what it asks."""
        window = self.get_window(day)
        entries = [one for one in self.entries.values() if one[0].day in window]
        asked = ask_naively(self.terms, entries)
        charged = self.get_past(window).charged
        return {
            taxes: charged.get(taxes, 0) - asked.get(taxes, 0)
            for taxes in {*charged, *asked}
            if abs(charged.get(taxes, 0) - asked.get(taxes, 0)) > CENT
        }
