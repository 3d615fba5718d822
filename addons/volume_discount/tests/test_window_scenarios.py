"""The corrections of pricing.md in every mode, presentation and window."""

from dataclasses import replace
from datetime import date
from decimal import Decimal as D
from itertools import product

from odoo.tests import BaseCase, tagged

from ..core import tiers
from ..core.terms import Terms
from .window_life import MODES, Customer

FIXED = ((10, 110), (20, 100))
FROM_50 = ((50, 90),)
FROM_15 = ((15, 90),)
TEN_PERCENT = (tiers.Tier(D(10), "discount", discount=D(10)),)
#: four days of one window, in their order
DAYS = {
    "month": [date(2026, 5, day) for day in (2, 9, 16, 23)],
    "quarter": [date(2026, 4, 5), date(2026, 5, 5), date(2026, 6, 5), date(2026, 6, 9)],
    "year": [date(2026, month, 5) for month in (1, 5, 6, 12)],
}


def work(day, hours, list_price, order=0, taxes="19 %"):
    return tiers.Usage(D(str(hours)), D(list_price), taxes=taxes, day=day, order=order)


def place(usage, hours=None):
    return {usage.place: usage.quantity if hours is None else D(hours)}


def type_hours(customer, days):
    """January 20 h and 20 h typed, February 20 h, March 20 h."""
    customer.bill(work(days[0], 20, 100))
    customer.bill(work(days[0], 20, 100, order=99))
    customer.bill(work(days[1], 20, 100))
    return customer.bill(work(days[2], 20, 100)).total


def invoice_by_hand(customer, days):
    """As typed, but the table does not price the 20 h in between."""
    customer.bill(work(days[0], 20, 100))
    customer.invoice_by_hand(work(days[0], 20, 100, order=99), 100)
    customer.bill(work(days[1], 20, 100))
    return customer.bill(work(days[2], 20, 100)).total


def reduce(customer, days):
    """5 h + 15 h; the 5 h are credited, corrected to 2 h and billed again."""
    first = work(days[0], 5, 120)
    invoice = customer.bill(first, work(days[1], 15, 120))
    customer.credit(invoice, place(first))
    customer.bill(replace(first, quantity=D(2)))
    return sum(one.total for one in customer.documents)


def cancel(customer, days):
    """48 h, 6 h; the 48 h are cancelled, corrected to 40 h and billed again."""
    first = work(days[1], 48, 100)
    invoice = customer.bill(first)
    customer.bill(work(days[2], 6, 100))
    customer.cancel(invoice)
    customer.bill(replace(first, quantity=D(40)))
    return sum(one.total for one in customer.documents)


def bill_again(customer, days):
    """48 h, 6 h; 2 of the 48 h are credited and billed again."""
    first = work(days[1], 48, 100)
    invoice = customer.bill(first)
    customer.bill(work(days[2], 6, 100))
    customer.credit(invoice, place(first, 2))
    customer.bill(replace(first, quantity=D(2)))
    return sum(one.total for one in customer.documents)


def credit_in_proportion(customer, days):
    """48 h, 6 h; the 6 h go back: 48 h stay paid as the table asks, or the next
    invoice makes up for it."""
    last = work(days[2], 6, 100)
    customer.bill(work(days[1], 48, 100))
    given = customer.credit(customer.bill(last), place(last)).total
    customer.bill(work(days[3], D("0.25"), 100))
    return given


def credit_in_two_steps(customer, days):
    """9.5 h are given back in two steps: nothing is left."""
    hours = work(days[0], "9.5", 120)
    invoice = customer.bill(hours)
    customer.credit(invoice, place(hours, 4))
    customer.credit(invoice, place(hours, "5.5"))
    return sum(one.total for one in customer.documents)


def give_goodwill(customer, days):
    """25 h, goodwill for 10 h changes no window, one late hour."""
    customer.bill(work(days[1], 25, 120))
    return customer.bill(work(days[0], 1, 120)).total


def bill_late_at_another_price(customer, days):
    """10 h at 120.00, then 5 h at 80.00; 5 h at 80.00 of the first day come late."""
    customer.bill(work(days[1], 10, 120), work(days[2], 5, 80))
    customer.bill(work(days[0], 5, 80))
    return sum(one.total for one in customer.documents)


def bill_apart(customer, days):
    """Two agreements, one after the other."""
    customer.bill(work(days[0], 12, 120), work(days[2], 3, 120))
    customer.bill(work(days[0], 12, 120, order=1))
    return sum(one.total for one in customer.documents)


def bill_together(customer, days):
    """The same work of two agreements at once."""
    entries = work(days[0], 12, 120), work(days[2], 3, 120)
    return customer.bill(*entries, work(days[0], 12, 120, order=1)).total


def change_taxes(customer, days):
    """10 h at 7 %, 10 h at 19 %: the tax of both."""
    customer.bill(work(days[0], 10, 100, taxes="7 %"))
    customer.bill(work(days[1], 10, 100))
    return sum(
        amount * D(taxes.removesuffix(" %")) / 100
        for one in customer.documents
        for taxes, amount in one.printed.items()
    )


# What happens, table, result: graduated, volume, volume with best price.
SCENARIOS = [
    (type_hours, FROM_50, "1800", "1800", "1800"),
    (invoice_by_hand, FROM_50, "1800", "1800", "1800"),
    (reduce, FIXED, "1970", "1870", "1870"),
    (cancel, FROM_50, "4600", "4600", "4500"),
    (bill_again, FROM_50, "5360", "4860", "4860"),
    (credit_in_proportion, FROM_50, "-560", "-60", "-360"),
    (credit_in_two_steps, FIXED, "0", "0", "0"),
    (give_goodwill, FIXED, "100", "100", "100"),
    (bill_late_at_another_price, TEN_PERCENT, "1900", "1800", "1800"),
    (bill_apart, FIXED, "3000", "2700", "2700"),
    (bill_together, FIXED, "3000", "2700", "2700"),
    (change_taxes, FROM_15, "250.5", "234", "234"),
]


def make_terms(table, **values):
    rows = tuple(
        row
        if isinstance(row, tiers.Tier)
        else tiers.Tier(D(row[0]), "price", price_unit=D(row[1]))
        for row in table
    )
    return Terms(tiers=rows, **values)


@tagged("post_install", "-at_install")
class TestWindowScenarios(BaseCase):
    def test_every_scenario_in_every_mode_presentation_and_window(self):
        for happen, table, *results in SCENARIOS:
            for mode, presentation, window in product(MODES, ("line", "summary"), DAYS):
                name = happen.__name__
                with self.subTest(name, mode=mode, show=presentation, window=window):
                    values = {"presentation": presentation, "window": window}
                    terms = make_terms(table, **values, **MODES[mode])
                    customer, days = Customer(terms), DAYS[window]
                    result = happen(customer, days)
                    expected = D(results[list(MODES).index(mode)])
                    self.assertEqual(round(result, 2), expected)
                    self.assertFalse(customer.get_deviations(days[0]))
