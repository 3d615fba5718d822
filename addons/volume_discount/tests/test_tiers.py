"""The arithmetic against pricing.md."""

from decimal import Decimal as D
from fractions import Fraction

from odoo.tests import BaseCase, tagged

from ..core import pricing, tiers

from_10_and_20 = [
    tiers.Tier(D(10), "price", price_unit=D(110), key="from 10"),
    tiers.Tier(D(20), "price", price_unit=D(100), key="from 20"),
]
percentages = [
    tiers.Tier(D(20), "discount", discount=D(5)),
    tiers.Tier(D(40), "discount", discount=D(10)),
]
yearly = [tiers.Tier(D(50), "discount", discount=D(10))]

# Hours, graduated, volume, volume with best price: the table of pricing.md.
TABLE = """
    0      0.00     0.00     0.00
    9.5    1140.00  1140.00  1100.00
    9.99   1198.80  1198.80  1100.00
    10     1200.00  1100.00  1100.00
    10.25  1227.50  1127.50  1127.50
    19     2190.00  2090.00  2000.00
    20     2300.00  2000.00  2000.00
    20.25  2325.00  2025.00  2025.00
    23.75  2675.00  2375.00  2375.00
"""


def usage(quantity, list_price=120, key=None):
    return tiers.Usage(D(str(quantity)), D(str(list_price)), key)


def usages(*quantities, list_price=120):
    return [usage(quantity, list_price) for quantity in quantities]


def amount(charges):
    return sum((charge.amount for charge in charges), D(0))


def shape(charges):
    """Return (key, hours, price, kind, amount) per charge, for readable asserts."""
    return [(c.key, c.quantity, c.price_unit, c.kind, c.amount) for c in charges]


@tagged("post_install", "-at_install")
class TestPricingTables(BaseCase):
    def check_column(self, column, mode, best_price=False):
        for row in TABLE.split("\n")[1:-1]:
            numbers = [D(number) for number in row.split()]
            with self.subTest(hours=numbers[0]):
                hours = usages(numbers[0])
                asked = pricing.total(mode, from_10_and_20, hours, best_price)
                charges = pricing.rate(
                    mode, from_10_and_20, hours, best_price=best_price
                )
                self.assertEqual(asked, numbers[column])
                self.assertEqual(amount(charges), numbers[column])

    def test_graduated_column(self):
        self.check_column(1, "graduated")

    def test_volume_column(self):
        self.check_column(2, "volume")

    def test_best_price_column(self):
        self.check_column(3, "volume", best_price=True)

    def test_percentages_graduated(self):
        charges = tiers.rate_graduated(percentages, usages(50, list_price=100))
        self.assertEqual(
            [(c.quantity, c.price_unit) for c in charges],
            [(20, 100), (20, 95), (10, 90)],
        )
        self.assertEqual(amount(charges), D("4800"))

    def test_percentages_volume(self):
        charges = pricing.rate("volume", percentages, usages(50, list_price=100))
        self.assertEqual([(c.quantity, c.price_unit) for c in charges], [(50, 90)])
        self.assertEqual(amount(charges), D("4500"))

    def test_three_tickets_share_the_tiers_in_order(self):
        tickets = [usage("6.5", key="A"), usage("9.25", key="B"), usage(8, key="C")]
        charges = tiers.rate_graduated(from_10_and_20, tickets)
        self.assertEqual(
            shape(charges),
            [
                ("A", D("6.5"), 120, "time", D("780")),
                ("B", D("3.5"), 120, "time", D("420")),
                ("B", D("5.75"), 110, "time", D("632.5")),
                ("C", D("4.25"), 110, "time", D("467.5")),
                ("C", D("3.75"), 100, "time", D("375")),
            ],
        )
        self.assertEqual(amount(charges[1:3]), D("1052.5"))
        self.assertEqual(amount(charges[3:]), D("842.5"))
        self.assertEqual(amount(charges), D("2675"))

    def test_summary_is_list_price_minus_discount(self):
        tickets = [usage("6.5", key="A"), usage("9.25", key="B"), usage(8, key="C")]
        charges = tiers.rate_graduated(from_10_and_20, tickets)
        at_list = sum(charge.quantity * charge.list_price for charge in charges)
        self.assertEqual(at_list, D("780") + D("1110") + D("960"))
        self.assertEqual(at_list - amount(charges), D("175"))


