"""Consent and rounding of worked time, by tables and for random entries."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal as D

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.monthly_billing.core.entries import Entry, withhold
from odoo.addons.monthly_billing.core.rounding import Rounding, round_time
from odoo.addons.volume_discount.core.numbers import to_decimal

MAY = date(2026, 5, 1)
HUNDREDTH = D("0.01")


def entry(key, worked, job="A", day=1, month=5):
    """Return unbilled hours; an integer number of minutes ends with "min"."""
    text = str(worked)
    hours = to_decimal(int(text[:-3]) / 60) if text.endswith("min") else D(text)
    return Entry(key, date(2026, month, day), job, hours)


def entries_of(*worked, **where):
    return [entry(key, hours, **where) for key, hours in enumerate(worked, 1)]


def billed(entries, scope, direction="up", step=15):
    return [e.billed for e in round_time(entries, Rounding(scope, direction, step))]


def total(entries, field="worked"):
    return sum((getattr(e, field) for e in entries), D(0))


def decimals(lower, upper, places):
    """Draw decimals between two bounds; faster than hypothesis' own."""
    scale = 10**places
    numbers = st.integers(int(lower * scale), int(upper * scale))
    return numbers.map(lambda number: D(number).scaleb(-places))


def holds_for(*strategies, **named):
    """Check a property without a time limit and without writing a database."""
    unhurried = settings(deadline=None, database=None)
    return lambda test: unhurried(given(*strategies, **named)(test))


days = st.integers(0, 61).map(lambda number: MAY + timedelta(days=number))
jobs = st.sampled_from(["A", "B", "C"])
worked_hours = decimals(D("0.000002"), 12, 6)
entry_lists = st.lists(
    st.builds(Entry, st.just(0), days, jobs, worked_hours), max_size=9
).map(
    lambda drawn: [Entry(key, e.day, e.job, e.worked) for key, e in enumerate(drawn, 1)]
)
scopes = st.sampled_from(["none", "entry", "day", "month"])
steps = st.sampled_from([1, 5, 6, 10, 15, 20, 30, 60])
roundings = st.builds(Rounding, scopes, st.sampled_from(["up", "nearest"]), steps)


@tagged("post_install", "-at_install")
class TestWithhold(BaseCase):
    def check(self, entries, allowed, *expected):
        for part, pairs in zip(withhold(entries, allowed), expected, strict=True):
            hours = [(e.timesheet_id, e.worked) for e in part]
            self.assertEqual(hours, [(key, D(text)) for key, text in pairs])

    def test_hours_up_to_the_approved_ones_are_agreed(self):
        self.check(entries_of("3", "2"), {"A": D("5")}, [(1, "3"), (2, "2")], [])

    def test_entry_at_the_limit_is_split(self):
        self.check(
            entries_of("3", "2.5", "1"),
            {"A": D("4")},
            [(1, "3"), (2, "1")],
            [(2, "1.5"), (3, "1")],
        )

    def test_without_approved_hours_everything_is_withheld(self):
        for left in ("0", "-2.5"):
            with self.subTest(left=left):
                self.check(entries_of("3"), {"A": D(left)}, [], [(1, "3")])

    def test_job_without_a_limit_is_agreed_in_full(self):
        entries = [entry(1, "3", job="A"), entry(2, "9", job="B")]
        self.check(entries, {"A": D("1")}, [(1, "1"), (2, "9")], [(1, "2")])

    def test_approved_hours_are_used_up_in_the_order_given(self):
        late_first = [entry(2, "2", day=9), entry(1, "2", day=3)]
        self.check(late_first, {"A": D("3")}, [(2, "2"), (1, "1")], [(1, "1")])

    def test_released_hours_are_agreed_beyond_the_limit(self):
        first, second = entries_of("3", "2")
        self.check(
            [first, replace(second, released=D("1.5"))],
            {"A": D("3")},
            [(1, "3"), (2, "1.5")],
            [(2, "0.5")],
        )

    def test_approved_hours_are_used_up_before_released_ones(self):
        first, second = entries_of("3", "2")
        self.check(
            [replace(first, released=D("1")), second],
            {"A": D("2")},
            [(1, "2")],
            [(1, "1"), (2, "2")],
        )

    def test_limits_of_the_caller_stay_untouched(self):
        allowed = {"A": D("4")}
        withhold(entries_of("3"), allowed)
        self.assertEqual(allowed, {"A": D("4")})

    @holds_for(entry_lists, st.dictionaries(jobs, decimals(-5, 30, 2)))
    def test_no_time_is_lost_and_no_limit_is_passed(self, entries, allowed):
        agreed, withheld = withhold(entries, allowed)
        for original in entries:
            parts = [
                part
                for part in agreed + withheld
                if part.timesheet_id == original.timesheet_id
            ]
            self.assertEqual(total(parts), original.worked)
            self.assertTrue(all(part.worked > 0 for part in parts))
        for job, limit in allowed.items():
            hours = total(e for e in agreed if e.job == job)
            wanted = total(e for e in entries if e.job == job)
            self.assertEqual(hours, min(wanted, max(limit, D(0))))


