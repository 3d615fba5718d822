from odoo.tests import freeze_time, tagged

from .common import MonthlyBillingCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestTicketIntake(MonthlyBillingCommon):
    """Who takes a ticket that the customer opens, where there is an agreement."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = "helpdesk_mgmt.group_helpdesk_user_team"
        cls.anna = cls.make_user("intake_anna", groups)
        cls.bert = cls.make_user("intake_bert", groups)
        members = {"user_ids": (cls.anna | cls.bert).ids}
        teams = cls.env["helpdesk.ticket.team"].with_company(cls.company)
        cls.team = teams.create({"name": "Second Line", **members})
        cls.usual = teams.create({"name": "First Line", **members})
        cls.former = cls.make_ticket("Former", team_id=cls.usual.id)
        cls.former.user_id = cls.bert
        cls.agreement.user_id = cls.anna

    def get_intake(self):
        tickets = self.env["helpdesk.ticket"].with_company(self.company).sudo()
        return tickets._get_intake(self.partner, self.usual.browse())

    def test_the_agreement_comes_before_the_last_ticket(self):
        other = self.make_project("Agreed", self.partner)
        self.agreement.write({"ticket_team_id": self.team.id, "project_ids": other.ids})
        intake = self.get_intake()
        self.assertEqual(intake.team, self.team)
        self.assertEqual(intake.project, other)
        self.assertEqual(intake.user, self.anna)

    def test_a_person_of_its_own_comes_before_who_sends_the_invoices(self):
        self.agreement.ticket_user_id = self.bert
        self.assertEqual(self.get_intake().user, self.bert)

    def test_a_responsible_outside_the_team_leaves_tickets_to_the_last_person(self):
        self.agreement.user_id = self.billing_manager
        self.assertEqual(self.get_intake().user, self.bert)

    def test_what_the_agreement_leaves_open_comes_from_the_last_ticket(self):
        intake = self.get_intake()
        self.assertEqual(intake.team, self.usual)
        self.assertEqual(intake.project, self.project)

    def test_an_agreement_that_has_ended_says_nothing(self):
        self.agreement.write({"ticket_team_id": self.team.id, "date_end": "2026-10-31"})
        intake = self.get_intake()
        self.assertEqual(intake.team, self.usual)
        self.assertEqual(intake.user, self.bert)

    def test_an_agreement_of_another_customer_says_nothing(self):
        other = self.make_partner("Other")
        self.make_agreement(partner_id=other.id, ticket_team_id=self.team.id)
        self.assertEqual(self.get_intake().team, self.usual)
