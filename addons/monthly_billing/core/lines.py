"""From rounded time to the lines of one invoice: plain values in, ``plan.Line`` out.

What an hour costs is decided by the one engine (``volume_discount.core.pricing``).
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from ...volume_discount.core.calendar import Window, window_of
from ...volume_discount.core.history import History
from ...volume_discount.core.numbers import EPSILON, ONE, ZERO
from ...volume_discount.core.pricing import price
from ...volume_discount.core.terms import Terms
from ...volume_discount.core.tiers import Charge, Usage
from . import kinds
from .entries import Entry
from .plan import CENT, Line, Share
from .taxes import get_main_products


@dataclass(frozen=True)
class ChargedWindow:
    """What the engine charged for the new hours of one window of a table.

    :param consumed: hours of the window that were billed before
    """

    terms: Terms
    window: Window
    consumed: Decimal
    charges: tuple[Charge, ...]


@dataclass(frozen=True)
class Priced:
    """What entries cost.

    :param windows: the oldest first
    """

    lines: tuple[Line, ...]
    windows: tuple[ChargedWindow, ...]


def price_entries(
    entries: Sequence[Entry],
    get_terms: Callable[[date], Terms | None],
    get_history: Callable[[Terms, Window, Sequence[Usage]], History],
    quantum: Decimal = CENT,
    settled: Iterable[tuple[Terms, Window]] = (),
) -> "Priced":
    """Return what ``entries`` cost: their lines, unsorted, and what the engine charged.

    :param entries: rounded, in the order of allocation (work date, entry id)
    :param get_terms: returns the tier table that holds on a day; None: the list price
    :param get_history: returns what was billed before in a window of a table; given the
        new hours, which tell how exactly it must be known
    :param quantum: the currency's smallest unit
    :param settled: windows of which all that is open is asked, new hours or not
    """
    by_window, flat = {key: [] for key in settled}, []
    for entry in entries:
        terms = get_terms(entry.day) if entry.kind == kinds.TIME else None
        if terms is not None and terms.counts(entry.product):
            window = window_of(entry.day, terms.window)
            by_window.setdefault((terms, window), []).append(entry)
        else:
            flat.append(entry)
    lines, priced = _group_lines(_charge_flat(flat)), []
    for (terms, window), members in sorted(by_window.items(), key=_get_start):
        found, charged = _price_window(members, terms, window, get_history, quantum)
        lines += found
        priced.append(charged)
    return Priced(tuple(lines), tuple(priced))


def _get_start(item: tuple) -> date:
    (_terms, window), _entries = item
    return window.start


def _price_window(
    entries: list[Entry],
    terms: Terms,
    window: Window,
    get_history: Callable,
    quantum: Decimal,
) -> tuple[list[Line], "ChargedWindow"]:
    """Return the lines of the entries of one window, and what it was charged."""
    timed = [entry for entry in entries if entry.billed]
    usages = [_get_usage(entry, position) for position, entry in enumerate(timed)]
    past = get_history(terms, window, usages)
    charges = price(terms, usages, past, quantum)
    lines = _group_lines(_charge_tiers(timed, charges), terms.key)
    if terms.presentation == "summary":
        products = get_main_products(usages, timed)
        lines = _summarize(lines, products, quantum, terms.key)
    untimed = [entry for entry in entries if not entry.billed]
    lines = _add_without_hours(lines, untimed, terms.key)
    lines += _get_corrections(charges, timed, past, terms.key)
    return lines, ChargedWindow(terms, window, past.hours, tuple(charges))


def _get_usage(entry: Entry, key: int) -> Usage:
    """Return the hours of an entry as the table takes them."""
    return Usage(
        entry.billed,
        entry.list_price,
        key,
        ONE,
        entry.taxes,
        entry.scale,
        entry.day,
        entry.timesheet_id,
    )


def _get_corrections(
    charges: Iterable[Charge], entries: list[Entry], past: History, table: Hashable
) -> list[Line]:
    """Return the lines of what no hour of the invoice explains.

    They stand in the last month of the window that has hours, and belong to the service
    with most hours of their taxes, here or on earlier invoices.
    """
    amounts = [charge for charge in charges if charge.kind != kinds.TIME]
    if not amounts:
        return []
    usages = [_get_usage(entry, 0) for entry in entries]
    products = get_main_products(
        [row.usage for row in past.own], past.own
    ) | get_main_products(usages, entries)
    months = [entry.month for entry in entries]
    months = months or [row.day.replace(day=1) for row in past.own]
    return [
        Line(
            charge.kind,
            max(months),
            ONE,
            charge.amount,
            product=products.get(charge.taxes),
            taxes=charge.taxes,
            table=table,
            reason=past.reason if charge.kind == kinds.DIFFERENCE else "",
        )
        for charge in amounts
    ]


def _add_without_hours(
    lines: list[Line], entries: list[Entry], table: Hashable
) -> list[Line]:
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
    return lines + _group_lines(lonely, table)


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
                entry.list_price if entry.kind == kinds.TIME else ZERO,
            ),
        )
        for entry in entries
    ]


def _charge_tiers(
    entries: list[Entry], charges: Iterable[Charge]
) -> list[tuple[Entry, Share]]:
    """Return the shares that the tiers cut out of ``entries``.

    Worked time follows billed time in proportion; the last share of an entry takes
    what is left, so that nothing is lost.
    """
    worked_left = [entry.worked for entry in entries]
    billed_left = [entry.billed for entry in entries]
    shares = []
    for charge in charges:
        if charge.kind != kinds.TIME:
            continue
        entry = entries[charge.key]
        billed_left[charge.key] -= charge.quantity
        worked = worked_left[charge.key]
        if billed_left[charge.key]:
            part = entry.worked * charge.quantity / entry.billed
            worked = min(worked, part.quantize(EPSILON))
        worked_left[charge.key] -= worked
        shares.append(
            (
                entry,
                Share(
                    entry.timesheet_id,
                    entry.day,
                    worked,
                    charge.quantity,
                    charge.price_unit,
                    charge.tier,
                ),
            )
        )
    return shares


def _group_lines(
    shares: Iterable[tuple[Entry, Share]], table: Hashable = None
) -> list[Line]:
    """Return one line per place, price, taxes and tier."""
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
            table=table,
            scale=entry.scale,
        )
        for key, entry in first.items()
    ]


def _summarize(
    lines: list[Line], products: Mapping, quantum: Decimal, table: Hashable
) -> list[Line]:
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
            table=table,
        )
        for (month, taxes), amount in gross.items()
        if net[month, taxes] != amount
    ]
    return [*at_list_price.values(), *discounts]
