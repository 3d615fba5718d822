"""Time adds up before it is rounded (pricing.md, "Decided cases")."""

from dataclasses import replace
from datetime import date
from decimal import Decimal as D

from odoo.tests import BaseCase, tagged

from odoo.addons.monthly_billing.core.entries import Entry
from odoo.addons.monthly_billing.core.rounding import Rounding, limit_billed, round_time
from odoo.addons.volume_discount.core.numbers import to_decimal


def make(count, minutes, jobs=1, day=1):
    """Return ``count`` entries of some minutes, as Odoo keeps them, on ``jobs``."""
    worked = to_decimal(minutes / 60)
    return [
        Entry(number, date(2026, 5, day), number % jobs, worked)
        for number in range(1, count + 1)
    ]


def count(entries):
    return sum(entry.billed for entry in entries)


@tagged("post_install", "-at_install")
class TestTimeAddsUp(BaseCase):
    # entries, minutes, hours
    CASES = [(1000, 1, D("16.67")), (300, 40, D(200)), (6, 10, D(1))]

    def test_on_one_job_or_on_as_many_as_entries(self):
        for number, minutes, hours in self.CASES:
            for jobs in (1, 3, number):
                with self.subTest(number=number, minutes=minutes, jobs=jobs):
                    rounded = round_time(make(number, minutes, jobs), Rounding())
                    self.assertEqual(count(rounded), hours)

    def test_on_one_invoice_or_on_many(self):
        for number, minutes, hours in self.CASES:
            for jobs in (1, number):
                with self.subTest(number=number, minutes=minutes, jobs=jobs):
                    before = []
                    entries = make(number, minutes, jobs)
                    for part in range(6):
                        new = entries[part::6]
                        before += round_time(new, Rounding(), before)
                    self.assertEqual(count(before), hours)

    def test_steps_that_are_no_hundredths_add_up(self):
        """Six entries of one minute, each rounded up to ten minutes: one hour."""
        for jobs in (1, 6):
            rounded = round_time(make(6, 1, jobs), Rounding("entry", "up", 10))
            self.assertEqual(count(rounded), 1)

    def test_what_another_policy_billed_stays(self):
        old = [replace(entry, billed=D("0.25")) for entry in make(4, 5)]
        new = [replace(make(1, 40)[0], job="new", timesheet_id=9)]
        self.assertEqual(count(round_time(new, Rounding(), old)), D("0.67"))


@tagged("post_install", "-at_install")
class TestApprovedHours(BaseCase):
    """The limit of an approval holds for billed hours."""

    def bill(self, entries, allowed):
        rounded = round_time(entries, Rounding("entry", "up", 60))
        return count(limit_billed(rounded, allowed))

    def test_rounding_bills_no_more_than_was_approved(self):
        self.assertEqual(self.bill(make(10, 30), {0: D(5)}), 5)

    def test_rounding_below_the_limit_is_billed(self):
        self.assertEqual(self.bill(make(3, 30), {0: D(5)}), 3)

    def test_without_a_limit_rounding_is_billed(self):
        self.assertEqual(self.bill(make(10, 30), {}), 10)

    def test_released_time_is_billed_as_it_was_worked(self):
        self.assertEqual(self.bill(make(4, 30), {0: D(1)}), 2)

    def test_limit_that_is_used_up_bills_no_rounding(self):
        entries = make(2, 30)
        self.assertEqual(self.bill(entries, {0: D("1.5")}), D("1.5"))
