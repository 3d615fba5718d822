import base64

from lxml import html

from odoo.http import Request
from odoo.tests import tagged

from .common_portal import TicketPortalCommon


@tagged("post_install", "-at_install")
class TestOpenTicket(TicketPortalCommon):
    def _submit(self, files=None, csrf=True, **data):
        """Send the form for a new ticket; return the ticket it made, if any."""
        known = self.env["helpdesk.ticket"].search([])
        data = {"subject": "Slow", "description": "Very slow", **data}
        if csrf:
            data["csrf_token"] = Request.csrf_token(self)
        self.response = self.url_open(
            "/submitted/ticket", data=data, files=files, allow_redirects=False
        )
        return self.env["helpdesk.ticket"].search([]) - known

    def setUp(self):
        super().setUp()
        self._login(self.portal)

    def test_a_ticket_has_the_chosen_priority(self):
        ticket = self._submit(priority="3")
        self.assertEqual(ticket.priority, "3")
        self.assertEqual(ticket.partner_id, self.portal.partner_id)

    def test_a_ticket_without_a_priority_has_the_usual_one(self):
        self.assertEqual(self._submit().priority, "1")

    def test_priorities_nobody_offers_are_ignored(self):
        for priority in ("", "9", "high", "1 OR 1"):
            with self.subTest(priority):
                self.assertEqual(self._submit(priority=priority).priority, "1")

    def test_teams_and_categories_nobody_offers_are_ignored(self):
        company = self.env.company
        company.helpdesk_mgmt_portal_select_team = True
        company.helpdesk_mgmt_portal_select_category = True
        hidden = self.env["helpdesk.ticket.team"].create(
            {"name": "Hidden", "show_in_portal": False}
        )
        for value in (hidden.id, "x", "-3", "99999999"):
            with self.subTest(value):
                ticket = self._submit(team=value, category=value)
                self.assertEqual(ticket.team_id, self.team)
                self.assertFalse(ticket.category_id)

    def test_the_chosen_team_gets_the_ticket(self):
        self.env.company.helpdesk_mgmt_portal_select_team = True
        self.assertEqual(self._submit(team=self.team.id).team_id, self.team)

    def test_the_description_is_text_not_markup(self):
        ticket = self._submit(description="<img src=x onerror=alert(1)> & more")
        self.assertIn("&lt;img", ticket.description)
        self.assertNotIn("<img", ticket.description)

    def test_files_come_with_the_ticket(self):
        ticket = self._submit(files={"attachment": ("error.txt", b"It broke.")})
        self.assertEqual(base64.b64decode(ticket.attachment_ids.datas), b"It broke.")

    def test_a_ticket_without_subject_or_text_is_not_opened(self):
        for values in ({"subject": " "}, {"description": ""}):
            with self.subTest(values):
                self.assertFalse(self._submit(**values))
                self.assertIn("/new/ticket", self.response.headers["Location"])

    def test_neither_a_link_nor_another_site_opens_a_ticket(self):
        self.assertFalse(self._submit(csrf=False))
        self.assertEqual(self.response.status_code, 400)
        known = self.env["helpdesk.ticket"].search_count([])
        response = self.url_open("/submitted/ticket?subject=a&description=b")
        self.assertEqual(response.status_code, 405)
        self.assertEqual(self.env["helpdesk.ticket"].search_count([]), known)

    def test_the_form_proposes_the_usual_priority(self):
        self.assertRegex(
            self._get_page("/new/ticket").text,
            r'<option value="1" selected="(selected|True)"',
        )


