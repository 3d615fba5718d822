"""The proof of an invoice: how its hours were priced, kept as it was printed.

Values in, values out: no ORM, standard library only. A proof is kept with the invoice
and never computed again, so that it does not change when the table is edited later.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from . import kinds
from . import terms as agreed
from .calendar import Window
from .numbers import ONE, ZERO
from .terms import Terms
from .tiers import Charge, Tier, hours_to_next_tier


@dataclass(frozen=True)
class Row:
    """Some hours at one price, or an amount without hours (see ``tiers.Charge``).

    ``list_price`` is that of the first of the hours; ``price_unit`` is what is asked
    per hour: a discount of the line itself, of which ``factor`` is left, is in it.
    """

    kind: str
    hours: Decimal
    list_price: Decimal
    price_unit: Decimal
    amount: Decimal
    tier: Tier | None = None
    factor: Decimal = ONE


@dataclass(frozen=True)
class Proof:
    """The priced hours of one window on one invoice.

    :param consumed: hours of the window that were billed before
    :param is_partial: whether the window goes beyond the period of the invoice, so
        that the price reduction also depends on other invoices
    """

    terms: Terms
    window: Window
    consumed: Decimal
    rows: tuple[Row, ...]
    is_partial: bool = False

    @property
    def hours(self) -> Decimal:
        """The hours on the invoice."""
        return sum((row.hours for row in self.rows), ZERO)

    @property
    def position(self) -> Decimal:
        """The hours of the window up to this invoice."""
        return self.consumed + self.hours

    @property
    def amount(self) -> Decimal:
        """What the invoice asks for the window."""
        return sum((row.amount for row in self.rows), ZERO)

    @property
    def next_tier(self) -> tuple[Decimal, Tier] | None:
        """The missing hours and the next tier, None in the last one."""
        return hours_to_next_tier(self.terms.tiers, max(self.position, ZERO))


def prove(
    terms: Terms,
    window: Window,
    consumed: Decimal,
    charges: Iterable[Charge],
    period: Window,
) -> Proof:
    """Return the proof of ``charges``.

    :param period: the days that the invoice bills
    """
    rows = _group(
        Row(
            c.kind,
            c.quantity,
            c.list_price,
            c.price_unit * c.factor,
            c.amount,
            c.tier,
            c.factor,
        )
        for c in charges
    )
    return Proof(terms, window, consumed, tuple(rows), not period.covers(window))


def _group(rows: Iterable[Row]) -> Sequence[Row]:
    """Return one row per price and tier, by rising tiers, then the amounts.

    Hours that were taken back on the same invoice are in none of them.
    """
    groups = defaultdict(list)
    for row in rows:
        groups[row.kind, row.price_unit, row.tier, row.factor].append(row)
    grouped = [
        replace(
            members[0],
            hours=sum((row.hours for row in members), ZERO),
            amount=sum((row.amount for row in members), ZERO),
        )
        for members in groups.values()
    ]
    present = [row for row in grouped if row.hours or row.amount]
    return sorted(present, key=_get_position)


def _get_position(row: Row) -> tuple:
    bound = row.tier.min_quantity if row.tier else -1
    return row.kind != kinds.TIME, bound, -row.price_unit


def to_data(proof: Proof) -> dict:
    """Return a proof as JSON keeps it."""
    return {
        "terms": agreed.to_data(proof.terms),
        "start": proof.window.start.isoformat(),
        "last_day": proof.window.last_day.isoformat(),
        "consumed": str(proof.consumed),
        "is_partial": proof.is_partial,
        "rows": [
            {
                "kind": row.kind,
                "hours": str(row.hours),
                "list_price": str(row.list_price),
                "price_unit": str(row.price_unit),
                "amount": str(row.amount),
                "tier": agreed.tier_to_data(row.tier),
                "factor": str(row.factor),
            }
            for row in proof.rows
        ],
    }


def from_data(data: dict) -> Proof:
    """Return the proof that ``to_data`` kept."""
    return Proof(
        agreed.from_data(data["terms"]),
        Window.of_days(
            date.fromisoformat(data["start"]), date.fromisoformat(data["last_day"])
        ),
        Decimal(data["consumed"]),
        tuple(
            Row(
                row["kind"],
                Decimal(row["hours"]),
                Decimal(row["list_price"]),
                Decimal(row["price_unit"]),
                Decimal(row["amount"]),
                agreed.tier_from_data(row["tier"]),
                Decimal(row.get("factor", 1)),
            )
            for row in data["rows"]
        ),
        data["is_partial"],
    )
