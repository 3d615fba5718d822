"""What a customer owes for booked time, told once more in plain Python.

Knows nothing of the addon: pricing.md in a few lines. Hours and money are ``Decimal``.
Hours are rounded and counted in groups (what is rounded together) within a job and
month; money is counted in the windows of the tier table.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

ZERO = Decimal(0)
HUNDREDTH = Decimal("0.01")
LIST_PRICE = Decimal(120)
MONTHS = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True)
class Terms:
    """What was agreed.

    :param tiers: (hours from which it holds, price per hour), rising
    :param rounding: what is rounded together, direction, minutes
    :param tolerance: per cent beyond the approved hours
    :param minimum: the smallest amount of an invoice
    """

    mode: str = "graduated"
    best_price: bool = False
    window: str = "month"
    presentation: str = "line"
    tiers: tuple = ()
    rounding: tuple = ("none", "up", 15)
    grouping: str = "ticket"
    tolerance: int = 0
    minimum: int = 0
    auto_post: bool = True

    def get_window(self, day: date) -> date:
        months = MONTHS[self.window]
        return date(day.year, (day.month - 1) // months * months + 1, 1)

    def charge(self, hours: Decimal) -> Decimal:
        """Return what all hours of a window cost."""
        starts = [ZERO, *(start for start, _price in self.tiers)]
        prices = [LIST_PRICE, *(price for _start, price in self.tiers)]
        if self.mode == "graduated":
            total, before = ZERO, ZERO
            for start, price in zip(starts, prices, strict=True):
                total += max(hours - start, ZERO) * (price - before)
                before = price
            return total
        total = self._charge_all(hours, starts, prices)
        if self.best_price and hours:
            ahead = [start for start in starts if start > hours]
            whole = [self._charge_all(start, starts, prices) for start in ahead]
            total = min([total, *whole])
        return total

    def _charge_all(self, hours, starts, prices):
        reached = [p for start, p in zip(starts, prices, strict=True) if start <= hours]
        return hours * reached[-1]

    def round(self, hours: Decimal) -> Decimal:
        """Return the hours to bill for those of a group."""
        scope, direction, step = self.rounding
        if scope == "none":
            return hours.quantize(HUNDREDTH, ROUND_HALF_UP)
        mode = ROUND_CEILING if direction == "up" else ROUND_HALF_UP
        steps = (hours * 60 / step).to_integral_value(mode)
        return (steps * step / 60).quantize(HUNDREDTH)


@dataclass
class Entry:
    """Booked time; ``job`` is the number of the ticket. Time on ticket 1 is billed as
    approved."""

    key: int
    day: date
    job: int
    hours: Decimal
    written_off: Decimal = ZERO
    released_up_to: Decimal = ZERO

    @property
    def month(self) -> date:
        return self.day.replace(day=1)


@dataclass
class Invoice:
    """Hours by entry, billed hours by group, typed hours and money by window, credits
    deducted; ``first`` is the month that it bills."""

    parts: dict = field(default_factory=dict)
    billed: dict = field(default_factory=dict)
    amounts: dict = field(default_factory=dict)
    typed: Decimal = ZERO
    first: date | None = None


class Model:
    """The entries of a customer and the invoices that count."""

    def __init__(self, terms: Terms):
        self.terms, self.prices = terms, {}
        self.entries, self.invoices, self.approved = {}, {}, ZERO

    def get_terms(self, window) -> Terms:
        """Return the terms that hold in a window: those of its first invoice."""
        present = {w for one in self.invoices.values() for w in one.amounts}
        if window not in present:
            self.prices.pop(window, None)
        return self.prices.get(window, self.terms)

    def get_group(self, entry: Entry) -> tuple:
        scope = self.terms.rounding[0]
        own = {"entry": entry.key, "day": entry.day}.get(scope)
        return entry.job, entry.month, own

    def get_worked(self, key) -> Decimal:
        """Return how much of an entry is billed."""
        return sum((one.parts.get(key, ZERO) for one in self.invoices.values()), ZERO)

    def get_billed(self, group) -> Decimal:
        found = (one.billed.get(group, ZERO) for one in self.invoices.values())
        return sum(found, ZERO)

    def get_hours(self, window) -> Decimal:
        """Return the billed hours in a window, typed ones too."""
        hours = sum(
            hours
            for one in self.invoices.values()
            for group, hours in one.billed.items()
            if self.terms.get_window(group[1]) == window
        )
        return hours + sum(
            one.typed
            for one in self.invoices.values()
            if one.typed and self.terms.get_window(one.first) == window
        )

    def get_amount(self, window) -> Decimal:
        """Return what the customer was asked for the work in a window."""
        return sum(one.amounts.get(window, ZERO) for one in self.invoices.values())

    def split(self, end: date) -> tuple[dict, dict]:
        """Return what a run for the time before ``end`` bills and what it withholds:
        hours by entry."""
        room = self.get_room()
        billable, withheld = {}, {}
        for entry in sorted(self.entries.values(), key=lambda e: (e.day, e.key)):
            worked = self.get_worked(entry.key)
            left = entry.hours - worked - entry.written_off
            if entry.day >= end or left <= 0:
                continue
            fits = left
            if entry.job == 1:
                fits = min(left, max(room, ZERO))
                room -= fits
                fits = min(left, max(fits, entry.released_up_to - worked))
            if fits:
                billable[entry.key] = fits
            if fits < left:
                withheld[entry.key] = left - fits
        return billable, withheld

    def get_room(self) -> Decimal:
        """Return the approved hours that are on no invoice yet."""
        billed = (
            hours
            for one in self.invoices.values()
            for group, hours in one.billed.items()
            if group[0] == 1
        )
        return self.approved * (100 + self.terms.tolerance) / 100 - sum(billed, ZERO)

    def limit(self, billed: dict, parts: dict):
        """Take off what rounding would bill beyond the approved hours, the last first.

        Released hours are billed as they were worked.
        """
        worked = sum(h for key, h in parts.items() if self.entries[key].job == 1)
        most = max(self.get_room(), worked)
        own = {group: hours for group, hours in billed.items() if group[0] == 1}
        over = sum(own.values(), ZERO) - most
        latest = {}
        for key in parts:
            entry = self.entries[key]
            group = self.get_group(entry)
            place = (entry.day, entry.key)
            latest[group] = max(latest.get(group, place), place)
        for group in sorted(own, key=latest.get, reverse=True):
            cut = min(max(over, ZERO), billed[group])
            billed[group] -= cut
            over -= cut

    def plan(self, end: date) -> Invoice:
        """Return the invoice of a run for the time before ``end``."""
        parts, _withheld = self.split(end)
        groups = {}
        for key, hours in parts.items():
            group = self.get_group(self.entries[key])
            groups[group] = groups.get(group, ZERO) + hours
        billed = {}
        for group, hours in groups.items():
            before = sum(
                self.get_worked(entry.key)
                for entry in self.entries.values()
                if self.get_group(entry) == group
            )
            rounded = self.terms.round(before + hours)
            billed[group] = max(rounded - self.get_billed(group), ZERO)
        self.limit(billed, parts)
        amounts = {}
        for window in {self.terms.get_window(group[1]) for group in groups}:
            new = sum(
                hours
                for group, hours in billed.items()
                if self.terms.get_window(group[1]) == window
            )
            asked = self.get_terms(window).charge(self.get_hours(window) + new)
            amounts[window] = asked - self.get_amount(window)
        return Invoice(parts, billed, amounts)

    def is_invoiced(self, plan: Invoice) -> bool:
        """Return whether a run makes an invoice of ``plan``."""
        total = sum(plan.amounts.values())
        return any(plan.billed.values()) and total >= 0 and total >= self.terms.minimum

    def type_hours(self, invoice: Invoice, hours: Decimal):
        """Type hours at list price into the draft of a month."""
        window = self.terms.get_window(invoice.first)
        invoice.typed += hours
        asked = self.get_terms(window).charge(self.get_hours(window))
        charged = self.get_amount(window)
        invoice.amounts[window] = invoice.amounts.get(window, ZERO) + asked - charged

    def take_off(self, invoice: Invoice, hours: dict, amounts: dict):
        """Take what a credit note gives back off an invoice.

        :param hours: by entry; some of an entry only where nothing is rounded
        :param amounts: by window, negative
        """
        for key, given in hours.items():
            invoice.parts[key] -= given
        for group in invoice.billed:
            members = [
                key
                for key in invoice.parts
                if self.get_group(self.entries[key]) == group
            ]
            if any(invoice.parts[key] for key in members):
                given = sum(hours.get(key, ZERO) for key in members)
                invoice.billed[group] -= given
            else:
                invoice.billed[group] = ZERO
        for window, amount in amounts.items():
            invoice.amounts[window] = invoice.amounts.get(window, ZERO) + amount

    def release(self, key, withheld: Decimal, hours: Decimal):
        entry = self.entries[key]
        upto = entry.hours - entry.written_off - withheld + hours
        entry.released_up_to = max(entry.released_up_to, upto)
