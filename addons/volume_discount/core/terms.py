"""What was agreed, as plain values: the tier table with everything that prices hours.

Values in, values out: no ORM, standard library only. ``to_data`` and ``from_data`` turn
values into what JSON keeps, decimals as text, so that nothing is lost.
"""

from collections.abc import Hashable
from dataclasses import dataclass
from decimal import Decimal

from .tiers import Tier


@dataclass(frozen=True)
class Terms:
    """A tier table as plain values (pricing.md).

    :param key: the caller's reference, such as a record id
    :param products: the services whose hours count; empty: all
    """

    mode: str
    tiers: tuple[Tier, ...]
    window: str = "month"
    presentation: str = "line"
    best_price: bool = False
    key: Hashable = None
    products: frozenset = frozenset()

    def counts(self, product: Hashable) -> bool:
        """Return whether the table counts and prices the hours of a service."""
        return not self.products or product in self.products


def tier_to_data(tier: Tier | None) -> dict | None:
    """Return a tier as JSON keeps it, without the caller's key."""
    if tier is None:
        return None
    return {
        "min_quantity": str(tier.min_quantity),
        "price_type": tier.price_type,
        "discount": str(tier.discount),
        "price_unit": str(tier.price_unit),
    }


def tier_from_data(data: dict | None) -> Tier | None:
    """Return the tier that ``tier_to_data`` kept."""
    if data is None:
        return None
    return Tier(
        min_quantity=Decimal(data["min_quantity"]),
        price_type=data["price_type"],
        discount=Decimal(data["discount"]),
        price_unit=Decimal(data["price_unit"]),
    )


def get_row(tier: Tier) -> tuple:
    """Return what a tier says, whichever record it is."""
    return tier.min_quantity, tier.price_type, tier.discount, tier.price_unit


def are_alike(one: Terms, other: Terms) -> bool:
    """Return whether two tables price alike, however invoices show it."""
    return _get_rules(one) == _get_rules(other)


def _get_rules(terms: Terms) -> tuple:
    rows = frozenset(map(get_row, terms.tiers))
    return terms.mode, terms.window, terms.best_price, rows


def to_data(terms: Terms) -> dict:
    """Return terms as JSON keeps them."""
    return {
        "mode": terms.mode,
        "window": terms.window,
        "presentation": terms.presentation,
        "best_price": terms.best_price,
        "tiers": [tier_to_data(tier) for tier in terms.tiers],
    }


def from_data(data: dict) -> Terms:
    """Return the terms that ``to_data`` kept."""
    return Terms(
        data["mode"],
        tuple(tier_from_data(tier) for tier in data["tiers"]),
        data["window"],
        data["presentation"],
        data["best_price"],
    )
