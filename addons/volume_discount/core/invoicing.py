"""What the lines of one invoice become: rates, slices and extra amounts.

Values in, values out: no ORM, standard library only. Amounts without hours are rounded
to the currency, since they stand on a line of their own.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from . import kinds
from .history import History
from .numbers import ZERO, exact, round_to
from .pricing import price
from .terms import Terms
from .tiers import Charge, Usage


@dataclass(frozen=True)
class Slice:
    """Hours of a line at one price per hour."""

    key: Hashable
    hours: Decimal
    price_unit: Decimal


@dataclass(frozen=True)
class Extra:
    """An amount on a line of its own: ``discount``, ``best_price``, ``difference``.

    :param exact: the amount before it was rounded
    """

    kind: str
    taxes: Hashable
    amount: Decimal
    exact: Decimal = ZERO


@dataclass(frozen=True)
class Repricing:
    """What the lines of an invoice become, and the charges behind it."""

    slices: tuple[Slice, ...] = ()
    extras: tuple[Extra, ...] = ()
    charges: tuple[Charge, ...] = ()

    def of(self, key: Hashable) -> list[Slice]:
        """Return the slices of one line."""
        return [part for part in self.slices if part.key == key]


def reprice(
    terms: Terms, usages: Sequence[Usage], past: History, quantum: Decimal
) -> Repricing:
    """Return the prices of what stands on an invoice under ``terms``.

    :param usages: the hours of each line, negative where they are taken back, in the
        order in which the dear hours come first
    :param past: what stands on other invoices of the window
    :param quantum: the currency's smallest unit
    """
    usages = [usage for usage in usages if usage.quantity]
    if not usages:
        return Repricing()
    charges = price(terms, usages, past, quantum)
    slices = _get_slices(charges)
    extras = []
    if terms.presentation == "summary":
        extras = _get_discounts(usages, slices, quantum)
        slices = [Slice(one.key, one.quantity, one.list_price) for one in usages]
    extras += [
        Extra(charge.kind, charge.taxes, charge.amount, charge.amount)
        for charge in charges
        if charge.kind != kinds.TIME
    ]
    return Repricing(tuple(slices), tuple(extras), tuple(charges))


def _get_slices(charges: Iterable[Charge]) -> list[Slice]:
    """Return one slice per line and price, in the order of the tiers."""
    hours = defaultdict(Decimal)
    for charge in charges:
        if charge.kind == kinds.TIME:
            hours[charge.key, charge.price_unit] += charge.quantity
    return [Slice(key, quantity, unit) for (key, unit), quantity in hours.items()]


@exact
def _get_discounts(
    usages: Sequence[Usage], slices: Iterable[Slice], quantum: Decimal
) -> list[Extra]:
    """Return what the tiers save, per set of taxes.

    The saving is the difference of the rounded amounts, so both presentations add up
    to the same total, to the cent.
    """
    by_key = {usage.key: usage for usage in usages}
    saved, unrounded = defaultdict(Decimal), defaultdict(Decimal)
    for part in slices:
        usage = by_key[part.key]
        amount = part.hours * part.price_unit * usage.factor
        unrounded[usage.taxes] += amount
        saved[usage.taxes] += round_to(amount, quantum)
    for usage in usages:
        amount = usage.quantity * usage.list_price * usage.factor
        unrounded[usage.taxes] -= amount
        saved[usage.taxes] -= round_to(amount, quantum)
    return [
        Extra(kinds.DISCOUNT, taxes, amount, unrounded[taxes])
        for taxes, amount in saved.items()
    ]
