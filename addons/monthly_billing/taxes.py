"""What belongs to no hour of its own, by the taxes of the services: plain values."""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from decimal import ROUND_HALF_UP, Decimal

from odoo.addons.volume_discount.repricing import share

from .hours import ZERO, Entry


def get_main_products(entries: Iterable[Entry]) -> dict[Hashable, Hashable]:
    """Return for each kind of taxes the service with the largest value.

    A line that stands for no time of its own belongs to it.
    """
    values = defaultdict(Decimal)
    for entry in entries:
        values[entry.taxes, entry.product] += entry.billed * entry.list_price
    ranked = sorted(values, key=lambda key: (values[key], repr(key[1])))
    return {taxes: product for taxes, product in ranked}


def share_among_taxes(
    amount: Decimal, entries: Iterable[Entry], quantum: Decimal
) -> dict[Hashable, Decimal]:
    """Return ``amount`` by kind of taxes, in proportion to the value of the entries.

    Only where it has to be shared it is rounded to ``quantum``; nothing is lost.
    """
    weights = defaultdict(lambda: ZERO)
    for entry in entries:
        weights[entry.taxes] += entry.billed * entry.list_price
    if len(weights) == 1:
        return dict.fromkeys(weights, amount)
    rounded = amount.quantize(quantum, ROUND_HALF_UP)
    parts = share(rounded, list(weights.values()), quantum)
    return {taxes: part for taxes, part in zip(weights, parts, strict=True) if part}
