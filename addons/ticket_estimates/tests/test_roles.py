from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import TicketEstimatesCommon

ESTIMATE_FIELDS = ("estimate_ids", "estimate_id", "estimate_count")
HOUR_FIELDS = (
    "planned_hours",
    "total_hours",
    "remaining_hours",
    "progress",
    "last_timesheet_activity",
    "estimate_state",
)


@tagged("post_install", "-at_install")
class TestRoles(TicketEstimatesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        user = cls._create_user
        cls.nobody = user("te_nobody", "base.group_user")
        cls.helpdesk = user("te_helpdesk", "helpdesk_mgmt.group_helpdesk_user")
        cls.own = user("te_own", "helpdesk_mgmt.group_helpdesk_user_own")
        cls.member = user("te_member", "helpdesk_mgmt.group_helpdesk_user_team")
        cls.timesheet = user("te_timesheet", "hr_timesheet.group_hr_timesheet_user")
        cls.billing = user("te_billing", "account.group_account_invoice")
        cls.portal = user("te_customer", "base.group_portal")
        cls.portal.partner_id.parent_id = cls.customer
        cls.estimate = cls._create_estimate(internal_note="margin 40 %")
        cls._log_time(2.0)

    def _as(self, user):
        return self.estimate.with_user(user)

    def test_a_helpdesk_user_creates_sends_and_approves(self):
        estimate = self.env["helpdesk.ticket.estimate"].with_user(self.helpdesk)
        estimate = estimate.create({"ticket_id": self.ticket.id, "estimated_hours": 3})
        estimate.action_send()
        wizard = self.env["helpdesk.ticket.estimate.approve"].with_user(self.helpdesk)
        wizard.create({"estimate_id": estimate.id}).action_approve()
        self.assertEqual(estimate.state, "approved")
        self.assertEqual(estimate.approved_by_id, self.helpdesk)

    def test_a_helpdesk_user_without_timesheet_rights_sees_the_hours(self):
        ticket = self.ticket.with_user(self.helpdesk)
        ticket.invalidate_recordset()
        self.assertEqual(ticket.total_hours, 2.0)

    def test_a_helpdesk_user_without_timesheet_rights_sees_no_entries(self):
        with self.assertRaises(AccessError):
            self.ticket.with_user(self.helpdesk).read(["timesheet_ids"])

    def test_a_personal_helpdesk_user_reads_estimates_of_own_tickets_only(self):
        self.assertFalse(self._as(self.own).has_access("read"))
        self.team.user_ids += self.own
        self.ticket.user_id = self.own
        self.assertTrue(self._as(self.own).has_access("write"))

    def test_a_team_user_reads_estimates_of_tickets_of_the_team_only(self):
        self.assertFalse(self._as(self.member).has_access("read"))
        self.team.user_ids += self.member
        self.assertTrue(self._as(self.member).has_access("write"))

    def test_a_billing_user_reads_but_does_not_change(self):
        self._as(self.billing).read(["estimated_hours", "amount_total"])
        for operation in ("write", "create", "unlink"):
            with self.subTest(operation):
                self.assertFalse(self._as(self.billing).has_access(operation))

    def test_a_billing_user_cannot_approve(self):
        self.estimate._mark_sent()
        with self.assertRaises(AccessError):
            self._as(self.billing)._approve("Dr. Bauer")

    def test_a_billing_user_reads_no_internal_note(self):
        with self.assertRaises(AccessError):
            self._as(self.billing).read(["internal_note"])

    def test_an_employee_without_helpdesk_rights_reads_no_estimate(self):
        for user in (self.nobody, self.timesheet):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self._as(user).read(["estimated_hours"])

    def test_a_timesheet_user_books_own_time_on_a_ticket_with_the_user_in_copy(self):
        self._create_employee(name="Ben", user_id=self.timesheet.id)
        self.ticket.sudo().message_subscribe(self.timesheet.partner_id.ids)
        lines = self.env["account.analytic.line"].with_user(self.timesheet)
        line = lines.create({"ticket_id": self.ticket.id, "unit_amount": 1.0})
        self.assertEqual(line.project_id, self.project)
        self.assertEqual(self.ticket.total_hours, 3.0)

    def test_a_timesheet_user_cannot_put_time_of_others_on_a_ticket(self):
        line = self._log_time(1.0)
        with self.assertRaises(AccessError):
            line.with_user(self.timesheet).ticket_id = self._create_ticket()

    def test_a_customer_reads_no_estimate(self):
        with self.assertRaises(AccessError):
            self._as(self.portal).read(["estimated_hours"])
        with self.assertRaises(AccessError):
            self._as(self.portal).search([])

    def test_a_customer_reads_no_hours_of_the_ticket(self):
        ticket = self.ticket.with_user(self.portal)
        self.assertEqual(ticket.read(["name"])[0]["name"], "Login broken")
        for name in (*HOUR_FIELDS, *ESTIMATE_FIELDS, "timesheet_ids"):
            with self.subTest(name), self.assertRaises(AccessError):
                ticket.read([name])

    def test_a_customer_is_not_told_that_such_fields_exist(self):
        names = self.env["helpdesk.ticket"].with_user(self.portal).fields_get()
        self.assertIn("name", names)
        self.assertFalse({*HOUR_FIELDS, *ESTIMATE_FIELDS} & names.keys())

    def test_a_customer_cannot_search_tickets_by_hours(self):
        tickets = self.env["helpdesk.ticket"].with_user(self.portal)
        with self.assertRaises(AccessError):
            tickets.search([("total_hours", ">", 1)])


@tagged("post_install", "-at_install")
class TestOtherCompany(TicketEstimatesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = cls.env["res.company"].create({"name": "Second"})
        cls.stranger = cls._create_user(
            "te_stranger",
            "helpdesk_mgmt.group_helpdesk_manager",
            "account.group_account_manager",
            company_id=cls.second.id,
            company_ids=[(6, 0, cls.second.ids)],
        )

    def test_users_of_another_company_read_no_estimate(self):
        estimate = self._create_estimate()
        self.assertFalse(estimate.with_user(self.stranger).has_access("read"))

    def test_an_estimate_belongs_to_the_company_of_its_ticket(self):
        ticket = self._create_ticket(company_id=self.second.id, team_id=False)
        estimate = self._create_estimate(ticket=ticket, price_unit=50.0)
        self.assertEqual(estimate.company_id, self.second)
        self.assertTrue(estimate.with_user(self.stranger).has_access("read"))

    def test_each_company_has_its_own_service(self):
        product = self._create_product(taxes_id=False, list_price=70.0)
        self.second.ticket_estimate_product_id = product
        ticket = self._create_ticket(company_id=self.second.id, team_id=False)
        self.assertEqual(self._create_estimate(ticket=ticket).product_id, product)

    def test_taxes_of_another_company_stay_out(self):
        ticket = self._create_ticket(company_id=self.second.id, team_id=False)
        estimate = self._create_estimate(ticket=ticket, product_id=self.product.id)
        self.assertFalse(estimate.tax_ids)

    def test_a_ticket_with_an_estimate_stays_in_its_company(self):
        self._create_estimate()
        with self.assertRaisesRegex(UserError, "stays in"):
            self.ticket.company_id = self.second
