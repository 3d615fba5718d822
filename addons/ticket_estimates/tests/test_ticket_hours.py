from odoo import fields
from odoo.tests import tagged

from .common import TicketEstimatesCommon


@tagged("post_install", "-at_install")
class TestTicketHours(TicketEstimatesCommon):
    def test_hours_of_all_entries_add_up(self):
        self._log_time(0.25)
        self._log_time(1 / 3)
        self.assertAlmostEqual(self.ticket.total_hours, 0.25 + 1 / 3, places=9)

    def test_changing_and_deleting_time_changes_the_hours(self):
        line = self._log_time(2.0)
        self._log_time(1.0)
        line.unit_amount = 4.0
        self.assertEqual(self.ticket.total_hours, 5.0)
        line.unlink()
        self.assertEqual(self.ticket.total_hours, 1.0)

    def test_entries_in_days_count_as_hours(self):
        self._log_time(1.5, product_uom_id=self.day.id)
        self._log_time(0.5)
        self.assertEqual(self.ticket.total_hours, 12.5)

    def test_entries_of_a_company_that_books_days_count_as_hours(self):
        self.company.project_time_mode_id = self.day
        line = self._log_time(2.0)
        self.assertEqual(line.product_uom_id, self.day)
        self.assertEqual(self.ticket.total_hours, 16.0)

    def test_showing_days_changes_no_hours(self):
        self.company.timesheet_encode_uom_id = self.day
        self._log_time(2.0)
        self.assertEqual(self.ticket.total_hours, 2.0)

    def test_minutes_are_not_rounded_in_conversion(self):
        minute = self.env.ref("uom.product_uom_minute")
        self._log_time(50.0, product_uom_id=minute.id)
        self.assertAlmostEqual(self.ticket.total_hours, 50 / 60, places=4)

    def test_planned_hours_are_the_approved_ones(self):
        self._create_estimate(8.0, state="approved")
        self._create_estimate(20.0, state="sent")
        self.assertEqual(self.ticket.planned_hours, 8.0)

    def test_remaining_hours_are_what_the_approval_leaves(self):
        self._create_estimate(8.0, state="approved")
        self._log_time(3.0)
        self.assertEqual(self.ticket.remaining_hours, 5.0)
        self.assertEqual(self.ticket.progress, 37.5)

    def test_an_overrun_shows_as_negative_hours_and_more_than_all(self):
        self._create_estimate(8.0, state="approved")
        self._log_time(10.0)
        self.assertEqual(self.ticket.remaining_hours, -2.0)
        self.assertEqual(self.ticket.progress, 125.0)

    def test_a_ticket_without_approval_has_no_progress(self):
        self._log_time(3.0)
        self.assertEqual(self.ticket.progress, 0.0)

    def test_the_last_activity_is_the_latest_work_date(self):
        self._log_time(date="2026-05-20")
        self._log_time(date="2026-05-10")
        self.assertEqual(
            self.ticket.last_timesheet_activity, fields.Date.to_date("2026-05-20")
        )

    def test_a_ticket_without_time_has_no_last_activity(self):
        self._log_time().unlink()
        self.assertFalse(self.ticket.last_timesheet_activity)

    def test_hours_of_many_tickets_take_no_more_queries_than_of_one(self):
        tickets = self.ticket
        for _number in range(4):
            tickets += self._create_ticket()
        for ticket in tickets:
            self._log_time(ticket=ticket)
        spent = tickets._get_spent_hours()
        self.assertEqual([hours for hours, _date in spent.values()], [1.0] * 5)
        self.assertEqual(self._count_queries(tickets), self._count_queries(tickets[0]))

    def test_time_on_many_tickets_takes_no_query_per_ticket(self):
        counts = []
        # The first round fills what is cached for good.
        for number in (2, 2, 12):
            tickets = self.ticket.browse().concat(
                *(self._create_ticket() for _number in range(number))
            )
            values = {
                "name": "Work",
                "employee_id": self.employee.id,
                "unit_amount": 1.0,
            }
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            tickets.timesheet_ids.create(
                [{**values, "ticket_id": ticket.id} for ticket in tickets]
            )
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
        self.assertLess(counts[2] - counts[1], 10)

    def _count_queries(self, tickets):
        before = self.cr.sql_log_count
        tickets._get_spent_hours()
        return self.cr.sql_log_count - before


@tagged("post_install", "-at_install")
class TestCurrentEstimate(TicketEstimatesCommon):
    def test_a_new_ticket_has_no_estimate(self):
        self.assertFalse(self.ticket.estimate_id)
        self.assertFalse(self.ticket.estimate_state)

    def test_the_latest_revision_is_the_current_one(self):
        self._create_estimate(state="approved")
        draft = self._create_estimate()
        self.assertEqual(self.ticket.estimate_id, draft)
        self.assertEqual(self.ticket.estimate_state, "draft")

    def test_a_superseded_estimate_is_never_current(self):
        approved = self._create_estimate(state="approved")
        self._create_estimate(state="superseded")
        self.assertEqual(self.ticket.estimate_id, approved)

    def test_deleting_the_draft_brings_the_former_estimate_back(self):
        approved = self._create_estimate(state="approved")
        self._create_estimate().unlink()
        self.assertEqual(self.ticket.estimate_id, approved)
        self.assertEqual(self.ticket.estimate_state, "approved")

    def test_tickets_are_found_by_the_state_of_their_estimate(self):
        self._create_estimate(state="sent")
        found = self.env["helpdesk.ticket"].search([("estimate_state", "=", "sent")])
        self.assertIn(self.ticket, found)
