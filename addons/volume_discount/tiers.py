"""Tier arithmetic: hours in, charges out.

Values in, values out: no ORM, no rounding, no writing, standard library only. Hours
and money are ``Decimal``; money is in whatever currency the caller's prices are.
Inputs of any sensible length stay exact (200 digits), so that charges partition the
hours and add up to the total to the last digit. The rules are those of pricing.md.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Context, Decimal, localcontext
from functools import wraps

ZERO = Decimal(0)
ONE = Decimal(1)
EXACT = Context(prec=200)
MODES = ("graduated", "volume")
PRICE_TYPES = ("discount", "price")


def to_decimal(value: float | int | str | Decimal) -> Decimal:
    """Return the number as it prints: 0.1 as a float becomes exactly 0.1."""
    return value if isinstance(value, Decimal) else Decimal(str(value))


def exact(function: Callable) -> Callable:
    """Compute with so many digits that nothing is rounded."""

    @wraps(function)
    def wrapper(*args, **kwargs):
        with localcontext(EXACT):
            return function(*args, **kwargs)

    return wrapper


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
    def price(self, list_price: Decimal) -> Decimal:
        """Return the price per hour in this tier for a list price per hour."""
        if self.price_type == "price":
            return self.price_unit
        return list_price * (Decimal(100) - self.discount) / 100


@dataclass(frozen=True)
class Usage:
    """Some hours at one list price per hour; ``key`` is the caller's reference.

    Negative hours are taken back: from the top, at the price that hours have there.
    ``factor`` is what a discount apart from the table leaves of whatever price the
    table gives (0.9 for 10 % off).
    """

    quantity: Decimal
    list_price: Decimal
    key: Hashable = None
    factor: Decimal = ONE


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
    bands = _get_bands(_sort_tiers(tiers))
    position = _get_hours(_check_usages(consumed))
    charges = []
    for usage in _check_usages(usages):
        end = position + usage.quantity
        sign = 1 if end > position else -1
        low, high = sorted((position, end))
        for lower, upper, tier in bands[::sign]:
            quantity = min(high, upper) - max(low, lower)
            if quantity > 0:
                charges.append(_charge_time(usage, sign * quantity, tier))
        position = end
    return charges


@exact
def rate_volume(
    tiers: Iterable[Tier],
    usages: Iterable[Usage],
    consumed: Iterable[Usage] = (),
    billed: Decimal | None = None,
    best_price: bool = False,
) -> list[Charge]:
    """Charge all hours at the price of the tier that their sum reaches.

    :param consumed: hours of the same window that were billed before
    :param billed: amount charged for them; None is what the table asks for them
    :param best_price: never ask more than for the start of a later tier
    :return: a ``time`` charge per usage; then a ``difference`` charge where hours that
        were billed before change their price, and a ``best_price`` charge
    :raise ValueError: on negative prices, on a table that is not well-formed
    """
    table = _sort_tiers(tiers)
    consumed, usages = _check_usages(consumed), _check_usages(usages)
    everything = consumed + usages
    tier = _get_tier(table, _get_hours(everything))
    if billed is None:
        billed = _total_volume(table, consumed, best_price)
    # While the tier stays the same, the cut already granted on earlier hours stands:
    # only the new part of it is shown.
    settled = ZERO
    if best_price and tier == _get_tier(table, _get_hours(consumed)):
        settled = _get_best_price_cut(table, consumed)
    charges = [_charge_time(usage, usage.quantity, tier) for usage in usages]
    charges = [charge for charge in charges if charge.quantity]
    charges += _charge_amount(
        "difference", _get_amount(consumed, tier) + settled - billed
    )
    if best_price:
        cut = _get_best_price_cut(table, everything)
        charges += _charge_amount("best_price", cut - settled)
    return charges


@exact
def rate(
    mode: str,
    tiers: Iterable[Tier],
    usages: Iterable[Usage],
    consumed: Iterable[Usage] = (),
    billed: Decimal | None = None,
    best_price: bool = False,
) -> list[Charge]:
    """Charge the usages in one mode; their amounts sum to the total minus ``billed``.

    :param mode: ``graduated`` or ``volume``
    :param billed: amount charged for ``consumed``; None is what the table asks for
        them. An amount that deviates from it gives a ``difference`` charge.
    :param best_price: changes nothing in ``graduated``, which has no cliffs
    :raise ValueError: as `rate_graduated` and `rate_volume`; on an unknown mode
    """
    _check_mode(mode)
    if mode == "volume":
        return rate_volume(tiers, usages, consumed, billed, best_price)
    tiers, consumed = list(tiers), list(consumed)
    charges = rate_graduated(tiers, usages, consumed)
    if billed is not None:
        asked = total("graduated", tiers, consumed)
        charges += _charge_amount("difference", asked - billed)
    return charges


@exact
def total(
    mode: str,
    tiers: Iterable[Tier],
    usages: Iterable[Usage],
    best_price: bool = False,
) -> Decimal:
    """Return what a table asks for all hours of a window, unrounded.

    With several list prices ``graduated`` depends on the order of the usages, since
    the first hours are the dear ones; ``volume`` never does.
    """
    _check_mode(mode)
    if mode == "volume":
        return _total_volume(_sort_tiers(tiers), _check_usages(usages), best_price)
    return sum((charge.amount for charge in rate_graduated(tiers, usages)), ZERO)


@exact
def hours_to_next_tier(
    tiers: Iterable[Tier], quantity: Decimal
) -> tuple[Decimal, Tier] | None:
    """Return the missing hours and the next tier, or None in the last one."""
    _check_range("quantity", quantity)
    for tier in _sort_tiers(tiers):
        if tier.min_quantity > quantity:
            return tier.min_quantity - quantity, tier
    return None


def _check_mode(mode: str) -> None:
    if mode not in MODES:
        raise ValueError(f"unknown mode {mode!r}, expected one of {MODES}")


def _check_range(name: str, value: Decimal, upper: int | None = None) -> None:
    if not Decimal(value).is_finite() or value < 0:
        raise ValueError(f"{name} must be zero or more, not {value}")
    if upper is not None and value > upper:
        raise ValueError(f"{name} must be at most {upper}, not {value}")


def _check_usages(usages: Iterable[Usage]) -> list[Usage]:
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


def _sort_tiers(tiers: Iterable[Tier]) -> list[Tier]:
    """Return a well-formed table by rising bounds, or raise ValueError."""
    tiers = list(tiers)
    for tier in tiers:
        _check_tier(tier)
    table = sorted(tiers, key=lambda tier: tier.min_quantity)
    if len({tier.min_quantity for tier in table}) < len(table):
        raise ValueError("two tiers start at the same quantity")
    return table


def _get_bands(table: Sequence[Tier]) -> list[tuple[Decimal, Decimal, Tier | None]]:
    """Return (lower bound, upper bound, tier), the first without lower bound."""
    starts = [None, *table] if not table or table[0].min_quantity else table
    bounds = [tier.min_quantity for tier in starts[1:]]
    infinity = Decimal("Infinity")
    return list(zip([-infinity, *bounds], [*bounds, infinity], starts, strict=True))


def _get_tier(table: Sequence[Tier], quantity: Decimal) -> Tier | None:
    reached = [tier for tier in table if tier.min_quantity <= max(quantity, ZERO)]
    return reached[-1] if reached else None


def _get_hours(usages: Sequence[Usage]) -> Decimal:
    return sum((usage.quantity for usage in usages), ZERO)


def _get_price(tier: Tier | None, list_price: Decimal) -> Decimal:
    return tier.price(list_price) if tier else list_price


def _get_amount(usages: Sequence[Usage], tier: Tier | None) -> Decimal:
    """Return the amount of all usages in one tier."""
    amounts = (u.quantity * _get_price(tier, u.list_price) * u.factor for u in usages)
    return sum(amounts, ZERO)


def _total_volume(
    table: Sequence[Tier], usages: Sequence[Usage], best_price: bool
) -> Decimal:
    amount = _get_amount(usages, _get_tier(table, _get_hours(usages)))
    return amount + _get_best_price_cut(table, usages) if best_price else amount


def _get_best_price_cut(table: Sequence[Tier], usages: Sequence[Usage]) -> Decimal:
    """Return the (zero or negative) difference to the cheapest later tier's start.

    All later tiers count, not only the next one, so that the total never falls with
    more hours, whatever the table's prices do. The hours that are missing to a
    tier's start are taken at the lowest price present.
    """
    hours = _get_hours(usages)
    if hours <= 0:
        return ZERO
    amount = _get_amount(usages, _get_tier(table, hours))
    lowest = _get_cheapest(usages)
    starts = (
        _get_amount(
            [*usages, replace(lowest, quantity=tier.min_quantity - hours)], tier
        )
        for tier in table
        if tier.min_quantity > hours
    )
    return min([amount, *starts]) - amount


def _get_cheapest(usages: Sequence[Usage]) -> Usage:
    """Return a usage at the lowest price of which hours are left."""
    hours = {}
    for usage in usages:
        key = usage.list_price * usage.factor, usage.factor
        quantity, _usage = hours.get(key, (ZERO, usage))
        hours[key] = quantity + usage.quantity, usage
    left = [key for key, (quantity, _usage) in hours.items() if quantity > 0]
    return hours[min(left)][1]


def _charge_time(usage: Usage, quantity: Decimal, tier: Tier | None) -> Charge:
    price = _get_price(tier, usage.list_price)
    return Charge(
        quantity=quantity,
        list_price=usage.list_price,
        price_unit=price,
        tier=tier,
        key=usage.key,
        kind="time",
        amount=quantity * price * usage.factor,
        factor=usage.factor,
    )


def _charge_amount(kind: str, amount: Decimal) -> list[Charge]:
    """Return one charge without hours, or none for nothing."""
    return [Charge(ZERO, ZERO, ZERO, None, None, kind, amount)] if amount else []
