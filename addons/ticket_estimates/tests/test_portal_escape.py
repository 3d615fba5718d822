import json

from lxml import html

from odoo.tests import tagged

from .common_portal import TicketPortalCommon

# Any of them, run as markup, writes an error, and an error fails the browser's test.
MARKUP = (
    "<img src=x onerror=console.error('run')>"
    "<script>console.error('run')</script>"
    "<svg onload=console.error('run')>"
)
# The conversation in the portal has a shadow root of its own.
FIND = """
const deadline = Date.now() + 30000;
const getRoots = (root) => [
    root,
    ...[...root.querySelectorAll("*")]
        .filter((element) => element.shadowRoot)
        .flatMap((element) => getRoots(element.shadowRoot)),
];
const getText = (root) =>
    root.innerText ?? [...root.children].map((child) => child.innerText).join();
const look = () => {
    const roots = getRoots(document.body);
    if (roots.some((root) => getText(root).includes(%(text)s))) {
        const markup = "img[onerror], svg[onload]";
        if (roots.some((root) => root.querySelector(markup))) {
            console.error("markup of the customer is on the page");
        }
        setTimeout(() => console.log("test successful"), 500);
    } else if (Date.now() > deadline) {
        console.error("the text of the customer is not on the page");
    } else {
        setTimeout(look, 100);
    }
};
look();
"""


@tagged("post_install", "-at_install")
class TestPortalEscape(TicketPortalCommon):
    """Customers write markup wherever they may; browsers show it as text."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.helpdesk = cls._create_user(
            "tp_desk",
            "helpdesk_mgmt.group_helpdesk_manager",
            "hr_timesheet.group_hr_timesheet_user",
        )
        cls.evil = cls._create_ticket(
            name=f"Evil {MARKUP}", partner_name=MARKUP, user_id=cls.helpdesk.id
        )
        cls.team.user_ids = cls.helpdesk

    def _browse(self, url, user, text=MARKUP):
        """Find ``text`` on the page, and no markup made of it."""
        code = FIND % {"text": json.dumps(text)}
        self.browser_js(url, code, login=user.login, timeout=60)

    def _open_form(self, record):
        action = {
            "helpdesk.ticket": "helpdesk_mgmt.helpdesk_ticket_action",
            "helpdesk.ticket.estimate": (
                "ticket_estimates.helpdesk_ticket_estimate_action"
            ),
        }[record._name]
        self._browse(f"/odoo/action-{action}/{record.id}", self.helpdesk)

    def _reject(self):
        estimate = self._create_estimate(state="sent")
        estimate._reject(f"Reason {MARKUP}", name=f"Name {MARKUP}")
        return estimate

    def test_a_title_on_the_pages_of_the_portal(self):
        for url in (f"/my/ticket/{self.evil.id}", "/my/tickets", "/my/tickets/rank"):
            with self.subTest(url):
                self._browse(url, self.portal)

    def test_a_title_in_the_forms_of_the_team(self):
        self._open_form(self.evil)

    def test_a_title_in_the_kanban_and_the_list_of_the_team(self):
        url = "/odoo/action-helpdesk_mgmt.helpdesk_ticket_action?view_type="
        for view in ("kanban", "list"):
            with self.subTest(view):
                self._browse(f"{url}{view}", self.helpdesk)

    def test_a_title_on_the_page_of_the_estimate(self):
        estimate = self._create_estimate(ticket=self.evil, state="sent")
        self._browse(f"/my/estimate/{estimate.id}", self.portal)

    def test_name_and_reason_of_a_rejection_in_the_portal(self):
        estimate = self._reject()
        self._browse(f"/my/estimate/{estimate.id}", self.portal)
        self._create_estimate(state="sent")
        self._browse(f"/my/ticket/{self.ticket.id}", self.portal)

    def test_name_and_reason_of_a_rejection_in_the_forms_of_the_team(self):
        estimate = self._reject()
        self._open_form(estimate)
        self._open_form(estimate.ticket_id)

    def test_a_message_in_the_conversation(self):
        ticket = self.ticket.with_user(self.portal)
        ticket.message_post(
            body=MARKUP, message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        self._browse(f"/my/ticket/{ticket.id}", self.portal)
        self._open_form(self.ticket)

    def test_the_text_of_a_new_ticket(self):
        self._login(self.portal)
        self._post("/submitted/ticket", subject="Slow", description=MARKUP)
        ticket = self.env["helpdesk.ticket"].search([], order="id desc", limit=1)
        self._browse(f"/my/ticket/{ticket.id}", self.portal)

    def test_a_scope_carries_no_script(self):
        estimate = self._create_estimate(scope=f"<p>Work</p>{MARKUP}", state="sent")
        self.assertNotIn("onerror", estimate.scope)
        self.assertNotIn("script", estimate.scope)

    def test_a_title_in_the_mail_body(self):
        estimate = self._create_estimate(ticket=self.evil)
        estimate._send()
        bodies = estimate.message_ids.mapped("body") + self.env["mail.mail"].search(
            [("model", "=", estimate._name), ("res_id", "=", estimate.id)]
        ).mapped("body_html")
        bodies = [body for body in bodies if body and "onerror=console" in body]
        self.assertTrue(bodies)
        for body in bodies:
            markup = "//script|//*[@onerror]|//*[@onload]"
            self.assertFalse(html.fromstring(body).xpath(markup))
