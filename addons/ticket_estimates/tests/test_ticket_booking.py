from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .common import TicketEstimatesCommon

TIME_ONLY = ("base.group_user", "hr_timesheet.group_hr_timesheet_user")
APPROVER = ("base.group_user", "hr_timesheet.group_hr_timesheet_approver")


@tagged("post_install", "-at_install")
class TestTicketBooking(TicketEstimatesCommon):
    """Who may book which time where."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = cls._create_user("te_time", *TIME_ONLY)
        cls.employee.user_id = cls.user
        cls.approver = cls._create_user("te_approver", *APPROVER)
        cls.colleague = cls._create_employee(name="Ben")
        cls.project.partner_id = cls.customer

    def _follow(self, user):
        self.ticket.message_subscribe(user.partner_id.ids)

    def _book(self, hours=1.0, user=None, **values):
        lines = self.env["account.analytic.line"].with_user(user or self.user)
        return lines.create(
            {
                "name": "Work",
                "employee_id": self.employee.id,
                "project_id": self.project.id,
                "unit_amount": hours,
                "date": "2026-05-04",
                **values,
            }
        )

    def test_a_ticket_one_may_not_read_takes_no_time_and_tells_nothing(self):
        for ticket in (self.ticket, self._create_ticket(project_id=False)):
            with self.assertRaises(AccessError) as caught:
                self._book(ticket_id=ticket.id)
            for secret in (ticket.name, ticket.number, self.customer.name):
                self.assertNotIn(secret, str(caught.exception))

    def test_existing_time_does_not_move_to_a_ticket_one_may_not_read(self):
        line = self._book()
        with self.assertRaises(AccessError):
            line.ticket_id = self.ticket.id

    def test_the_form_tells_nothing_about_a_ticket_one_may_not_read(self):
        lines = self.env["account.analytic.line"].with_user(self.user)
        spec = {"ticket_id": {}, "ticket_partner_id": {"fields": {"display_name": {}}}}
        with self.assertRaises(AccessError):
            lines.onchange({"ticket_id": self.ticket.id}, ["ticket_id"], spec)

    def test_a_follower_books_on_the_ticket(self):
        self._follow(self.user)
        self.assertEqual(self._book(ticket_id=self.ticket.id).ticket_id, self.ticket)

    def test_own_time_stays_with_its_customer_and_its_employee(self):
        line = self._book()
        for values in (
            {"partner_id": self.other_customer.id},
            {"employee_id": self.colleague.id},
            {"user_id": self.approver.id},
        ):
            with self.subTest(values), self.assertRaises(AccessError):
                line.write(values)
        with self.assertRaises(AccessError):
            self._book(partner_id=self.other_customer.id)

    def test_nobody_but_an_approver_takes_back_more_than_the_own_hours(self):
        self._book(2.0, self.approver, employee_id=self.colleague.id)
        self._book(2.0, project_id=self._create_project(name="Other").id)
        with self.assertRaises(UserError) as caught:
            self._book(-5.0)
        self.assertIn("no more than you have booked", str(caught.exception))
        self._book(3.0)
        self.assertEqual(self._book(-3.0).unit_amount, -3.0)
        with self.assertRaises(UserError):
            self._book(-0.5)
        self.assertEqual(self._book(-5.0, self.approver).unit_amount, -5.0)

    def test_hours_nobody_can_work_are_refused_to_everybody(self):
        for hours in (1e12, 1e308, -1e12, float("nan"), float("inf")):
            for user in (self.user, self.approver, self.env.user):
                with self.subTest(hours), self.assertRaises(UserError):
                    self._book(hours, user)

    def test_a_text_without_end_is_refused_with_the_way_out(self):
        with self.assertRaisesRegex(ValidationError, "attach it as a file"):
            self._book(name="x" * 50_001)

    def test_nobody_books_more_than_a_day_has(self):
        self._book(20.0)
        with self.assertRaises(UserError) as caught:
            self._book(5.0)
        self.assertRegex(str(caught.exception), "Anna would have 25.*24.*approver")
        line = self._book(4.0)
        with self.assertRaises(UserError):
            line.unit_amount = 4.5
        line.date = "2026-05-05"
        line.unit_amount = 24.0

    def test_days_as_a_unit_count_with_their_hours(self):
        self._book(2.0, product_uom_id=self.day.id)
        with self.assertRaises(UserError):
            self._book(9.0)

    def test_an_approver_confirms_a_longer_day_unless_nobody_may(self):
        self._book(30.0, self.approver)
        self.company.timesheet_day_policy = "refuse"
        with self.assertRaisesRegex(UserError, "Correct the hours or the date.$"):
            self._book(1.0, self.approver)

    def test_a_company_allows_any_number_of_hours(self):
        self.company.timesheet_day_limit = 0
        self._book(30.0)

    def test_the_approver_is_told_at_once(self):
        view = "hr_timesheet.timesheet_view_form_user"
        lines = self.env["account.analytic.line"].with_user(self.approver)
        with Form(lines.with_context(is_timesheet=1), view) as form:
            form.employee_id = self.employee
            form.project_id = self.project
            form.name = "Migration"
            with self.assertLogs("odoo.tests.form.onchange", "WARNING") as logs:
                form.unit_amount = 30.0
        self.assertIn("More than a day has", "".join(logs.output))
