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
from odoo.addons.volume_discount.history import History, lower_bounds
from odoo.addons.volume_discount.proof import Proof

from .hours import EPSILON, ZERO, Entry
from .periods import Window, window_of

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

    :param kind: ``time``, ``discount`` (what the tiers save, in the presentation
        ``summary``), ``best_price`` or ``difference`` (what no line can express)
    :param month: first day of the month in which the work was done
    :param quantity: hours, 1 for lines without time
    :param price_unit: currency per hour, before rounding
    """

    kind: str
    month: date
    quantity: Decimal
    price_unit: Decimal
    job: Hashable = None
    list_price: Decimal = ZERO
    tier: Hashable = None
    shares: tuple[Share, ...] = ()

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
        """The hours that stand on the lines."""
        return sum((line.quantity for line in self.lines if line.shares), ZERO)

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
    if terms is None:
        return _group_lines(_charge_flat(entries))
    by_window = defaultdict(list)
    for entry in entries:
        by_window[window_of(entry.day, terms.window)].append(entry)
    lines = []
    for window, in_window in sorted(by_window.items()):
        lines += _price_window(in_window, terms, get_history(window), quantum)
    return lines


def _price_window(
    entries: list[Entry], terms: Terms, past: History, quantum: Decimal
) -> list[Line]:
    """Return the lines of the entries of one window."""
    timed = [entry for entry in entries if entry.billed]
    charges = tier_rates.rate(
        terms.mode,
        lower_bounds(terms.tiers, past.other_hours),
        [
            tier_rates.Usage(entry.billed, entry.list_price, position)
            for position, entry in enumerate(timed)
        ],
        consumed=past.usages,
        billed=past.amount if terms.mode == "volume" else None,
        best_price=terms.best_price,
    )
    lines = _group_lines(_charge_tiers(timed, charges))
    if terms.presentation == "summary":
        lines = _summarize(lines, quantum)
    lines = _add_without_hours(lines, [entry for entry in entries if not entry.billed])
    last_month = max(entry.month for entry in entries)
    for charge in charges:
        if charge.kind != "time" and charge.amount.quantize(quantum, ROUND_HALF_UP):
            lines.append(Line(charge.kind, last_month, Decimal(1), charge.amount))
    return lines


def _add_without_hours(lines: list[Line], entries: list[Entry]) -> list[Line]:
    """Return ``lines`` with the entries that rounding left without billed hours.

    They stand on the line of their job; only where it has none they make one.
    """
    lonely = []
    for entry, share in _charge_flat(entries):
        for position, line in enumerate(lines):
            if line.shares and (line.month, line.job) == (entry.month, entry.job):
                share = replace(share, price_unit=line.price_unit, tier=line.tier)
                lines[position] = replace(line, shares=(*line.shares, share))
                break
        else:
            lonely.append((entry, share))
    return lines + _group_lines(lonely)


def _charge_flat(entries: Iterable[Entry]) -> list[tuple[Entry, Share]]:
    """Return one share per entry at its list price."""
    return [
        (
            entry,
            Share(
                entry.timesheet_id,
                entry.day,
                entry.worked,
                entry.billed,
                entry.list_price,
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
    """Return one line per month, job, price and tier."""
    groups = defaultdict(list)
    for entry, share in shares:
        key = (entry.month, entry.job, entry.list_price, share.price_unit, share.tier)
        groups[key].append(share)
    return [
        Line(
            "time",
            month,
            sum((share.billed for share in members), ZERO),
            price_unit,
            job,
            list_price,
            tier,
            tuple(members),
        )
        for (month, job, list_price, price_unit, tier), members in groups.items()
    ]


def _summarize(lines: list[Line], quantum: Decimal) -> list[Line]:
    """Return ``lines`` at list price and what the tiers save as one line a month.

    The saving is the difference of the rounded amounts: both presentations add up
    to the same total, to the cent.
    """
    at_list_price, net, gross = {}, defaultdict(Decimal), defaultdict(Decimal)
    for line in lines:
        net[line.month] += line.amount(quantum)
        key = (line.month, line.job, line.list_price)
        known = at_list_price.get(key)
        at_list_price[key] = replace(
            line,
            quantity=line.quantity + (known.quantity if known else ZERO),
            price_unit=line.list_price,
            tier=None,
            shares=(known.shares if known else ()) + line.shares,
        )
    for line in at_list_price.values():
        gross[line.month] += line.amount(quantum)
    discounts = [
        Line("discount", month, Decimal(1), net[month] - amount)
        for month, amount in gross.items()
        if net[month] != amount
    ]
    return [*at_list_price.values(), *discounts]


def sort_lines(
    lines: Iterable[Line], month: date, job_order: Mapping[Hashable, tuple]
) -> tuple[Line, ...]:
    """Return ``lines`` in the order of the invoice, the same every time.

    The billed month comes first, then late months from the oldest; within a month
    jobs in their order, then what the tiers save, then named differences.
    """
    kinds = ("time", "discount", "best_price", "difference")

    def position(line):
        return (
            line.month != month,
            line.month,
            kinds.index(line.kind),
            job_order.get(line.job, ()),
        )

    return tuple(sorted(lines, key=position))
