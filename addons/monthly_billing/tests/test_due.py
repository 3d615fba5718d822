"""Months that are due: tables with a message per row, asked of the database."""

from datetime import date
from itertools import islice

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from odoo.addons.monthly_billing.core.months import LAST_DAY
from odoo.addons.volume_discount.core.calendar import window_of

from .common import MonthlyBillingCommon


def day(text):
    return date.fromisoformat(text)


def months(text):
    """Return the windows of months like "2026-01 2026-02", written by hand."""
    return [window_of(day(f"{month}-01")) for month in text.split()]


@tagged("post_install", "-at_install")
class TestMonthsDue(MonthlyBillingCommon):
    """Which months an agreement owes, however often somebody asks."""

    def get_due(self, today, first, billing_day, last=None):
        self.agreement.write(
            {
                "date_start": "2015-01-01",
                "bill_from": first,
                "date_end": last or False,
                "billing_day": billing_day,
            }
        )
        missing = self.agreement.sudo()._get_missing_months(day(today))
        self.assertEqual(set(missing.values()), {self.agreement} if missing else set())
        return list(missing)

    def assert_due(self, expected, message, today, first, billing_day, last=None):
        with self.subTest(message):
            due = self.get_due(today, first, billing_day, last)
            self.assertEqual(due, months(expected))

    def test_a_month_is_due_from_its_billing_day_on(self):
        for today, first, billing_day, expected, message in [
            ("2026-05-31", "2026-05-01", 1, "", "the month is not over"),
            ("2026-06-01", "2026-05-01", 1, "2026-05", "on the billing day"),
            ("2026-06-14", "2026-05-01", 15, "", "a day before the billing day"),
            ("2026-06-15", "2026-05-01", 15, "2026-05", "on the 15th"),
            ("2026-06-16", "2026-05-01", 15, "2026-05", "a day after"),
            ("2026-06-29", "2026-05-01", 31, "", "June's last day is yet to come"),
            ("2026-06-30", "2026-05-01", 31, "2026-05", "the 31st in June"),
            ("2026-02-28", "2026-01-01", 30, "2026-01", "the 30th in February"),
            ("2024-02-28", "2024-01-01", 30, "", "the 30th in a leap February"),
            ("2024-02-29", "2024-01-01", 30, "2024-01", "leap day takes its place"),
            ("2026-05-30", "2026-05-01", LAST_DAY, "", "a day before the last"),
            ("2026-05-31", "2026-05-01", LAST_DAY, "2026-05", "on the last day"),
            ("2027-01-01", "2026-12-01", 1, "2026-12", "over the end of the year"),
        ]:
            self.assert_due(expected, message, today, first, billing_day)

    def test_missed_months_come_first_and_in_order(self):
        for today, first, billing_day, expected, message in [
            ("2026-06-01", "2026-03-01", 1, "2026-03 2026-04 2026-05", "three months"),
            ("2026-05-31", "2026-03-01", 1, "2026-03 2026-04", "May is not over"),
            ("2026-02-01", "2025-11-20", 1, "2025-11 2025-12 2026-01", "over New Year"),
            (
                "2026-03-30",
                "2026-01-31",
                31,
                "2026-01",
                "February is billed on the 31st",
            ),
            ("2026-03-31", "2026-01-31", 31, "2026-01 2026-02", "on that 31st"),
            ("2026-06-30", "2026-05-01", LAST_DAY, "2026-05 2026-06", "on last days"),
        ]:
            self.assert_due(expected, message, today, first, billing_day)

    def test_a_pause_of_years_is_caught_up_without_a_gap(self):
        due = self.get_due("2026-01-01", "2016-01-01", 1)
        self.assertEqual(len(due), 120)
        gaps = [
            window
            for window, following in zip(due, islice(due, 1, None), strict=False)
            if window.end != following.start
        ]
        self.assertEqual(gaps, [])

    def test_agreement_bills_the_month_in_which_it_starts(self):
        for first, message in [
            ("2026-05-01", "starts on the first"),
            ("2026-05-17", "starts within the month"),
            ("2026-05-31", "starts on the last day"),
        ]:
            self.assert_due("2026-05", message, "2026-06-01", first, 1)

    def test_agreement_that_starts_later_owes_nothing(self):
        for first, message in [
            ("2026-06-01", "starts today"),
            ("2026-07-01", "starts next month"),
            ("2027-06-01", "starts next year"),
        ]:
            self.assert_due("", message, "2026-06-01", first, 1)

    def test_last_month_is_the_one_in_which_the_agreement_ends(self):
        for last, expected, message in [
            ("2026-04-30", "2026-03 2026-04", "ends on the last day of April"),
            ("2026-05-01", "2026-03 2026-04 2026-05", "ends on the first of May"),
            ("2026-05-15", "2026-03 2026-04 2026-05", "ends within May"),
            ("2026-03-01", "2026-03", "ends on its first day"),
            ("2026-02-28", "", "ended before the first billed day"),
            ("2030-01-01", "2026-03 2026-04 2026-05 2026-06", "ends much later"),
        ]:
            self.assert_due(expected, message, "2026-07-01", "2026-03-01", 1, last)

    def test_months_that_have_a_period_are_not_created_again(self):
        agreement = self.agreement.sudo()
        today = day("2026-07-01")
        agreement.bill_from = "2026-04-01"
        periods = agreement._create_due_periods(today)
        days = [day("2026-04-01"), day("2026-05-01"), day("2026-06-01")]
        self.assertEqual(periods.mapped("date_start"), days)
        self.assertEqual(agreement._create_due_periods(today), periods)
        periods[1].unlink()
        again = agreement._create_due_periods(today)
        self.assertEqual(again.mapped("date_start"), days)

    def test_question_is_the_same_however_many_months_are_done(self):
        agreement = self.agreement.sudo()
        agreement.bill_from = "2026-04-01"
        counts = []
        for today in ("2026-05-01", "2026-10-01"):
            agreement._create_due_periods(day(today))
            self.env.flush_all()
            self.env.invalidate_all()
            agreement.mapped("billing_day")
            before = self.env.cr.sql_log_count
            self.assertFalse(agreement._get_missing_months(day(today)))
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts, [1, 1])


