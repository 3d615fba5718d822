"""The window telescopes: what was charged is what the table asks for all hours."""

from dataclasses import replace
from datetime import date
from decimal import Decimal as D

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..core import pricing, tiers
from ..core.history import Billed, History
from ..core.terms import Terms

CENT = D("0.01")
FIXED = ((10, 110), (20, 100))
FROM_50 = ((50, 90),)
MODES = {
    "graduated": {"mode": "graduated"},
    "volume": {"mode": "volume"},
    "best price": {"mode": "volume", "best_price": True},
}


def make_terms(table, **values):
    rows = tuple(
        tiers.Tier(D(start), "price", price_unit=D(unit)) for start, unit in table
    )
    return Terms(tiers=rows, **{"mode": "graduated", **values})


def make_hours(quantity, day=1, month=1, list_price=120, taxes=None, order=0):
    day = date(2026, month, day)
    hours, list_price = D(str(quantity)), D(list_price)
    return tiers.Usage(hours, list_price, taxes=taxes, day=day, order=order)


class Window:
    """A window as its invoices and credit notes fill it."""

    def __init__(self, terms, quantum=CENT):
        self.terms, self.quantum, self.rows = terms, quantum, []

    def bill(self, *usages):
        """Write an invoice and return its charges."""
        past = History(tuple(self.rows))
        by_key = dict(enumerate(usages))
        numbered = [replace(usage, key=key) for key, usage in by_key.items()]
        charges = pricing.price(self.terms, numbered, past, self.quantum)
        for charge in charges:
            usage = by_key.get(charge.key)
            self.rows.append(
                Billed(
                    usage.day if usage else date(2026, 12, 31),
                    charge.quantity,
                    charge.list_price,
                    charge.amount,
                    taxes=charge.taxes,
                    order=usage.order if usage else 0,
                )
            )
        return charges

    def credit(self, usage):
        """Give the hours of an entry back, at the prices that they have."""
        amount = D(0)
        for row in list(self.rows):
            if row.hours and (row.day, row.order) == usage.place:
                self.rows.append(replace(row, hours=-row.hours, amount=-row.amount))
                amount -= row.amount
        return amount

    def invoice_by_hand(self, usage, price_unit):
        """Write hours on an invoice that the table does not price."""
        self.rows.append(
            Billed(
                usage.day,
                usage.quantity,
                usage.list_price,
                usage.quantity * D(price_unit),
                is_own=False,
                order=usage.order,
            )
        )


def total(charges):
    return sum((charge.amount for charge in charges), D(0))


def shape(charges):
    return [
        (charge.quantity, charge.price_unit)
        if charge.kind == "time"
        else (charge.kind, charge.taxes, charge.amount)
        for charge in charges
    ]


