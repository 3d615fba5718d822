"""From rounded time to the lines of one invoice, as plain values.

The plan is what the preview shows and what the run writes: there is no second
computation. Hours and prices are ``Decimal``; money is rounded by the invoice.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from odoo.addons.volume_discount import tiers as tier_rates
from odoo.addons.volume_discount.gaps import free_tiers
from odoo.addons.volume_discount.history import History, lower_bounds
from odoo.addons.volume_discount.proof import Proof

from .hours import EPSILON, ZERO, Entry
from .periods import Window, window_of
from .taxes import get_main_products, share_among_taxes

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Terms:
    """A tier table as plain values (pricing.md); ``key`` is the caller's reference."""

    mode: str
    tiers: tuple[tier_rates.Tier, ...]
    window: str = "month"
    presentation: str = "line"
    best_price: bool = False
    key: Hashable = None
    products: frozenset = frozenset()

    def counts(self, product: Hashable) -> bool:
        """Return whether the table counts and prices the hours of a service."""
        return not self.products or product in self.products


@dataclass(frozen=True)
class Share:
    """The part of a timesheet entry that stands on a line, in hours."""

    timesheet_id: int
    day: date
    worked: Decimal
    billed: Decimal
    price_unit: Decimal
    tier: Hashable = None


@dataclass(frozen=True)
class Line:
    """One line of the invoice.

    :param kind: ``time``, ``included`` and ``free`` (see ``Entry``), ``retainer`` (the
        fixed amount of a month), ``discount`` (what the tiers save, in the presentation
        ``summary``), ``best_price`` or ``difference`` (what no line can express)
    :param month: first day of the month in which the work was done
    :param quantity: hours, 1 for lines without time
    :param price_unit: currency per hour, before rounding
    :param included: hours that a retainer pays for
    """

    kind: str
    month: date
    quantity: Decimal
    price_unit: Decimal
    job: Hashable = None
    list_price: Decimal = ZERO
    tier: Hashable = None
    shares: tuple[Share, ...] = ()
    product: Hashable = None
    taxes: Hashable = None
    group: Hashable = None
    included: Decimal = ZERO

    @property
    def is_charge(self) -> bool:
        """Whether somebody has to pay for it: hours or a fixed amount."""
        if self.kind == "retainer":
            return bool(self.price_unit)
        return self.kind == "time" and bool(self.quantity)

    @property
    def worked(self) -> Decimal:
        """The worked hours behind the line."""
        return sum((share.worked for share in self.shares), ZERO)

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day of work on the line."""
        days = [share.day for share in self.shares]
        return min(days), max(days)

    def amount(self, quantum: Decimal = CENT) -> Decimal:
        """Return what the invoice asks for the line, before tax."""
        return (self.quantity * self.price_unit).quantize(quantum, ROUND_HALF_UP)


@dataclass(frozen=True)
class Plan:
    """Everything one agreement's month would become."""

    lines: tuple[Line, ...] = ()
    withheld: tuple[Entry, ...] = ()
    proofs: tuple[Proof, ...] = ()

    def amount(self, quantum: Decimal = CENT) -> Decimal:
        """Return the net total."""
        return sum((line.amount(quantum) for line in self.lines), ZERO)

    @property
    def worked(self) -> Decimal:
        """The worked hours that the lines bill."""
        return sum((line.worked for line in self.lines), ZERO)

    @property
    def billed(self) -> Decimal:
        """The hours that stand on the lines, included and free ones too."""
        return sum((line.quantity for line in self.lines if line.shares), ZERO)

    @property
    def is_charged(self) -> bool:
        """Whether there is anything to pay for."""
        return any(line.is_charge for line in self.lines)

    @property
    def withheld_hours(self) -> Decimal:
        """The worked hours that wait for the customer's approval."""
        return sum((entry.worked for entry in self.withheld), ZERO)


def price_entries(
    entries: Sequence[Entry],
    terms: Terms | None,
    get_history: Callable[[Window], History],
    quantum: Decimal = CENT,
) -> list[Line]:
    """Return the lines for ``entries``, unsorted.

    :param entries: rounded, in the order of allocation (work date, entry id)
    :param terms: the tier table, None for the list price
    :param get_history: returns what was billed before in a window
    :param quantum: the currency's smallest unit
    """
    is_tiered = [
        terms is not None and entry.kind == "time" and terms.counts(entry.product)
        for entry in entries
    ]
    by_window, flat = defaultdict(list), []
    for entry, tiered in zip(entries, is_tiered, strict=True):
        if tiered:
            by_window[window_of(entry.day, terms.window)].append(entry)
        else:
            flat.append(entry)
    lines = _group_lines(_charge_flat(flat))
    for window, in_window in sorted(by_window.items()):
        lines += _price_window(in_window, terms, get_history(window), quantum)
    return lines


