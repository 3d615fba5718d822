from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import TicketEstimatesCommon
from .test_migration import load_script

UPDATE = "ticket_estimates/migrations/19.0.1.2.0/post-customers.py"
EMPLOYER = "ticket_estimates.mail_activity_type_employer"


@tagged("post_install", "-at_install")
class TestFormerCustomer(TicketEstimatesCommon):
    """5 h were billed to the first customer; then the ticket moves to another one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team.show_timesheet_portal = True
        cls.company.write(
            {
                "ticket_overrun_policy": "block",
                "ticket_overrun_tolerance": 0,
                "ticket_overrun_warning": 80,
            }
        )
        cls.billed = cls._log_time(5.0, name="For the first")

    def setUp(self):
        super().setUp()
        self._freeze(self.billed)

    def move(self, hours=6.0):
        """The other customer takes the ticket over and approves ``hours``."""
        self.ticket.partner_id = self.other_customer
        return self._create_estimate(hours, state="approved")

    def test_former_hours_use_up_no_approval(self):
        self.move()
        self._log_time(2.0)
        self.assertEqual(self.ticket.total_hours, 2.0)
        self.assertEqual(self.ticket.remaining_hours, 4.0)

    def test_former_hours_block_nothing(self):
        self.move()
        user = self._create_user(
            "te_booker",
            "hr_timesheet.group_hr_timesheet_user",
            "helpdesk_mgmt.group_helpdesk_user",
        )
        self.employee.user_id = user
        self.env["account.analytic.line"].with_user(user).create(
            {
                "name": "Work",
                "ticket_id": self.ticket.id,
                "project_id": self.project.id,
                "unit_amount": 5.0,
            }
        )
        with self.assertRaisesRegex(UserError, "cannot be booked"):
            self.env["account.analytic.line"].with_user(user).create(
                {
                    "name": "Work",
                    "ticket_id": self.ticket.id,
                    "project_id": self.project.id,
                    "unit_amount": 1.25,
                }
            )

    def test_former_hours_raise_no_warning(self):
        estimate = self.move()
        self._log_time(2.0)
        self.assertFalse(estimate.overrun_warned_on)
        self._log_time(3.0)
        self.assertTrue(estimate.overrun_warned_on)

    def test_former_time_is_not_on_the_page(self):
        self.move()
        self._log_time(1.0, name="For the second")
        values = self.ticket._get_portal_values()
        self.assertEqual([one["text"] for one in values["entries"]], ["For the second"])
        self.assertEqual(values["hours"]["spent"], 1.0)

    def test_former_estimates_are_not_on_the_page(self):
        self._create_estimate(3.0, state="rejected")
        self.ticket.partner_id = self.other_customer
        values = self.ticket._get_portal_values()
        self.assertFalse(values["estimate"])
        self.assertFalse(values["answered"])
        self.assertFalse(self.ticket.estimate_state)

    def test_former_time_is_not_in_the_list_of_the_next_customer(self):
        self.move()
        self.project.privacy_visibility = "portal"
        user = self._create_user(
            "te_next", "base.group_portal", partner_id=self.other_customer.id
        )
        self.project.message_subscribe(self.other_customer.ids)
        own = self._log_time(1.0)
        lines = self.env["account.analytic.line"]
        domain = lines.with_user(user)._timesheet_get_portal_domain()
        self.assertEqual(lines.search(domain) & (own | self.billed), own)

    def test_update_counts_again_what_is_for_whom(self):
        self.move()
        self.env.flush_all()
        self.env.cr.execute("UPDATE helpdesk_ticket SET total_hours = 5")
        self.env.invalidate_all()
        found = self.ticket._search_with_former_customers()
        self.assertIn(self.ticket, found)
        self.assertNotIn(self._create_ticket(), found)
        load_script(UPDATE).migrate(self.env.cr, "19.0.1.1.1")
        self.env.invalidate_all()
        self.assertEqual(self.ticket.total_hours, 0)
        self.assertEqual(self.ticket.remaining_hours, 6)

    def test_what_each_customer_approved(self):
        self._create_estimate(5.5, state="approved")
        self.move(6.0)
        approved = self.ticket._get_hours_approved_by
        self.assertEqual(approved(self.customer), 5.5)
        self.assertEqual(approved(self.other_customer), 6.0)

    def test_accuracy_compares_hours_and_estimate_of_one_customer(self):
        self._create_estimate(5.5, state="approved")
        self.move(6.0)
        self._log_time(3.0)
        self.ticket.stage_id = self.env["helpdesk.ticket.stage"].create(
            {"name": "Closed", "closed": True}
        )
        self.env.flush_all()
        report = self.env["helpdesk.ticket.estimate.report"].browse(self.ticket.id)
        self.assertEqual(report.estimated_hours, 6.0)
        self.assertEqual(report.actual_hours, 3.0)


@tagged("post_install", "-at_install")
class TestNewEmployer(TicketEstimatesCommon):
    """Eva of the first firm works for the other one from now on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        firms = cls.customer | cls.other_customer
        firms.is_company = True
        cls.eva = cls._create_customer(name="Eva", parent_id=cls.customer.id)
        cls.project.partner_id = cls.eva
        cls.ticket.partner_id = cls.eva
        cls.ticket.message_subscribe(cls.eva.ids)
        cls.estimate = cls._create_estimate(6.0, state="approved")
        cls.on_ticket = cls._log_time(2.0)
        cls.on_project = cls.env["account.analytic.line"].create(
            {
                "name": "Work",
                "project_id": cls.project.id,
                "employee_id": cls.employee.id,
                "unit_amount": 1.0,
            }
        )
        cls.lines = cls.on_ticket | cls.on_project

    def change(self):
        self.eva.parent_id = self.other_customer
        self.env.flush_all()
        self.env.invalidate_all()

    def get_customers(self):
        records = (self.ticket, self.estimate, self.project, *self.lines)
        return {record.partner_id.commercial_partner_id for record in records}

    def test_work_stays_with_the_former_employer(self):
        self.change()
        self.assertEqual(self.get_customers(), {self.customer})
        self.assertEqual(self.ticket.commercial_partner_id, self.customer)

    def test_billed_time_stays_with_the_former_employer(self):
        self._freeze(self.lines)
        self.change()
        self.assertEqual(self.get_customers(), {self.customer})

    def test_approval_stays(self):
        self.change()
        self.assertEqual(self.estimate.state, "approved")
        self.assertEqual(self.ticket.remaining_hours, 4.0)

    def test_work_that_comes_later_is_for_the_former_employer(self):
        self.change()
        late = self._log_time(1.0)
        self.assertEqual(late.partner_id, self.customer)

    def test_new_colleagues_do_not_see_the_ticket(self):
        user = self._create_user(
            "te_new", "base.group_portal", partner_id=self.other_customer.id
        )
        self.change()
        self.assertFalse(self.ticket.with_user(user).has_access("read"))

    def test_somebody_is_asked(self):
        self.change()
        [activity] = self.customer.activity_ids.filtered(
            lambda one: one.activity_type_id == self.env.ref(EMPLOYER)
        )
        self.assertIn("1 open tickets and 3.00 h", activity.note)

    def test_nobody_is_asked_where_nothing_is_open(self):
        ben = self._create_customer(name="Ben", parent_id=self.customer.id)
        ben.parent_id = self.other_customer
        self.assertFalse(self.customer.activity_ids)

    def test_leaving_without_a_new_employer(self):
        self.eva.parent_id = False
        self.assertEqual(self.get_customers(), {self.customer})

    def test_ticket_that_is_for_the_new_employer_is_given_back(self):
        self.change()
        self.ticket.partner_id = self.eva
        self.assertEqual(
            self.on_ticket.partner_id.commercial_partner_id, self.other_customer
        )

    def test_contact_who_joins_a_firm_takes_the_work_along(self):
        """Somebody who wrote an e-mail turns out to belong to a customer."""
        kim = self._create_customer(name="Kim")
        ticket = self._create_ticket(partner_id=kim.id)
        kim.parent_id = self.customer
        self.assertEqual(ticket.partner_id, kim)
        self.assertEqual(ticket.commercial_partner_id, self.customer)

    def test_colleague_of_a_department_moves_along(self):
        department = self._create_customer(name="IT", parent_id=self.customer.id)
        self.eva.parent_id = department
        department.parent_id = self.other_customer
        self.assertEqual(self.get_customers(), {self.customer})
