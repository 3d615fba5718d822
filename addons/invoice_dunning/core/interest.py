"""Simple interest on a claim, day by day, rounded once.

BGB 288: simple interest on what was open, none on interest (BGB 289). The day on which
a payment arrives still bears interest on it, the day after does not. A year has 365
days, leap years too.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from .rates import BaseRate, FixedRate, Period

DAYS_PER_YEAR = 365
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Payment:
    """Money on the principal: ``amount`` in the claim's currency arrived on ``day``."""

    day: date
    amount: Decimal


@dataclass(frozen=True)
class Share:
    """Interest of days on which neither the open principal nor the rate changed.

    ``principal`` is in the claim's currency; the interest of the share is
    ``principal * percent * days / 36500``, not rounded.
    """

    period: Period
    principal: Decimal

    @property
    def product(self) -> Decimal:
        """Exact interest, times 36500."""
        return self.principal * self.period.percent * self.period.days

    @property
    def amount(self) -> Decimal:
        """The interest of this share, not rounded to a currency."""
        return self.product / (100 * DAYS_PER_YEAR)


def shares(
    principal: Decimal,
    first: date,
    last: date,
    rate: BaseRate | FixedRate,
    payments: Iterable[Payment] = (),
) -> Iterator[Share]:
    """Cut the days ``first`` to ``last``, both included, where something changes.

    :param principal: what was owed at the beginning, before any payment
    :param rate: the rate of interest, which knows its periods
    :param payments: what arrived on the principal, in any order, also before ``first``
    :raise MissingRate: if the base rate of a half-year is not known
    """
    for begin, end, amount in _steps(principal, first, last, payments):
        if amount > 0:
            yield from (Share(period, amount) for period in rate.periods(begin, end))


def _steps(
    principal: Decimal, first: date, last: date, payments: Iterable[Payment]
) -> Iterator[tuple[date, date, Decimal]]:
    """Yield first day, last day and open principal between payments."""
    for payment in sorted(payments, key=lambda payment: payment.day):
        end = min(payment.day, last)
        if first <= end:
            yield first, end, principal
            first = end + ONE_DAY
        principal -= payment.amount
    if first <= last:
        yield first, last, principal


def total(parts: Sequence[Share] | Iterable[Share], step: Decimal) -> Decimal:
    """Return the interest of one claim, rounded once, half up.

    :param step: the smallest amount of the currency, 0.01 for a cent
    """
    exact = sum((share.product for share in parts), Decimal(0))
    steps = (exact / (100 * DAYS_PER_YEAR) / step).quantize(Decimal(1), ROUND_HALF_UP)
    return steps * step
