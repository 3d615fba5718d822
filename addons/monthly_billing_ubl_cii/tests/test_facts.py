from datetime import date
from decimal import Decimal

from odoo.tests import BaseCase, tagged

from odoo.addons.monthly_billing_ubl_cii.core.facts import (
    LineFacts,
    get_unit_price,
    widen,
)

START, END = date(2026, 10, 1), date(2026, 10, 31)


@tagged("post_install", "-at_install")
class TestFacts(BaseCase):
    #: amount before discount, quantity, price of the line, unit price (BT-146)
    PRICES = [
        (240.0, 2.0, 120.0, "120.00"),
        (635.27, 7.33, 86.666667, "86.666667"),
        (173.33, 2.0, 86.6667, "86.6667"),
        (0.0, 3.0, 0.0, "0.00"),
        (0.0, 0.0, 120.0, "120.00"),
        (-60.0, 1.0, -60.0, "-60.00"),
        (100.0, 1.0, 119.0, "100.00"),  # the price holds the tax
        (100.0, 3.0, 39.666667, "33.333333"),
        (0.15, 3.0, 0.05, "0.05"),
    ]

    def test_unit_price_gives_the_amount(self):
        for gross, quantity, price_unit, expected in self.PRICES:
            price = get_unit_price(gross, quantity, price_unit)
            self.assertEqual(f"{price:f}", expected)
            if quantity:
                amount = price * Decimal(repr(quantity))
                self.assertAlmostEqual(float(amount), gross, places=2)

    def test_lines_within_the_month_leave_its_period(self):
        lines = [LineFacts(date(2026, 10, 5), date(2026, 10, 6)), LineFacts()]
        self.assertEqual(widen(START, END, lines), (START, END))

    def test_lines_before_and_after_the_month_widen_its_period(self):
        early = LineFacts(date(2026, 9, 5), date(2026, 9, 6))
        late = LineFacts(date(2026, 10, 30), date(2026, 11, 2))
        widened = (date(2026, 9, 5), date(2026, 11, 2))
        self.assertEqual(widen(START, END, [early, late]), widened)

    def test_without_a_period_lines_give_none(self):
        lines = [LineFacts(date(2026, 10, 5), date(2026, 10, 6))]
        self.assertEqual(widen(None, None, lines), (None, None))
