"""Interest, default and claims against figures computed by hand."""

import unittest
from datetime import date
from decimal import Decimal as D

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..core import claims, default, interest, rates

BASE = {
    date(2021, 7, 1): D("-0.88"),
    date(2022, 1, 1): D("-0.88"),
    date(2022, 7, 1): D("-0.88"),
    date(2023, 1, 1): D("1.62"),
    date(2023, 7, 1): D("3.12"),
    date(2024, 1, 1): D("3.62"),
    date(2024, 7, 1): D("3.37"),
    date(2025, 1, 1): D("2.27"),
    date(2025, 7, 1): D("1.27"),
    date(2026, 1, 1): D("1.27"),
    date(2026, 7, 1): D("1.52"),
}
BUSINESS = rates.BaseRate(BASE, D(9))
CONSUMER = rates.BaseRate(BASE, D(5))
CENT = D("0.01")


def interest_of(principal, first, last, rate=BUSINESS, payments=()):
    """The rounded interest of one claim."""
    payments = [interest.Payment(*payment) for payment in payments]
    parts = interest.shares(D(principal), first, last, rate, payments)
    return interest.total(list(parts), CENT)


@tagged("post_install", "-at_install")
class TestInterest(BaseCase):
    def test_table_of_hand_computed_cases(self):
        """1,000.00 at 10.27 % for 45 days: 1000 * 10.27 * 45 / 36500 = 12.66."""
        cases = [
            ("45 days", "1000", date(2026, 2, 1), date(2026, 3, 17), BUSINESS, "12.66"),
            ("split", "1000", date(2026, 6, 16), date(2026, 7, 31), BUSINESS, "13.16"),
            ("consumer", "1000", date(2026, 6, 16), date(2026, 7, 31), CONSUMER,
             "8.11"),
            ("one day", "1000", date(2026, 3, 1), date(2026, 3, 1), BUSINESS, "0.28"),
            ("leap year", "36500", date(2024, 1, 1), date(2024, 6, 30), CONSUMER,
             "1568.84"),
            ("negative base", "1000", date(2022, 1, 1), date(2022, 12, 31), BUSINESS,
             "81.20"),
            ("a fixed rate", "1000", date(2026, 1, 1), date(2026, 12, 31),
             rates.FixedRate(D(5)), "50.00"),
            ("no day", "1000", date(2026, 3, 2), date(2026, 3, 1), BUSINESS, "0.00"),
        ]  # fmt: skip
        for name, principal, first, last, rate, expected in cases:
            with self.subTest(name):
                self.assertEqual(interest_of(principal, first, last, rate), D(expected))

    def test_interest_is_rounded_once_for_a_claim(self):
        """15 days are 4.2205, 31 days 8.9348: 13.16 together, 13.15 if rounded each."""
        parts = list(
            interest.shares(D(1000), date(2026, 6, 16), date(2026, 7, 31), BUSINESS)
        )
        days = [(part.period.days, part.period.percent) for part in parts]
        self.assertEqual(days, [(15, D("10.27")), (31, D("10.52"))])
        self.assertEqual(interest.total(parts, CENT), D("13.16"))

    def test_the_paying_day_still_bears_interest(self):
        """10 days on 1,000.00, 10 days on 400.00, at 10.27 %: 2.8137 + 1.1255."""
        paid = [(date(2026, 3, 10), D(600))]
        found = interest_of("1000", date(2026, 3, 1), date(2026, 3, 20), payments=paid)
        self.assertEqual(found, D("3.94"))

    def test_a_payment_before_default_lowers_the_principal_from_the_start(self):
        paid = [(date(2026, 2, 1), D(600))]
        first, last = date(2026, 3, 1), date(2026, 3, 20)
        self.assertEqual(
            interest_of("1000", first, last, payments=paid),
            interest_of("400", first, last),
        )

    def test_nothing_is_owed_after_the_principal_is_paid(self):
        paid = [(date(2026, 3, 10), D(1000))]
        first = date(2026, 3, 1)
        self.assertEqual(
            interest_of("1000", first, date(2026, 9, 1), payments=paid),
            interest_of("1000", first, date(2026, 3, 10)),
        )

    def test_an_unknown_half_year_is_never_guessed(self):
        with self.assertRaises(rates.MissingRate) as caught:
            interest_of("1000", date(2026, 12, 30), date(2027, 1, 2))
        self.assertEqual(caught.exception.half_year, date(2027, 1, 1))

    def test_a_base_rate_below_minus_the_points_asks_for_nothing(self):
        deep = rates.BaseRate({date(2026, 1, 1): D(-6)}, D(5))
        self.assertEqual(
            interest_of("1000", date(2026, 1, 1), date(2026, 6, 30), deep), D(0)
        )


days = st.dates(date(2021, 7, 1), date(2026, 12, 31))
amounts = st.decimals(min_value=1, max_value=100_000, places=2)


