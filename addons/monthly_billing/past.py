"""What was billed before: what the windows of tier tables start from.

Values in, values out: no ORM.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from odoo.addons.volume_discount import tiers as tier_rates
from odoo.addons.volume_discount.history import History

from .hours import ZERO
from .periods import Window
from .plan import Line, Terms

UNKNOWN = object()


@dataclass(frozen=True)
class Billed:
    """Hours and money that earlier lines charge in one month.

    :param customer: whose window it is (company, customer and currency)
    :param table: the tier table that priced them, None for the list price
    :param hours: at ``list_price``; zero for a line that stands for no time
    :param amount: without a discount of the line itself
    :param factor: what such a discount leaves (0.9 for 10 % off)
    :param tier: where in the table the hours lie (its key, None below the first tier),
        ``UNKNOWN`` for hours that were invoiced by hand
    """

    customer: Hashable
    product: Hashable
    table: Hashable
    month: date
    hours: Decimal
    list_price: Decimal
    amount: Decimal
    factor: Decimal = tier_rates.ONE
    tier: Hashable = UNKNOWN


class Past:
    """Everything that was billed before, to be asked for one table and window."""

    def __init__(self, rows: Iterable[Billed] = ()):
        self._rows = defaultdict(list)
        for row in rows:
            self.add(row)

    def add(self, row: Billed):
        """Count ``row``."""
        self._rows[row.customer].append(row)

    def add_lines(self, customer, product, table, lines: Iterable[Line]):
        """Count lines that are planned before others of the same customer."""
        for line in lines:
            base = Billed(
                customer, product, table, line.month, ZERO, line.list_price, ZERO
            )
            if line.kind in ("best_price", "difference"):
                amount = line.quantity * line.price_unit
                self.add(replace(base, list_price=ZERO, amount=amount))
            for share in line.shares:
                amount = share.billed * share.price_unit
                self.add(
                    replace(base, hours=share.billed, amount=amount, tier=share.tier)
                )

    def within(self, customer, terms: Terms, window: Window) -> History:
        """Return what counts in ``window`` of a table, oldest month first."""
        rows = [
            row
            for row in self._rows[customer]
            if row.month in window and _is_counted(row, terms)
        ]
        rows.sort(key=lambda row: (row.month, row.list_price))
        own = [row for row in rows if row.table == terms.key]
        usages = [
            tier_rates.Usage(row.hours, row.list_price, factor=row.factor)
            for row in own
        ]
        others = sum((row.hours for row in rows if row.table != terms.key), ZERO)
        by_tier = defaultdict(Decimal)
        for row in own:
            if row.tier is not UNKNOWN:
                by_tier[row.tier] += row.hours
        return History(
            tuple(usages),
            sum((row.amount * row.factor for row in own), ZERO),
            others,
            tuple(by_tier.items()),
        )


def _is_counted(row: Billed, terms: Terms) -> bool:
    """Return whether the table counts the service; what only corrects it counts."""
    is_correction = not row.hours and row.table == terms.key
    return terms.counts(row.product) or is_correction