@tagged("post_install", "-at_install")
class TestWindow(BaseCase):
    def test_graduated_year_continues_after_the_consumed_hours(self):
        june = usages(6, list_price=100)
        may = usages(48, list_price=100)
        charges = tiers.rate_graduated(yearly, june, consumed=may)
        self.assertEqual(
            [(c.quantity, c.price_unit) for c in charges], [(2, 100), (4, 90)]
        )
        self.assertEqual(amount(charges), D("560"))

    def test_volume_year_drops_everything_and_gives_back(self):
        june = usages(6, list_price=100)
        may = usages(48, list_price=100)
        charges = pricing.rate("volume", yearly, june, consumed=may, billed=D(4800))
        self.assertEqual(
            shape(charges),
            [(None, 6, 90, "time", 540), (None, 0, 0, "difference", -480)],
        )
        self.assertEqual(amount(charges), D("60"))

    def test_late_hours_are_a_supplement(self):
        charges = pricing.rate(
            "volume", from_10_and_20, usages(2), consumed=usages(19), billed=D(2090)
        )
        self.assertEqual(amount(charges), D("10"))
        self.assertEqual([c.kind for c in charges], ["time", "difference"])

    def test_billed_defaults_to_what_the_table_asks(self):
        for best_price in (False, True):
            billed = pricing.total("volume", from_10_and_20, usages(9.5), best_price)
            told, assumed = (
                pricing.rate(
                    "volume", from_10_and_20, usages(3), usages(9.5), asked, best_price
                )
                for asked in (billed, None)
            )
            self.assertEqual(told, assumed)

    def test_graduated_shows_no_difference_when_billed_as_asked(self):
        charges = pricing.rate(
            "graduated", yearly, usages(6), usages(48), billed=D(48 * 120)
        )
        self.assertEqual({charge.kind for charge in charges}, {"time"})

    def test_graduated_makes_up_for_a_deviating_bill(self):
        charges = pricing.rate(
            "graduated", yearly, usages(6), usages(48), billed=D(48 * 120 - 20)
        )
        self.assertEqual(shape(charges)[-1], (None, 0, 0, "difference", 20))


@tagged("post_install", "-at_install")
class TestBestPrice(BaseCase):
    def test_cut_is_a_charge_of_its_own(self):
        charges = pricing.rate("volume", from_10_and_20, usages(9.5), best_price=True)
        self.assertEqual(
            shape(charges),
            [(None, D("9.5"), 120, "time", 1140), (None, 0, 0, "best_price", -40)],
        )

    def test_all_later_tiers_count(self):
        dear_then_free = [
            tiers.Tier(D(10), "price", price_unit=D(200)),
            tiers.Tier(D(12), "price", price_unit=D(50)),
        ]
        asked = pricing.total("volume", dear_then_free, usages(8), best_price=True)
        self.assertEqual(asked, D(600))

    def test_missing_hours_take_the_lowest_list_price(self):
        half = [tiers.Tier(D(10), "discount", discount=D(50))]
        mixed = [usage(5, 100), usage(4, 60)]
        asked = pricing.total("volume", half, mixed, best_price=True)
        self.assertEqual(asked, D(250 + 120 + 30))

    def test_list_price_without_hours_is_not_present(self):
        half = [tiers.Tier(D(10), "discount", discount=D(50))]
        asked = pricing.total("volume", half, [usage(9, 100), usage(0, 60)], True)
        self.assertEqual(asked, D(450 + 50))

    def test_cut_granted_earlier_is_not_shown_again(self):
        charges = pricing.rate(
            "volume", from_10_and_20, usages(0.4), consumed=usages(9.5), best_price=True
        )
        self.assertEqual(
            [(c.kind, c.amount) for c in charges],
            [("time", D(48)), ("best_price", D(-48))],
        )

    def test_reaching_the_tier_settles_against_what_was_billed(self):
        charges = pricing.rate(
            "volume", from_10_and_20, usages(0.5), consumed=usages(9.5), best_price=True
        )
        self.assertEqual(
            [(c.kind, c.amount) for c in charges],
            [("time", D(55)), ("difference", D(-55))],
        )

    def test_graduated_has_no_cliff_to_remove(self):
        plain, best = (
            pricing.rate("graduated", from_10_and_20, usages(9.5), best_price=switch)
            for switch in (False, True)
        )
        self.assertEqual(plain, best)