@tagged("post_install", "-at_install")
@freeze_time("2026-10-31 12:00:00")
class TestCompaniesInTwoTimeZones(MonthlyBillingCommon):
    """At one moment it is November in one company and still October in the other."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.setup_other_company()["company"]
        cls.company.partner_id.tz = "Europe/Berlin"
        cls.other.partner_id.tz = "Pacific/Auckland"  # one o'clock on 1 November
        cls.early = cls.make_agreement(
            company_id=cls.other.id,
            currency_id=cls.other.currency_id.id,
            billing_day=1,
            bill_from="2026-10-01",
        )
        cls.agreement.write({"billing_day": 1, "bill_from": "2026-10-01"})

    def get_due(self):
        both = self.agreement | self.early
        periods = self.env["billing.agreement"].sudo()._ensure_due_periods()
        return periods.filtered(lambda one: one.agreement_id in both).agreement_id

    def test_each_company_bills_by_its_own_day(self):
        self.assertEqual(self.get_due(), self.early)
        with freeze_time("2026-10-31 22:59:00"):
            self.assertEqual(self.get_due(), self.early)
        with freeze_time("2026-10-31 23:00:00"):  # midnight in Berlin
            self.assertEqual(self.get_due(), self.agreement | self.early)

    def test_day_does_not_follow_the_company_of_the_job(self):
        for company in (self.company, self.other):
            with self.subTest(company.name):
                agreements = self.env["billing.agreement"].with_company(company)
                due = agreements.sudo()._ensure_due_periods().agreement_id
                self.assertEqual(due & (self.agreement | self.early), self.early)

    def test_month_that_failed_waits_until_midnight_in_its_company(self):
        periods = self.early.sudo()._ensure_periods(window_of(day("2026-10-01")))
        periods._record_error("No rate")
        periods.last_run = "2026-10-31 11:30:00"  # half past midnight in Auckland
        self.assertFalse(self.get_due())
        periods.last_run = "2026-10-31 10:30:00"  # half past eleven the day before
        self.assertEqual(self.get_due(), self.early)

    def test_month_that_has_begun_where_the_company_is_can_be_billed(self):
        november = day("2026-11-01")
        self.assertTrue(self.early._bill_period(november))
        with self.assertRaisesRegex(UserError, "has not begun yet"):
            self.agreement._bill_period(november)
