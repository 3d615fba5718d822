"""Which tax or account holds on a day of work: plain values.

A service names the taxes of one time. For work of another time the changes in between
are applied: backwards for earlier work, forwards for later.
"""

from bisect import bisect_right
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Change:
    """From ``day`` on, ``after`` holds in place of ``before``.

    :param before, after: a tax, or an account
    :param products: the services it is about; empty: all
    """

    day: date
    before: Hashable
    after: Hashable
    products: frozenset = frozenset()

    def concerns(self, product: Hashable) -> bool:
        """Return whether the change is about a service."""
        return not self.products or product in self.products


def get_era(days: Sequence[date], day: date) -> int:
    """Return between which changes ``day`` lies: within an era nothing changes.

    :param days: of the changes, sorted
    """
    return bisect_right(days, day)


def get_before(
    current: Hashable, day: date, changes: Iterable[tuple[date, Hashable]]
) -> Hashable:
    """Return what held on ``day`` of something that is ``current`` now.

    :param changes: first day and what held before it, sorted by day
    """
    return next((before for first, before in changes if day < first), current)


def apply_changes(
    current: Hashable, product: Hashable, day: date, changes: Iterable[Change]
) -> Hashable:
    """Return what holds for work of ``day`` on a service that has ``current``.

    It does not matter whether the service was already changed or still will be: what
    a change introduced does not hold before its day, what it replaced not after.

    :param changes: sorted by day
    """
    concerned = [change for change in changes if change.concerns(product)]
    for change in reversed(concerned):
        if day < change.day and current == change.after:
            current = change.before
    for change in concerned:
        if day >= change.day and current == change.before:
            current = change.after
    return current
