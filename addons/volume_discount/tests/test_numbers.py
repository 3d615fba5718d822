"""Stored numbers as decimals, and fair shares of an amount."""

from decimal import Decimal as D

from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..core.numbers import OddNumber, round_part, share, to_decimal, to_exact
from .test_tiers_properties import decimals, holds_for

CENT = D("0.01")


@tagged("post_install", "-at_install")
class TestStoredNumbers(BaseCase):
    def test_stored_float_becomes_the_decimal_it_stands_for(self):
        table = [
            (0.1 + 0.2, "0.3", "binary noise is gone"),
            (0.25, "0.25", "a quarter of an hour"),
            (50 / 60, "0.833333", "odd minutes keep six digits"),
            (100.0, "100", "whole hundreds"),
            (0.0, "0", "nothing"),
            (-1.5, "-1.5", "negative hours stay negative"),
            (D("1.0000004"), "1", "what is a decimal already is rounded as well"),
        ]
        for stored, expected, message in table:
            with self.subTest(message):
                self.assertEqual(to_decimal(stored), D(expected))
                self.assertNotIn("E", str(to_decimal(stored)))

    def test_what_cannot_be_reckoned_with_is_refused(self):
        for stored in (float("inf"), float("nan"), 1e16):
            with self.subTest(stored), self.assertRaises(OddNumber):
                to_decimal(stored)

    def test_ratio_keeps_every_digit(self):
        self.assertEqual(round(to_exact(1 / 60) * 60, 12), 1)
        self.assertNotEqual(round(to_decimal(1 / 60) * 60, 12), 1)


@tagged("post_install", "-at_install")
class TestPart(BaseCase):
    def test_part_makes_the_rounded_whole(self):
        table = [
            ("-18.795", "538.125", "-18.79", "538.13 of 556.92"),
            ("0.005", "538.125", "0.01", "what 538.12 lacks"),
            ("-0.005", "538.125", "0", "538.13 is what 538.125 is"),
            ("-40.095", "1100", "-40.10", "1,140.095 is printed as 1,140.10"),
            ("0.0049", "10.005", "0", "the nearest, wherever the whole lies"),
            ("-18.796", "538.125", "-18.80", "the nearest below zero"),
        ]
        for part, whole, expected, message in table:
            with self.subTest(message):
                self.assertEqual(round_part(D(part), D(whole), CENT), D(expected))

    @holds_for(
        st.integers(-9_000, 9_000).map(lambda one: one * CENT / 2),
        st.integers(-9_000, 9_000).map(lambda one: one * CENT / 2),
    )
    def test_what_was_asked_for_is_never_asked_again(self, charged, whole):
        charged += round_part(whole - charged, whole, CENT)
        self.assertEqual(round_part(whole - charged, whole, CENT), 0)


@tagged("post_install", "-at_install")
class TestShare(BaseCase):
    def test_shares_of_a_total(self):
        table = [
            ("1.00", "1 1 1", "0.34 0.33 0.33", "the first takes the odd cent"),
            ("-0.05", "1 1 1", "-0.01 -0.02 -0.02", "below zero as well"),
            ("1.00", "1 2 1", "0.25 0.50 0.25", "in proportion"),
            ("0.01", "1 1", "0.01 0.00", "one cent cannot be cut"),
            ("0.00", "1 2", "0.00 0.00", "nothing to share"),
            ("2.00", "0 3", "0.00 2.00", "no weight, no share"),
            ("2.00", "-1 -3", "0.50 1.50", "weights of a credit note"),
            ("0.05", "1 6 3", "0.01 0.03 0.01", "the largest remainder goes first"),
            ("5.00", "0 0", "0 5.00", "where nothing has weight, the last one has all"),
            ("1.005", "1 1", "0.50 0.505", "the last one takes the part of a cent"),
        ]
        for whole, weights, expected, message in table:
            with self.subTest(message):
                shares = share(D(whole), [D(one) for one in weights.split()], CENT)
                self.assertEqual(shares, [D(one) for one in expected.split()])

    def test_nobody_to_share_among(self):
        self.assertEqual(share(D(5), [], CENT), [])

    @holds_for(
        st.integers(-90_000, 90_000).map(lambda cents: cents * CENT),
        st.lists(decimals(900, 6).map(lambda one: one + 1), min_size=1, max_size=30),
    )
    def test_shares_add_up_and_stay_near_the_proportion(self, whole, weights):
        shares = share(whole, weights, CENT)
        self.assertEqual(sum(shares), whole)
        for part, weight in zip(shares, weights, strict=True):
            self.assertEqual(part, part.quantize(CENT))
            off = abs(part * sum(weights) - whole * weight)
            self.assertLess(off, CENT * sum(weights))
