"""Which tiers have room for the next hours, also after credit notes."""

from decimal import Decimal as D

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..gaps import free_tiers
from ..history import History, lower_bounds
from ..tiers import Tier, Usage, rate_graduated

TIERS = (
    Tier(D(10), "price", price_unit=D(110), key="middle"),
    Tier(D(20), "price", price_unit=D(100), key="top"),
)
hundredths = st.integers(0, 5000).map(lambda number: D(number) / 100)


def history(hours, by_tier=None, others=0):
    """Return ``hours`` of which those of ``by_tier`` are known to lie there."""
    known = {key: D(str(part)) for key, part in (by_tier or {}).items()}
    usages = (Usage(D(str(hours)), D(120)),)
    return History(usages, other_hours=D(others), by_tier=tuple(known.items()))


def prices(hours, past):
    """Return (hours, price) of the next hours."""
    charges = rate_graduated(free_tiers(TIERS, past), [Usage(D(hours), D(120))])
    return [(charge.quantity, charge.price_unit) for charge in charges]


@tagged("post_install", "-at_install")
class TestGaps(BaseCase):
    # billed hours, those in known tiers, next hours, their prices
    TABLE = [
        (0, {}, 25, [(10, 120), (10, 110), (5, 100)], "nothing billed"),
        (12, {}, 10, [(8, 110), (2, 100)], "tiers unknown: the first hours"),
        (12, {None: 10, "middle": 2}, 10, [(8, 110), (2, 100)], "no gap"),
        (7, {None: 5, "middle": 2}, 10, [(5, 120), (5, 110)], "gap at the bottom"),
        (6, {"middle": 6}, 15, [(10, 120), (4, 110), (1, 100)], "bottom all free"),
        (15, {None: 10, "top": 5}, 12, [(10, 110), (2, 100)], "gap in the middle"),
        (9, {None: 5, "middle": 2}, 9, [(5, 120), (4, 110)], "two by hand on top"),
        (15, {None: 15}, 6, [(5, 110), (1, 100)], "too much for a tier goes up"),
        (15, {None: 10, "gone": 5}, 6, [(5, 110), (1, 100)], "tier is no more"),
        (9, {None: 10, "middle": 2}, 2, [(1, 120), (1, 110)], "credited by hand"),
        (-3, {}, 14, [(13, 120), (1, 110)], "more credited than billed"),
    ]

    def test_next_hours(self):
        for billed, by_tier, hours, expected, message in self.TABLE:
            with self.subTest(message):
                self.assertEqual(prices(hours, history(billed, by_tier)), expected)

    def test_other_hours_come_below(self):
        past = history(2, {None: 2}, others=7)
        self.assertEqual(prices(3, past), [(1, 120), (2, 110)])

    @settings(deadline=None, database=None)
    @given(hundredths, hundredths)
    def test_without_gaps_the_first_hours_are_taken(self, hours, others):
        past = history(hours, others=others)
        self.assertEqual(
            rate_graduated(free_tiers(TIERS, past), [Usage(D(30), D(120))]),
            rate_graduated(lower_bounds(TIERS, hours + others), [Usage(D(30), D(120))]),
        )
