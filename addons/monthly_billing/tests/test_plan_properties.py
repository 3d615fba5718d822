"""What pricing.md calls "properties that always hold", for random months."""

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal as D

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.monthly_billing.core.entries import Entry
from odoo.addons.monthly_billing.core.lines import price_entries
from odoo.addons.monthly_billing.core.past import Past
from odoo.addons.monthly_billing.core.plan import CENT, Plan
from odoo.addons.monthly_billing.core.rounding import Rounding, round_time
from odoo.addons.volume_discount.core.calendar import window_of
from odoo.addons.volume_discount.core.terms import Terms
from odoo.addons.volume_discount.core.tiers import Tier


def numbers(lower, upper, places=0, step=1):
    """Draw decimals between two bounds; faster than hypothesis' own."""
    drawn = st.integers(lower * 10**places // step, upper * 10**places // step)
    return drawn.map(lambda number: D(number * step).scaleb(-places))


def holds_for(*strategies):
    """Check a property without a time limit and without writing a database."""
    unhurried = settings(deadline=None, database=None)
    return lambda test: unhurried(given(*strategies)(test))


def numbered(entries):
    """Return the entries with ids, in the order of allocation."""
    by_day = sorted(entries, key=lambda entry: entry.day)
    return [replace(entry, timesheet_id=key) for key, entry in enumerate(by_day, 1)]


days = st.integers(0, 100).map(lambda number: date(2026, 5, 1) + timedelta(number))
jobs = st.sampled_from(["A", "B", "C"])
hours = numbers(0, 30, places=2)
work = st.builds(
    Entry, st.just(0), days, jobs, numbers(1, 30, places=4), hours, numbers(1, 99)
)
mixed_prices = st.lists(work, max_size=8).map(numbered)


def at_one_price(entries):
    """Return the entries at the list price of the first one."""
    return [replace(entry, list_price=entries[0].list_price) for entry in entries]


entries_at_one_price = mixed_prices.map(at_one_price)
tiers = st.lists(
    st.one_of(
        st.builds(Tier, numbers(0, 60), st.just("discount"), numbers(0, 100)),
        st.builds(Tier, numbers(0, 60), st.just("price"), price_unit=numbers(0, 120)),
    ),
    max_size=4,
    unique_by=lambda tier: tier.min_quantity,
).map(lambda drawn: tuple(replace(tier, key=key) for key, tier in enumerate(drawn)))
windows = st.sampled_from(["month", "quarter", "year"])
presentations = st.sampled_from(["line", "summary"])


def terms_of(modes, presentation):
    return modes.flatmap(
        lambda mode: st.builds(
            Terms, st.just(mode[0]), tiers, windows, presentation, st.just(mode[1])
        )
    )


modes = st.sampled_from([("graduated", False), ("volume", False), ("volume", True)])
never_falling = st.sampled_from([("graduated", False), ("volume", True)])
any_terms = terms_of(modes, presentations)
terms_by_line = terms_of(modes, st.just("line"))


def bill(entries, terms, past=None):
    """Return the lines; ``past`` counts them for the next run.

    The currency has such small coins that no amount is left out as nothing.
    """
    past = Past() if past is None else past
    lines = price(entries, terms, past, D("1E-12"))
    past.add_lines("X", lines)
    return lines


def price(entries, terms, past, quantum=CENT):
    def within(*window):
        return past.within("X", *window)

    return list(price_entries(entries, lambda day: terms, within, quantum).lines)


def asked(lines):
    """Return the total before money is rounded to cents."""
    return sum((line.quantity * line.price_unit for line in lines), D(0))


def expected_total(entries, terms):
    """Return the total in another way: hour by hundredth, window by window."""
    table = sorted(terms.tiers, key=lambda tier: tier.min_quantity)
    amount = D(0)
    in_windows = defaultdict(list)
    for entry in entries:
        in_windows[window_of(entry.day, terms.window)].append(entry)
    for members in in_windows.values():
        hours, list_price = sum(e.billed for e in members), members[0].list_price
        starts = [D(0), *(tier.min_quantity for tier in table)]
        prices = [list_price, *(price_in(tier, list_price) for tier in table)]
        amount += TOTALS[terms.mode, terms.best_price](hours, starts, prices)
    return amount


def price_in(tier, list_price):
    if tier.price_type == "price":
        return tier.price_unit
    return list_price - list_price * tier.discount / 100


def graduated(hours, starts, prices):
    total, price_before = D(0), D(0)
    for start, price in zip(starts, prices, strict=True):
        total += max(hours - start, D(0)) * (price - price_before)
        price_before = price
    return total


def volume(hours, starts, prices):
    reached = [p for start, p in zip(starts, prices, strict=True) if start <= hours]
    return hours * reached[-1]


def best(hours, starts, prices):
    if not hours:
        return D(0)
    later = [volume(start, starts, prices) for start in starts if start > hours]
    return min([volume(hours, starts, prices), *later])


TOTALS = {
    ("graduated", False): graduated,
    ("volume", False): volume,
    ("volume", True): best,
}


@tagged("post_install", "-at_install")
class TestPlanAlwaysHolds(BaseCase):
    @holds_for(mixed_prices, any_terms, mixed_prices)
    def test_hours_of_every_entry_are_conserved(self, entries, terms, before):
        past = Past()
        bill(before, terms, past)
        lines = bill(entries, terms, past)
        shares = [share for line in lines for share in line.shares]
        for entry in entries:
            own = [s for s in shares if s.timesheet_id == entry.timesheet_id]
            self.assertEqual(sum(share.worked for share in own), entry.worked)
            self.assertEqual(sum(share.billed for share in own), entry.billed)
            self.assertTrue(all(share.worked >= 0 for share in own))
        plan = Plan(tuple(lines))
        self.assertEqual(plan.worked, sum(entry.worked for entry in entries))
        self.assertEqual(plan.billed, sum(entry.billed for entry in entries))

    @holds_for(mixed_prices, any_terms)
    def test_shares_of_a_line_are_its_hours(self, entries, terms):
        for line in bill(entries, terms):
            if line.shares:
                billed = sum(share.billed for share in line.shares)
                self.assertEqual(line.quantity, billed)

    @holds_for(mixed_prices, terms_by_line, mixed_prices)
    def test_both_presentations_add_up_to_one_total(self, entries, terms, before):
        past = Past()
        bill(before, terms, past)
        totals = {
            Plan(tuple(price(entries, either, past))).amount()
            for either in (terms, replace(terms, presentation="summary"))
        }
        self.assertEqual(len(totals), 1)

    @holds_for(entries_at_one_price, terms_by_line)
    def test_total_is_the_one_of_the_tier_table(self, entries, terms):
        expected = expected_total(entries, terms)
        self.assertEqual(asked(bill(entries, terms)), expected)

    @holds_for(entries_at_one_price, terms_by_line, st.randoms())
    def test_order_within_a_day_changes_no_total(self, entries, terms, chance):
        shuffled = [replace(e, timesheet_id=chance.random()) for e in entries]
        shuffled.sort(key=lambda entry: (entry.day, entry.timesheet_id))
        self.assertEqual(asked(bill(shuffled, terms)), asked(bill(entries, terms)))

    @holds_for(mixed_prices, terms_by_line, st.lists(jobs, min_size=8, max_size=8))
    def test_another_ticket_changes_the_allocation_only(self, entries, terms, moved_to):
        moved = [
            replace(entry, job=job)
            for entry, job in zip(entries, moved_to, strict=False)
        ]
        self.assertEqual(asked(bill(moved, terms)), asked(bill(entries, terms)))

    @holds_for(
        entries_at_one_price,
        terms_by_line,
        st.sampled_from(["none", "month"]),
        st.integers(0, 7),
        numbers(0, 1, places=2),
    )
    def test_splitting_an_entry_changes_no_total(
        self, entries, terms, scope, cut, part
    ):
        if cut >= len(entries):
            return
        whole = entries[cut]
        worked = (whole.worked * part).quantize(D("0.000001"))
        halves = [
            replace(whole, worked=hours)
            for hours in (worked, whole.worked - worked)
            if hours
        ]
        split = [*entries[:cut], *halves, *entries[cut + 1 :]]
        rounding = Rounding(scope)
        self.assertEqual(
            asked(bill(round_time(split, rounding), terms)),
            asked(bill(round_time(entries, rounding), terms)),
        )

    @holds_for(entries_at_one_price, terms_by_line, st.lists(st.booleans(), min_size=8))
    def test_late_hours_cost_what_they_had_cost_in_time(self, entries, terms, is_late):
        past = Past()
        marked = list(zip(entries, is_late, strict=False))
        in_time = bill([e for e, late in marked if not late], terms, past)
        supplement = bill([e for e, late in marked if late], terms, past)
        self.assertEqual(
            asked(in_time) + asked(supplement), asked(bill(entries, terms))
        )

    @holds_for(entries_at_one_price, terms_of(never_falling, presentations), work)
    def test_more_hours_never_cost_less(self, entries, terms, extra):
        list_price = entries[0].list_price if entries else extra.list_price
        more = numbered([*entries, replace(extra, list_price=list_price)])
        self.assertGreaterEqual(asked(bill(more, terms)), asked(bill(entries, terms)))

    @holds_for(mixed_prices, windows, presentations)
    def test_a_table_at_the_list_price_is_the_list_price(
        self, entries, window, presentation
    ):
        equal = (Tier(D(0), "discount", D(0)), Tier(D(9), "discount", D(0)))
        flat = asked(bill(entries, None))
        for mode, best_price in TOTALS:
            terms = Terms(mode, equal, window, presentation, best_price)
            self.assertEqual(asked(bill(entries, terms)), flat)

    @holds_for(mixed_prices, any_terms)
    def test_the_same_entries_give_the_same_lines(self, entries, terms):
        self.assertEqual(bill(entries, terms), bill(entries, terms))
