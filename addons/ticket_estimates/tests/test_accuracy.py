"""The factor of earlier estimates and the three-point estimate, figures only."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.ticket_estimates.core.accuracy import (
    MIN_SAMPLE,
    SAMPLE,
    Accuracy,
    expect_hours,
    measure_accuracy,
)

hours = st.integers(1, 800).map(lambda quarters: quarters / 4)
pairs = st.lists(st.tuples(hours, hours), min_size=5, max_size=30)
unhurried = settings(
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
    max_examples=50,
)


@tagged("post_install", "-at_install")
class TestMeasuredAccuracy(BaseCase):
    def test_too_few_tickets_give_no_factor(self):
        self.assertIsNone(measure_accuracy([]))
        self.assertIsNone(measure_accuracy([(2.0, 4.0)] * (MIN_SAMPLE - 1)))

    def test_as_many_tickets_as_needed_give_a_factor(self):
        accuracy = measure_accuracy([(2.0, 4.0)] * MIN_SAMPLE)
        self.assertEqual(accuracy, Accuracy(5, 2.0))

    def test_twice_and_half_of_the_estimate_cancel_out(self):
        tickets = [(1.0, 2.0), (2.0, 1.0)] * 3
        self.assertAlmostEqual(measure_accuracy(tickets).factor, 1.0)

    def test_one_huge_ticket_does_not_rule(self):
        tickets = [(4.0, 4.0)] * 9 + [(40.0, 400.0)]
        self.assertAlmostEqual(measure_accuracy(tickets).factor, 10**0.1)

    def test_only_the_latest_tickets_count(self):
        tickets = [(1.0, 1.5)] * SAMPLE + [(1.0, 9.0)] * 10
        accuracy = measure_accuracy(tickets)
        self.assertEqual(accuracy.count, 30)
        self.assertAlmostEqual(accuracy.factor, 1.5)

    def test_tickets_without_hours_do_not_count(self):
        self.assertIsNone(measure_accuracy([(1.0, 0.0)] * 9 + [(1.0, 1.0)] * 4))
        self.assertIsNone(measure_accuracy([(0.0, 1.0)] * 9 + [(1.0, 1.0)] * 4))

    def test_expected_hours_are_the_estimate_times_the_factor(self):
        self.assertEqual(Accuracy(30, 1.25).expect(4.0), 5.0)

    @unhurried
    @given(pairs)
    def test_the_factor_lies_between_the_smallest_and_the_largest_ratio(self, tickets):
        ratios = [actual / estimated for estimated, actual in tickets]
        factor = measure_accuracy(tickets).factor
        self.assertGreaterEqual(factor, min(ratios) * (1 - 1e-9))
        self.assertLessEqual(factor, max(ratios) * (1 + 1e-9))

    @unhurried
    @given(pairs, hours)
    def test_the_unit_of_time_does_not_matter(self, tickets, unit):
        scaled = [(a * unit, b * unit) for a, b in tickets]
        self.assertAlmostEqual(
            measure_accuracy(tickets).factor / measure_accuracy(scaled).factor, 1.0
        )


@tagged("post_install", "-at_install")
class TestThreePoints(BaseCase):
    def test_expected_hours(self):
        for likely, low, high, expected, message in (
            (4.0, 0.0, 0.0, 4.0, "no bounds"),
            (4.0, 2.0, 12.0, 5.0, "both bounds"),
            (6.0, 0.0, 12.0, 7.0, "only an upper bound"),
            (6.0, 3.0, 0.0, 5.5, "only a lower bound"),
        ):
            with self.subTest(message):
                self.assertEqual(expect_hours(likely, low, high), expected)

    @unhurried
    @given(hours, hours, hours)
    def test_expected_hours_lie_within_the_bounds(self, first, second, third):
        low, likely, high = sorted((first, second, third))
        expected = expect_hours(likely, low, high)
        self.assertGreaterEqual(expected, low - 1e-9)
        self.assertLessEqual(expected, high + 1e-9)
