from odoo.tests import tagged

from .portal_common import EstimatePortalCommon

SECRET = "Repair the login"


@tagged("post_install", "-at_install")
class TestEstimatePage(EstimatePortalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.estimate = cls._create_estimate(state="sent", scope=f"<p>{SECRET}</p>")

    def assertGone(self, response):
        """Nothing of any estimate is told, only that there is none."""
        self.assertEqual(response.status_code, 404)
        self.assertIn("o_estimate_gone", response.text)
        for text in (SECRET, "856.80", "720.00", self.ticket.number, self.ticket.name):
            self.assertNotIn(text, response.text)

    def test_the_customer_sees_the_terms(self):
        self._log_in(self.portal)
        page = self._open(self.estimate)
        self.assertEqual(page.status_code, 200)
        for text in ("8.00", "90.00", "720.00", "136.80", "856.80", SECRET):
            with self.subTest(text):
                self.assertIn(text, page.text)
        self.assertIn("portal.signature_form", page.text)

    def test_the_customer_sees_no_range_no_template_and_no_experience(self):
        template = self.env["helpdesk.ticket.estimate.template"].create(
            {
                "name": "Secret job",
                "estimated_hours": 4.0,
                "hours_min": 1.37,
                "hours_max": 13.73,
                "internal_note": "<p>Secret note</p>",
            }
        )
        estimate = self._create_estimate(
            4.0, ticket=self._create_ticket(), template_id=template.id, state="sent"
        )
        self.assertEqual(estimate.hours_min, 1.37)
        page = self._open(estimate, **self._get_link(estimate)).text
        self.assertIn("4.00", page)
        for text in ("Secret", "1.37", "13.73", f"{estimate.expected_hours:.2f}"):
            with self.subTest(text):
                self.assertNotIn(text, page)

    def test_a_colleague_sees_the_estimate(self):
        self._log_in(self.colleague)
        self.assertIn(SECRET, self._open(self.estimate).text)

    def test_another_customer_sees_nothing(self):
        self._log_in(self.stranger)
        self.assertGone(self._open(self.estimate))

    def test_a_follower_of_another_customer_sees_the_ticket_but_no_estimate(self):
        self.ticket.message_subscribe(self.stranger.partner_id.ids)
        self._log_in(self.stranger)
        self.assertTrue(self.ticket.with_user(self.stranger).has_access("read"))
        self.assertGone(self._open(self.estimate))

    def test_the_public_is_asked_to_log_in(self):
        self.assertRedirectsTo(self._open(self.estimate), "/web/login")

    def test_the_public_learns_not_which_estimates_exist(self):
        self.assertRedirectsTo(
            self._open(self.estimate.browse(2**30)),
            "/web/login",
        )

    def test_a_link_opens_the_estimate(self):
        self.assertIn(
            SECRET, self._open(self.estimate, **self._get_link(self.estimate)).text
        )

    def test_a_wrong_link_opens_nothing(self):
        other = self._create_estimate(ticket=self._create_ticket(), state="sent")
        for token in ("x", "0" * 36, other.access_token, "False", "None", "ü"):
            with self.subTest(token):
                self.assertGone(self._open(self.estimate, access_token=token))

    def test_a_signature_without_token_opens_nothing(self):
        link = self._get_link(self.estimate, self.contact, access_token="x")
        self.assertGone(self._open(self.estimate, **link))

    def test_a_broken_signature_counts_as_a_bare_link(self):
        for pid in ("x", "-1", "²", "99999999999999999999", str(self.boss.id)):
            link = self._get_link(self.estimate, self.contact, pid=pid)
            with self.subTest(pid):
                self.assertEqual(self._open(self.estimate, **link).status_code, 200)

    def test_the_page_is_neither_kept_nor_framed(self):
        headers = self._open(self.estimate, **self._get_link(self.estimate)).headers
        self.assertIn("no-store", headers["Cache-Control"])
        self.assertEqual(headers["X-Frame-Options"], "SAMEORIGIN")

    def test_an_old_link_opens_nothing_once_the_estimate_is_void(self):
        for void in ("_expire", "_supersede"):
            estimate = self._create_estimate(
                ticket=self._create_ticket(), state="sent", scope=SECRET
            )
            link = self._get_link(estimate)
            getattr(estimate, void)()
            with self.subTest(void):
                self.assertFalse(estimate.access_token)
                self.assertGone(self._open(estimate, **link))

    def test_a_deleted_estimate_is_gone(self):
        link = self._get_link(self.estimate)
        self.estimate._withdraw()
        self.estimate.unlink()
        self.assertGone(self._open(self.estimate, **link))

    def test_a_withdrawn_estimate_is_gone_and_gets_a_new_link(self):
        link = self._get_link(self.estimate)
        self.estimate._withdraw()
        self.assertGone(self._open(self.estimate, **link))
        self.estimate._mark_sent()
        self.assertGone(self._open(self.estimate, **link))
        self.assertEqual(
            self._open(self.estimate, **self._get_link(self.estimate)).status_code, 200
        )

    def test_a_void_estimate_gets_no_link_again(self):
        self.estimate._expire()
        self.estimate.get_portal_url()
        self.assertFalse(self.estimate.access_token)

    def test_the_link_still_shows_the_answer(self):
        link = self._get_link(self.estimate)
        self.estimate._approve("Dr. Bauer")
        page = self._open(self.estimate, **link).text
        self.assertIn("o_estimate_approved", page)
        self.assertNotIn("portal.signature_form", page)

    def test_an_old_link_leads_who_is_logged_in_to_the_newest(self):
        link = self._get_link(self.estimate)
        self.estimate._withdraw()
        newest = self._create_estimate(state="sent")
        self._log_in(self.portal)
        page = self._open(self.estimate, **link)
        self.assertGone(page)
        self.assertIn(f'href="/my/estimate/{newest.id}"', page.text)

    def test_an_old_link_leads_nobody_else_to_the_newest(self):
        link = self._get_link(self.estimate)
        self._create_estimate(state="sent")
        for user in (None, self.stranger):
            self._log_in(user)
            with self.subTest(user):
                page = self._open(self.estimate, **link)
                self.assertGone(page)
                self.assertNotIn("o_estimate_newest", page.text)

    def test_the_customer_still_reads_a_superseded_estimate(self):
        newest = self._create_estimate(state="sent")
        self._log_in(self.portal)
        page = self._open(self.estimate).text
        self.assertIn("o_estimate_void", page)
        self.assertNotIn("portal.signature_form", page)
        self.assertIn(f'href="/my/estimate/{newest.id}"', page)

    def test_the_customer_sees_no_draft(self):
        draft = self._create_estimate(ticket=self._create_ticket(), scope=SECRET)
        self._log_in(self.portal)
        self.assertGone(self._open(draft))

    def test_texts_are_shown_as_text(self):
        script = "<script>alert('x')</script>"
        self.ticket.name = f"Title {script}"
        self.contact.name = f"Bauer {script}"
        estimate = self._create_estimate(state="sent", scope=f"<p>Scope</p>{script}")
        estimate._reject(f"Reason {script}", name=f"Name {script}")
        page = self._open(estimate, **self._get_link(estimate)).text
        for text in ("Title", "Reason", "Name", "Scope"):
            self.assertIn(text, page)
        self.assertNotIn("alert('x')</script>", page)

    def test_the_internal_note_is_never_shown(self):
        self.estimate.internal_note = "margin 40 %"
        self._log_in(self.portal)
        self.assertNotIn("margin", self._open(self.estimate).text)

    def test_the_pdf_is_protected_like_the_page(self):
        link = self._get_link(self.estimate)
        pdf = self._open(self.estimate, report_type="pdf", **link)
        self.assertEqual(pdf.headers["Content-Type"], "application/pdf")
        self.assertGone(
            self._open(self.estimate, report_type="pdf", access_token="wrong")
        )

    def test_the_mail_link_without_token_leads_customers_to_the_page(self):
        self._log_in(self.portal)
        response = self.url_open(
            f"/mail/view?model=helpdesk.ticket.estimate&res_id={self.estimate.id}",
            allow_redirects=False,
        )
        self.assertRedirectsTo(response, f"/my/estimate/{self.estimate.id}")

    def test_the_mail_link_hands_no_token_to_the_public(self):
        response = self.url_open(
            f"/mail/view?model=helpdesk.ticket.estimate&res_id={self.estimate.id}",
            allow_redirects=False,
        )
        self.assertNotIn(self.estimate.access_token, response.headers["Location"])


@tagged("post_install", "-at_install")
class TestEstimatePreview(EstimatePortalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.estimate = cls._create_estimate(state="sent")
        cls.helpdesk = cls._create_user(
            "te_helpdesk", "helpdesk_mgmt.group_helpdesk_user", password="te_helpdesk"
        )
        cls.nobody = cls._create_user(
            "te_nobody", "base.group_user", password="te_nobody"
        )

    def test_the_team_sees_the_page_without_the_form(self):
        self._log_in(self.helpdesk)
        page = self._open(self.estimate).text
        self.assertIn("o_estimate_not_yours", page)
        self.assertNotIn("portal.signature_form", page)

    def test_the_team_previews_a_draft(self):
        draft = self._create_estimate()
        self._log_in(self.helpdesk)
        url = draft.with_user(self.helpdesk).action_preview()["url"]
        self.assertEqual(self.url_open(url).status_code, 200)

    def test_the_team_cannot_answer_for_the_customer_on_the_page(self):
        self._log_in(self.helpdesk)
        link = self._get_link(self.estimate, self.contact)
        self.assertIn("error", self._accept(self.estimate, **link))
        self.assertEqual(self.estimate.state, "sent")

    def test_an_employee_without_rights_sees_nothing(self):
        self._log_in(self.nobody)
        self.assertEqual(self._open(self.estimate).status_code, 404)

    def test_an_employee_of_another_company_sees_nothing(self):
        second = self.env["res.company"].create({"name": "Second"})
        self._create_user(
            "te_second",
            "helpdesk_mgmt.group_helpdesk_manager",
            password="te_second",
            company_id=second.id,
            company_ids=[(6, 0, second.ids)],
        )
        self.authenticate("te_second", "te_second")
        self.assertEqual(self._open(self.estimate).status_code, 404)
