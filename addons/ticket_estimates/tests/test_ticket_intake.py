from odoo.http import Request
from odoo.tests import tagged

from odoo.addons.mail.tests.common import MailCase

from .common_portal import TicketPortalCommon


@tagged("post_install", "-at_install")
class TestTicketIntake(TicketPortalCommon, MailCase):
    """A ticket from the portal finds its team, and everybody knows."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        helpers = "helpdesk_mgmt.group_helpdesk_user"
        cls.tina = cls._create_user("ti_tina", helpers, email="tina@firm.example")
        cls.timo = cls._create_user("ti_timo", helpers, email="timo@firm.example")
        cls.team.user_ids = cls.tina | cls.timo
        cls.ticket.user_id = cls.tina
        cls.portal.partner_id.email = "kunde@customer.example"
        cls.company.ticket_estimate_policy = "block"
        cls.company.ticket_estimate_free_hours = 1.5

    def _open(self, user=None, **data):
        """Send the form as ``user``; return the new ticket and the page it leads to."""
        user = user or self.portal
        known = self.env["helpdesk.ticket"].search([])
        self._login(user)
        data = {"subject": "Slow", "description": "Very slow", **data}
        with self.mock_mail_gateway():
            self.page = self.url_open(
                "/submitted/ticket",
                data={**data, "csrf_token": Request.csrf_token(self)},
            )
        return self.env["helpdesk.ticket"].search([]) - known

    def _get_mails_to(self, address):
        return [mail for mail in self._mails if address in mail["email_to"][0]]

    def test_team_project_and_person_are_those_of_the_last_ticket(self):
        ticket = self._open()
        self.assertEqual(ticket.team_id, self.team)
        self.assertEqual(ticket.project_id, self.project)
        self.assertEqual(ticket.user_id, self.tina)

    def test_time_can_be_booked_on_it_at_once(self):
        ticket = self._open()
        line = self._log_time(0.5, ticket=ticket)
        self.assertEqual(line.project_id, self.project)
        self.assertEqual(ticket.total_hours, 0.5)

    def test_the_first_ticket_of_a_customer_gets_what_the_team_has(self):
        self.env["helpdesk.ticket.team"].search([]).filtered(
            lambda team: team != self.team
        ).active = False
        self.team.with_company(self.company).default_project_id = self.project
        self.team.user_id = self.timo
        ticket = self._open(self.stranger)
        self.assertEqual(ticket.team_id, self.team)
        self.assertEqual(ticket.project_id, self.project)
        self.assertEqual(ticket.user_id, self.timo)

    def test_nothing_comes_from_a_ticket_of_another_customer(self):
        ticket = self._open(self.stranger)
        self.assertNotEqual(ticket.user_id, self.tina)

    def test_no_project_of_another_customer_is_taken(self):
        self.project.partner_id = self.other_customer
        self.assertNotEqual(self._open().project_id, self.project)

    def test_the_chosen_team_wins(self):
        self.company.helpdesk_mgmt_portal_select_team = True
        other = self.env["helpdesk.ticket.team"].create({"name": "Printers"})
        self.assertEqual(self._open(team=other.id).team_id, other)

    def test_who_has_left_the_firm_is_in_charge_of_nothing(self):
        self.tina.active = False
        self.assertFalse(self._open().user_id)

    def test_each_of_the_team_gets_one_mail_about_it(self):
        ticket = self._open()
        for address in ("tina@firm.example", "timo@firm.example"):
            [mail] = self._get_mails_to(address)
            self.assertIn(ticket.number, mail["subject"])
            self.assertIn("Very slow", mail["body"])
            self.assertIn(self.project.name, mail["body"])

    def test_the_team_reads_that_a_project_is_missing(self):
        self.ticket.unlink()
        self.project.active = False
        self._open()
        [mail] = self._get_mails_to("timo@firm.example")
        self.assertIn("No time can be booked yet", mail["body"])

    def test_the_customer_gets_one_receipt(self):
        ticket = self._open()
        [mail] = self._get_mails_to("kunde@customer.example")
        self.assertIn(ticket.number, mail["subject"])
        self.assertIn("ti_tina", mail["body"])
        self.assertIn("Up to 1.50 h of work on it are free of approval", mail["body"])

    def test_the_page_says_what_happens_next(self):
        self._open()
        self.assertIn("ti_tina", self.page.text)
        self.assertIn("Up to 1.50 h of work on it are free", self.page.text)
        self._login(self.portal)
        later = self._get_page(self.page.url.partition("?")[0]).text
        self.assertIn("o_ticket_received", self.page.text)
        self.assertNotIn("o_ticket_received", later)

    def test_the_form_says_beforehand_what_is_free_of_approval(self):
        self._login(self.portal)
        form = self._get_page("/new/ticket").text
        self.assertIn("Up to 1.50 h of work on it are free of approval", form)

    def test_without_free_hours_an_estimate_is_promised(self):
        self.company.ticket_estimate_free_hours = 0.0
        self._open()
        self.assertIn("We begin as soon as you approve it", self.page.text)

    def test_a_ticket_by_mail_finds_its_team_too(self):
        ticket = self.env["helpdesk.ticket"].message_new(
            {
                "subject": "Slow",
                "body": "Very slow",
                "from": "kunde@customer.example",
                "author_id": self.portal.partner_id.id,
                "to": "help@firm.example",
            }
        )
        self.assertEqual(ticket.team_id, self.team)
        self.assertEqual(ticket.project_id, self.project)
        self.assertEqual(ticket.user_id, self.tina)