@tagged("post_install", "-at_install")
class TestRoundingOfTime(BaseCase):
    def test_hours_of_one_group(self):
        table = [
            ("none", "up", 15, "0.5", "0.50", "no rounding"),
            ("none", "up", 15, "50min", "0.83", "no rounding prints hundredths"),
            ("none", "up", 15, "0.125", "0.13", "half a hundredth goes up"),
            ("entry", "up", 15, "1min", "0.25", "a minute opens a step"),
            ("entry", "up", 15, "15min", "0.25", "a full step stays"),
            ("entry", "up", 15, "16min", "0.50", "a minute more opens the next"),
            ("entry", "up", 15, "50min", "1.00", "odd minutes go up"),
            ("entry", "up", 6, "7min", "0.20", "tenths of an hour"),
            ("entry", "up", 30, "2.5", "2.50", "full half hours stay"),
            ("entry", "up", 60, "61min", "2.00", "whole hours"),
            ("entry", "up", 1, "50min", "0.83", "whole minutes"),
            ("entry", "up", 20, "20min", "0.33", "a third of an hour stays"),
            ("entry", "up", 10, "40min", "0.67", "two thirds of an hour stay"),
            ("entry", "nearest", 15, "7min", "0.00", "less than half a step"),
            ("entry", "nearest", 30, "15min", "0.50", "half a step goes up"),
            ("entry", "nearest", 15, "22min", "0.25", "nearer to the step below"),
            ("entry", "nearest", 15, "23min", "0.50", "nearer to the step above"),
            ("day", "up", 15, "16min", "0.50", "a single entry of a day"),
            ("month", "up", 15, "16min", "0.50", "a single entry of a month"),
        ]
        for scope, direction, step, worked, expected, message in table:
            with self.subTest(message):
                result = billed(entries_of(worked), scope, direction, step)
                self.assertEqual(result, [D(expected)])

    def test_scope_decides_what_is_rounded_together(self):
        entries = [
            entry(1, "10min", day=1),
            entry(2, "10min", day=1),
            entry(3, "10min", day=2),
            entry(4, "10min", job="B", day=2),
            entry(5, "10min", month=6),
        ]
        table = [
            ("entry", "1.25", "five quarters, one per entry"),
            ("day", "1.25", "20 minutes of A are two quarters, then three"),
            ("month", "1.00", "30 minutes of A in May, then one each"),
        ]
        for scope, expected, message in table:
            with self.subTest(message):
                self.assertEqual(sum(billed(entries, scope)), D(expected))

    def test_without_rounding_thirds_add_up_to_the_hour(self):
        self.assertEqual(sum(billed(entries_of(*["20min"] * 3), "none")), D("1.00"))

    def test_many_stored_floats_do_not_open_the_next_step(self):
        for minutes in (10, 20, 40, 50):
            entries = entries_of(*[f"{minutes}min"] * 90)  # a whole number of steps
            with self.subTest(minutes=minutes):
                hours = sum(billed(entries, "month"))
                self.assertEqual(hours, D(minutes * 90) / 60)

    def test_entries_on_a_step_are_billed_as_worked(self):
        for scope in ("entry", "day"):
            for minutes, step in ((10, 10), (20, 20), (40, 10), (5, 5)):
                entries = [
                    entry(number, f"{minutes}min", day=number)
                    for number in range(1, 13)
                ]
                with self.subTest(scope=scope, minutes=minutes):
                    hours = sum(billed(entries, scope, "up", step))
                    self.assertEqual(hours, D(minutes * 12) / 60)

    def test_worked_time_is_kept_beside_the_billed(self):
        [rounded] = round_time(entries_of("50min"), Rounding("entry"))
        self.assertEqual((rounded.worked, rounded.billed), (D("0.833333"), D("1.00")))

    def test_nothing_is_rounded_to_nothing(self):
        self.assertEqual(round_time([], Rounding("month")), [])

    @holds_for(entry_lists, roundings)
    def test_entries_keep_order_and_worked_time(self, entries, rounding):
        before = [(e.timesheet_id, e.day, e.job, e.worked) for e in entries]
        rounded = round_time(entries, rounding)
        after = [(e.timesheet_id, e.day, e.job, e.worked) for e in rounded]
        self.assertEqual(after, before)

    @holds_for(entry_lists, roundings)
    def test_billed_time_is_in_hundredths_and_never_negative(self, entries, rounding):
        for e in round_time(entries, rounding):
            self.assertGreaterEqual(e.billed, 0)
            self.assertEqual(e.billed, e.billed.quantize(HUNDREDTH))

    @holds_for(entry_lists)
    def test_without_rounding_a_month_is_off_by_half_a_hundredth(self, entries):
        """And each of its jobs by less than one hundredth."""
        rounded = round_time(entries, Rounding("none"))
        for month in {e.month for e in rounded}:
            members = [e for e in rounded if e.month == month]
            off = total(members, "billed") - total(members)
            self.assertLessEqual(abs(off), HUNDREDTH / 2)
            for job in {e.job for e in members}:
                own = [e for e in members if e.job == job]
                off = total(own, "billed") - total(own)
                self.assertLess(abs(off), HUNDREDTH)

    @holds_for(entry_lists, st.sampled_from([6, 15, 30, 60]))
    def test_a_month_rounded_up_is_full_steps_and_at_most_one_more(self, entries, step):
        rounded = round_time(entries, Rounding("month", "up", step))
        for group in {(e.job, e.month) for e in rounded}:
            members = [e for e in rounded if (e.job, e.month) == group]
            minutes = total(members, "billed") * 60
            self.assertEqual(minutes % step, 0)
            # three seconds less may be binary noise
            self.assertGreaterEqual(minutes, total(members) * 60 - D("0.05"))
            self.assertLess(minutes, total(members) * 60 + step)

    @holds_for(entry_lists, st.sampled_from(["none", "month"]), st.data())
    def test_splitting_an_entry_changes_no_billed_time(self, entries, scope, data):
        if not entries:
            return
        cut = data.draw(st.integers(0, len(entries) - 1))
        whole = entries[cut]
        part = data.draw(decimals(0, 1, 2)) * whole.worked
        part = min(max(part.quantize(D("0.000001")), D("0.000001")), whole.worked)
        halves = [
            Entry(whole.timesheet_id, whole.day, whole.job, hours)
            for hours in (part, whole.worked - part)
            if hours
        ]
        split = [*entries[:cut], *halves, *entries[cut + 1 :]]
        self.assertEqual(sum(billed(split, scope)), sum(billed(entries, scope)))


