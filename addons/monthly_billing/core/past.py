"""What was billed before: what the windows of tier tables start from.

Values in, values out: no ORM.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from ...volume_discount.core.calendar import Window
from ...volume_discount.core.history import Billed, History
from ...volume_discount.core.numbers import ZERO
from ...volume_discount.core.terms import Terms
from ...volume_discount.core.tiers import Usage
from . import kinds
from .plan import Line


@dataclass(frozen=True)
class Row:
    """What stands on one or several lines.

    :param customer: whose window it is (company, customer and currency)
    :param table: the tier table that priced it, None for the list price
    :param is_sum: hours of a month added up, whatever their place in it
    """

    customer: Hashable
    table: Hashable
    billed: Billed
    is_sum: bool = False


class Past:
    """Everything that was billed before, to be asked for one table and window.

    :param get_details: returns the rows of a customer entry by entry; asked only where
        the order of the hours matters
    :param decisions: what people decided, by customer, table and first day of the
        window: pairs of taxes and amount that nobody wants to collect, and why a window
        is corrected
    :param slack: see ``History``
    """

    def __init__(
        self,
        rows: Iterable[Row] = (),
        get_details: Callable[[Hashable], Iterable[Row]] | None = None,
        decisions: dict | None = None,
        slack: Decimal = ZERO,
    ):
        self._rows = defaultdict(list)
        self._get_details, self._slack = get_details, slack
        self._decisions = decisions or {}
        for row in rows:
            self.add(row)

    def add(self, row: Row):
        """Count ``row``."""
        self._rows[row.customer].append(row)

    def add_lines(self, customer, lines: Iterable[Line]):
        """Count lines that are planned before others of the same customer."""
        for line in lines:
            if line.kind in kinds.CORRECTIONS:
                amount = line.quantity * line.price_unit
                self.add(_get_row(customer, line, line.month, ZERO, amount))
            for share in line.shares:
                amount = share.billed * share.price_unit
                row = _get_row(customer, line, share.day, share.billed, amount)
                order = replace(row.billed, order=share.timesheet_id)
                self.add(replace(row, billed=order))

    def within(
        self, customer, terms: Terms, window: Window, new: Sequence[Usage] = ()
    ) -> History:
        """Return what counts in ``window`` of a table.

        :param new: the hours that come now; of other rates than those billed they tell
            that the order of the hours matters
        """
        rows = self._get_rows(customer, terms, window)
        if any(row.is_sum for row in rows) and _is_order_needed(terms, rows, new):
            self._refine(customer)
            rows = self._get_rows(customer, terms, window)
        found = tuple(
            replace(row.billed, is_own=row.table == terms.key) for row in rows
        )
        key = customer, terms.key, window.start
        waived, reason = self._decisions.get(key, ((), ""))
        return History(found, tuple(waived), self._slack, reason)

    def _get_rows(self, customer, terms, window):
        rows = [
            row
            for row in self._rows[customer]
            if row.billed.day in window and _is_counted(row, terms)
        ]
        return sorted(rows, key=lambda row: row.billed.usage.place)

    def _refine(self, customer):
        """Replace the sums of a customer by the entries behind them."""
        rows = [row for row in self._rows[customer] if not row.is_sum]
        self._rows[customer] = [*self._get_details(customer), *rows]


def _get_row(customer, line: Line, day, hours, amount) -> Row:
    """Return what a planned line charges."""
    billed = Billed(
        day,
        hours,
        line.list_price,
        amount,
        taxes=line.taxes,
        scale=line.scale,
        product=line.product,
    )
    return Row(customer, line.table, billed)


def _is_counted(row: Row, terms: Terms) -> bool:
    """Return whether the table counts the service; what only corrects it counts."""
    is_correction = not row.billed.hours and row.table == terms.key
    return is_correction or terms.counts(row.billed.product)


def _is_order_needed(terms: Terms, rows: Iterable[Row], new: Iterable[Usage]) -> bool:
    """Return whether the sums of the months do not tell what a table asks."""
    if terms.mode != "graduated":
        return False
    timed = [row for row in rows if row.billed.hours]
    rates = {(row.billed.usage.rate, row.table == terms.key) for row in timed}
    return len(rates | {(usage.rate, True) for usage in new}) > 1
