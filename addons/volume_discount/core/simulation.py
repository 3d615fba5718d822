"""What a tier table would have brought in: past work in, revenue per month out.

Values in, values out: no ORM, standard library only. Invoices are priced by the same
function as real ones, so that the table that was agreed gives what was billed.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import partial

from . import kinds
from .calendar import window_of
from .history import Billed, History
from .invoicing import Extra, Repricing, reprice
from .numbers import ONE, ZERO, round_to
from .terms import Terms
from .tiers import Usage

#: an invoice line: taxes, price after a discount of the line, and hours; without
#: hours the price is an amount of its own
Row = tuple[Hashable, Decimal, Decimal | None]
#: the rows of an invoice to what they add up to before tax
GetTotal = Callable[[Sequence[Row]], Decimal]


@dataclass(frozen=True)
class Work:
    """Some hours of a customer, negative where they are taken back.

    :param line: what stands on one invoice line, before tiers split it
    :param is_counted: whether the table counts and prices these hours
    :param factor: what a discount of the line itself leaves (0.9 for 10 % off)
    :param taxes: what ``GetTotal`` knows the taxes of the line by
    :param document: the invoice on which it stands, None for one invoice per month
    :param issued: when that invoice was written, to tell what came before
    :param credited: the invoice that a credit note gives back
    :param scale: see ``tiers.Tier.price``
    """

    customer: Hashable
    day: date
    hours: Decimal
    list_price: Decimal
    line: Hashable = None
    service: Hashable = None
    is_counted: bool = True
    factor: Decimal = ONE
    taxes: Hashable = None
    document: Hashable = None
    issued: date | None = None
    credited: Hashable = None
    scale: Decimal = ONE

    @property
    def month(self) -> date:
        """The first day of the month of the work."""
        return self.day.replace(day=1)

    @property
    def turn(self) -> tuple[date, bool]:
        """When it is billed: what is on no invoice comes last in its month."""
        is_open = self.document is None
        return window_of(
            self.day, "month"
        ).last_day if is_open else self.issued, is_open

    @property
    def rate(self) -> tuple:
        """What hours on one line have in common."""
        return self.line, self.list_price, self.factor, self.taxes, self.scale

    def get_usage(self, key: Hashable) -> Usage:
        """Return the hours as the table takes them."""
        return Usage(
            self.hours,
            self.list_price,
            key,
            self.factor,
            self.taxes,
            self.scale,
            self.day,
        )


@dataclass(frozen=True)
class Month:
    """A month's hours of one customer and what they cost."""

    hours: Decimal = ZERO
    list_amount: Decimal = ZERO
    amount: Decimal = ZERO

    def __add__(self, other: "Month") -> "Month":
        return Month(
            self.hours + other.hours,
            self.list_amount + other.list_amount,
            self.amount + other.amount,
        )

    def __neg__(self) -> "Month":
        return Month(-self.hours, -self.list_amount, -self.amount)


@dataclass(frozen=True)
class Invoice:
    """What an invoice asks, and what its window remembers of it."""

    works: tuple[Work, ...]
    month: Month
    billed: tuple[Billed, ...] = ()

    def is_undone_by(self, works: Iterable[Work]) -> bool:
        """Return whether a credit note gives back all of it."""
        return _count_hours(self.works) == Counter(
            {rate: -hours for rate, hours in _count_hours(works).items()}
        )

    def __neg__(self) -> "Invoice":
        billed = [replace(b, hours=-b.hours, amount=-b.amount) for b in self.billed]
        return Invoice(self.works, -self.month, tuple(billed))


@dataclass
class Simulation:
    """One customer's invoices under one table, written one after the other."""

    terms: Terms | None
    quantum: Decimal
    get_total: GetTotal
    slack: Decimal = ZERO
    windows: dict = field(default_factory=lambda: defaultdict(list))
    invoices: dict = field(default_factory=dict)

    def bill(self, works: Sequence[Work]) -> Month:
        """Return what one invoice for ``works`` asks; the next ones come after it."""
        first = works[0]
        undone = first.credited and self.invoices.get(first.credited)
        if undone and undone.is_undone_by(works):
            invoice = -undone
        else:
            invoice = self._price(works)
        self.invoices[first.document] = invoice
        if self.terms:
            window = window_of(first.day, self.terms.window)
            self.windows[window] += invoice.billed
        return invoice.month

    def _price(self, works: Sequence[Work]) -> Invoice:
        is_priced = self.terms is not None
        counted = [work for work in works if work.is_counted and is_priced]
        others = [work for work in works if not (work.is_counted and is_priced)]
        at_list_price = self._sum_lines((work.rate, work.hours) for work in works)
        parts, extras = [(work.rate, work.hours) for work in others], ()
        billed = []
        if counted:
            items = _get_items(counted)
            repricing = self._reprice(items, counted[0])
            parts += _get_parts(items, repricing)
            extras = repricing.extras
            billed = _get_billed(counted[0].day, items, repricing)
        hours = sum((work.hours for work in works), ZERO)
        month = Month(hours, at_list_price, self._sum_lines(parts, extras))
        return Invoice(tuple(works), month, tuple(billed))

    def _reprice(self, items: dict[int, Work], first: Work) -> Repricing:
        terms = self.terms
        if first.document is None:  # several entries make a line: rounded together
            terms = replace(terms, presentation="line")
        rows = tuple(self.windows[window_of(first.day, terms.window)])
        past = History(rows, slack=self.slack)
        usages = [work.get_usage(key) for key, work in items.items()]
        return reprice(terms, usages, past, self.quantum)

    def _sum_lines(
        self, parts: Iterable[tuple[tuple, Decimal]], extras: Iterable[Extra] = ()
    ) -> Decimal:
        """Return the sum of an invoice before tax.

        :param parts: rate of a work, where a tier changes it with the price, and hours
        """
        lines = defaultdict(Decimal)
        for key, hours in parts:
            lines[key] += hours
        rows = [
            (taxes, (tier[0] if tier else list_price) * factor, hours)
            for (
                _line,
                list_price,
                factor,
                taxes,
                _scale,
                *tier,
            ), hours in lines.items()
        ]
        rows += [(extra.taxes, extra.amount, None) for extra in extras]
        return self.get_total(rows)


