from dataclasses import replace
from datetime import date
from decimal import Decimal as D

from odoo.tests import BaseCase, tagged

from ..core.calendar import Window, window_of
from ..core.history import Billed, History
from ..core.invoicing import reprice
from ..core.pricing import price
from ..core.terms import Terms, from_data, to_data
from ..core.tiers import Tier, Usage

CENT = D("0.01")
TIERS = (
    Tier(D(10), "price", price_unit=D(110)),
    Tier(D(20), "price", price_unit=D(100)),
)


def billed(hours, list_price=100, month=5, amount=0):
    return Billed(date(2026, month, 5), D(hours), D(list_price), D(amount))


@tagged("post_install", "-at_install")
class TestSpan(BaseCase):
    def test_calendar_windows(self):
        for window, first, last in (
            ("month", date(2026, 12, 1), date(2026, 12, 31)),
            ("quarter", date(2026, 10, 1), date(2026, 12, 31)),
            ("year", date(2026, 1, 1), date(2026, 12, 31)),
        ):
            for day in (first, last, date(2026, 12, 7)):
                self.assertEqual(
                    window_of(day, window), Window.of_days(first, last), window
                )

    def test_unknown_window_is_refused(self):
        with self.assertRaises(KeyError):
            window_of(date(2026, 1, 1), "week")

    def test_terms_survive_being_kept(self):
        terms = Terms("volume", (Tier(D("9.5"), "discount", D("3.33")),), "year")
        self.assertEqual(from_data(to_data(terms)), terms)


@tagged("post_install", "-at_install")
class TestHistory(BaseCase):
    def test_amounts_add_up_with_and_without_hours(self):
        past = History((billed(3, amount=300), billed(0, amount=-20)))
        self.assertEqual(past.charged, {None: 280})

    def test_credited_hours_take_away_from_the_window(self):
        self.assertEqual(History((billed(5), billed(-3, 80))).hours, 2)
        self.assertEqual(History((billed(5), billed(-8))).hours, -3)

    def test_other_hours_can_be_credited_ones(self):
        other = replace(billed(-5), is_own=False)
        own = [billed(10, 120, amount=1200), billed(2, 120, amount=220)]
        past = History((*own, other))
        self.assertEqual(past.hours, 7)
        charges = price(Terms("graduated", TIERS), [Usage(D(4), D(120))], past)
        self.assertEqual(
            [(charge.quantity, charge.price_unit) for charge in charges],
            [(3, 120), (1, 110)],
        )


@tagged("post_install", "-at_install")
class TestReprice(BaseCase):
    def reprice(self, *items, quantum=CENT, **terms):
        terms = {"mode": "graduated", "tiers": TIERS} | terms
        return reprice(Terms(**terms), items, History(), quantum)

    def test_item_that_crosses_bounds_is_sliced(self):
        slices = self.reprice(Usage(D(25), D(120), "A")).of("A")
        self.assertEqual(
            [(part.hours, part.price_unit) for part in slices],
            [(10, 120), (10, 110), (5, 100)],
        )

    def test_negative_item_has_the_prices_of_the_top(self):
        result = self.reprice(Usage(D(25), D(120), "A"), Usage(D(-7), D(120), "B"))
        self.assertEqual(
            [(part.hours, part.price_unit) for part in result.of("B")],
            [(-5, 100), (-2, 110)],
        )

    def test_negative_items_have_no_share_of_a_correction(self):
        items = [
            Usage(D(12), D(100), "A", taxes="19 %"),
            Usage(D(-3), D(100), "B", taxes="7 %"),
        ]
        result = self.reprice(*items, mode="volume", best_price=True)
        amounts = {extra.taxes: extra.amount for extra in result.extras}
        self.assertFalse(amounts.get("7 %"))

    def test_summary_leaves_items_whole(self):
        result = self.reprice(Usage(D(25), D(120), "A"), presentation="summary")
        self.assertEqual([part.hours for part in result.slices], [25])
        self.assertEqual([extra.amount for extra in result.extras], [-200])

    def test_nothing_gives_nothing(self):
        result = self.reprice(Usage(D(0), D(120), "A"), mode="volume")
        self.assertEqual((result.slices, result.extras), ((), ()))

    def test_discount_of_an_item_lowers_what_the_tiers_save_on_it(self):
        half = Usage(D(25), D(120), "A", factor=D("0.5"))
        result = self.reprice(half, presentation="summary")
        self.assertEqual([extra.amount for extra in result.extras], [-100])
