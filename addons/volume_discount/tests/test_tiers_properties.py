"""What pricing.md calls "properties that always hold", for random tables and hours."""

from dataclasses import replace
from decimal import Decimal as D

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..core import pricing, tiers
from .test_tiers import amount


def decimals(upper, places=2):
    """Draw decimals from zero to a bound; faster than hypothesis' own."""
    return st.integers(0, upper * 10**places).map(lambda n: D(n).scaleb(-places))


hours = decimals(40, places=3)
prices = decimals(300)
bounds = decimals(60)
keys = st.sampled_from(["ticket A", "ticket B", "ticket C"])
tier = st.one_of(
    st.builds(tiers.Tier, bounds, st.just("discount"), decimals(100)),
    st.builds(tiers.Tier, bounds, st.just("price"), price_unit=prices),
)
# Prices may rise from tier to tier and exceed the list price, in any order of rows.
tables = st.lists(tier, max_size=5, unique_by=lambda tier: tier.min_quantity)
usage = st.builds(tiers.Usage, hours, prices, keys)
usages = st.lists(usage, max_size=6)
signed = st.tuples(hours, st.sampled_from([1, 1, -1])).map(lambda p: p[0] * p[1])
signed_usages = st.lists(st.builds(tiers.Usage, signed, prices, keys), max_size=6)
modes = st.sampled_from(
    [("graduated", False), ("volume", False), ("volume", True), ("graduated", True)]
)
never_falling = st.sampled_from([("graduated", False), ("volume", True)])


def holds_for(*strategies):
    """Check a property without a time limit and without writing a database."""
    unhurried = settings(deadline=None, database=None)
    return lambda test: unhurried(given(*strategies)(test))


@st.composite
def flat_usages(draw):
    """Draw usages that all have one list price."""
    list_price = draw(prices)
    return [replace(entry, list_price=list_price) for entry in draw(usages)]


def quantity(entries):
    return sum((entry.quantity for entry in entries), D(0))


def rate(mode, table, entries, consumed=(), billed=None):
    name, best_price = mode
    return pricing.rate(name, table, entries, consumed, billed, best_price)


def total(mode, table, entries):
    name, best_price = mode
    return pricing.total(name, table, entries, best_price)


def telescoped(table, entries):
    """Graduated total of one list price in another way: steps at the bounds."""
    list_price = entries[0].list_price if entries else D(0)
    asked, price = list_price * quantity(entries), list_price
    for step in sorted(table, key=lambda tier: tier.min_quantity):
        beyond = max(D(0), quantity(entries) - step.min_quantity)
        asked += (step.price(list_price) - price) * beyond
        price = step.price(list_price)
    return asked