def add_up(rows: Iterable[Row], quantum: Decimal) -> Decimal:
    """Return the sum of rows whose prices have no taxes in them, each rounded."""
    amounts = (
        price if hours is None else price * hours for _taxes, price, hours in rows
    )
    return sum((round_to(amount, quantum) for amount in amounts), ZERO)


def simulate(
    terms: Terms | None,
    works: Iterable[Work],
    quantum: Decimal,
    get_total: GetTotal | None = None,
    slack: Decimal | None = None,
) -> dict[tuple[Hashable, date], Month]:
    """Return what ``works`` cost per customer and month (its first day).

    Invoices are written one after the other, as they were, each with what its window
    had before; work that is on none is billed at the end of its month. A credit note
    for a whole invoice gives back what that asked; other negative hours leave their
    window from the top.

    :param terms: None for the list price
    :param works: in the order of allocation, from the first day of a window on
    :param quantum: the unit to which the amount of a line is rounded
    :param slack: how much rounding a line may change it, by default half a unit
    :param get_total: what the rows of an invoice add up to; None: prices without tax
    """
    invoices = defaultdict(list)
    for work in works:
        invoices[work.customer, work.month, work.document].append(work)
    get_total = get_total or partial(add_up, quantum=quantum)
    slack = quantum / 2 if slack is None else slack
    months, simulations = defaultdict(Month), {}
    for (customer, month, _document), on_invoice in sorted(
        invoices.items(), key=lambda pair: pair[1][0].turn
    ):
        simulation = simulations.setdefault(
            customer, Simulation(terms, quantum, get_total, slack)
        )
        months[customer, month] += simulation.bill(on_invoice)
    return dict(months)


def _get_items(works: Sequence[Work]) -> dict[int, Work]:
    """Return what is priced as one: an invoice line, or an entry without invoice."""
    if works[0].document is None:
        return dict(enumerate(works))
    lines = {}
    for work in works:
        known = lines.get(work.rate)
        hours = work.hours + (known.hours if known else ZERO)
        lines[work.rate] = replace(work, hours=hours)
    return dict(enumerate(lines.values()))


def _get_parts(items: dict[int, Work], repricing: Repricing) -> list:
    """Return (rate of a line, hours) of what the tiers make of ``items``."""
    if items[0].document is None:  # each tier is a line, even at the same price
        return [
            ((*items[c.key].rate, c.price_unit, c.tier), c.quantity)
            for c in repricing.charges
            if c.kind == kinds.TIME
        ]
    return [
        ((*items[part.key].rate, part.price_unit), part.hours)
        for part in repricing.slices
    ]


def _get_billed(
    day: date, items: dict[int, Work], repricing: Repricing
) -> list[Billed]:
    """Return the lines of an invoice as the next one sees them."""
    billed = [
        Billed(
            items[part.key].day,
            part.hours,
            items[part.key].list_price,
            part.hours * part.price_unit,
            factor=items[part.key].factor,
            taxes=items[part.key].taxes,
            scale=items[part.key].scale,
        )
        for part in repricing.slices
    ]
    return billed + [
        Billed(
            day,
            ZERO,
            ZERO,
            extra.exact,
            taxes=extra.taxes,
        )
        for extra in repricing.extras
    ]


def _count_hours(works: Iterable[Work]) -> Counter:
    """Return hours by what they cost, without the lines on which they stand."""
    hours = Counter()
    for work in works:
        hours[work.rate[1:]] += work.hours
    return hours


def count(works: Iterable[Work], is_counted) -> list[Work]:
    """Return ``works`` with a table's opinion on which services it counts.

    A negative price gives money back, not hours: no table counts it.
    """
    return [
        replace(work, is_counted=work.list_price >= 0 and is_counted(work.service))
        for work in works
    ]
