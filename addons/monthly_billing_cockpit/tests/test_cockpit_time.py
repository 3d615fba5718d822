from datetime import date, timedelta

from odoo.tests import freeze_time, tagged

from odoo.addons.monthly_billing.tests.common import OCTOBER

from .test_cockpit import CockpitCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestCockpitTime(CockpitCommon):
    """Time that is missing or odd is named with the person."""

    def book_october(self, hours=8.0, skip=()):
        """Book every weekday of October."""
        day = OCTOBER
        while day < date(2026, 11, 1):
            if day.weekday() < 5 and day.day not in skip:
                self.book(hours, f"{day:%m-%d}", self.ticket)
            day += timedelta(days=1)

    def test_person_with_missing_days_is_named(self):
        self.book_october(skip=(5, 6))
        issue = self.find("missing_days")
        self.assertEqual(issue.employee_id, self.employee)
        self.assertEqual(issue.hours, 16)
        self.assertIn("160 of 176", issue.reason)
        self.assertIn("10/05/2026, 10/06/2026", issue.reason)
        booked = self.get_remedy(issue)
        self.assertEqual(sum(booked.mapped("unit_amount")), 160)

    def test_person_with_all_hours_is_no_issue(self):
        self.book_october()
        self.assertFalse(self.find("missing_days"))

    def test_day_off_is_not_missing(self):
        self.book_october(skip=(5,))
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": self.employee.resource_calendar_id.id,
                "company_id": self.company.id,
                "date_from": "2026-10-05 00:00:00",
                "date_to": "2026-10-05 23:59:59",
            }
        )
        self.assertFalse(self.find("missing_days"))

    def test_person_who_never_books_is_not_asked(self):
        self.make_employee("Boss")
        self.book_october()
        self.assertFalse(self.find("missing_days"))

    def test_person_who_booked_in_september_only_is_named(self):
        self.book(8, "09-01", self.ticket)
        issue = self.find("missing_days")
        self.assertEqual(issue.hours, 176)
        self.assertIn("17 more days", issue.reason)

    def test_running_month_counts_until_yesterday(self):
        self.book(8, "10-01", self.ticket)
        with freeze_time("2026-10-03 08:00:00"):
            cockpit = self.open_cockpit()
            cockpit.action_next()
            self.assertEqual(self.find("missing_days", cockpit).hours, 8)

    def test_time_without_ticket_is_named_per_customer_and_person(self):
        first = self.book(1, "10-05")
        second = self.book(2, "10-06")
        self.book(4, "10-07", self.ticket)
        issue = self.find("no_ticket")
        self.assertEqual(issue.partner_id, self.partner)
        self.assertEqual(issue.hours, 3)
        self.assertEqual(self.get_remedy(issue), first | second)

    def test_billed_time_without_ticket_is_no_issue(self):
        self.book(1, "10-05")
        period = self.bill()
        self.assertFalse(self.find("no_ticket"))
        period.invoice_id.button_cancel()
        self.assertTrue(self.find("no_ticket"))

    def test_entry_far_above_the_usual_is_named(self):
        for day in range(1, 26):
            self.book(1, f"10-{day:02}", self.ticket)
        odd = self.book(3.5, "10-26", self.ticket)
        self.book(3, "10-27", self.ticket)
        issue = self.find("long_entry")
        self.assertEqual(self.get_remedy(issue), odd)
        self.assertEqual(issue.hours, 3.5)

    def test_few_entries_have_no_usual_length(self):
        self.book(1, "10-05", self.ticket)
        self.book(11, "10-06", self.ticket)
        self.assertFalse(self.find("long_entry"))

    def test_day_of_more_than_twelve_hours_is_named(self):
        entries = self.book(7, "10-05", self.ticket) | self.book(6, "10-05")
        self.book(12, "10-06", self.ticket)
        issue = self.find("long_day")
        self.assertEqual(issue.hours, 13)
        self.assertEqual(self.get_remedy(issue), entries)

    def test_numbers_are_written_as_the_reader_writes_them(self):
        self.env["res.lang"]._activate_lang("de_DE")
        for hours in (6.25, 6.25):
            self.book(hours, "10-05")
        self.env = self.env(context={**self.env.context, "lang": "de_DE"})
        reasons = self.open_cockpit().issue_ids.mapped("reason")
        self.assertTrue([text for text in reasons if "12,5" in text])
        self.assertFalse([text for text in reasons if "12.5" in text])

    def test_late_time_of_a_closed_agreement_is_unclaimed(self):
        self.agreement.action_close()
        entry = self.book(1.5, "10-07", self.ticket)
        self.book(1, "10-07", self.ticket, non_billable=True)
        issue = self.find("unclaimed")
        self.assertEqual((issue.partner_id, issue.hours), (self.partner, 1.5))
        self.assertIn(entry, self.get_remedy(issue))

    def test_time_after_the_end_is_unclaimed_until_there_is_a_successor(self):
        self.agreement.date_end = "2026-10-15"
        self.book(1, "10-15", self.ticket)
        self.book(2, "10-16", self.ticket)
        self.assertEqual(self.find("unclaimed").hours, 2.0)
        self.make_agreement(date_start="2026-10-16")
        self.assertFalse(self.find("unclaimed"))

    def test_projects_without_agreement_are_not_unclaimed(self):
        other = self.make_project("Fixed price", self.partner)
        self.agreement.write(
            {"project_ids": [(6, 0, self.project.ids)], "date_end": "2026-10-31"}
        )
        self.book(2, "10-16", project_id=other.id)
        self.assertFalse(self.find("unclaimed"))
