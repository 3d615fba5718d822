from odoo.tests import tagged

from .common import NOVEMBER, MonthlyBillingCommon


@tagged("post_install", "-at_install")
class TestTicketPortal(MonthlyBillingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team = cls.env["helpdesk.ticket.team"].create({"name": "Support"})
        cls.ticket = cls.make_ticket("Printer", team_id=cls.team.id)

    def _is_shown(self, choice, team=False):
        self.team.show_timesheet_portal = team
        self.agreement.timesheet_portal = choice
        return self.ticket._is_time_shown_in_portal()

    def test_the_team_decides_where_nothing_was_agreed(self):
        self.assertTrue(self._is_shown(False, team=True))
        self.assertFalse(self._is_shown(False, team=False))

    def test_the_agreement_decides_otherwise(self):
        self.assertTrue(self._is_shown("show", team=False))
        self.assertFalse(self._is_shown("hide", team=True))

    def test_an_agreement_counts_while_it_runs(self):
        self.agreement.action_close()
        self.assertTrue(self._is_shown("hide", team=True))

    def test_an_agreement_counts_for_its_projects(self):
        self.agreement.project_ids = self.make_project("Other", self.partner)
        self.assertFalse(self._is_shown("show"))
        self.ticket.project_id = self.agreement.project_ids
        self.assertTrue(self._is_shown("show"))

    def test_an_agreement_counts_for_tickets_on_the_project_of_the_team(self):
        self.agreement.project_ids = self.project
        self.team.default_project_id = self.project
        self.ticket.project_id = False
        self.assertTrue(self._is_shown("show"))

    def test_an_agreement_of_another_customer_decides_nothing(self):
        self.agreement.timesheet_portal = "show"
        other = self.make_project("Other", self.make_partner("Other"))
        ticket = self.make_ticket("Foreign", project=other, team_id=self.team.id)
        self.assertFalse(ticket._is_time_shown_in_portal())

    def test_timesheets_in_the_portal_are_shown_as_agreed(self):
        line = self.book(1.0, "10-05", self.ticket)
        user = self.make_user("mb_portal", "base.group_portal")
        user.partner_id.parent_id = self.partner
        lines = self.env["account.analytic.line"]
        for choice, is_shown in (("show", True), ("hide", False)):
            self.agreement.timesheet_portal = choice
            domain = lines.with_user(user)._timesheet_get_portal_domain()
            self.assertEqual(line in lines.sudo().search(domain), is_shown)

    def test_the_posted_invoices_of_the_ticket_are_named(self):
        self.book(2.0, "10-05", self.ticket)
        invoice = self.bill().invoice_id
        self.assertFalse(self.ticket._get_portal_invoices())
        invoice.action_post()
        self.assertEqual(self.ticket._get_portal_invoices(), invoice)

    def test_a_cancelled_invoice_is_not_named(self):
        self.book(2.0, "10-05", self.ticket)
        invoice = self.bill().invoice_id
        invoice.action_post()
        invoice.button_cancel()
        self.assertFalse(self.ticket._get_portal_invoices())

    def test_the_latest_invoice_comes_first(self):
        self.book(2.0, "10-05", self.ticket)
        october = self.bill().invoice_id
        october.invoice_date = "2026-11-01"
        october.action_post()
        self.book(2.0, "11-05", self.ticket)
        november = self.bill(NOVEMBER).invoice_id
        november.invoice_date = "2026-12-01"
        november.action_post()
        self.assertEqual(
            self.ticket._get_portal_invoices().ids, [november.id, october.id]
        )

    def test_invoices_of_a_former_customer_are_not_named(self):
        self.book(2.0, "10-05", self.ticket)
        self.bill().invoice_id.action_post()
        self.ticket.partner_id = self.make_partner("Successor")
        self.assertFalse(self.ticket._get_portal_invoices())