@tagged("post_install", "-at_install")
class TestCloseTicket(TicketPortalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        stages = cls.env["helpdesk.ticket.stage"]
        cls.over = stages.create(
            {"name": "Over", "closed": True, "close_from_portal": True}
        )
        cls.cancelled = stages.create({"name": "Cancelled", "closed": True})
        cls.other_team = cls.env["helpdesk.ticket.team"].create({"name": "Others"})
        cls.elsewhere = stages.create(
            {
                "name": "Elsewhere",
                "closed": True,
                "close_from_portal": True,
                "team_ids": cls.other_team.ids,
            }
        )
        cls.stage = cls.ticket.stage_id

    def _close(self, stage=None, csrf=True, **values):
        values = {
            "ticket_id": self.ticket.id,
            "stage_id": (stage or self.over).id,
            **values,
        }
        return self._post("/ticket/close", csrf=csrf, **values)

    def test_a_customer_closes_the_own_ticket(self):
        self._login(self.portal)
        self.assertEqual(self._close().status_code, 302)
        self.assertEqual(self.ticket.stage_id, self.over)

    def test_the_page_offers_a_form_that_posts(self):
        self._login(self.portal)
        page = html.fromstring(self._get_page(f"/my/ticket/{self.ticket.id}").text)
        form = page.xpath("//form[@action='/ticket/close']")[0]
        self.assertEqual(form.get("method"), "POST")
        response = self.url_open(
            form.get("action"), data=dict(form.form_values()), allow_redirects=False
        )
        self.assertEqual(response.status_code, 302)
        self.assertEqual(self.ticket.stage_id, self.over)

    def test_closing_stands_last_on_the_page_and_asks_first(self):
        self._log_time(1.0)
        self._create_estimate(state="sent")
        self._login(self.portal)
        page = html.fromstring(self._get_page(f"/my/ticket/{self.ticket.id}").text)
        forms = page.xpath("//form[@action='/ticket/close']")
        [asks] = page.xpath("//details[.//form[@action='/ticket/close']]")
        self.assertIsNone(asks.get("open"))
        self.assertIn("Do you want to close the ticket?", asks.text_content())
        hidden = "./*[not(self::summary)]//form[@action='/ticket/close']"
        self.assertEqual(asks.xpath(hidden), forms)
        others = page.xpath("//main//section | //*[@id='task_chat'] | //main//h2")
        order = list(page.iter())
        self.assertTrue(others)
        self.assertEqual(max([*others, asks], key=order.index), asks)

    def test_a_stranger_closes_nothing(self):
        self._login(self.stranger)
        self._close()
        self.assertEqual(self.ticket.stage_id, self.stage)

    def test_the_public_closes_nothing(self):
        self._login(None)
        self._close()
        self.assertEqual(self.ticket.stage_id, self.stage)

    def test_a_link_closes_nothing(self):
        self._login(self.portal)
        url = f"/ticket/close?ticket_id={self.ticket.id}&stage_id={self.over.id}"
        self.assertEqual(self.url_open(url).status_code, 405)
        self.assertEqual(self.ticket.stage_id, self.stage)

    def test_a_form_of_another_site_closes_nothing(self):
        self._login(self.portal)
        self.assertEqual(self._close(csrf=False).status_code, 400)
        self.assertEqual(self.ticket.stage_id, self.stage)

    def test_only_stages_offered_for_it_close_a_ticket(self):
        self._login(self.portal)
        for stage in (self.cancelled, self.elsewhere):
            with self.subTest(stage.name):
                self._close(stage)
                self.assertEqual(self.ticket.stage_id, self.stage)

    def test_a_closed_ticket_stays_as_it_was_closed(self):
        self.ticket.stage_id = self.cancelled
        self._login(self.portal)
        self._close()
        self.assertEqual(self.ticket.stage_id, self.cancelled)

    def test_nonsense_closes_nothing(self):
        self._login(self.portal)
        for values in ({"ticket_id": "x"}, {"stage_id": "1e9"}, {"ticket_id": "0"}):
            with self.subTest(values):
                self.assertEqual(self._close(**values).status_code, 302)
        self.assertEqual(self.ticket.stage_id, self.stage)

    def test_closing_notes_who_did_it(self):
        self._login(self.portal)
        self._close()
        self.env.flush_all()
        tracking = self.ticket.message_ids.filtered("tracking_value_ids")[:1]
        self.assertEqual(tracking.author_id, self.portal.partner_id)
