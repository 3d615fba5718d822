"""Which days and months are meant: tables with a message per row."""

from datetime import date, datetime, timedelta, timezone

from odoo.tests import BaseCase, tagged

from odoo.addons.monthly_billing.core.months import (
    LAST_DAY,
    billing_date,
    is_carried_too_long,
    last_month_due,
)
from odoo.addons.ticket_estimates.core.today import local_today
from odoo.addons.volume_discount.core.calendar import Window, add_months, window_of


def day(text):
    return date.fromisoformat(text)


def months(text):
    """Return the windows of months like "2026-01 2026-02", written by hand."""
    return [window_of(day(f"{month}-01")) for month in text.split()]


@tagged("post_install", "-at_install")
class TestWindow(BaseCase):
    def test_window_that_contains_a_day(self):
        table = [
            ("2026-05-01", "month", "2026-05-01", "2026-06-01", "the first day"),
            ("2026-05-31", "month", "2026-05-01", "2026-06-01", "the last day"),
            ("2026-12-15", "month", "2026-12-01", "2027-01-01", "the end of the year"),
            ("2024-02-29", "month", "2024-02-01", "2024-03-01", "a leap day"),
            ("2026-01-01", "quarter", "2026-01-01", "2026-04-01", "first quarter"),
            ("2026-03-31", "quarter", "2026-01-01", "2026-04-01", "its last day"),
            ("2026-04-01", "quarter", "2026-04-01", "2026-07-01", "second quarter"),
            ("2026-08-09", "quarter", "2026-07-01", "2026-10-01", "third quarter"),
            ("2026-12-31", "quarter", "2026-10-01", "2027-01-01", "fourth quarter"),
            ("2026-01-01", "year", "2026-01-01", "2027-01-01", "New Year's Day"),
            ("2026-12-31", "year", "2026-01-01", "2027-01-01", "New Year's Eve"),
        ]
        for inside, span, start, end, message in table:
            with self.subTest(message):
                window = window_of(day(inside), span)
                self.assertEqual(window, Window(day(start), day(end)))

    def test_window_is_half_open(self):
        may = window_of(day("2026-05-10"))
        table = [
            ("2026-04-30", False, "the day before the start is outside"),
            ("2026-05-01", True, "the start is inside"),
            ("2026-05-31", True, "the last day is inside"),
            ("2026-06-01", False, "the end is outside"),
        ]
        for probe, inside, message in table:
            with self.subTest(message):
                self.assertIs(day(probe) in may, inside)
        self.assertEqual(may.last_day, day("2026-05-31"))

    def test_windows_leave_no_day_out_and_count_none_twice(self):
        first, count = day("2023-12-01"), 800
        for span in ("month", "quarter", "year"):
            for offset in range(count):
                probe = first + timedelta(days=offset)
                window = window_of(probe, span)
                with self.subTest(span=span, day=probe):
                    self.assertIn(probe, window)
                    self.assertEqual(window, window_of(window.last_day, span))
                    self.assertEqual(window.end, window_of(window.end, span).start)

    def test_unknown_window_is_refused(self):
        with self.assertRaises(KeyError):
            window_of(day("2026-05-01"), "week")

    def test_months_are_added_across_years(self):
        table = [
            ("2026-01-31", 1, "2026-02-01", "from a day that February lacks"),
            ("2026-12-01", 1, "2027-01-01", "over the end of the year"),
            ("2026-01-15", -1, "2025-12-01", "back over the start of the year"),
            ("2026-05-01", 0, "2026-05-01", "nothing added"),
            ("2026-05-20", 0, "2026-05-01", "nothing added gives the first day"),
            ("2026-03-01", 24, "2028-03-01", "two years"),
        ]
        for start, count, expected, message in table:
            with self.subTest(message):
                self.assertEqual(add_months(day(start), count), day(expected))


