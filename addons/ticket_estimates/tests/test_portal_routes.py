import re
import threading
from unittest.mock import patch

from odoo.http import Request
from odoo.tests import tagged

from .common_portal import TicketPortalCommon

ADDONS = (
    "odoo.addons.helpdesk_mgmt",
    "odoo.addons.helpdesk_portal_priority",
    "odoo.addons.ticket_estimates",
)
SECRET = "Confidential"


@tagged("post_install", "-at_install")
class TestPortalRoutes(TicketPortalCommon):
    """Somebody from outside calls every route of the portal, whoever adds one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team.show_timesheet_portal = True
        cls.ticket.write({"name": f"{SECRET} move", "description": f"{SECRET} address"})
        rejected = cls._create_estimate(scope=f"<p>{SECRET} first</p>", state="sent")
        rejected._reject(f"{SECRET} reason", name=f"{SECRET} person")
        cls.estimate = cls._create_estimate(scope=f"<p>{SECRET}</p>", state="sent")
        cls._log_time(2.0, name=f"{SECRET} work")
        cls.ticket.message_post(body=SECRET, subtype_xmlid="mail.mt_comment")
        cls.own = cls._create_ticket(partner_id=cls.other_customer.id)
        cls.own_estimate = cls._create_estimate(ticket=cls.own, state="sent")
        stages = cls.env["helpdesk.ticket.stage"]
        cls.over = stages.create(
            {"name": "Over", "closed": True, "close_from_portal": True}
        )
        cls.tokens = {
            "none": "",
            "wrong": "0" * 36,
            "of the own ticket": cls.own._portal_ensure_token(),
            "of the own estimate": cls._get_token(cls.own_estimate),
        }

    @classmethod
    def _get_token(cls, estimate):
        """Return the token of a sent estimate, without letting it make one."""
        return estimate.access_token or "0" * 36

    def _get_routes(self):
        """Return [(url with holes, routing)] of all routes that one of us defines."""
        # the map asks the thread for its database, which only a request sets
        thread, database = threading.current_thread(), self.env.cr.dbname
        with patch.object(thread, "dbname", database, create=True):
            rules = list(self.env["ir.http"].routing_map().iter_rules())
        return [
            (rule.rule, rule.endpoint.routing)
            for rule in rules
            if self._is_ours(rule.endpoint)
            and not set(rule.rule.split("/")) & {"counters", "account", "security"}
        ]

    def _is_ours(self, endpoint):
        name = endpoint.__name__
        return any(
            cls.__module__.startswith(ADDONS) and name in vars(cls)
            for cls in type(endpoint.func.__self__).__mro__
        )

    def _fill(self, url, token):
        """Return ``url`` with the victim's numbers in its holes."""
        values = {
            "ticket_id": self.ticket.id,
            "estimate_id": self.estimate.id,
            "access_token": token or "0",
            "page": 1,
        }
        return re.sub(r"<(?:\w+:)?(\w+)>", lambda m: str(values[m[1]]), url)

    def _attack(self, url, routing, token):
        """Call the route in every way it takes; return the responses."""
        url = f"{self._fill(url, token)}?access_token={token}"
        data = {
            "access_token": token,
            "ticket_id": self.ticket.id,
            "stage_id": self.over.id,
            "above": self.ticket.id,
            "name": "Mallory",
            "reason": "Because",
            "signature": "",
            "fingerprint": "",
        }
        if routing["type"] == "jsonrpc":
            return [self.url_open(url, json={"params": data})]
        data["csrf_token"] = Request.csrf_token(self)
        responses = []
        methods = routing["methods"] or ("GET", "POST")
        if "GET" in methods:
            responses.append(self.url_open(url))
            responses.append(self.url_open(f"{url}&report_type=pdf"))
            responses.append(self.url_open(f"{url}&search={SECRET[:4]}"))
        if "POST" in methods:
            responses.append(self.url_open(url, data=data))
        return responses

    def _get_state(self):
        """Return what nobody from outside may have changed."""
        records = self.ticket | self.own
        estimates = self.ticket.estimate_ids
        self.env.invalidate_all()
        return (
            [(t.stage_id, t.name, t.customer_rank, t.priority) for t in records[:1]],
            [(e.state, e.signed_by, e.signed_on, e.reject_reason) for e in estimates],
            self.ticket.message_ids.ids,
            estimates.message_ids.ids,
            self.ticket.message_partner_ids.ids,
        )

    def test_all_routes_are_known(self):
        urls = {url for url, _routing in self._get_routes()}
        for url in (
            "/my/tickets",
            "/my/ticket/<int:ticket_id>",
            "/my/tickets/rank/<int:ticket_id>",
            "/ticket/close",
            "/submitted/ticket",
            "/my/estimate/<int:estimate_id>",
            "/my/estimate/<int:estimate_id>/accept",
            "/my/estimate/<int:estimate_id>/decline",
        ):
            self.assertIn(url, urls)

    def test_the_customer_finds_the_secret(self):
        self._login(self.portal)
        for url in (f"/my/ticket/{self.ticket.id}", "/my/tickets", "/my/tickets/rank"):
            with self.subTest(url):
                self.assertIn(SECRET, self.url_open(url).text)

    def test_no_route_tells_another_customer_or_the_public_anything(self):
        before = self._get_state()
        for user in (self.stranger, None):
            self._login(user)
            for url, routing in self._get_routes():
                for kind, token in self.tokens.items():
                    for response in self._attack(url, routing, token):
                        with self.subTest(f"{user} {response.url} token {kind}"):
                            self.assertNotIn(SECRET.encode(), response.content)
                            self.assertNotIn(b"%PDF", response.content[:8])
                            self.assertNotEqual(response.status_code, 500)
        self.assertEqual(self._get_state(), before)

    def test_a_portal_user_of_no_customer_finds_nothing(self):
        loner = self._create_user("tp_loner", "base.group_portal")
        self._login(loner)
        for url in (f"/my/ticket/{self.ticket.id}", "/my/tickets", "/my/tickets/rank"):
            with self.subTest(url):
                self.assertNotIn(SECRET, self.url_open(url).text)
