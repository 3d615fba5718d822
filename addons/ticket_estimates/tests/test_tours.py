from odoo.tests import tagged

from .common_portal import TicketPortalCommon


class ToursCommon(TicketPortalCommon):
    """The customer's way through the portal in a browser."""

    # Odoo runs the tests of a base class for those alone that ask for it.
    allow_inherited_tests_method = True
    lang = "en_US"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang(cls.lang)
        cls.portal.lang = cls.lang
        cls.portal.partner_id.lang = cls.lang
        cls.customer.estimate_approver_ids = cls.portal.partner_id
        cls.second = cls._create_ticket(name="Printer jams")

    def _walk(self, tour, url):
        self.start_tour(url, tour, login=self.portal.login, timeout=120)


class Tours:
    def test_the_portal_speaks_the_language_of_the_customer(self):
        self._login(self.portal)
        text = self._get_page("/my/tickets").text
        self.assertIn(f'"bundle_params": {{"lang": "{self.lang}"}}', text)

    def test_open_a_ticket(self):
        self._walk("ticket_estimates_open_ticket", "/my/tickets")
        domain = [("name", "=", "The scanner is silent")]
        ticket = self.env["helpdesk.ticket"].search(domain)
        self.assertEqual(ticket.priority, "3")
        self.assertEqual(ticket.partner_id, self.portal.partner_id)
        self.assertIn("Since this morning", ticket.description)

    def test_rank(self):
        self._walk("ticket_estimates_rank", "/my/tickets")
        self.assertEqual(self.second.customer_rank, 1)
        self.assertEqual(self.ticket.customer_rank, 2)

    def test_approve_with_a_signature(self):
        estimate = self._create_estimate(hours=8.0, state="sent")
        self._walk("ticket_estimates_approve", f"/my/ticket/{self.ticket.id}")
        self.assertEqual(estimate.state, "approved")
        self.assertEqual(estimate.signed_by, "Ada Lovelace")
        self.assertTrue(estimate.signature)
        self.assertEqual(self.ticket.planned_hours, 8.0)

    def test_reject_with_a_reason(self):
        estimate = self._create_estimate(hours=8.0, state="sent")
        self._walk("ticket_estimates_reject", f"/my/ticket/{self.ticket.id}")
        self.assertEqual(estimate.state, "rejected")
        self.assertEqual(estimate.reject_reason, "Please do the half of it")

    def test_approve_again_after_an_overrun(self):
        first = self._create_estimate(hours=2.0, state="approved")
        self._log_time(3.0)
        second = first._revise()
        second.estimated_hours = 6.0
        second._mark_sent()
        self._walk("ticket_estimates_reapprove", f"/my/ticket/{self.ticket.id}")
        self.assertEqual(second.state, "approved")
        self.assertEqual(first.state, "superseded")
        self.assertEqual(self.ticket.planned_hours, 6.0)


@tagged("post_install", "-at_install")
class TestTours(Tours, ToursCommon):
    pass


@tagged("post_install", "-at_install")
class TestToursGerman(Tours, ToursCommon):
    lang = "de_DE"


@tagged("post_install", "-at_install")
class TestToursPhone(Tours, ToursCommon):
    browser_size = "375x667"
    touch_enabled = True
