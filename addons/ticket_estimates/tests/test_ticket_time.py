from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import TicketEstimatesCommon


@tagged("post_install", "-at_install")
class TestTicketTime(TicketEstimatesCommon):
    def test_time_is_booked_on_the_project_of_the_ticket(self):
        line = self._log_time(1.5)
        self.assertEqual(line.project_id, self.project)
        self.assertEqual(line.account_id, self.project.account_id)

    def test_time_is_booked_on_the_task_of_the_ticket(self):
        task = self.env["project.task"].create(
            {"name": "Repair", "project_id": self.project.id}
        )
        self.ticket.task_id = task
        self.assertEqual(self._log_time().task_id, task)

    def test_time_without_project_on_the_ticket_goes_to_the_default_of_the_team(self):
        self.team.default_project_id = self._create_project(name="Team")
        ticket = self._create_ticket(project_id=False)
        self.assertEqual(
            self._log_time(ticket=ticket).project_id, self.team.default_project_id
        )

    def test_time_on_a_ticket_without_any_project_names_the_remedy(self):
        ticket = self._create_ticket(project_id=False)
        with self.assertRaisesRegex(UserError, "default project on the team"):
            self._log_time(ticket=ticket)

    def test_time_on_a_project_without_timesheets_is_refused(self):
        self.project.allow_timesheets = False
        with self.assertRaisesRegex(UserError, "timesheets switched off"):
            self._log_time()

    def test_an_explicit_project_wins_over_the_one_of_the_ticket(self):
        other = self._create_project(name="Other")
        self.assertEqual(self._log_time(project_id=other.id).project_id, other)

    def test_a_ticket_given_as_default_brings_its_project(self):
        line = (
            self.env["account.analytic.line"]
            .with_context(default_ticket_id=self.ticket.id)
            .create({"name": "Work", "employee_id": self.employee.id})
        )
        self.assertEqual(line.ticket_id, self.ticket)
        self.assertEqual(line.project_id, self.project)

    def test_time_typed_into_the_ticket_is_a_timesheet(self):
        self.ticket.timesheet_ids = [
            (0, 0, {"name": "Work", "employee_id": self.employee.id, "unit_amount": 2})
        ]
        self.assertEqual(self.ticket.timesheet_ids.project_id, self.project)

    def test_the_customer_of_the_time_is_the_customer_of_the_ticket(self):
        self.project.partner_id = self.other_customer
        self.assertEqual(self._log_time().partner_id, self.customer)

    def test_time_on_a_ticket_without_customer_keeps_the_customer_of_the_project(self):
        self.project.partner_id = self.other_customer
        ticket = self._create_ticket(partner_id=False)
        self.assertEqual(self._log_time(ticket=ticket).partner_id, self.other_customer)

    def test_time_in_a_project_without_company_belongs_to_the_company_of_the_ticket(
        self,
    ):
        company = self.env["res.company"].create({"name": "Second"})
        self.env.user.company_ids += company
        self.project.company_id = False
        ticket = self._create_ticket(company_id=company.id, team_id=False)
        employee = self._create_employee(company_id=company.id)
        env_companies = self.company + company
        line = (
            self.env["account.analytic.line"]
            .with_context(allowed_company_ids=env_companies.ids)
            .create({"ticket_id": ticket.id, "employee_id": employee.id})
        )
        self.assertEqual(line.company_id, company)

    def test_time_cannot_be_booked_on_a_ticket_of_another_company(self):
        company = self.env["res.company"].create({"name": "Second"})
        ticket = self._create_ticket(company_id=company.id, team_id=False)
        with self.assertRaisesRegex(UserError, "no company crossover"):
            self._log_time(ticket=ticket)

    def test_choosing_a_ticket_for_existing_time_moves_it_to_that_project(self):
        line = self._log_time()
        other = self._create_project(name="Other")
        line.ticket_id = self._create_ticket(
            project_id=other.id, partner_id=self.other_customer.id
        )
        self.assertEqual(line.project_id, other)
        self.assertEqual(line.partner_id, self.other_customer)

    def test_choosing_a_ticket_without_project_keeps_the_project_of_the_time(self):
        line = self._log_time()
        line.ticket_id = self._create_ticket(project_id=False)
        self.assertEqual(line.project_id, self.project)

    def test_time_taken_off_a_ticket_falls_back_to_the_customer_of_the_project(self):
        self.project.partner_id = self.other_customer
        line = self._log_time()
        line.ticket_id = False
        self.assertEqual(line.partner_id, self.other_customer)

    def test_time_on_a_ticket_cannot_lose_its_project(self):
        with self.assertRaisesRegex(ValidationError, "needs a project"):
            self._log_time().project_id = False

    def test_a_ticket_with_time_cannot_be_deleted(self):
        self._log_time()
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.ticket.unlink()

    def test_time_on_an_archived_ticket_still_counts(self):
        self._log_time(2.0)
        self.ticket.active = False
        self._log_time(1.0)
        self.assertEqual(self.ticket.total_hours, 3.0)


@tagged("post_install", "-at_install")
class TestTimeInThePortal(TicketEstimatesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.project.privacy_visibility = "portal"
        cls.portal_user = cls._create_user("te_portal", "base.group_portal")
        cls.portal_user.partner_id.parent_id = cls.customer
        cls.project.message_subscribe(cls.portal_user.partner_id.ids)

    def _get_visible_time(self):
        lines = self.env["account.analytic.line"]
        domain = lines.with_user(self.portal_user)._timesheet_get_portal_domain()
        return lines.sudo().search(domain)

    def test_a_follower_of_a_shared_project_sees_the_time_on_own_tickets(self):
        self.team.show_timesheet_portal = True
        line = self._log_time()
        self.assertIn(line, self._get_visible_time())

    def test_a_customer_sees_no_entries_where_the_team_keeps_them_to_itself(self):
        line = self._log_time()
        self.assertNotIn(line, self._get_visible_time())

    def test_a_follower_of_a_shared_project_sees_no_time_on_tickets_of_others(self):
        ticket = self._create_ticket(partner_id=self.other_customer.id)
        line = self._log_time(ticket=ticket)
        self.assertNotIn(line, self._get_visible_time())

    def test_time_on_own_tickets_is_seen_whoever_sees_the_project(self):
        self.team.show_timesheet_portal = True
        self.project.privacy_visibility = "employees"
        self.project.message_unsubscribe(self.portal_user.partner_id.ids)
        line = self._log_time()
        self.assertEqual(self._get_visible_time(), line)
        self.assertEqual(len(self.ticket._get_portal_entries()), 1)

    def test_both_places_hide_what_the_team_keeps_to_itself(self):
        self._log_time()
        self.assertFalse(self._get_visible_time())
        self.assertIsNone(self.ticket._get_portal_entries())

    def test_time_of_a_private_project_without_ticket_is_not_seen(self):
        self.project.privacy_visibility = "employees"
        self._log_time(ticket=self.ticket.browse(), project_id=self.project.id)
        self.assertFalse(self._get_visible_time())

    def test_a_follower_of_a_project_sees_its_time_without_ticket(self):
        line = self._log_time(ticket=self.ticket.browse(), project_id=self.project.id)
        self.assertIn(line, self._get_visible_time())
