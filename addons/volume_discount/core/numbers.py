"""Numbers as exact decimals: what a float means, rounded amounts, fair shares.

Values in, values out: no ORM, standard library only.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, Context, Decimal, localcontext
from functools import wraps

ZERO = Decimal(0)
ONE = Decimal(1)
EXACT = Context(prec=200)


def to_exact(value: float | int | str | Decimal) -> Decimal:
    """Return the number as it prints: 0.1 as a float becomes exactly 0.1."""
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

    The shares add up to ``amount``; the last one takes what rounding leaves.
    """
    whole = sum(weights, ZERO)
    if not whole:
        return [*(ZERO for _weight in weights[1:]), amount]
    shares = []
    for weight in weights[:-1]:
        part = amount * weight / whole / quantum
        shares.append(part.quantize(ONE, ROUND_DOWN) * quantum)
    return [*shares, amount - sum(shares, ZERO)]
