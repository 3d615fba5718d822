from decimal import Decimal as D

from odoo.tests import BaseCase, tagged

from ..core.cliffs import find_cliffs, get_points
from ..core.terms import Terms
from ..core.tiers import Tier
from .common import VolumeDiscountCommon

TIERS = (
    Tier(D(10), "price", price_unit=D(110)),
    Tier(D(20), "price", price_unit=D(100)),
)


@tagged("post_install", "-at_install")
class TestCliffs(BaseCase):
    def test_volume_asks_more_for_less_below_each_bound(self):
        first, second = find_cliffs(Terms("volume", TIERS), D(120))
        self.assertEqual((first.bound, first.amount, first.loss), (10, 1100, 100))
        self.assertEqual(round(first.start, 2), D("9.17"))
        self.assertEqual((second.bound, second.loss), (20, 200))

    def test_graduated_and_best_price_have_no_cliff(self):
        self.assertEqual(find_cliffs(Terms("graduated", TIERS), D(120)), [])
        terms = Terms("volume", TIERS, best_price=True)
        self.assertEqual(find_cliffs(terms, D(120)), [])

    def test_rising_prices_have_no_cliff(self):
        tiers = (Tier(D(10), "price", price_unit=D(130)),)
        self.assertEqual(find_cliffs(Terms("volume", tiers), D(120)), [])

    def test_points_of_the_graph_include_the_bounds(self):
        points = {p.hours: p for p in get_points(Terms("volume", TIERS), D(120), D(30))}
        self.assertEqual(points[D(20)].rate, 100)
        self.assertEqual(points[D(10)].total, 1100)
        self.assertTrue(
            all(
                point.total == point.rate * h
                for h, point in points.items()
                if h in (10, 20, 30)
            )
        )


@tagged("post_install", "-at_install")
class TestAdvice(VolumeDiscountCommon):
    def test_sentences_say_each_tier_and_the_period(self):
        discount = self.create_discount(
            [self.discount_tier(20, 5)], list_price=100, window="year"
        )
        before, tier, period = discount._get_sentences()
        self.assertEqual(before, "Below 20 h the list price holds.")
        self.assertRegex(tier, r"^From 20 h: 5 % off, now .*95.00.* per hour\.$")
        self.assertEqual(period, "The hours of a calendar year add up.")
        self.assertIn(before, discount.sentences)

    def test_cliff_is_warned_about_with_the_cheapest_way_out(self):
        discount = self.create_discount(mode="volume")
        self.assertIn("18.18 h", discount.cliff_warning)
        self.assertIn("2,000.00", discount.cliff_warning)
        self.assertIn("“Best Price”", discount.cliff_warning)
        self.assertIn("200.00 off", discount.cliff_warning.replace("\xa0€", ""))

    def test_best_price_needs_no_warning(self):
        discount = self.create_discount(mode="volume", best_price=True)
        self.assertFalse(discount.cliff_warning)

    def test_graph_is_described_for_those_who_do_not_see_it(self):
        chart = self.create_discount().chart
        self.assertIn('role="img"', chart)
        self.assertRegex(chart, r'aria-label="Price of the last hour.*at 30 h')
        self.assertEqual(chart.count("<polyline"), 2)

    def test_table_without_list_price_has_no_graph(self):
        discount = self.create_discount(list_price=0)
        self.assertFalse(discount.chart)

    def test_copy_has_a_name_of_its_own(self):
        discount = self.create_discount(name="Framework")
        self.assertEqual(discount.copy().name, "Framework (copy)")
        self.assertEqual(discount.copy({"name": "New"}).name, "New")