@tagged("post_install", "-at_install")
class TestDecidedNumbers(BaseCase):
    """The numbers of pricing.md, "The window telescopes"."""

    def test_hours_below_a_correction_move_down(self):
        window = Window(make_terms(FIXED))
        first, second = make_hours(5, 2), make_hours(15, 3)
        self.assertEqual(total(window.bill(first, second)), 2300)
        self.assertEqual(window.credit(first), -600)
        again = window.bill(make_hours(2, 2, order=9))
        self.assertEqual(shape(again), [(2, 120), ("difference", None, 30)])
        self.assertEqual(2300 - 600 + total(again), 1970)

    def test_hours_that_are_billed_again_cost_what_they_did(self):
        window = Window(make_terms(FIXED))
        first, second = make_hours(5, 2), make_hours(7, 3)
        window.bill(first, second)
        window.credit(first)
        self.assertEqual(shape(window.bill(first)), [(5, 120)])

    def test_tiers_of_one_price_need_no_correction(self):
        window = Window(make_terms(((0, 20), (1, 20), (2, 21))))
        window.bill(make_hours(2, 1))
        self.assertEqual(shape(window.bill(make_hours("0.25", 2))), [(D("0.25"), 21)])

    def test_late_hours_of_one_rate_need_no_correction(self):
        window = Window(make_terms(FIXED))
        window.bill(make_hours(19, 20))
        late = window.bill(make_hours("2.5", 2))
        self.assertEqual(shape(late), [(1, 110), (D("1.5"), 100)])
        self.assertEqual(total(late), 110 + 150)
        self.assertEqual({charge.kind for charge in late}, {"time"})

    def test_year_after_a_month_that_was_reduced(self):
        asked = {"graduated": 4600, "volume": 4600, "best price": 4500}
        for name, mode in MODES.items():
            with self.subTest(name):
                window = Window(make_terms(FROM_50, **mode))
                may = make_hours(48, month=5, list_price=100)
                june = make_hours(6, month=6, list_price=100)
                window.bill(may)
                window.bill(june)
                window.credit(may)
                window.bill(replace(may, quantity=D(40), order=9))
                self.assertEqual(sum(row.amount for row in window.rows), asked[name])

    def test_adjustment_has_the_taxes_of_the_hours_it_changes(self):
        window = Window(make_terms(((15, 90),), mode="volume"))
        april = make_hours(10, month=4, list_price=100, taxes="7 %")
        may = make_hours(10, month=5, list_price=100, taxes="19 %")
        self.assertEqual(total(window.bill(april)), 1000)
        self.assertEqual(
            shape(window.bill(may)), [(10, 90), ("difference", "7 %", -100)]
        )

    def test_two_list_prices_one_entry_late(self):
        """As if in time: 10 h at 100 and 10 h at 80, from 10 h 10 % off."""
        percent = (tiers.Tier(D(10), "discount", discount=D(10)),)
        terms = Terms("graduated", percent)
        dear, cheap = (
            make_hours(10, 2, list_price=120),
            make_hours(10, 9, list_price=80),
        )
        in_time = total(Window(terms).bill(dear, cheap))
        window = Window(terms)
        late = total(window.bill(cheap)) + total(window.bill(dear))
        self.assertEqual((in_time, late), (1920, 1920))

    def test_hours_invoiced_by_hand_keep_their_place(self):
        window = Window(make_terms(FIXED))
        window.invoice_by_hand(make_hours(10, month=1), 120)
        self.assertEqual(
            shape(window.bill(make_hours(12, 1, 2))), [(10, 110), (2, 100)]
        )

    def test_hours_by_hand_that_come_later_do_not_push_up(self):
        window = Window(make_terms(FIXED))
        window.bill(make_hours(8, month=1))
        window.invoice_by_hand(make_hours(5, month=2), 120)
        charges = window.bill(make_hours(4, month=1, day=5))
        self.assertEqual(shape(charges), [(2, 120), (2, 110)])

    def test_waived_amounts_are_never_asked(self):
        past = History((Billed(date(2026, 1, 1), D(12), D(120), D(1500)),))
        terms = make_terms(FIXED)
        [time, difference] = pricing.price(terms, [make_hours(1, 9)], past, CENT)
        self.assertEqual(difference.amount, -80)
        waived = replace(past, waived=((None, D(-80)),))
        [time] = pricing.price(terms, [make_hours(1, 9)], waived, CENT)
        self.assertEqual((time.quantity, time.price_unit), (1, 110))

    def test_what_rounded_lines_differ_by_is_not_corrected(self):
        row = Billed(date(2026, 1, 1), D(12), D(120), D("1420.01"))
        past = History((row,), slack=D("0.01"))
        charges = pricing.price(make_terms(FIXED), [make_hours(1, 9)], past, CENT)
        self.assertEqual({charge.kind for charge in charges}, {"time"})

    def test_half_a_cent_is_asked_for_once(self):
        terms = make_terms(((15, "52.5"),), mode="volume")
        window = Window(terms)
        charged = Billed(date(2026, 8, 22), D("5.25"), D(60), D("294.42"))
        window.rows.append(charged)
        window.invoice_by_hand(make_hours(10, 22, 8, 40), 35)
        charges = window.bill(make_hours(5, 18, 8, 60))
        self.assertEqual(
            [charge.amount for charge in charges], [D("262.5"), D("-18.79")]
        )
        self.assertEqual(total(charges) + D("294.42"), D("538.13"))  # of 538.125
        past = History(tuple(window.rows), slack=CENT / 2)
        self.assertEqual(pricing.price(terms, [], past, CENT), [])

    def test_half_a_cent_of_a_line_is_rounded_as_the_line(self):
        """9.5 h x 120.01 = 1,140.095 is printed as 1,140.10."""
        terms = make_terms(FIXED, mode="volume", best_price=True)
        window = Window(terms)
        [_time, cut] = window.bill(make_hours("9.5", list_price="120.01"))
        self.assertEqual(cut.amount, D("-40.10"))
        past = History(tuple(window.rows), slack=CENT / 2)
        self.assertEqual(pricing.price(terms, [], past, CENT), [])

    def test_fixed_prices_follow_the_taxes_of_the_list_price(self):
        usage = replace(make_hours(12, list_price=100), scale=1 / D("1.19"))
        charges = pricing.price(make_terms(((10, 119),)), [usage])
        self.assertEqual(shape(charges), [(10, 100), (2, 100)])


