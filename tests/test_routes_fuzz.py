"""Every page of ours and of the helpdesk answers to whatever it is sent: never 500."""

import json
from datetime import date
from urllib.parse import quote, urlencode

from odoo.http import Request
from odoo.tests import HttpCase, freeze_time, tagged
from odoo.tools import mute_logger

from odoo.addons.monthly_billing.tests.common import OCTOBER, MonthlyBillingCommon

from .routes import find_pages

#: the invoice is overdue by then
LATE = date(2027, 1, 15)
#: what no page means by any of its values
ODD = (
    "",
    "0",
    "-1",
    "x",
    "9" * 12,
    "9" * 5000,
    "1e400",
    "\x00",
    "2026-99-99",
    "'\"><script>alert(1)</script>",
    "%s{0}${{1}}",
    "\ud83d\udca3\u202e\ufeff\uffff".encode("utf-16", "surrogatepass").decode("utf-16"),
    "a" * 10_000,
    "[[1,2],{}]",
)
#: what besides may come as JSON
ODD_JSON = (None, True, -1, 1e400, [], {}, ["x"], {"x": {"y": 1}}, "\x00", "a" * 10_000)
#: sent by those who get less to see
FEW = ("x", "\x00", "9" * 5000)
#: answers of a page that did not want what was sent
EXPECTED_ERRORS = ("odoo.exceptions.", "odoo.http.", "werkzeug.exceptions.")


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestRoutesFuzz(MonthlyBillingCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.portal_user = cls.make_user("fuzz_portal", "base.group_portal")
        cls.portal_user.partner_id.parent_id = cls.partner
        cls.internal_user = cls.make_user("fuzz_internal", "base.group_user")
        ticket = cls.make_ticket("Printer")
        estimate = cls.env["helpdesk.ticket.estimate"].create(
            {"ticket_id": ticket.id, "estimated_hours": 3.0, "price_unit": 120.0}
        )
        estimate._mark_sent()
        cls.agreement.auto_post = True
        cls.book(2, "10-05")
        invoice = cls.agreement._bill_period(OCTOBER).invoice_id
        cls.company.dunning_scope = "all"
        invoice.filtered(lambda move: move.state == "draft").action_post()
        invoice._record({"delivery_state": "sent"})
        notice = cls.env["dunning.notice"]._remind(LATE, cls.company).sudo()
        notice.state = "sent"
        cls.known = {
            "notice": notice,
            "ticket": ticket,
            "estimate": estimate,
            "invoice": invoice,
            "move": invoice,
            "period": invoice.billing_period_id,
        }

    def get_valid(self, page):
        """Return values with which the page shows something of the customer."""
        values = {}
        for name in page.names:
            for key, record in self.known.items():
                if name.startswith(key):
                    values[name] = record.id
        if page.methods == {"POST"} or "submit" in page.rule.rule:
            values.update(subject="Slow", description="Very slow", name="Dr. Sommer")
        return values

    def send(self, page, values):
        """Send the values as the page takes them; return what is wrong, or None."""
        places = page.rule.arguments
        path = page.get_path(
            {name: quote(str(values[name]), "") for name in places if name in values}
        )
        rest = {name: value for name, value in values.items() if name not in places}
        if page.kind == "jsonrpc":
            body = {"jsonrpc": "2.0", "method": "call", "params": rest}
            answer = self.url_open(
                path,
                data=json.dumps(body),
                headers={"Content-Type": "application/json"},
                allow_redirects=False,
            )
            return self.find_json_problem(answer)
        query = urlencode({key: str(value) for key, value in rest.items()})
        if "GET" in page.methods:
            answer = self.url_open(f"{path}?{query}", allow_redirects=False)
        else:
            data = {**rest, "csrf_token": Request.csrf_token(self)}
            answer = self.url_open(path, data=data, allow_redirects=False)
        return answer.status_code if answer.status_code >= 500 else None

    def find_json_problem(self, answer):
        if answer.status_code >= 500:
            return answer.status_code
        try:
            error = answer.json().get("error") or {}
        except ValueError:
            return None
        name = (error.get("data") or {}).get("name", "")
        return None if not name or name.startswith(EXPECTED_ERRORS) else name

    def fuzz(self, login, odd, odd_json, every=1):
        """Send each page odd values in each of its places; none of them fails.

        :param every: so many places share the values between them
        """
        self.authenticate(login, login)
        failed, sent = [], 0
        for page in find_pages(self.env):
            valid = self.get_valid(page)
            for place, name in enumerate(dict.fromkeys(page.names)):
                in_body = page.kind == "jsonrpc" and name not in page.rule.arguments
                for value in (odd_json if in_body else odd)[place % every :: every]:
                    problem = self.send(page, {**valid, name: value})
                    sent += 1
                    if problem:
                        failed.append((page.rule.rule, name, repr(value)[:40], problem))
        self.assertGreater(sent, 100)
        self.assertFalse(failed, "\n".join(map(str, failed)))

    def setUp(self):
        super().setUp()
        muted = mute_logger("odoo.http", "odoo.sql_db", "odoo.addons.base", "werkzeug")
        muted.__enter__()
        self.addCleanup(muted.__exit__, None, None, None)

    def test_a_customer_meets_no_error_whatever_is_sent(self):
        self.fuzz("fuzz_portal", ODD, ODD_JSON, every=4)

    def test_the_public_meets_no_error_whatever_is_sent(self):
        self.fuzz(None, FEW, FEW)

    def test_staff_meets_no_error_whatever_is_sent(self):
        self.fuzz("fuzz_internal", FEW, FEW)

    def test_the_pages_of_ours_are_among_those(self):
        rules = {page.rule.rule for page in find_pages(self.env)}
        for rule in (
            "/my/tickets",
            "/my/ticket/<int:ticket_id>",
            "/ticket/close",
            "/submitted/ticket",
            "/my/estimate/<int:estimate_id>/accept",
            "/my/reminders/<int:notice_id>",
            "/my/reminders/<int:notice_id>/answer",
        ):
            self.assertIn(rule, rules)
