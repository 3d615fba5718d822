from datetime import date
from unittest.mock import patch

from odoo.tests import freeze_time, tagged

from ..core import client as client_module
from .common import MiteCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestSync(MiteCommon):
    def test_time_of_mite_becomes_a_timesheet_entry(self):
        key = self.track("10-05", 90, note="8:00 bis 9:30\nTelefonat 🚀")
        self.connect()
        time = self.get_time(key)
        self.assertEqual(time.date, date(2026, 10, 5))
        self.assertEqual(time.unit_amount, 1.5)
        self.assertEqual(time.name, "8:00 bis 9:30 Telefonat 🚀")
        self.assertEqual(time.employee_id, self.employee)
        self.assertEqual(time.partner_id.commercial_partner_id, self.partner)

    def test_nothing_is_booked_before_it_is_assigned(self):
        key = self.track("10-05", 90)
        self.sync()
        entry = self.get_entry(key)
        self.assertEqual((entry.state, entry.problem), ("waiting", "user"))
        self.assertFalse(entry.timesheet_ids)

    def test_another_run_books_nothing_again(self):
        keys = [self.track("10-05", 90), self.track("10-05", 90)]
        self.connect()
        times = [self.get_time(key) for key in keys]
        self.account._read_everything_again()
        run = self.sync()
        self.assertEqual((run.mode, run.created, run.updated), ("windows", 0, 0))
        self.assertEqual([self.get_time(key) for key in keys], times)

    def test_changes_and_deletions_follow_by_the_link(self):
        changed, gone = self.track("10-05", 90), self.track("10-06", 60)
        self.connect()
        self.mite.change("time_entry", changed, minutes=30, note="Shorter")
        self.mite.remove("time_entry", gone)
        new = self.track("10-07", 45)
        run = self.sync()
        self.assertEqual(run.mode, "changes")
        self.assertEqual(self.get_time(changed).unit_amount, 0.5)
        self.assertEqual(self.get_time(changed).name, "Shorter")
        self.assertFalse(self.get_time(gone))
        self.assertEqual(self.get_entry(gone).state, "gone")
        self.assertEqual(self.get_time(new).unit_amount, 0.75)

    def test_changes_and_deletions_follow_without_the_link(self):
        self.mite.has_changes = False
        changed, gone = self.track("10-05", 90), self.track("10-06", 60)
        self.connect()
        self.mite.change("time_entry", changed, date_at="2026-09-30")
        self.mite.remove("time_entry", gone)
        run = self.sync()
        self.assertEqual(run.mode, "windows")
        self.assertEqual(self.get_time(changed).date, date(2026, 9, 30))
        self.assertFalse(self.get_time(gone))

    def test_forgotten_link_falls_back_to_months(self):
        key = self.track("10-05", 90)
        self.connect()
        self.account.changes_link = f"{self.mite.url}/nowhere.json"
        self.mite.change("time_entry", key, minutes=30)
        run = self.sync()
        self.assertEqual(run.mode, "windows")
        self.assertEqual(self.get_time(key).unit_amount, 0.5)
        self.assertTrue(self.account.changes_link)

    def test_change_of_a_deleted_and_added_entry_in_one_answer(self):
        self.connect()
        key = self.track("10-05", 90)
        self.mite.remove("time_entry", key)
        self.sync()
        self.assertFalse(self.get_time(key))

    def test_pages_are_read_to_the_end(self):
        for number in range(25):
            self.track(f"10-{number % 28 + 1:02}", 10)
        with patch.object(client_module, "PAGE", 10):
            self.connect()
        hours = sum(
            self.env["mite.entry"].search([]).timesheet_ids.mapped("unit_amount")
        )
        self.assertAlmostEqual(hours, 25 / 6)

    def test_running_timer_comes_once_it_is_stopped(self):
        key = self.track("10-05", 5, tracking={"since": "2026-10-05", "minutes": 9})
        self.connect()
        entry = self.get_entry(key)
        self.assertEqual((entry.state, entry.problem), ("waiting", "running"))
        self.mite.change("time_entry", key, minutes=20, tracking=None)
        self.sync()
        self.assertAlmostEqual(self.get_time(key).unit_amount, 1 / 3)

    def test_timer_that_runs_again_is_not_billed_meanwhile(self):
        key = self.track("10-05", 30)
        self.connect()
        self.mite.change("time_entry", key, tracking={"since": "x", "minutes": 31})
        self.sync()
        self.assertFalse(self.get_time(key))

    def test_entry_without_minutes_waits(self):
        key = self.track("10-05", 0)
        self.connect()
        self.assertEqual(self.get_entry(key).problem, "empty")

    def test_time_before_the_first_day_never_comes(self):
        key = self.track("08-31", 60)
        self.connect()
        self.assertFalse(self.get_entry(key))

    def test_time_ahead_comes_with_the_running_month(self):
        key = self.track("12-24", 60)
        self.connect()
        self.assertEqual(self.get_time(key).date, date(2026, 12, 24))

    def test_long_note_is_kept_whole(self):
        key = self.track("10-05", 60, note="ä🚀" * 5000)
        self.connect()
        self.assertEqual(self.get_time(key).name, "ä🚀" * 5000)

    def test_archived_project_and_service_have_names(self):
        old = self.mite.add(
            "project", name="Support Sommer", customer_id=self.king, archived=True
        )
        key = self.track("10-05", 60, project=old)
        self.connect()
        self.assertTrue(self.get_link("project", old).archived)
        self.assertEqual(self.get_time(key).unit_amount, 1)

    def test_time_of_somebody_who_has_left_comes(self):
        self.employee.active = False
        key = self.track("10-05", 60)
        self.connect()
        self.assertEqual(self.get_time(key).employee_id, self.employee)

    def test_non_billable_time_costs_nothing(self):
        free, paid = self.track("10-05", 60, billable=False), self.track("10-06", 60)
        self.connect()
        self.assertTrue(self.get_time(free).non_billable)
        self.assertFalse(self.get_time(paid).non_billable)
        self.mite.change("time_entry", free, billable=True)
        self.sync()
        self.assertFalse(self.get_time(free).non_billable)

    def test_what_was_moved_here_stays_there(self):
        key = self.track("10-05", 60)
        self.connect()
        ticket = self.make_ticket("Printer")
        self.get_time(key).ticket_id = ticket
        self.mite.change("time_entry", key, minutes=90)
        self.sync()
        self.assertEqual(self.get_time(key).ticket_id, ticket)
        self.assertEqual(self.get_time(key).unit_amount, 1.5)

    def test_imported_time_is_billed_once(self):
        key = self.track("10-05", 90)
        self.connect()
        invoice = self.bill()
        self.assertEqual(invoice.amount_untaxed, 180)
        self.account._read_everything_again()
        self.sync()
        self.assertEqual(self.bill(), invoice)
        self.assertEqual(self.get_time(key)._get_billed_hours(), 1.5)

    def test_run_that_was_ended_goes_on_with_the_next_month(self):
        key = self.track("10-05", 90)
        self.account.write({"window_next": "2026-10-01"})
        run = self.sync()
        self.assertEqual(run.months, 2)
        self.assertTrue(self.get_entry(key))

    def test_equal_sums_name_no_difference(self):
        self.track("10-05", 90)
        self.connect()
        self.assertFalse(self.get_differences())

    def test_waiting_time_is_named_as_a_difference(self):
        self.connect()
        other = self.mite.add("customer", name="Unknown Ltd")
        self.track("10-05", 90, project=None, customer_id=other)
        self.sync()
        row = self.get_differences()
        self.assertEqual(row.link_id.name, "Unknown Ltd")
        self.assertEqual((row.hours_mite, row.hours_waiting), (1.5, 1.5))
        self.assertEqual(row.hours_unexplained, 0)

    def test_hours_changed_here_are_named_as_unexplained(self):
        key = self.track("10-05", 90)
        self.connect()
        self.get_time(key).unit_amount = 1
        self.sync()
        row = self.get_differences()
        self.assertEqual((row.hours_booked, row.hours_unexplained), (1, 0.5))

    def test_time_that_no_change_told_of_is_found_by_the_sums(self):
        self.connect()
        key = self.track("10-05", 90)
        self.mite.changes.pop()
        run = self.sync()
        self.assertEqual(run.mode, "changes")
        self.assertEqual(self.get_time(key).unit_amount, 1.5)
        self.assertFalse(self.get_differences())
