from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common_portal import TicketPortalCommon


@tagged("post_install", "-at_install")
class TestPortalCopy(TicketPortalCommon):
    """Somebody of another company, whom the customer or the team put in copy."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.url = f"/my/ticket/{cls.ticket.id}"
        cls.estimate = cls._create_estimate(state="sent", scope="<p>Confidential</p>")
        cls._log_time(1.0)
        cls.token = cls.ticket._portal_ensure_token()
        cls.ticket.message_subscribe(cls.stranger.partner_id.ids)
        cls.over = cls.env["helpdesk.ticket.stage"].create(
            {"name": "Over", "closed": True, "close_from_portal": True}
        )

    def _get_text(self, url, user):
        self._login(user)
        return self._get_page(url).text

    def test_the_token_is_on_no_page_and_in_no_field(self):
        for user in (self.portal, self.stranger):
            with self.subTest(user.login):
                self.assertNotIn(self.token, self._get_text(self.url, user))
                self.ticket.invalidate_recordset()
                with self.assertRaises(AccessError):
                    self.ticket.with_user(user).read(["access_token"])

    def test_the_token_is_in_no_link_to_the_next_ticket(self):
        other = self._create_ticket()
        token = other._portal_ensure_token()
        self._get_text("/my/tickets", self.portal)
        page = self._get_page(self.url).text
        self.assertIn(f'href="/my/ticket/{other.id}"', page)
        self.assertNotIn(token, page)

    def test_the_link_in_a_notification_leads_to_the_page_without_terms(self):
        url = f"/mail/view?model=helpdesk.ticket&res_id={self.ticket.id}"
        self._login(self.stranger)
        response = self._get_page(url)
        self.assertTrue(response.url.endswith(self.url), response.url)
        self.assertIn(self.ticket.name, response.text)
        self.assertNotIn("Confidential", response.text)

    def test_the_token_opens_no_terms_to_other_companies(self):
        url = f"{self.url}?access_token={self.token}"
        self.assertIn("Confidential", self._get_text(url, None))
        self.assertNotIn("Confidential", self._get_text(url, self.stranger))

    def test_the_ticket_is_closed_by_its_customer_alone(self):
        stage = self.ticket.stage_id
        values = {"ticket_id": self.ticket.id, "stage_id": self.over.id}
        self.assertNotIn("/ticket/close", self._get_text(self.url, self.stranger))
        self._post("/ticket/close", **values)
        self.assertEqual(self.ticket.stage_id, stage)
        self.assertIn("/ticket/close", self._get_text(self.url, self.portal))
        self._post("/ticket/close", **values)
        self.assertEqual(self.ticket.stage_id, self.over)

    def test_the_customer_writes_without_the_token(self):
        self._login(self.portal)
        response = self.make_jsonrpc_request(
            "/mail/message/post",
            {
                "thread_model": "helpdesk.ticket",
                "thread_id": self.ticket.id,
                "post_data": {"body": "One more question"},
            },
        )
        self.assertIn("message_id", response)

    def test_the_link_of_a_former_customer_is_dead(self):
        self.ticket.partner_id = self.other_customer
        self._create_estimate(state="sent", scope="<p>Private matter</p>")
        self._login(None)
        response = self.url_open(f"{self.url}?access_token={self.token}")
        self.assertNotIn("Private matter", response.text)
        self.assertNotIn(self.ticket.name, response.text)

    def test_the_link_stays_where_the_contact_changes_within_the_customer(self):
        self.ticket.partner_id = self.portal.partner_id
        self.assertEqual(self.ticket.access_token, self.token)
