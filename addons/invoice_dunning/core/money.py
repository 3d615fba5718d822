"""Amounts of money as exact decimals."""

from decimal import Decimal

DIGITS = 6  # more than any currency has


def to_decimal(amount: float) -> Decimal:
    """Return an amount exactly as its decimal digits say: 0.1 is a tenth."""
    return Decimal(str(round(amount, DIGITS)))
