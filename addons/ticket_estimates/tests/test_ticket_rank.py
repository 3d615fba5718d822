from lxml import html

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common_portal import TicketPortalCommon


@tagged("post_install", "-at_install")
class TestTicketRank(TicketPortalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = cls._create_ticket(name="Printer jams")
        cls.third = cls._create_ticket(name="New laptop")
        cls.foreign = cls._create_ticket(partner_id=cls.other_customer.id)
        cls.tickets = cls.ticket | cls.second | cls.third
        closing = {"name": "Over", "closed": True, "close_from_portal": True}
        cls.closed = cls.env["helpdesk.ticket.stage"].create(closing)

    def _rank(self, ticket, above, user=None):
        user = user or self.portal
        ticket.with_user(user)._rank_above(above.with_user(user))

    def _get_ranks(self):
        return self.tickets.mapped("customer_rank")

    def test_a_ticket_comes_first_and_all_are_ranked(self):
        self._rank(self.third, above=self.ticket)
        self.assertEqual(self._get_ranks(), [2, 3, 1])

    def test_the_same_wish_twice_has_one_result(self):
        for _click in range(2):
            self._rank(self.second, above=self.ticket)
            self.assertEqual(self._get_ranks(), [2, 1, 3])

    def test_the_order_shown_is_saved_where_nothing_moves(self):
        self._rank(self.ticket, above=self.third)
        self.assertEqual(self._get_ranks(), [1, 2, 3])

    def test_the_ranking_lists_unranked_tickets_last(self):
        self._rank(self.third, above=self.ticket)
        fourth = self._create_ticket()
        ranking = self.env["helpdesk.ticket"].with_user(self.portal)
        expected = self.third | self.ticket | self.second | fourth
        self.assertEqual(ranking._get_customer_ranking().ids, expected.ids)

    def test_a_colleague_ranks_the_same_list(self):
        colleague = self._create_portal_user("tp_colleague", self.customer)
        self._rank(self.second, above=self.ticket)
        self._rank(self.third, above=self.second, user=colleague)
        self.assertEqual(self._get_ranks(), [3, 2, 1])

    def test_rank_leaves_the_priority_alone(self):
        self.third.priority = "0"
        self._rank(self.third, above=self.ticket)
        self.assertEqual(self.third.priority, "0")

    def test_nobody_ranks_tickets_of_another_customer(self):
        for ticket, above in ((self.foreign, self.ticket), (self.ticket, self.foreign)):
            with self.subTest(ticket.name), self.assertRaises(AccessError):
                self._rank(ticket, above=above)
        self.assertEqual(self._get_ranks(), [0, 0, 0])

    def test_nobody_ranks_a_ticket_of_another_customer_in_copy(self):
        self.ticket.message_subscribe(self.stranger.partner_id.ids)
        self.assertTrue(self.ticket.with_user(self.stranger).has_access("read"))
        with self.assertRaises(AccessError):
            self._rank(self.ticket, above=self.foreign, user=self.stranger)

    def test_a_closed_ticket_cannot_be_ranked(self):
        self.third.stage_id = self.closed
        with self.assertRaises(AccessError):
            self._rank(self.third, above=self.ticket)

    def test_a_closed_ticket_leaves_the_ranking_and_others_move_up(self):
        self._rank(self.third, above=self.ticket)
        self.third.stage_id = self.closed
        self.assertEqual(self._get_ranks(), [1, 2, 0])

    def test_an_archived_ticket_leaves_the_ranking(self):
        self._rank(self.third, above=self.ticket)
        self.third.active = False
        self.assertEqual(self._get_ranks(), [1, 2, 0])

    def test_a_ticket_of_a_new_customer_starts_unranked(self):
        self._rank(self.third, above=self.ticket)
        self.third.partner_id = self.other_customer
        self.assertEqual(self._get_ranks(), [1, 2, 0])

    def test_a_new_contact_of_the_same_customer_keeps_the_rank(self):
        self._rank(self.third, above=self.ticket)
        self.third.partner_id = self.portal.partner_id
        self.assertEqual(self._get_ranks(), [2, 3, 1])

    def test_a_copy_starts_unranked(self):
        self._rank(self.third, above=self.ticket)
        self.assertEqual(self.third.copy().customer_rank, 0)

    def test_customers_write_no_rank_themselves(self):
        with self.assertRaises(AccessError):
            self.ticket.with_user(self.portal).customer_rank = 1

    def test_ranking_costs_the_same_queries_for_more_customers(self):
        self._rank(self.third, above=self.ticket)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(30):
            self._rank(self.second, above=self.third)
            self.env.flush_all()


@tagged("post_install", "-at_install")
class TestTicketRankPage(TicketPortalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = cls._create_ticket(name="Printer jams")
        cls.foreign = cls._create_ticket(
            name="Foreign matter", partner_id=cls.other_customer.id
        )

    def _get_listed(self):
        page = html.fromstring(self._get_page("/my/tickets/rank").text)
        return [int(e.get("data-ticket")) for e in page.xpath("//*[@data-ticket]")]

    def test_the_page_lists_the_own_open_tickets(self):
        self._login(self.portal)
        self.assertEqual(self._get_listed(), [self.ticket.id, self.second.id])

    def test_a_button_ranks(self):
        self._login(self.portal)
        url = f"/my/tickets/rank/{self.second.id}"
        self.assertEqual(self._post(url, above=self.ticket.id).status_code, 303)
        self.assertEqual(self._get_listed(), [self.second.id, self.ticket.id])

    def test_a_link_ranks_nothing(self):
        self._login(self.portal)
        url = f"/my/tickets/rank/{self.second.id}?above={self.ticket.id}"
        self.assertEqual(self.url_open(url).status_code, 405)
        self.assertEqual(self.second.customer_rank, 0)

    def test_a_form_of_another_site_ranks_nothing(self):
        self._login(self.portal)
        url = f"/my/tickets/rank/{self.second.id}"
        response = self._post(url, csrf=False, above=self.ticket.id)
        self.assertEqual(response.status_code, 400)
        self.assertEqual(self.second.customer_rank, 0)

    def test_a_strange_wish_shows_the_current_order(self):
        self._login(self.portal)
        for above in ("", "x", "-1", "²", str(self.foreign.id), "99999999"):
            with self.subTest(above):
                url = f"/my/tickets/rank/{self.second.id}"
                response = self._post(url, above=above)
                self.assertIn("stale=1", response.headers["Location"])
        self.assertEqual(self.second.customer_rank, 0)

    def test_a_stranger_ranks_nothing(self):
        self._login(self.stranger)
        url = f"/my/tickets/rank/{self.second.id}"
        self._post(url, above=self.ticket.id)
        self.assertEqual(self.second.customer_rank, 0)
        self.assertEqual(self._get_listed(), [self.foreign.id])

    def test_the_public_is_asked_to_sign_in(self):
        self._login(None)
        self.assertIn("/web/login", self.url_open("/my/tickets/rank").url)
