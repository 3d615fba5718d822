"""Which service gives the rate of an entry: rules as plain values."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from .entries import Entry

#: More than any hour costs, in whatever currency
MAX_RATE = Decimal(1_000_000)


@dataclass(frozen=True)
class Rule:
    """A service for the entries that meet every condition that is set."""

    product: Hashable
    category: Hashable = None
    project: Hashable = None
    employee: Hashable = None

    def matches(self, entry: Entry) -> bool:
        """Return whether the entry meets the conditions.

        A category includes those below it.
        """
        return (
            (not self.category or self.category in entry.categories)
            and (not self.project or self.project == entry.project)
            and (not self.employee or self.employee == entry.employee)
        )


def find_product(entry: Entry, rules: Iterable[Rule], default: Hashable) -> Hashable:
    """Return the service of the first rule that matches, else ``default``."""
    for rule in rules:
        if rule.matches(entry):
            return rule.product
    return default
