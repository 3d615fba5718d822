"""What an agreement's month would become: the lines of one invoice as plain values.

The plan is what the preview shows and what the run writes: there is no second
computation. Hours and prices are ``Decimal``; money is rounded by the invoice.
"""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from ...volume_discount.core.numbers import ONE, ZERO
from ...volume_discount.core.proof import Proof
from ...volume_discount.core.terms import Terms
from ...volume_discount.core.tiers import Tier
from . import kinds
from .entries import Entry

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Share:
    """The part of a timesheet entry that stands on a line, in hours."""

    timesheet_id: int
    day: date
    worked: Decimal
    billed: Decimal
    price_unit: Decimal
    tier: Tier | None = None


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
    :param table: the tier table that priced it, None for the list price
    :param reason: why a person lets a window be corrected
    """

    kind: str
    month: date
    quantity: Decimal
    price_unit: Decimal
    job: Hashable = None
    list_price: Decimal = ZERO
    tier: Tier | None = None
    shares: tuple[Share, ...] = ()
    product: Hashable = None
    taxes: Hashable = None
    group: Hashable = None
    included: Decimal = ZERO
    table: Hashable = None
    reason: str = ""
    scale: Decimal = ONE

    @property
    def is_charge(self) -> bool:
        """Whether somebody has to pay for it: hours or a fixed amount."""
        if self.kind == kinds.RETAINER:
            return bool(self.price_unit)
        return self.kind == kinds.TIME and bool(self.quantity)

    @property
    def worked(self) -> Decimal:
        """The worked hours behind the line."""
        return sum((share.worked for share in self.shares), ZERO)

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day of work on the line."""
        days = [share.day for share in self.shares]
        return min(days), max(days)

    def get_billed_parts(self) -> list[Entry]:
        """Return the parts of entries on the line as what was billed of them."""
        return [
            Entry(one.timesheet_id, one.day, self.job, one.worked, one.billed)
            for one in self.shares
        ]

    def amount(self, quantum: Decimal = CENT) -> Decimal:
        """Return what the invoice asks for the line, before tax."""
        return (self.quantity * self.price_unit).quantize(quantum, ROUND_HALF_UP)


@dataclass(frozen=True)
class Plan:
    """Everything one agreement's month would become.

    :param terms: the tier table that holds in the month
    """

    lines: tuple[Line, ...] = ()
    withheld: tuple[Entry, ...] = ()
    proofs: tuple[Proof, ...] = ()
    terms: Terms | None = None

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
