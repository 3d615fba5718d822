from lxml import html

from odoo.tests import tagged

from .common_portal import TicketPortalCommon


@tagged("post_install", "-at_install")
class TestTicketPortal(TicketPortalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.url = f"/my/ticket/{cls.ticket.id}"

    def _find(self, xpath, url=None, user=None):
        """Return the elements of the page which ``user`` finds at ``url``.

        :param str xpath: or the one class that the elements have
        """
        if not xpath.startswith("//"):
            xpath = f"//*[hasclass('{xpath}')]"
        self._login(user or self.portal)
        page = html.fromstring(self._get_page(url or self.url).text)
        return page.xpath(xpath)

    def _get_text(self, xpath, **kw):
        found = self._find(xpath, **kw)
        return " ".join(" ".join(e.text_content() for e in found).split())

    def test_the_page_shows_priority_and_rank(self):
        self.ticket.write({"priority": "3", "customer_rank": 2})
        self.assertIn("Very High", self._get_text("o_ticket_priority"))
        self.assertIn("2", self._get_text("o_ticket_rank"))

    def test_an_unranked_ticket_shows_no_rank(self):
        self.assertFalse(self._find("o_ticket_rank"))

    def test_time_is_a_bar_of_the_approved_hours(self):
        self._create_estimate(hours=8.0, state="approved")
        self._log_time(2.0)
        [bar] = self._find("//*[hasclass('progress-bar')]")
        self.assertEqual(bar.get("style"), "width: 25%")
        self.assertEqual(
            self._get_text("o_ticket_hours_percent"), "25 % of the approved hours"
        )
        self.assertEqual(self._get_text("o_ticket_hours_spent"), "2.00 h spent")
        self.assertEqual(self._get_text("o_ticket_hours_remaining"), "6.00 h remaining")

    def test_hours_are_rounded_to_two_digits(self):
        self._log_time(1 / 3)
        self.assertEqual(self._get_text("o_ticket_hours_spent"), "0.33 h spent")

    def test_the_bar_is_red_once_the_approved_hours_are_exceeded(self):
        self._create_estimate(hours=8.0, state="approved")
        self._log_time(10.0)
        self.assertTrue(
            self._find("//*[hasclass('progress-bar')][hasclass('bg-danger')]")
        )
        self.assertIn("2.00 h beyond", self._get_text("o_ticket_hours_over"))

    def test_without_approved_hours_there_is_no_bar(self):
        self._log_time(1.0)
        self.assertFalse(self._find("progress-bar"))
        self.assertTrue(self._find("o_ticket_hours_spent"))

    def test_a_sent_estimate_asks_for_an_answer(self):
        estimate = self._create_estimate(state="sent", scope="<p>Replace the disk</p>")
        link = self._find("o_ticket_answer")[0]
        self.assertEqual(link.get("href"), f"/my/estimate/{estimate.id}")
        self.assertIn("Replace the disk", self._get_text("o_ticket_estimate"))

    def test_an_approved_estimate_asks_for_nothing(self):
        self._create_estimate(state="approved")
        self.assertTrue(
            self._find("//*[hasclass('o_ticket_estimate')]//*[@data-state='approved']")
        )
        self.assertFalse(self._find("o_ticket_answer"))

    def test_a_draft_stays_with_the_team(self):
        self._create_estimate(scope="<p>Only a guess</p>")
        self.assertFalse(self._find("o_ticket_estimate"))

    def test_a_new_draft_leaves_the_approved_estimate_on_the_page(self):
        approved = self._create_estimate(hours=8.0, state="approved")
        approved._revise().estimated_hours = 77.0
        self.assertTrue(
            self._find("//*[hasclass('o_ticket_estimate')]//*[@data-state='approved']")
        )
        self.assertNotIn("77", self._get_text("//*[@id='helpdesk_ticket_content']"))

    def test_earlier_answers_are_listed(self):
        rejected = self._create_estimate(hours=9.0)
        rejected._mark_sent()
        rejected._reject("Too expensive", name="Dr. Bauer")
        self._create_estimate(hours=5.0, state="sent")
        answers = self._get_text("o_ticket_answers")
        self.assertIn("9.00 h", answers)
        self.assertIn("Dr. Bauer", answers)

    def test_a_withdrawn_revision_is_no_earlier_answer(self):
        self._create_estimate(hours=9.0, state="superseded")
        self._create_estimate(hours=5.0, state="sent")
        self.assertFalse(self._find("o_ticket_answers"))

    def test_entries_are_shown_where_the_team_shows_them(self):
        self.team.show_timesheet_portal = True
        self._log_time(1.5, name="Replaced the disk")
        entries = self._get_text("//*[hasclass('o_ticket_entries')]//tbody//tr")
        for text in ("Replaced the disk", "Anna", "1.50", "2026"):
            self.assertIn(text, entries)

    def test_entries_stay_with_the_team_otherwise(self):
        self._log_time(1.5, name="Replaced the disk")
        self.assertFalse(self._find("o_ticket_entries"))

    def test_internal_fields_are_not_on_the_page(self):
        self._create_estimate(state="sent", internal_note="<p>margin 40 %</p>")
        self.team.show_timesheet_portal = True
        self._log_time(1.5, amount=-77.77)
        text = self._get_text("//body")
        self.assertNotIn("margin", text)
        self.assertNotIn("77.77", text)

    def test_somebody_of_another_company_in_copy_sees_neither_money_nor_time(self):
        self.team.show_timesheet_portal = True
        self._create_estimate(state="sent")
        self._log_time(1.0)
        self.ticket.message_subscribe(self.stranger.partner_id.ids)
        self.assertTrue(self._find("o_ticket_priority", user=self.stranger))
        for hidden in ("o_ticket_estimate", "o_ticket_progress", "o_ticket_entries"):
            self.assertTrue(self._find(hidden))
            self.assertFalse(self._find(hidden, user=self.stranger))

    def test_the_bearer_of_the_link_sees_the_estimate_and_signs_in_to_answer(self):
        estimate = self._create_estimate(state="sent")
        self._login(None)
        token = self.ticket._portal_ensure_token()
        page = self._get_page(f"{self.url}?access_token={token}")
        link = html.fromstring(page.text).xpath("//a[hasclass('o_ticket_answer')]")[0]
        self.assertEqual(
            link.get("href"), f"/web/login?redirect=/my/estimate/{estimate.id}"
        )
        self.assertNotIn("/ticket/close", page.text)

    def test_the_list_shows_estimate_and_progress(self):
        self._create_estimate(hours=8.0, state="approved")
        self._log_time(4.0)
        row = self._get_text("//tbody//tr", url="/my/tickets")
        for text in ("8.00 h", "Approved", "50 %", "4.00 h spent"):
            self.assertIn(text, row)

    def test_the_list_keeps_drafts_to_the_team(self):
        self._create_estimate(hours=77.0)
        self.assertNotIn("77", self._get_text("//tbody//tr", url="/my/tickets"))

    def test_the_list_shows_no_time_to_other_companies(self):
        self._create_estimate(hours=8.0, state="approved")
        self.ticket.message_subscribe(self.stranger.partner_id.ids)
        row = self._get_text("//tbody//tr", url="/my/tickets", user=self.stranger)
        self.assertIn("Login broken", row)
        self.assertNotIn("8.00 h", row)

    def test_the_list_is_shown_whatever_order_is_asked_for(self):
        self.assertTrue(self._find("//tbody//tr", url="/my/tickets?sortby=nonsense"))

    def test_files_of_internal_notes_are_not_on_the_page(self):
        for name, subtype in (("secret", "mail.mt_note"), ("open", "mail.mt_comment")):
            self.ticket.message_post(
                body=name,
                subtype_xmlid=subtype,
                attachments=[(f"{name}.txt", b"text")],
            )
        files = self._get_text("oe_attachments")
        self.assertIn("open.txt", files)
        self.assertNotIn("secret.txt", files)
