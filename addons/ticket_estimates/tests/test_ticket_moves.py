from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import TicketEstimatesCommon


@tagged("post_install", "-at_install")
class TestTicketMoves(TicketEstimatesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.line = cls._log_time(2.0)
        cls.frozen = cls._log_time(3.0)
        cls.other_project = cls._create_project(name="Other")

    def setUp(self):
        super().setUp()
        self._freeze(self.frozen)

    def test_moving_the_ticket_to_a_project_moves_its_time_and_its_account(self):
        self.ticket.project_id = self.other_project
        self.assertEqual(self.line.project_id, self.other_project)
        self.assertEqual(self.line.account_id, self.other_project.account_id)

    def test_moving_the_ticket_to_a_project_drops_the_task_of_the_former_one(self):
        task = self.env["project.task"].create(
            {"name": "Repair", "project_id": self.project.id}
        )
        self.line.task_id = task
        self.ticket.project_id = self.other_project
        self.assertFalse(self.line.task_id)

    def test_frozen_time_stays_in_its_project(self):
        self.ticket.project_id = self.other_project
        self.assertEqual(self.frozen.project_id, self.project)

    def test_a_ticket_with_time_cannot_move_to_a_project_without_timesheets(self):
        self.other_project.allow_timesheets = False
        with self.assertRaisesRegex(UserError, "timesheets switched off"):
            self.ticket.project_id = self.other_project

    def test_a_ticket_without_time_can_move_to_a_project_without_timesheets(self):
        self.other_project.allow_timesheets = False
        ticket = self._create_ticket()
        ticket.project_id = self.other_project
        self.assertEqual(ticket.project_id, self.other_project)

    def test_removing_the_project_of_the_ticket_leaves_its_time_there(self):
        self.ticket.project_id = False
        self.assertEqual(self.line.project_id, self.project)

    def test_time_that_is_free_again_follows_its_ticket(self):
        self.ticket.project_id = self.other_project
        self._freeze(self.frozen.browse())
        self.ticket._move_timesheets_to_project()
        self.assertEqual(self.frozen.project_id, self.other_project)

    def test_time_that_is_free_again_stays_where_its_ticket_takes_no_time(self):
        self._freeze(self.line + self.frozen)
        self.other_project.allow_timesheets = False
        self.ticket.project_id = self.other_project
        self._freeze(self.frozen.browse())
        self.ticket._move_timesheets_to_project()
        self.assertEqual(self.frozen.project_id, self.project)

    def test_time_follows_the_ticket_to_another_customer(self):
        self.ticket.partner_id = self.other_customer
        self.assertEqual(self.line.partner_id, self.other_customer)

    def test_frozen_time_stays_with_its_customer(self):
        self.ticket.partner_id = self.other_customer
        self.assertEqual(self.frozen.partner_id, self.customer)

    def test_moving_a_task_leaves_frozen_time_in_its_project(self):
        task = self.env["project.task"].create(
            {"name": "Repair", "project_id": self.project.id}
        )
        lines = self.line + self.frozen
        lines.task_id = task
        task.project_id = self.other_project
        self.assertEqual(self.line.project_id, self.other_project)
        self.assertEqual(self.frozen.project_id, self.project)

    def test_a_helpdesk_user_without_timesheet_rights_can_move_a_ticket(self):
        user = self._create_user(
            "te_mover", "helpdesk_mgmt.group_helpdesk_user,project.group_project_user"
        )
        self.ticket.with_user(user).project_id = self.other_project
        self.assertEqual(self.line.project_id, self.other_project)

    def test_merging_moves_the_time_to_the_other_ticket(self):
        target = self._create_ticket(project_id=self.other_project.id)
        self.ticket._move_timesheets_to(target)
        self.assertEqual(self.line.ticket_id, target)
        self.assertEqual(self.line.project_id, self.other_project)

    def test_merging_leaves_frozen_time_on_the_ticket_it_was_billed_for(self):
        target = self._create_ticket()
        self.ticket._move_timesheets_to(target)
        self.assertEqual(self.frozen.ticket_id, self.ticket)

    def test_merging_recounts_the_hours_of_both_tickets(self):
        target = self._create_ticket()
        self.ticket._move_timesheets_to(target)
        self.assertEqual(target.total_hours, 2.0)
        self.assertEqual(self.ticket.total_hours, 3.0)

    def test_a_ticket_with_time_stays_in_its_company(self):
        company = self.env["res.company"].create({"name": "Second"})
        with self.assertRaisesRegex(UserError, "stays in"):
            self.ticket.company_id = company

    def test_a_ticket_without_time_can_change_its_company(self):
        company = self.env["res.company"].create({"name": "Second"})
        ticket = self._create_ticket(team_id=False)
        ticket.company_id = company
        self.assertEqual(ticket.company_id, company)


@tagged("post_install", "-at_install")
class TestCustomerOfAnEstimate(TicketEstimatesCommon):
    def test_an_approval_ends_when_the_ticket_moves_to_another_customer(self):
        estimate = self._create_estimate(state="approved")
        self.ticket.partner_id = self.other_customer
        self.assertEqual(estimate.state, "superseded")
        self.assertEqual(self.ticket.planned_hours, 0.0)

    def test_the_record_keeps_the_customer_who_approved(self):
        estimate = self._create_estimate(state="approved")
        self.ticket.partner_id = self.other_customer
        self.assertEqual(estimate.partner_id, self.customer)

    def test_an_approval_stays_when_a_colleague_takes_the_ticket_over(self):
        estimate = self._create_estimate(state="approved")
        self.ticket.partner_id = self._create_customer(
            name="Reception", parent_id=self.customer.id
        )
        self.assertEqual(estimate.state, "approved")

    def test_a_draft_follows_the_ticket_to_another_customer(self):
        estimate = self._create_estimate()
        self.ticket.partner_id = self.other_customer
        self.assertEqual(estimate.state, "draft")
        self.assertEqual(estimate.partner_id, self.other_customer)
