"""What was billed in a window before: hours at their prices, and money.

Values in, values out: no ORM, standard library only.
"""

from collections import defaultdict
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .numbers import ONE, ZERO
from .tiers import Usage


@dataclass(frozen=True)
class Billed:
    """Some hours (negative on a credit note) at one price, and what was asked.

    A line that only corrects an amount has no hours.

    :param amount: without a discount of the line itself, of which ``factor`` is left
    :param is_own: whether the table priced them; others take up their place in the
        window and keep the price they have
    :param taxes, scale, order: as in ``tiers.Usage``
    :param is_rounded: whether the amount is the difference of rounded amounts: what a
        summary saves
    :param product: the service, as the caller names it
    """

    day: date
    hours: Decimal
    list_price: Decimal
    amount: Decimal
    is_own: bool = True
    factor: Decimal = ONE
    taxes: Hashable = None
    scale: Decimal = ONE
    order: int = 0
    is_rounded: bool = False
    product: Hashable = None

    @property
    def usage(self) -> Usage:
        """The hours as they were before the table priced them."""
        return Usage(
            self.hours,
            self.list_price,
            None,
            self.factor,
            self.taxes,
            self.scale,
            self.day,
            self.order,
        )


@dataclass(frozen=True)
class History:
    """What stands on the invoices of a window.

    :param waived: amounts by taxes that the window asks and nobody wants to collect
        (negative: that it has too much and keeps)
    :param slack: by how much rounding one line can change it
    :param reason: why a person lets the window be corrected
    """

    rows: tuple[Billed, ...] = ()
    waived: tuple[tuple[Hashable, Decimal], ...] = ()
    slack: Decimal = ZERO
    reason: str = ""

    @property
    def noise(self) -> Decimal:
        """What rounding makes of the amounts; so small a difference is not corrected.

        Only where a summary gave a saving, more than one line was rounded.
        """
        is_rounded = any(row.is_rounded for row in self.rows)
        return self.slack * (len(self.rows) if is_rounded else 1)

    @property
    def hours(self) -> Decimal:
        """The sum of the hours, priced by the table or not."""
        return sum((row.hours for row in self.rows), ZERO)

    @property
    def own(self) -> tuple[Billed, ...]:
        """What the table priced."""
        return tuple(row for row in self.rows if row.is_own)

    @property
    def others(self) -> tuple[Usage, ...]:
        """The hours that were priced without the table."""
        return tuple(row.usage for row in self.rows if not row.is_own and row.hours)

    @property
    def charged(self) -> dict[Hashable, Decimal]:
        """What was asked by the table, by taxes; waived is as good as asked."""
        amounts = defaultdict(Decimal)
        for row in self.own:
            amounts[row.taxes] += row.amount * row.factor
        for taxes, amount in self.waived:
            amounts[taxes] += amount
        return dict(amounts)