def holds_for(*strategies):
    """Check a property without a time limit and without writing a database."""
    return lambda test: settings(deadline=None, database=None)(given(*strategies)(test))


def decimals(upper):
    return st.integers(1, upper * 4).map(lambda n: D(n) / 4)


entries = st.builds(
    tiers.Usage,
    decimals(12),
    st.sampled_from([D(120), D(120), D(80)]),
    taxes=st.sampled_from(["19 %", "19 %", "7 %"]),
    day=st.integers(1, 27).map(lambda day: date(2026, 5, day)),
)
tables = st.dictionaries(
    st.integers(0, 40), st.integers(20, 130), min_size=1, max_size=3
).map(lambda table: tuple(table.items()))
modes = st.sampled_from(list(MODES))
steps = st.lists(
    st.one_of(
        st.lists(entries, min_size=1, max_size=3),
        st.integers(0, 9),
        st.tuples(entries, st.integers(20, 130)),
    ),
    max_size=9,
)


def charge_all(terms, rows):
    """Return what a table asks for everything, told once more: by taxes."""
    hours = sorted(rows, key=lambda row: (row[0].place, row[1]))
    table = {D(tier.min_quantity): tier.price_unit for tier in terms.tiers}
    count = sum((usage.quantity for usage, _own in hours), D(0))

    def at(position, list_price):
        reached = [start for start in table if start <= position]
        return table[max(reached)] if reached else list_price

    asked, position = {}, D(0)
    for usage, is_own in hours:
        for _quarter in range(int(usage.quantity * 4)):
            where = position if terms.mode == "graduated" else count
            if is_own:
                amount = at(where, usage.list_price) / 4
                asked[usage.taxes] = asked.get(usage.taxes, 0) + amount
            position += D("0.25")
    if terms.best_price and asked:
        own = [usage for usage, is_own in hours if is_own]
        whole = sum(asked.values())
        cheapest = min(usage.list_price for usage in own)
        best = min(
            [whole]
            + [
                sum(usage.quantity * at(start, usage.list_price) for usage in own)
                + (start - count) * at(start, cheapest)
                for start in table
                if start > count
            ]
        )
        asked = {
            taxes: amount + (best - whole) * amount / whole
            for taxes, amount in asked.items()
        }
    return asked


@tagged("post_install", "-at_install")
class TestTheWindowTelescopes(BaseCase):
    @holds_for(modes, tables, steps)
    def test_whatever_is_billed_and_credited(self, mode, table, life):
        terms = make_terms(table, **MODES[mode])
        window, there, number = Window(terms), [], 0
        for step in life:
            if isinstance(step, list):
                number += 1
                new = [
                    replace(usage, order=10 * number + at)
                    for at, usage in enumerate(step)
                ]
                window.bill(*new)
                there += [(usage, True) for usage in new]
                self.check(window, charge_all(terms, there))
            elif isinstance(step, int) and there:
                usage, is_own = there[step % len(there)]
                if is_own:
                    window.credit(usage)
                    there.remove((usage, True))
            elif isinstance(step, tuple):
                number += 1
                usage = replace(step[0], order=10 * number)
                window.invoice_by_hand(usage, step[1])
                there.append((usage, False))

    def check(self, window, asked):
        charged = History(tuple(window.rows)).charged
        for taxes in {*charged, *asked}:
            self.assertAlmostEqual(
                charged.get(taxes, 0), asked.get(taxes, 0), delta=CENT
            )

    @holds_for(tables, st.lists(entries, min_size=1, max_size=6))
    def test_hours_in_their_order_need_no_correction(self, table, work):
        """Graduated, each hour keeps its price for ever: no difference line."""
        window = Window(make_terms(table))
        for order, usage in enumerate(sorted(work, key=lambda usage: usage.day)):
            charges = window.bill(replace(usage, order=order))
            self.assertEqual({charge.kind for charge in charges}, {"time"})
