"""The demo firm's work: the rule that makes timesheet entries of a table of jobs."""

import sys
from collections import Counter
from datetime import date
from importlib import import_module
from pathlib import Path

from odoo.tests import BaseCase, tagged

sys.path.append(str(Path(__file__).resolve().parents[1] / "setup"))
people = import_module("demo_firm.people")
sessions = import_module("demo_firm.sessions")


@tagged("post_install", "-at_install")
class TestSessions(BaseCase):
    """The rule that makes entries of the table of jobs, for any month."""

    langs = {customer.key: customer.lang for customer in people.CUSTOMERS}

    def get_all(self):
        for year in (2024, 2025, 2026):
            for month in range(1, 13):
                yield sessions.expand(date(year, month, 1), self.langs)

    def test_a_few_hundred_entries_by_five_people(self):
        for entries in self.get_all():
            self.assertGreater(len(entries), 250)
            self.assertEqual(len({entry.person for entry in entries}), 5)

    def test_entries_add_up_to_their_jobs(self):
        for entries in self.get_all():
            minutes = Counter()
            for entry in entries:
                minutes[entry.job] += entry.minutes
            expected = {job: job.minutes for job in sessions.JOBS if job.minutes}
            self.assertEqual(minutes, expected)

    def test_nobody_works_on_sundays_or_at_christmas(self):
        for entries in self.get_all():
            days = {entry.day for entry in entries}
            self.assertFalse([day for day in days if day.weekday() > 4])
            self.assertFalse([day for day in days if (day.month, day.day) == (12, 25)])

    def test_work_lies_in_the_three_months(self):
        for last in (date(2025, 2, 1), date(2026, 1, 1)):
            days = [entry.day for entry in sessions.expand(last, self.langs)]
            self.assertLess(max(days), date(last.year, last.month + 1, 1))
            self.assertEqual(min(days).month, (last.month - 3) % 12 + 1)

    def test_minutes_are_quarters_and_odd_ones(self):
        for entries in self.get_all():
            quarters = [entry for entry in entries if entry.minutes % 15 == 0]
            self.assertTrue(60 < len(quarters) < len(entries) - 60)
            self.assertGreaterEqual(min(entry.minutes for entry in entries), 10)
