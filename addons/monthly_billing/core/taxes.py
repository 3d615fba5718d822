"""What belongs to no hour of its own, by the taxes of the services: plain values."""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from decimal import Decimal

from ...volume_discount.core.tiers import Usage


def get_main_products(
    usages: Iterable[Usage], entries: Iterable
) -> dict[Hashable, Hashable]:
    """Return for each kind of taxes the service with the largest value.

    A line that stands for no time of its own belongs to it.

    :param entries: what the usages stand for, with their ``product``
    """
    values = defaultdict(Decimal)
    for usage, entry in zip(usages, entries, strict=True):
        values[usage.taxes, entry.product] += usage.quantity * usage.list_price
    ranked = sorted(values, key=lambda key: (values[key], repr(key[1])))
    return {taxes: product for taxes, product in ranked}
