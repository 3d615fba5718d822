"""Minutes of mite and of here, by customer: what is missing, and why."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Sums:
    """Minutes of one customer in one month, as far as they are known here.

    :param booked: stand on timesheet entries
    :param waiting: cannot be booked yet: something of mite is not assigned
    :param left_out: stay out by decision
    :param drift: changed in mite after they were billed here (more is positive)
    """

    booked: int = 0
    waiting: int = 0
    left_out: int = 0
    drift: int = 0

    @property
    def explained(self):
        """Return the minutes that mite must have."""
        return self.booked + self.waiting + self.left_out + self.drift


@dataclass(frozen=True)
class Difference:
    """A customer whose minutes here are not those of mite."""

    customer: str
    mite: int
    here: Sums

    @property
    def unexplained(self):
        """Return the minutes that nobody can say anything about."""
        return self.mite - self.here.explained


def compare(mite, here):
    """Return the differences, by customer.

    :param mite: dict of customer (key) to minutes
    :param here: dict of customer (key) to ``Sums``
    """
    rows = [
        Difference(key, mite.get(key, 0), here.get(key, Sums()))
        for key in sorted(set(mite) | set(here))
    ]
    return [row for row in rows if row.mite != row.here.booked or row.unexplained]
