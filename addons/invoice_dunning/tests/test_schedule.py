"""When which reminder is due, and on which days a firm works."""

import unittest
from datetime import date

from odoo.tests import BaseCase, tagged

from ..core import schedule, working_days

STEPS = [schedule.Step(1, 7), schedule.Step(2, 21), schedule.Step(3, 35)]
DUE = date(2026, 6, 15)


@tagged("post_install", "-at_install")
class TestSchedule(BaseCase):
    def test_table_of_days(self):
        day = date
        cases = [
            ("a day too early", day(2026, 6, 21), None, None, None),
            ("first level", day(2026, 6, 22), None, None, 1),
            ("forgotten for a year", day(2027, 6, 22), None, None, 1),
            ("second is not due", day(2026, 7, 5), 1, day(2026, 6, 22), None),
            ("second level", day(2026, 7, 6), 1, day(2026, 6, 22), 2),
            ("first came late", day(2026, 7, 6), 1, day(2026, 7, 1), None),
            ("fourteen days later", day(2026, 7, 15), 1, day(2026, 7, 1), 2),
            ("after the last", day(2026, 12, 1), 3, day(2026, 8, 1), None),
            ("a level that is gone", day(2026, 6, 22), 99, day(2026, 6, 1), 1),
        ]
        for name, today, last_key, last_day, expected in cases:
            with self.subTest(name):
                step = schedule.next_step(STEPS, DUE, today, last_key, last_day)
                self.assertEqual(step and step.key, expected)

    def test_table_of_notes_before_the_due_day(self):
        steps = [schedule.Step(9, -3), *STEPS]
        day = date
        cases = [
            ("too early", day(2026, 6, 11), None, None, None),
            ("three days before", day(2026, 6, 12), None, None, 9),
            ("on the due day", day(2026, 6, 15), None, None, 9),
            ("once", day(2026, 6, 15), 9, day(2026, 6, 12), None),
            ("not made up for", day(2026, 6, 16), None, None, None),
            ("nothing waits for it", day(2026, 6, 22), None, None, 1),
            ("nor is late by it", day(2026, 6, 22), 9, day(2026, 6, 15), 1),
            ("never after a reminder", day(2026, 7, 6), 1, day(2026, 6, 22), 2),
        ]
        for name, today, last_key, last_day, expected in cases:
            with self.subTest(name):
                step = schedule.next_step(steps, DUE, today, last_key, last_day)
                self.assertEqual(step and step.key, expected)

    def test_without_levels_there_is_no_reminder(self):
        self.assertIsNone(schedule.next_step([], DUE, date(2027, 1, 1)))


@tagged("post_install", "-at_install")
class TestWorkingDays(BaseCase):
    def test_table_of_days(self):
        cases = [
            (date(2026, 11, 27), True),  # Friday
            (date(2026, 11, 28), False),  # Saturday
            (date(2026, 4, 3), False),  # Good Friday
            (date(2026, 4, 6), False),  # Easter Monday
            (date(2026, 5, 14), False),  # Ascension Day
            (date(2026, 5, 25), False),  # Whit Monday
            (date(2026, 10, 2), True),
            (date(2025, 10, 3), False),  # Friday, German Unity Day
        ]
        for day, expected in cases:
            with self.subTest(day):
                self.assertEqual(working_days.is_working_day(day, "DE"), expected)

    def test_other_countries_know_weekends_only(self):
        self.assertTrue(working_days.is_working_day(date(2025, 10, 3), "FR"))
        self.assertFalse(working_days.is_working_day(date(2025, 10, 4), "FR"))

    def test_a_due_day_on_a_holiday_moves_to_the_next_working_day(self):
        found = working_days.next_working_day(date(2026, 4, 3), "DE")
        self.assertEqual(found, date(2026, 4, 7))


if __name__ == "__main__":
    unittest.main()
