import re

from odoo.tests import tagged

from odoo.addons.portal.controllers.portal import CustomerPortal

from .portal_common import EstimatePortalCommon


@tagged("post_install", "-at_install")
class TestEstimateList(EstimatePortalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.printer = cls._create_ticket(name="Printer", partner_id=cls.contact.id)
        cls.foreign = cls._create_ticket(partner_id=cls.other_customer.id)
        cls.sent = cls._create_estimate(state="sent")
        cls.approved = cls._create_estimate(2.0, cls.printer, state="approved")
        cls.superseded = cls._create_estimate(
            1.0, cls._create_ticket(), state="superseded"
        )
        cls._create_estimate(ticket=cls._create_ticket())
        cls._create_estimate(ticket=cls.foreign, state="sent")

    def _list(self, query="", user=None):
        """Return the ids of the rows, in order."""
        self._log_in(user or self.portal)
        page = self.url_open(f"/my/estimates{query}").text
        ids = re.findall(r'data-id="(\d+)"', page)
        return self.env["helpdesk.ticket.estimate"].browse(map(int, ids))

    def test_customers_see_their_estimates_and_no_drafts(self):
        self.assertEqual(self._list(), self.superseded + self.approved + self.sent)

    def test_customers_see_no_estimates_of_others(self):
        self.assertFalse(self._list(user=self.stranger) & self._list())

    def test_a_follower_sees_no_estimates_of_the_ticket(self):
        self.ticket.message_subscribe(self.stranger.partner_id.ids)
        self.assertNotIn(self.sent, self._list(user=self.stranger))

    def test_each_state_has_a_filter(self):
        for name, expected in (
            ("to_approve", self.sent),
            ("approved", self.approved),
            ("rejected", self.sent.browse()),
            ("void", self.superseded),
            ("nonsense", self.superseded + self.approved + self.sent),
        ):
            with self.subTest(name):
                self.assertEqual(self._list(f"?filterby={name}"), expected)

    def test_numbers_and_titles_are_searched(self):
        for query in (
            "search=printer",
            "search_in=name&search=print",
            f"search_in=number&search={self.printer.number}",
        ):
            with self.subTest(query):
                self.assertEqual(self._list(f"?{query}"), self.approved)

    def test_amounts_and_tickets_sort(self):
        by_amount = self.sent + self.approved + self.superseded
        self.assertEqual(self._list("?sortby=amount"), by_amount)
        self.assertEqual(self._list("?sortby=nonsense"), by_amount[::-1])

    def test_long_lists_have_pages(self):
        self.patch(CustomerPortal, "_items_per_page", 2)
        self.assertEqual(self._list(), self.superseded + self.approved)
        self.assertEqual(self._list("/page/2"), self.sent)

    def test_the_public_has_no_list(self):
        self._log_in(None)
        response = self.url_open("/my/estimates", allow_redirects=False)
        self.assertRedirectsTo(response, "/web/login")

    def test_the_home_page_counts_what_waits(self):
        self._log_in(self.portal)
        self.assertIn("estimate_to_approve_count", self.url_open("/my/home").text)
        counters = ["estimate_count", "estimate_to_approve_count"]
        counts = self.make_jsonrpc_request("/my/counters", {"counters": counters})
        self.assertEqual(counts["estimate_count"], 3)
        self.assertEqual(counts["estimate_to_approve_count"], 1)

    def test_the_row_leads_to_the_page(self):
        self._log_in(self.portal)
        page = self.url_open("/my/estimates").text
        self.assertIn(f'href="/my/estimate/{self.sent.id}"', page)