@tagged("post_install", "-at_install")
class TestTiersAlwaysHold(BaseCase):
    @holds_for(modes, tables, usages, usages)
    def test_charges_partition_the_hours(self, mode, table, entries, consumed):
        charges = rate(mode, table, entries, consumed)
        for key in {entry.key for entry in entries}:
            self.assertEqual(
                quantity(charge for charge in charges if charge.key == key),
                quantity(entry for entry in entries if entry.key == key),
            )
        self.assertEqual(quantity(charges), quantity(entries))

    @holds_for(modes, tables, usages, usages)
    def test_time_charges_keep_the_order_of_the_entries(
        self, mode, table, entries, consumed
    ):
        numbered = [replace(entry, key=key) for key, entry in enumerate(entries)]
        time = [c for c in rate(mode, table, numbered, consumed) if c.kind == "time"]
        self.assertEqual([c.key for c in time], sorted(c.key for c in time))

    @holds_for(modes, tables, usages, usages)
    def test_hours_times_price_is_the_amount(self, mode, table, entries, consumed):
        for charge in rate(mode, table, entries, consumed):
            if charge.kind == "time":
                expected = charge.quantity * charge.price_unit
                self.assertEqual(charge.amount, expected)
                self.assertGreater(charge.quantity, 0)
            else:
                self.assertEqual(charge.quantity, 0)
                self.assertNotEqual(charge.amount, 0)

    @holds_for(modes, tables, usages, usages, st.none() | decimals(9999))
    def test_charges_sum_to_the_total_minus_billed(
        self, mode, table, entries, consumed, billed
    ):
        charges = rate(mode, table, entries, consumed, billed)
        asked = total(mode, table, consumed + entries)
        if billed is None:
            billed = total(mode, table, consumed)
        self.assertEqual(amount(charges), asked - billed)

    @holds_for(tables, flat_usages())
    def test_graduated_total_agrees_with_another_formula(self, table, entries):
        asked = pricing.total("graduated", table, entries)
        self.assertEqual(asked, telescoped(table, entries))

    @holds_for(tables, usages)
    def test_volume_gives_all_hours_one_tier(self, table, entries):
        reached = [t for t in table if t.min_quantity <= quantity(entries)]
        tier = max(reached, key=lambda tier: tier.min_quantity, default=None)
        for charge in pricing.rate("volume", table, entries):
            self.assertEqual(charge.tier, tier)
            expected = tier.price(charge.list_price) if tier else charge.list_price
            self.assertEqual(charge.price_unit, expected)

    @holds_for(modes, tables, flat_usages(), st.randoms(use_true_random=False))
    def test_total_does_not_depend_on_the_order(self, mode, table, entries, random):
        asked = total(mode, table, entries)
        random.shuffle(entries)
        self.assertEqual(total(mode, table, entries), asked)

    @holds_for(tables, usages, st.booleans(), st.randoms(use_true_random=False))
    def test_volume_ignores_the_order_with_several_list_prices(
        self, table, entries, best_price, random
    ):
        asked = pricing.total("volume", table, entries, best_price)
        random.shuffle(entries)
        self.assertEqual(pricing.total("volume", table, entries, best_price), asked)

    @holds_for(never_falling, tables, flat_usages(), hours)
    def test_total_never_falls_with_more_hours(self, mode, table, entries, more):
        list_price = entries[0].list_price if entries else D(100)
        added = [*entries, tiers.Usage(more, list_price)]
        self.assertGreaterEqual(total(mode, table, added), total(mode, table, entries))

    @holds_for(never_falling, tables, usages, hours, prices)
    def test_total_never_falls_with_several_list_prices(
        self, mode, table, entries, more, surcharge
    ):
        """Holds for hours added at the end, at no less than the lowest list price."""
        lowest = min((e.list_price for e in entries if e.quantity), default=D(0))
        added = [*entries, tiers.Usage(more, lowest + surcharge)]
        self.assertGreaterEqual(total(mode, table, added), total(mode, table, entries))

    @holds_for(tables, flat_usages(), hours)
    def test_best_price_never_asks_more_than_a_later_start(self, table, entries, more):
        best = pricing.total("volume", table, entries, best_price=True)
        self.assertLessEqual(best, pricing.total("volume", table, entries))
        list_price = entries[0].list_price if entries else D(100)
        larger = [*entries, tiers.Usage(more, list_price)]
        self.assertLessEqual(best, pricing.total("volume", table, larger))

    @holds_for(modes, tables, usages, usage, decimals(1, places=3))
    def test_splitting_an_entry_changes_no_total(
        self, mode, table, entries, entry, share
    ):
        first = replace(entry, quantity=entry.quantity * share)
        second = replace(entry, quantity=entry.quantity * (1 - share))
        whole = amount(rate(mode, table, [entry, *entries]))
        self.assertEqual(amount(rate(mode, table, [first, second, *entries])), whole)

    @holds_for(modes, tables, usages, st.data())
    def test_moving_entries_changes_the_allocation_only(
        self, mode, table, entries, data
    ):
        moved = [replace(entry, key=data.draw(keys)) for entry in entries]
        before, after = rate(mode, table, entries), rate(mode, table, moved)
        self.assertEqual(
            [replace(charge, key=None) for charge in before],
            [replace(charge, key=None) for charge in after],
        )

    @holds_for(modes, st.sets(bounds, min_size=1), flat_usages(), prices)
    def test_equal_tiers_equal_the_flat_price(self, mode, starts, entries, price):
        table = [tiers.Tier(bound, "price", price_unit=price) for bound in starts]
        at_price = [replace(entry, list_price=price) for entry in entries]
        flat = quantity(entries) * price
        self.assertEqual(total(mode, table, at_price), flat)
        table = [tier for tier in table if tier.min_quantity]
        from_zero = [*table, tiers.Tier(D(0), "price", price_unit=price)]
        self.assertEqual(total(mode, from_zero, entries), flat)

    @holds_for(modes, tables, usages, usages)
    def test_billing_again_after_a_full_credit_gives_the_same(
        self, mode, table, entries, consumed
    ):
        first = rate(mode, table, entries, consumed)
        billed = total(mode, table, consumed) + amount(first)
        credit = rate(mode, table, [], consumed, billed)
        self.assertEqual(amount(credit), -amount(first))
        again = rate(mode, table, entries, consumed, billed + amount(credit))
        self.assertEqual(again, first)

    @holds_for(modes, tables, usages, usages)
    def test_hours_that_are_taken_back_leave_nothing(self, mode, table, kept, gone):
        back = [replace(entry, quantity=-entry.quantity) for entry in reversed(gone)]
        self.assertEqual(
            total(mode, table, [*kept, *gone, *back]), total(mode, table, kept)
        )

    @holds_for(modes, tables, st.lists(signed, max_size=6), prices)
    def test_negative_hours_cost_what_is_left(self, mode, table, worked, price):
        entries = [tiers.Usage(value, price) for value in worked]
        left = [tiers.Usage(sum(worked, D(0)), price)]
        self.assertEqual(total(mode, table, entries), total(mode, table, left))

    @holds_for(modes, tables, st.lists(signed_usages, max_size=4))
    def test_billing_in_instalments_sums_to_the_total(self, mode, table, months):
        consumed, asked = [], D(0)
        for entries in months:
            asked += amount(rate(mode, table, entries, consumed, billed=asked))
            consumed = consumed + entries
        self.assertEqual(asked, total(mode, table, consumed))

    @holds_for(tables, hours)
    def test_next_tier_is_the_first_bound_above(self, table, worked):
        above = [t for t in table if t.min_quantity > worked]
        expected = None
        if above:
            nearest = min(above, key=lambda tier: tier.min_quantity)
            expected = (nearest.min_quantity - worked, nearest)
        self.assertEqual(tiers.hours_to_next_tier(table, worked), expected)
