"""What a tier table would have brought in: past work in, revenue per month out.

Values in, values out: no ORM, standard library only. Amounts are rounded where an
invoice rounds them: per line, price and tier.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from .history import Billed, summarize
from .repricing import share
from .terms import Terms, span_of
from .tiers import ONE, ZERO, Charge, Usage, rate_graduated


@dataclass(frozen=True)
class Work:
    """Some hours of a customer.

    :param line: what stands on one invoice line, before tiers split it
    :param is_counted: whether the table counts and prices these hours
    :param factor: what a discount of the line itself leaves (0.9 for 10 % off)
    :param net_share: what is left of the price without the taxes in it
    """

    customer: Hashable
    day: date
    hours: Decimal
    list_price: Decimal
    line: Hashable = None
    service: Hashable = None
    is_counted: bool = True
    factor: Decimal = ONE
    net_share: Decimal = ONE

    @property
    def net_factor(self) -> Decimal:
        """What is left of the list price where no tier makes it cheaper."""
        return self.factor * self.net_share


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


def simulate(
    terms: Terms | None, works: Iterable[Work], quantum: Decimal
) -> dict[tuple[Hashable, date], Month]:
    """Return what ``works`` cost per customer and month (its first day).

    Months are billed one after the other, each with what its window had before.

    :param terms: None for the list price
    :param works: in the order of allocation, from the first day of a window on
    :param quantum: the currency's smallest unit
    """
    months = defaultdict(Month)
    counted = defaultdict(lambda: defaultdict(list))
    for work in works:
        if terms is None or not work.is_counted:
            amount = work.hours * work.list_price * work.net_factor
            amount = _round(amount, quantum)
            months[_key(work)] += Month(work.hours, amount, amount)
        else:
            counted[work.customer][work.day.replace(day=1)].append(work)
    for by_month in counted.values():
        for key, month in _bill_in_turn(terms, by_month, quantum):
            months[key] += month
    return dict(months)


def _bill_in_turn(terms: Terms, by_month: dict[date, list[Work]], quantum: Decimal):
    """Yield key and ``Month`` of one customer's months, the oldest first."""
    billed = defaultdict(list)
    for first, month in sorted(by_month.items()):
        works = _net(month)
        window = span_of(first, terms.window)
        past = summarize(billed[window])
        usages = [
            Usage(work.hours, work.list_price, position, work.factor)
            for position, work in enumerate(works)
        ]
        charges = terms.rate(usages, past.usages, past.amount)
        asked = sum((charge.amount for charge in charges), ZERO)
        billed[window] += [
            Billed(work.day, work.hours, work.list_price, ZERO, factor=work.factor)
            for work in works
        ]
        billed[window].append(Billed(first, ZERO, ZERO, asked))
        at_list_price = [
            charge for usage in usages for charge in rate_graduated([], [usage])
        ]
        yield (
            _key(month[0]),
            Month(
                sum((work.hours for work in works), ZERO),
                _sum_lines(at_list_price, works, quantum),
                _sum_lines(charges, works, quantum),
            ),
        )


def _net(works: Sequence[Work]) -> list[Work]:
    """Return ``works`` without credited (negative) hours and with the same sum.

    Credited hours take away the last hours of their list price, else of any other.
    """
    kept = [work for work in works if work.hours > 0]
    for credit in (work for work in works if work.hours < 0):
        left = -credit.hours
        others = [work.list_price != credit.list_price for work in kept]
        for index in sorted(range(len(kept)), key=lambda i, o=others: (o[i], -i)):
            taken = min(left, kept[index].hours)
            kept[index] = replace(kept[index], hours=kept[index].hours - taken)
            left -= taken
    return [work for work in kept if work.hours]


def _sum_lines(
    charges: Iterable[Charge], works: Sequence[Work], quantum: Decimal
) -> Decimal:
    """Return the sum of what would be invoice lines before tax, each rounded."""
    lines, extra = defaultdict(Decimal), ZERO
    for charge in charges:
        if charge.kind == "time":
            work = works[charge.key]
            key = (work.line, work.list_price, charge.price_unit, charge.tier)
            lines[key] += charge.amount * work.net_share
        else:
            extra += _get_net(_round(charge.amount, quantum), works, quantum)
    return sum((_round(amount, quantum) for amount in lines.values()), extra)


def _get_net(amount: Decimal, works: Sequence[Work], quantum: Decimal) -> Decimal:
    """Return what is left of an amount that corrects ``works`` before tax."""
    weights = defaultdict(Decimal)
    for work in works:
        weights[work.net_share] += work.hours * work.list_price
    if not weights:
        return amount
    parts = share(amount, list(weights.values()), quantum)
    nets = (_round(n * p, quantum) for n, p in zip(weights, parts, strict=True))
    return sum(nets, ZERO)


def _key(work: Work) -> tuple[Hashable, date]:
    return work.customer, work.day.replace(day=1)


def _round(amount: Decimal, quantum: Decimal) -> Decimal:
    return (amount / quantum).quantize(Decimal(1), ROUND_HALF_UP) * quantum


def count(works: Iterable[Work], is_counted) -> list[Work]:
    """Return ``works`` with a table's opinion on which services it counts."""
    return [replace(work, is_counted=is_counted(work.service)) for work in works]
