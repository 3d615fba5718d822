"""Numbers as exact decimals: what a float means, rounded amounts, fair shares.

Values in, values out: no ORM, standard library only.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal, localcontext
from functools import wraps
from math import isfinite

ZERO = Decimal(0)
ONE = Decimal(1)
HALF = Decimal("0.5")
EXACT = Context(prec=200)
#: What hours, prices and amounts are kept with: six digits. Of an hour it is less than
#: a hundredth of a second: below it two stored times are the same time.
EPSILON = Decimal("0.000001")
#: Beyond it decimals lose digits
LARGEST = 10**15


class OddNumber(ValueError):
    """A stored number that no hours and no price can be."""


def to_decimal(value: float | int | str | Decimal) -> Decimal:
    """Return a stored number (hours, a price, an amount) as a decimal.

    Rounded to six digits, which is what prices are kept with: what a float, or the sum
    of many in the database, has beyond them is noise of its binary form and must not
    open the next step of a rounding. A ratio between two units has more digits that
    count: see ``to_exact``.

    :raise OddNumber: if it is infinite, not a number, or too large to calculate with
    """
    if not value:
        return ZERO
    if not isfinite(value := float(value) if isinstance(value, str) else value):
        raise OddNumber(str(value))
    if abs(value) > LARGEST:
        raise OddNumber(str(value))
    return Decimal(str(value)).quantize(EPSILON).normalize() + ZERO


def to_exact(value: float | int | str | Decimal) -> Decimal:
    """Return a ratio of units, or a price or amount before rounding, as it prints: no
    digit is lost, so that the price of a day of 7.7 h comes back from that of an hour.
    """
    return value if isinstance(value, Decimal) else Decimal(str(value))


def exact(function: Callable) -> Callable:
    """Compute with so many digits that nothing is rounded."""

    @wraps(function)
    def wrapper(*args, **kwargs):
        with localcontext(EXACT):
            return function(*args, **kwargs)

    return wrapper


@exact
def round_to(amount: Decimal, quantum: Decimal) -> Decimal:
    """Return ``amount`` as the nearest multiple of ``quantum``, halves away from 0."""
    return (amount / quantum).quantize(ONE, ROUND_HALF_UP) * quantum


@exact
def round_part(part: Decimal, whole: Decimal, quantum: Decimal) -> Decimal:
    """Return the nearest multiple of ``quantum``; of two that are equally near the one
    that makes the rounded ``whole`` with what there is of it already.

    So a part of half a cent is asked for once: rounded away from 0 it would be too much
    the next time, and be given back.
    """
    before, after = (
        (amount / quantum + HALF).to_integral_value(ROUND_FLOOR) * quantum
        for amount in (whole - part, whole)
    )
    missing = after - before
    is_nearest = abs(missing - part) * 2 <= quantum
    return missing if is_nearest else round_to(part, quantum)


def weigh(amounts: Iterable[tuple[Hashable, Decimal]]) -> dict[Hashable, Decimal]:
    """Return the sum of the amounts by key; what is below zero weighs nothing."""
    weights: dict[Hashable, Decimal] = {}
    for key, amount in amounts:
        weights[key] = weights.get(key, ZERO) + amount
    return {key: max(weight, ZERO) for key, weight in weights.items()}


@exact
def share(
    amount: Decimal, weights: Sequence[Decimal], quantum: Decimal
) -> list[Decimal]:
    """Share ``amount`` in proportion to ``weights``, in multiples of ``quantum``.

    Largest remainder method: the shares add up to ``amount`` and each differs from its
    exact share by less than one ``quantum``. Of equal remainders the first ones get
    more. The last one takes what is no multiple of ``quantum``, and everything where
    the weights add up to nothing.
    """
    if not weights:
        return []
    whole = sum(weights, ZERO)
    if not whole:
        return [*(ZERO for _weight in weights[1:]), amount]
    exact_shares = [amount * weight / whole / quantum for weight in weights]
    counts = [part.to_integral_value(ROUND_FLOOR) for part in exact_shares]
    missing = int(amount / quantum - sum(counts, ZERO))
    by_remainder = sorted(
        range(len(counts)), key=lambda at: (counts[at] - exact_shares[at], at)
    )
    for at in by_remainder[:missing]:
        counts[at] += ONE
    shares = [count * quantum for count in counts]
    shares[-1] += amount - sum(shares, ZERO)
    return shares
