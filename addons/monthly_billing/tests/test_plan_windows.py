"""What was billed before: windows of a tier table and hours that come late."""

from datetime import date
from decimal import Decimal as D

from odoo.tests import BaseCase, tagged

from odoo.addons.monthly_billing.core.lines import price_entries
from odoo.addons.monthly_billing.core.past import Past, Row
from odoo.addons.volume_discount.core.calendar import window_of
from odoo.addons.volume_discount.core.history import Billed
from odoo.addons.volume_discount.core.terms import Terms
from odoo.addons.volume_discount.core.tiers import Tier

from .test_plan import (
    FIXED,
    FROM_50,
    MODES,
    PERCENT,
    entry,
    named,
    price,
    shape,
    total,
)


@tagged("post_install", "-at_install")
class TestWindowsAndLateHours(BaseCase):
    def setUp(self):
        super().setUp()
        self.past = Past()

    def bill(self, entries, tiers=FIXED, **terms):
        """Return the lines of one run; the next run of the test knows them."""
        lines = price(
            entries,
            tiers,
            lambda table, *window: self.past.within("X", table, *window),
            **terms,
        )
        self.past.add_lines("X", lines)
        return lines

    def bill_48_then_6(self, **terms):
        for month in range(1, 5):
            self.bill([entry(month, 12, month=month, list_price=100)], **terms)
        return self.bill([entry(6, 6, month=6, list_price=100)], **terms)

    def test_graduated_year_counts_the_hours_billed_before(self):
        lines = self.bill_48_then_6(tiers=FROM_50, window="year")
        self.assertEqual(shape(lines), ["A 2 x 100 = 200.00", "A 4 x 90 = 360.00"])
        self.assertEqual(total(lines), 560)

    def test_volume_year_reprices_the_hours_billed_before(self):
        lines = self.bill_48_then_6(tiers=FROM_50, window="year", mode="volume")
        self.assertEqual(shape(lines), ["A 6 x 90 = 540.00"])
        self.assertEqual(named(lines), [("difference", D("-480.00"))])
        self.assertEqual(total(lines), 60)

    def test_windows_start_again(self):
        for window, months, expected in [
            ("month", (5, 6), 15 * 120),
            ("quarter", (6, 7), 15 * 120),
            ("quarter", (5, 6), 10 * 120 + 5 * 110),
            ("year", (1, 12), 10 * 120 + 5 * 110),
        ]:
            with self.subTest(window=window, months=months):
                self.past = Past()
                lines = [
                    line
                    for month in months
                    for line in self.bill(
                        [entry(month, "7.5", month=month)], window=window
                    )
                ]
                self.assertEqual(total(lines), expected)

    def test_two_hours_late_cost_ten_more_in_volume(self):
        self.assertEqual(total(self.bill([entry(1, 19)], mode="volume")), 2090)
        late = self.bill([entry(2, 2, day=31)], mode="volume")
        self.assertEqual(shape(late), ["A 2 x 100 = 200.00"])
        self.assertEqual(named(late), [("difference", D("-190.00"))])
        self.assertEqual(total(late), 10)

    def test_late_hours_cost_what_they_had_cost_in_time(self):
        for name, mode in MODES.items():
            for presentation in ("line", "summary"):
                with self.subTest(name, presentation=presentation):
                    self.past = Past()
                    terms = {**mode, "presentation": presentation}
                    in_time = total(price([entry(1, "19"), entry(2, "2.5")], **terms))
                    first = self.bill([entry(1, "19")], **terms)
                    late = self.bill([entry(2, "2.5", day=2)], **terms)
                    self.assertEqual(total(first) + total(late), in_time)

    def test_hours_below_a_gap_cost_what_they_did(self):
        """The first 5 h were credited, 7 h stay billed."""
        lines = self.bill([entry(1, 5), entry(2, 7, day=2)])
        self.past = Past()
        self.past.add_lines("X", lines[1:])
        again = self.bill([entry(1, 5)])
        self.assertEqual(shape(again), ["A 5 x 120 = 600.00"])

    def test_late_hours_keep_their_own_month_and_window(self):
        entries = [entry(1, 12, month=5), entry(2, 12, month=6)]
        lines = price(entries)
        months = [(line.month.month, line.quantity, line.price_unit) for line in lines]
        self.assertEqual(months, [(5, 10, 120), (5, 2, 110), (6, 10, 120), (6, 2, 110)])

    def test_difference_belongs_to_the_last_month_of_its_window(self):
        self.bill([entry(1, 19, month=4)], mode="volume", window="quarter")
        lines = self.bill([entry(2, 2, month=6)], mode="volume", window="quarter")
        [difference] = [line for line in lines if line.kind == "difference"]
        self.assertEqual(difference.month, date(2026, 6, 1))

    def test_past_of_another_customer_does_not_count(self):
        self.past.add_lines("Y", price([entry(1, 100)]))
        self.assertEqual(total(self.bill([entry(2, 5)])), 600)

    def test_no_line_is_for_nothing_when_cents_were_rounded(self):
        terms = {"mode": "volume", "window": "year", "presentation": "summary"}
        for month in (5, 6):
            entries = [
                entry(1, "25.37", list_price="99.99", month=month),
                entry(2, "0.41", "B", list_price="99.99", month=month),
            ]
            lines = self.bill(entries, PERCENT[:1], **terms)
            amounts = [amount for _kind, amount in named(lines)]
            self.assertTrue(all(amounts), amounts)