def _price_window(
    entries: list[Entry], terms: Terms, past: History, quantum: Decimal
) -> list[Line]:
    """Return the lines of the entries of one window."""
    timed = [entry for entry in entries if entry.billed]
    charges = _rate_entries(timed, terms, past)
    lines = _group_lines(_charge_tiers(timed, charges))
    products = get_main_products(entries)
    if terms.presentation == "summary":
        lines = _summarize(lines, products, quantum)
    lines = _add_without_hours(lines, [entry for entry in entries if not entry.billed])
    last_month = max(entry.month for entry in entries)
    for charge in charges:
        if charge.kind != "time" and charge.amount.quantize(quantum, ROUND_HALF_UP):
            shares = share_among_taxes(charge.amount, entries, quantum)
            lines += [
                Line(
                    charge.kind,
                    last_month,
                    Decimal(1),
                    amount,
                    product=products[taxes],
                    taxes=taxes,
                )
                for taxes, amount in shares.items()
            ]
    return lines


def _rate_entries(
    entries: list[Entry], terms: Terms, past: History
) -> list[tier_rates.Charge]:
    """Return what the table asks for the entries; their position is the key."""
    usages = [
        tier_rates.Usage(entry.billed, entry.list_price, position)
        for position, entry in enumerate(entries)
    ]
    if terms.mode == "graduated":
        return tier_rates.rate_graduated(free_tiers(terms.tiers, past), usages)
    return tier_rates.rate_volume(
        lower_bounds(terms.tiers, past.other_hours),
        usages,
        consumed=past.usages,
        billed=past.amount,
        best_price=terms.best_price,
    )


def _add_without_hours(lines: list[Line], entries: list[Entry]) -> list[Line]:
    """Return ``lines`` with the entries that rounding left without billed hours.

    They stand on the line of their job; only where it has none they make one.
    """
    lonely = []
    for entry, share in _charge_flat(entries):
        for position, line in enumerate(lines):
            if line.shares and _get_place(line) == _get_place(entry):
                share = replace(share, price_unit=line.price_unit, tier=line.tier)
                lines[position] = replace(line, shares=(*line.shares, share))
                break
        else:
            lonely.append((entry, share))
    return lines + _group_lines(lonely)


def _get_place(item: Entry | Line) -> tuple:
    """Return what stands on one line if it has one price."""
    return item.month, item.job, item.group, item.kind, item.product, item.taxes


def _charge_flat(entries: Iterable[Entry]) -> list[tuple[Entry, Share]]:
    """Return one share per entry at its list price; what is paid or free costs 0."""
    return [
        (
            entry,
            Share(
                entry.timesheet_id,
                entry.day,
                entry.worked,
                entry.billed,
                entry.list_price if entry.kind == "time" else ZERO,
            ),
        )
        for entry in entries
    ]


def _charge_tiers(
    entries: list[Entry], charges: Iterable[tier_rates.Charge]
) -> list[tuple[Entry, Share]]:
    """Return the shares that the tiers cut out of ``entries``.

    Worked time follows billed time in proportion; the last share of an entry takes
    what is left, so that nothing is lost.
    """
    worked_left = [entry.worked for entry in entries]
    billed_left = [entry.billed for entry in entries]
    shares = []
    for charge in charges:
        if charge.kind != "time":
            continue
        entry = entries[charge.key]
        billed_left[charge.key] -= charge.quantity
        worked = worked_left[charge.key]
        if billed_left[charge.key]:
            part = entry.worked * charge.quantity / entry.billed
            worked = min(worked, part.quantize(EPSILON))
        worked_left[charge.key] -= worked
        tier = charge.tier and charge.tier.key
        shares.append(
            (
                entry,
                Share(
                    entry.timesheet_id,
                    entry.day,
                    worked,
                    charge.quantity,
                    charge.price_unit,
                    tier,
                ),
            )
        )
    return shares


def _group_lines(shares: Iterable[tuple[Entry, Share]]) -> list[Line]:
    """Return one line per place, price and tier."""
    groups, first = defaultdict(list), {}
    for entry, share in shares:
        key = (_get_place(entry), entry.list_price, share.price_unit, share.tier)
        groups[key].append(share)
        first.setdefault(key, entry)
    return [
        Line(
            entry.kind,
            entry.month,
            sum((share.billed for share in groups[key]), ZERO),
            groups[key][0].price_unit,
            entry.job,
            entry.list_price,
            groups[key][0].tier,
            tuple(groups[key]),
            entry.product,
            entry.taxes,
            entry.group,
        )
        for key, entry in first.items()
    ]


def _summarize(lines: list[Line], products: Mapping, quantum: Decimal) -> list[Line]:
    """Return ``lines`` at list price and what the tiers save as one line a month.

    The saving is the difference of the rounded amounts: both presentations add up
    to the same total, to the cent. It has a line per kind of taxes.

    :param products: the service of the saving by kind of taxes
    """
    at_list_price, net, gross = {}, defaultdict(Decimal), defaultdict(Decimal)
    for line in lines:
        net[line.month, line.taxes] += line.amount(quantum)
        key = (_get_place(line), line.list_price)
        known = at_list_price.get(key)
        at_list_price[key] = replace(
            line,
            quantity=line.quantity + (known.quantity if known else ZERO),
            price_unit=line.list_price,
            tier=None,
            shares=(known.shares if known else ()) + line.shares,
        )
    for line in at_list_price.values():
        gross[line.month, line.taxes] += line.amount(quantum)
    discounts = [
        Line(
            "discount",
            month,
            Decimal(1),
            net[month, taxes] - amount,
            product=products[taxes],
            taxes=taxes,
        )
        for (month, taxes), amount in gross.items()
        if net[month, taxes] != amount
    ]
    return [*at_list_price.values(), *discounts]