@tagged("post_install", "-at_install")
class TestBillingDate(BaseCase):
    def test_day_on_which_a_month_is_billed(self):
        table = [
            ("2026-05", 1, "2026-06-01", "the first of the following month"),
            ("2026-05", 30, "2026-06-30", "the last day that June has"),
            ("2026-05", 31, "2026-06-30", "June has no 31st"),
            ("2026-12", 15, "2027-01-15", "December is billed in the next year"),
            ("2026-01", 28, "2026-02-28", "28 February, common year"),
            ("2026-01", 29, "2026-02-28", "common year has no 29 February"),
            ("2024-01", 29, "2024-02-29", "leap year has a 29 February"),
            ("2024-01", 31, "2024-02-29", "the last day of a leap February"),
            ("2100-01", 31, "2100-02-28", "2100 is no leap year"),
            ("2000-01", 30, "2000-02-29", "2000 was a leap year"),
            ("2026-05", LAST_DAY, "2026-05-31", "last day of the month itself"),
            ("2024-02", LAST_DAY, "2024-02-29", "last day of a leap February"),
            ("2026-02", LAST_DAY, "2026-02-28", "last day of a common February"),
            ("2026-12", LAST_DAY, "2026-12-31", "last day of the year"),
        ]
        for month, billing_day, expected, message in table:
            with self.subTest(message):
                [window] = months(month)
                self.assertEqual(billing_date(window, billing_day), day(expected))

    def test_every_billing_day_of_six_years_lies_in_the_following_month(self):
        for index in range(72):
            month = window_of(date(2023 + index // 12, index % 12 + 1, 1))
            following = window_of(month.end)
            for billing_day in range(1, 32):
                billed = billing_date(month, billing_day)
                with self.subTest(month=month.start, billing_day=billing_day):
                    self.assertIn(billed, following)
                    self.assertLessEqual(billed.day, billing_day)
                    is_last = billed == following.last_day
                    self.assertTrue(billed.day == billing_day or is_last)

    def test_billing_day_outside_a_month_is_refused(self):
        [may] = months("2026-05")
        for billing_day in (-1, 32, 99):
            with self.subTest(billing_day), self.assertRaises(ValueError):
                billing_date(may, billing_day)


@tagged("post_install", "-at_install")
class TestLastMonthDue(BaseCase):
    def test_it_is_due_and_the_next_one_is_not(self):
        for offset in range(3 * 365):
            today = day("2023-12-30") + timedelta(days=offset)
            for billing_day in (LAST_DAY, 1, 15, 28, 29, 30, 31):
                last = last_month_due(today, billing_day)
                following = window_of(last.end)
                self.assertLessEqual(billing_date(last, billing_day), today)
                self.assertGreater(billing_date(following, billing_day), today)


@tagged("post_install", "-at_install")
class TestLocalToday(BaseCase):
    def test_day_around_midnight_is_the_one_of_the_firm(self):
        table = [
            ("2026-01-31 22:59", "Europe/Berlin", "2026-01-31", "winter, before"),
            ("2026-01-31 23:00", "Europe/Berlin", "2026-02-01", "winter, midnight"),
            ("2026-06-30 21:59", "Europe/Berlin", "2026-06-30", "summer, before"),
            ("2026-06-30 22:00", "Europe/Berlin", "2026-07-01", "summer, midnight"),
            ("2026-03-29 22:00", "Europe/Berlin", "2026-03-30", "clocks went forward"),
            ("2026-10-25 22:59", "Europe/Berlin", "2026-10-25", "clocks went back"),
            ("2026-02-01 04:59", "America/New_York", "2026-01-31", "west, before"),
            ("2026-02-01 05:00", "America/New_York", "2026-02-01", "west, midnight"),
            ("2026-01-31 10:00", "Pacific/Kiritimati", "2026-02-01", "far east"),
            ("2026-02-01 10:59", "Pacific/Pago_Pago", "2026-01-31", "far west"),
            ("2026-01-31 23:59", "UTC", "2026-01-31", "UTC, before"),
            ("2026-02-01 00:00", None, "2026-02-01", "no time zone is UTC"),
            ("2026-01-31 23:59", "", "2026-01-31", "an empty time zone is UTC"),
        ]
        for now, zone, expected, message in table:
            with self.subTest(message):
                naive = datetime.fromisoformat(now)
                self.assertEqual(local_today(naive, zone), day(expected))
                aware = naive.replace(tzinfo=timezone.utc)
                self.assertEqual(local_today(aware, zone), day(expected))

    def test_moment_with_its_own_offset_is_converted(self):
        tokyo = timezone(timedelta(hours=9))
        now = datetime(2026, 2, 1, 8, 30, tzinfo=tokyo)  # 0:30 in Berlin
        self.assertEqual(local_today(now, "Europe/Berlin"), day("2026-02-01"))
        now = datetime(2026, 2, 1, 7, 30, tzinfo=tokyo)  # 23:30 the day before
        self.assertEqual(local_today(now, "Europe/Berlin"), day("2026-01-31"))

    def test_month_becomes_due_at_the_firms_midnight(self):
        for now, expected, message in [
            ("2026-05-31 21:59", "2026-04", "23:59 in Berlin"),
            ("2026-05-31 22:00", "2026-05", "midnight in Berlin"),
        ]:
            today = local_today(datetime.fromisoformat(now), "Europe/Berlin")
            with self.subTest(message):
                self.assertEqual([last_month_due(today, 1)], months(expected))


@tagged("post_install", "-at_install")
class TestCarryLimit(BaseCase):
    """Time below the minimum waits as often as agreed."""

    def test_time_is_carried_as_often_as_the_limit_says(self):
        cases = (
            ("2026-08", "2026-08", 2, False),
            ("2026-08", "2026-09", 2, False),
            ("2026-08", "2026-10", 2, True),
            ("2026-08", "2027-01", 2, True),
            ("2026-12", "2027-01", 1, True),
            ("2020-01", "2026-01", 0, False),
        )
        for oldest, month, limit, expected in cases:
            with self.subTest(oldest=oldest, month=month, limit=limit):
                found = is_carried_too_long(
                    day(f"{oldest}-01"), day(f"{month}-01"), limit
                )
                self.assertEqual(found, expected)