@tagged("post_install", "-at_install")
class TestHistory(BaseCase):
    def make_past(self, table=None, product=None):
        return Past(
            Row(
                "X",
                table,
                Billed(
                    date(2026, month, 1),
                    D(month),
                    D(100),
                    D(100 * month),
                    product=product,
                ),
            )
            for month in (1, 5, 6)
        )

    def test_past_gives_hours_and_money_of_the_window_only(self):
        rows = [("month", 5, 500), ("quarter", 11, 1100), ("year", 12, 1200)]
        for span, hours, amount in rows:
            with self.subTest(span):
                window = window_of(date(2026, 5, 9), span)
                history = self.make_past().within("X", Terms("volume", FIXED), window)
                self.assertEqual(history.hours, hours)
                self.assertEqual(history.charged, {None: amount})

    def test_hours_without_the_table_count_but_keep_their_price(self):
        terms = Terms("volume", FIXED, window="year", key="new table")
        past = self.make_past()
        lines = price_entries(
            [entry(1, 8, month=7)],
            lambda day: terms,
            lambda *window: past.within("X", *window),
        ).lines
        self.assertEqual(shape(lines), ["A 8 x 100 = 800.00"])
        self.assertEqual(named(lines), [])

    def test_services_that_the_table_does_not_count_are_left_out(self):
        terms = Terms("graduated", FIXED, "year", products=frozenset({"support"}))
        past = self.make_past(product="training")
        window = window_of(date(2026, 7, 1), "year")
        self.assertEqual(past.within("X", terms, window).hours, 0)

    def test_order_of_the_days_is_read_only_where_it_matters(self):
        """Two list prices in a graduated window: 10 h at 100 in May, 8 h of them after
        10 h at 80 that come late; from 10 h 10 % off."""
        terms = Terms("graduated", (Tier(D(10), "discount", D(10)),), "year")
        rows = [Row("X", None, Billed(date(2026, 5, 1), D(10), D(100), D(1000)), True)]
        entries = [
            Row("X", None, Billed(date(2026, 5, day), D(hours), D(100), D(100 * hours)))
            for day, hours in ((4, 2), (20, 8))
        ]
        asked = []
        past = Past(rows, lambda customer: asked.append(customer) or entries)
        for list_price, expected in ((100, 900), (80, 640 + 144 - 80)):
            late = [entry(9, 10, day=11, list_price=list_price)]
            lines = price_entries(
                late, lambda day: terms, lambda *of: past.within("X", *of)
            ).lines
            self.assertEqual(total(lines), expected)
        self.assertEqual(asked, ["X"])
