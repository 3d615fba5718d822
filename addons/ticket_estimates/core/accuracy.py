"""How far estimates are off: plain numbers in, plain numbers out, no ORM.

The factor of a person is the geometric mean of actual by estimated hours. A ticket
that takes twice the estimate and one that takes half of it cancel out, as they should:
ratios multiply. The ratio of the sums follows the single largest ticket, and the median
is 1 for most people, because work tends to fill exactly the estimate. In the tickets of
a real firm (readme, "Does the factor help?") the geometric mean of a person's last 30
came closest to the actual hours; the ratio of the sums was worse than no correction.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import exp, fsum, log

#: Tickets a factor looks back on: enough to be calm, few enough to follow a learner.
SAMPLE = 30
#: Below it one odd ticket would say more than the person's habit.
MIN_SAMPLE = 5
#: Upper bounds of the classes by estimated hours; above the last one is one more class.
SIZE_BOUNDS = (1, 4, 8, 16)


@dataclass(frozen=True)
class Accuracy:
    """``factor``: actual by estimated hours over ``count`` finished tickets."""

    count: int
    factor: float

    def expect(self, hours: float) -> float:
        """Return the hours that an estimate of ``hours`` tends to take."""
        return hours * self.factor


def measure_accuracy(tickets: Iterable[tuple[float, float]]) -> Accuracy | None:
    """Return how finished tickets compare with their estimates, None for too few.

    :param tickets: (estimated, actual) hours, the latest first; more than ``SAMPLE``
        are left out, and so are those without hours, which have no ratio
    """
    ratios = [
        actual / estimated for estimated, actual in tickets if estimated > 0 < actual
    ][:SAMPLE]
    if len(ratios) < MIN_SAMPLE:
        return None
    return Accuracy(len(ratios), geometric_mean(ratios))


def geometric_mean(ratios: list[float]) -> float:
    """Return the factor that the ratios, all above zero, multiply to on average."""
    return exp(fsum(map(log, ratios)) / len(ratios))


def expect_hours(likely: float, low: float = 0.0, high: float = 0.0) -> float:
    """Return the expected hours of a three-point estimate, (low + 4 likely + high) / 6.

    That is the mean of the beta distribution as PERT approximates it. A bound that is
    zero is not given and taken as the likely hours.
    """
    return ((low or likely) + 4 * likely + (high or likely)) / 6