@tagged("post_install", "-at_install")
class TestRoundingOfLateTime(BaseCase):
    def bill_late(self, in_time, late, rounding, earlier=None):
        """Return what is billed in time and late; ``earlier`` is the policy before."""
        before = round_time(in_time, earlier or rounding)
        after = round_time(late, rounding, before)
        return total(before, "billed"), total(after, "billed")

    def test_late_time_fills_the_step_that_was_opened(self):
        quarters = Rounding("day", "up", 15)
        table = [
            ("10min", "5min", "0.25", "0.00", "the step has room"),
            ("10min", "6min", "0.25", "0.25", "the next step opens"),
            ("60min", "30min", "1.00", "0.50", "whole steps"),
        ]
        for in_time, late, first, second, message in table:
            with self.subTest(message):
                parts = self.bill_late([entry(1, in_time)], [entry(2, late)], quarters)
                self.assertEqual(parts, (D(first), D(second)))

    def test_each_day_has_its_own_hundredths(self):
        """Else a day with uneven parts would give one to another day."""
        in_time = [entry(key, "5min", day=1) for key in (1, 2, 3)]
        in_time += [entry(key, "5min", day=2) for key in (4, 5)]
        late = [entry(6, "10min", day=2)]
        parts = self.bill_late(in_time, late, Rounding("day", "up", 15))
        self.assertEqual(parts, (D("0.50"), D("0.25")))

    def test_new_policy_leaves_time_alone_that_is_billed(self):
        in_time = [entry(key, "10min", day=key) for key in range(1, 31)]
        for scope in ("entry", "day"):
            with self.subTest(scope):
                _first, late = self.bill_late(
                    in_time,
                    [entry(31, "5min", day=31)],
                    Rounding(scope, "up", 15),
                    earlier=Rounding("none"),
                )
                self.assertEqual(late, D("0.25"))

    @holds_for(
        entry_lists,
        scopes,
        st.sampled_from(["up", "nearest"]),
        st.sampled_from([3, 6, 15, 30, 60]),
        st.lists(st.booleans(), min_size=9),
    )
    def test_late_time_is_rounded_as_if_in_time(
        self, entries, scope, direction, step, is_late
    ):
        rounding = Rounding(scope, direction, step)
        marked = list(zip(entries, is_late, strict=False))
        parts = self.bill_late(
            [e for e, late in marked if not late],
            [e for e, late in marked if late],
            rounding,
        )
        self.assertEqual(sum(parts), total(round_time(entries, rounding), "billed"))

    @holds_for(entry_lists, entry_lists, roundings, roundings)
    def test_any_change_of_policy_can_be_billed(self, in_time, late, then, now):
        renamed = [replace(e, timesheet_id=e.timesheet_id + 100) for e in late]
        before = round_time(in_time, then)
        for e in round_time(renamed, now, before):
            self.assertGreaterEqual(e.billed, 0)
