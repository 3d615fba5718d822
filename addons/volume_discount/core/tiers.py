"""Tier arithmetic: which price an hour has where in a table.

Values in, values out: no ORM, no rounding, no writing, standard library only. Hours
and money are ``Decimal``; money is in whatever currency the caller's prices are.
Inputs of any sensible length stay exact (200 digits), so that slices partition the
hours and add up to the total to the last digit. The rules are those of pricing.md;
what a window asks for all its hours is computed in ``pricing``.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from . import kinds
from .numbers import ONE, ZERO, exact

MODES = ("graduated", "volume")
PRICE_TYPES = ("discount", "price")
#: prices are kept with so many digits
PRICE_QUANTUM = Decimal("0.000001")


@dataclass(frozen=True)
class Tier:
    """From ``min_quantity`` hours (inclusive): a discount or a price per hour.

    ``discount`` is a percentage of the list price, ``price_unit`` replaces it.
    ``key`` is the caller's reference, such as a record id.
    """

    min_quantity: Decimal
    price_type: str
    discount: Decimal = ZERO
    price_unit: Decimal = ZERO
    key: Hashable = None

    @exact
    def price(self, list_price: Decimal, scale: Decimal = ONE) -> Decimal:
        """Return the price per hour in this tier for a list price per hour.

        :param scale: what the customer's taxes make of a price of the table, where
            the list price includes a tax that this customer does not pay
        """
        if self.price_type == "price":
            price = self.price_unit
            return price if scale == 1 else (price * scale).quantize(PRICE_QUANTUM)
        return list_price * (Decimal(100) - self.discount) / 100


@dataclass(frozen=True)
class Usage:
    """Some hours at one list price per hour; ``key`` is the caller's reference.

    Negative hours are taken back: from the top, at the price that hours have there.

    :param factor: what a discount apart from the table leaves of whatever price the
        table gives (0.9 for 10 % off)
    :param taxes: what hours must share to be corrected by one amount
    :param scale: see ``Tier.price``
    :param day: of the work; with ``order`` (an entry's id) the place in the window.
        Without a day hours come after the others, in the order they are given in
    """

    quantity: Decimal
    list_price: Decimal
    key: Hashable = None
    factor: Decimal = ONE
    taxes: Hashable = None
    scale: Decimal = ONE
    day: date | None = None
    order: int = 0

    @property
    def place(self) -> tuple[date, int]:
        """Where the hours lie in the order of allocation."""
        return self.day or date.max, self.order

    @property
    def rate(self) -> tuple:
        """What decides on price and taxes of the hours, wherever they lie."""
        return self.list_price, self.factor, self.scale, self.taxes

    def price(self, tier: "Tier | None") -> Decimal:
        """Return the price per hour in ``tier``, None is below the first."""
        return tier.price(self.list_price, self.scale) if tier else self.list_price


@dataclass(frozen=True)
class Charge:
    """One part of what is asked.

    ``kind`` is ``time`` (``amount`` = ``quantity`` x ``price_unit`` x the usage's
    ``factor``; ``tier`` is None below the first bound), or ``best_price`` or
    ``difference`` (no hours, only an amount, possibly negative: what no price per
    hour can express).
    """

    quantity: Decimal
    list_price: Decimal
    price_unit: Decimal
    tier: Tier | None
    key: Hashable
    kind: str
    amount: Decimal
    factor: Decimal = ONE
    taxes: Hashable = None


@exact
def rate_graduated(
    tiers: Iterable[Tier], usages: Iterable[Usage], consumed: Iterable[Usage] = ()
) -> list[Charge]:
    """Charge each slice of the hours at the price of the tier it lies in.

    Negative hours leave the slice that was reached last, and so on downwards; below
    zero the price of the first hours holds.

    :param usages: in allocation order: the first hours are the dear ones
    :param consumed: hours of the same window that come before them
    :return: ``time`` charges in the order of the usages; a usage that crosses a bound
        gives one charge per tier
    :raise ValueError: on negative prices, on a table that is not well-formed
    """
    bands = get_bands(sort_tiers(tiers))
    position = get_hours(check_usages(consumed))
    charges = []
    for usage in check_usages(usages):
        end = position + usage.quantity
        sign = 1 if end > position else -1
        low, high = sorted((position, end))
        for lower, upper, tier in bands[::sign]:
            quantity = min(high, upper) - max(low, lower)
            if quantity > 0:
                charges.append(charge_time(usage, sign * quantity, tier))
        position = end
    return charges


@exact
def hours_to_next_tier(
    tiers: Iterable[Tier], quantity: Decimal
) -> tuple[Decimal, Tier] | None:
    """Return the missing hours and the next tier, or None in the last one."""
    _check_range("quantity", quantity)
    for tier in sort_tiers(tiers):
        if tier.min_quantity > quantity:
            return tier.min_quantity - quantity, tier
    return None


def check_mode(mode: str) -> None:
    if mode not in MODES:
        raise ValueError(f"unknown mode {mode!r}, expected one of {MODES}")


def _check_range(name: str, value: Decimal, upper: int | None = None) -> None:
    if not Decimal(value).is_finite() or value < 0:
        raise ValueError(f"{name} must be zero or more, not {value}")
    if upper is not None and value > upper:
        raise ValueError(f"{name} must be at most {upper}, not {value}")


def check_usages(usages: Iterable[Usage]) -> list[Usage]:
    usages = list(usages)
    for usage in usages:
        _check_range("quantity", abs(usage.quantity))
        _check_range("list_price", usage.list_price)
    return usages


def _check_tier(tier: Tier) -> None:
    if tier.price_type not in PRICE_TYPES:
        raise ValueError(f"unknown price type {tier.price_type!r}")
    _check_range("min_quantity", tier.min_quantity)
    _check_range("discount", tier.discount, upper=100)
    _check_range("price_unit", tier.price_unit)


def sort_tiers(tiers: Iterable[Tier]) -> list[Tier]:
    """Return a well-formed table by rising bounds, or raise ValueError."""
    tiers = list(tiers)
    for tier in tiers:
        _check_tier(tier)
    table = sorted(tiers, key=lambda tier: tier.min_quantity)
    if len({tier.min_quantity for tier in table}) < len(table):
        raise ValueError("two tiers start at the same quantity")
    return table


def get_bands(table: Sequence[Tier]) -> list[tuple[Decimal, Decimal, Tier | None]]:
    """Return (lower bound, upper bound, tier), the first without lower bound."""
    starts = [None, *table] if not table or table[0].min_quantity else table
    bounds = [tier.min_quantity for tier in starts[1:]]
    infinity = Decimal("Infinity")
    return list(zip([-infinity, *bounds], [*bounds, infinity], starts, strict=True))


def get_tier(table: Sequence[Tier], quantity: Decimal) -> Tier | None:
    reached = [tier for tier in table if tier.min_quantity <= max(quantity, ZERO)]
    return reached[-1] if reached else None


def get_hours(usages: Sequence[Usage]) -> Decimal:
    return sum((usage.quantity for usage in usages), ZERO)


def arrange(usages: Iterable[Usage]) -> list[Usage]:
    """Return hours in the order of allocation.

    What was taken back leaves the last hours of its kind before it; where there are
    none it stays negative.
    """
    left: list[Usage] = []
    for usage in sorted(usages, key=lambda usage: usage.place):
        rest = usage.quantity
        for at in range(len(left) - 1, -1, -1) if rest < 0 else ():
            there = left[at]
            if (there.rate, there.key) == (usage.rate, usage.key):
                taken = min(max(there.quantity, ZERO), -rest)
                left[at] = replace(there, quantity=there.quantity - taken)
                rest += taken
            if not rest:
                break
        if rest:
            left.append(replace(usage, quantity=rest))
    return [usage for usage in left if usage.quantity]


def charge_time(usage: Usage, quantity: Decimal, tier: Tier | None) -> Charge:
    """Return the charge for some of the hours in one tier."""
    price = usage.price(tier)
    return Charge(
        quantity=quantity,
        list_price=usage.list_price,
        price_unit=price,
        tier=tier,
        key=usage.key,
        kind=kinds.TIME,
        amount=quantity * price * usage.factor,
        factor=usage.factor,
        taxes=usage.taxes,
    )