@tagged("post_install", "-at_install")
class TestInterestProperties(BaseCase):
    @settings(deadline=None)
    @given(amounts, st.tuples(days, days, days))
    def test_interest_never_falls_with_time(self, principal, span):
        first, middle, last = sorted(span)
        shorter = interest_of(principal, first, middle)
        self.assertLessEqual(shorter, interest_of(principal, first, last))

    @settings(deadline=None)
    @given(amounts, st.tuples(days, days, days))
    def test_splitting_a_span_changes_nothing(self, principal, span):
        first, middle, last = sorted(span)
        whole = interest.shares(principal, first, last, BUSINESS)
        parts = [
            *interest.shares(principal, first, middle, BUSINESS),
            *interest.shares(principal, middle + rates.ONE_DAY, last, BUSINESS),
        ]
        self.assertEqual(
            sum(part.product for part in whole), sum(part.product for part in parts)
        )

    @settings(deadline=None)
    @given(amounts, amounts, days, st.tuples(days, days))
    def test_a_payment_never_raises_interest(self, principal, paid, payday, span):
        first, last = sorted(span)
        unpaid = interest_of(principal, first, last)
        found = interest_of(principal, first, last, payments=[(payday, paid)])
        self.assertLessEqual(found, unpaid)

    @settings(deadline=None)
    @given(amounts, st.tuples(days, days))
    def test_a_naive_sum_day_by_day_agrees(self, principal, span):
        first, last = sorted(span)
        last = min(last, first + rates.ONE_DAY * 400)
        exact, day = D(0), first
        while day <= last:
            known = max(start for start in BASE if start <= day)
            exact += principal * (BASE[known] + 9) / 36500
            day += rates.ONE_DAY
        found = interest_of(principal, first, last)
        self.assertLessEqual(abs(found - exact), D("0.0051"))


@tagged("post_install", "-at_install")
class TestDefault(BaseCase):
    due = date(2026, 6, 15)

    def first_day(self, **facts):
        """The first day with interest for an amount due on 15 June 2026."""
        return default.interest_from(default.Claim(self.due, **facts))

    def test_table_of_cases(self):
        day = date
        cases = [
            ("nothing happened", {}, None),
            ("agreed date", {"is_due_agreed": True}, day(2026, 6, 16)),
            ("agreed date, consumer",
             {"is_due_agreed": True, "is_consumer": True}, day(2026, 6, 16)),
            ("reminder", {"reminded_on": day(2026, 6, 20)}, day(2026, 6, 21)),
            ("reminder before due", {"reminded_on": day(2026, 6, 10)}, None),
            ("reminder on the due day", {"reminded_on": day(2026, 6, 15)}, None),
            ("30 days after due", {"delivered_on": day(2026, 6, 1)}, day(2026, 7, 16)),
            ("30 days after receipt",
             {"delivered_on": day(2026, 6, 25)}, day(2026, 7, 26)),
            ("consumer not warned",
             {"delivered_on": day(2026, 6, 1), "is_consumer": True}, None),
            ("consumer warned",
             {"delivered_on": day(2026, 6, 1), "is_consumer": True, "is_warned": True},
             day(2026, 7, 16)),
            ("the earliest counts",
             {"delivered_on": day(2026, 6, 1), "reminded_on": day(2026, 7, 1)},
             day(2026, 7, 2)),
        ]  # fmt: skip
        for name, facts, expected in cases:
            with self.subTest(name):
                self.assertEqual(self.first_day(**facts), expected)

    def test_in_default_on_the_first_day_with_interest(self):
        claim = default.Claim(self.due, is_due_agreed=True)
        self.assertFalse(default.is_in_default(claim, self.due))
        self.assertTrue(default.is_in_default(claim, date(2026, 6, 16)))


@tagged("post_install", "-at_install")
class TestClaims(BaseCase):
    def test_flat_amount_once_per_invoice_and_never_from_a_consumer(self):
        cases = [
            ("business in default", (False, True, False, "EUR"), 40),
            ("consumer", (True, True, False, "EUR"), 0),
            ("not in default", (False, False, False, "EUR"), 0),
            ("claimed before", (False, True, True, "EUR"), 0),
            ("not in euros", (False, True, False, "CHF"), 0),
        ]
        for name, facts, expected in cases:
            with self.subTest(name):
                self.assertEqual(claims.flat_amount(*facts), D(expected))

    def test_a_payment_settles_costs_then_interest_then_principal(self):
        debt = claims.Debt(costs=D(45), interest=D("13.16"), principal=D(1000))
        cases = [
            ("40.00", ("5.00", "13.16", "1000.00", "0.00")),
            ("50.00", ("0.00", "8.16", "1000.00", "0.00")),
            ("158.16", ("0.00", "0.00", "900.00", "0.00")),
            ("1058.16", ("0.00", "0.00", "0.00", "0.00")),
            ("1100.00", ("0.00", "0.00", "0.00", "41.84")),
        ]
        for paid, expected in cases:
            with self.subTest(paid):
                left, surplus = claims.settle(debt, D(paid))
                found = (left.costs, left.interest, left.principal, surplus)
                self.assertEqual(found, tuple(map(D, expected)))


if __name__ == "__main__":
    unittest.main()