@tagged("post_install", "-at_install")
class TestTable(BaseCase):
    def test_lower_bound_is_inclusive(self):
        charges = pricing.rate("volume", from_10_and_20, usages("10.00"))
        self.assertEqual(charges[0].tier.key, "from 10")

    def test_tiers_may_come_unsorted(self):
        for mode in tiers.MODES:
            self.assertEqual(
                pricing.rate(mode, from_10_and_20[::-1], usages(23.75)),
                pricing.rate(mode, from_10_and_20, usages(23.75)),
            )

    def test_without_tiers_the_list_price_holds(self):
        for mode in tiers.MODES:
            charge = pricing.rate(mode, [], usages(7), best_price=True)[0]
            self.assertEqual((charge.amount, charge.tier), (840, None))

    def test_tier_from_zero_replaces_the_list_price(self):
        from_zero = [tiers.Tier(D(0), "price", price_unit=D(95))]
        for mode in tiers.MODES:
            self.assertEqual(pricing.total(mode, from_zero, usages(2)), D(190))

    def test_discount_tiers_serve_several_list_prices(self):
        mixed = [usage(15, 100), usage(10, 80)]
        graduated = tiers.rate_graduated(percentages, mixed)
        self.assertEqual([c.price_unit for c in graduated], [100, 80, 76])
        volume = pricing.rate("volume", percentages, mixed)
        self.assertEqual([c.price_unit for c in volume], [95, 76])

    def test_nothing_is_rounded(self):
        third = [tiers.Tier(D(0), "discount", discount=D("3.333"))]
        hours, list_price = D("0.33333333333333331"), D("89.98754321987654")
        expected = Fraction(hours) * Fraction(list_price) * Fraction("0.96667")
        for mode in tiers.MODES:
            asked = pricing.total(mode, third, [tiers.Usage(hours, list_price)])
            self.assertEqual(Fraction(asked), expected)

    def test_hours_without_quantity_give_no_charge(self):
        for mode in tiers.MODES:
            self.assertEqual(pricing.rate(mode, from_10_and_20, usages(0)), [])

    def test_hours_to_next_tier(self):
        missing = tiers.hours_to_next_tier(from_10_and_20[::-1], D("7.5"))
        self.assertEqual(missing, (D("2.5"), from_10_and_20[0]))
        missing = tiers.hours_to_next_tier(from_10_and_20, D(10))
        self.assertEqual(missing, (D(10), from_10_and_20[1]))
        self.assertIsNone(tiers.hours_to_next_tier(from_10_and_20, D(20)))


@tagged("post_install", "-at_install")
class TestHoursTakenBack(BaseCase):
    """Negative hours leave the window from the top."""

    def get_charges(self, mode, *hours, consumed=()):
        charges = pricing.rate(mode, from_10_and_20, usages(*hours), usages(*consumed))
        return [(charge.quantity, charge.price_unit) for charge in charges]

    def test_they_have_the_price_that_hours_have_at_the_top(self):
        self.assertEqual(
            self.get_charges("graduated", 25, -7),
            [(10, 120), (10, 110), (5, 100), (-5, 100), (-2, 110)],
        )

    def test_they_come_off_the_hours_billed_before(self):
        self.assertEqual(
            self.get_charges("graduated", -7, consumed=[22]), [(-2, 100), (-5, 110)]
        )

    def test_below_zero_the_price_of_the_first_hours_holds(self):
        self.assertEqual(
            self.get_charges("graduated", 2, -5, 13), [(2, 120), (-5, 120), (13, 120)]
        )
        self.assertEqual(self.get_charges("volume", 2, -5), [(2, 120), (-5, 120)])

    def test_tier_from_zero_holds_below_zero_too(self):
        table = [tiers.Tier(D(0), "price", price_unit=D(90))]
        for mode in tiers.MODES:
            (charge,) = pricing.rate(mode, table, usages(-5))
            self.assertEqual(charge.amount, -450)

    def test_volume_has_the_price_of_what_is_left(self):
        self.assertEqual(self.get_charges("volume", 25, -7), [(25, 110), (-7, 110)])

    def test_best_price_fills_up_at_a_price_that_is_left(self):
        hours = [*usages(9.5), *usages(3, -3, list_price=50)]
        table = [tiers.Tier(D(10), "discount", discount=D(10))]
        total = pricing.total("volume", table, hours, best_price=True)
        self.assertEqual(total, 1080)


@tagged("post_install", "-at_install")
class TestBadInput(BaseCase):
    def check_refused(self, table, hours=(), consumed=()):
        for mode in tiers.MODES:
            with self.assertRaises(ValueError):
                pricing.rate(mode, table, hours, consumed)

    def test_negative_hours_to_the_next_tier(self):
        with self.assertRaises(ValueError):
            tiers.hours_to_next_tier(from_10_and_20, D(-1))

    def test_hours_that_are_no_number(self):
        self.check_refused(from_10_and_20, usages("NaN"))
        self.check_refused(from_10_and_20, usages("Infinity"))

    def test_negative_list_price(self):
        self.check_refused(from_10_and_20, usages(1, list_price=-1))

    def test_negative_bound(self):
        self.check_refused([tiers.Tier(D(-1), "price")])

    def test_duplicate_bounds(self):
        twice = [tiers.Tier(D("10.0"), "price"), tiers.Tier(D(10), "discount")]
        self.check_refused(twice)

    def test_discount_beyond_hundred_and_negative_price(self):
        self.check_refused([tiers.Tier(D(1), "discount", discount=D(101))])
        self.check_refused([tiers.Tier(D(1), "discount", discount=D(-1))])
        self.check_refused([tiers.Tier(D(1), "price", price_unit=D(-1))])

    def test_unknown_words(self):
        self.check_refused([tiers.Tier(D(1), "percent")])
        with self.assertRaises(ValueError):
            pricing.rate("flat", [], [])
        with self.assertRaises(ValueError):
            pricing.total("flat", [], [])
