from base64 import b64encode
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from .portal_common import SVG, EstimatePortalCommon
from .test_estimate_flow import locked_elsewhere


@tagged("post_install", "-at_install")
class TestApproveOnline(EstimatePortalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.estimate = cls._create_estimate(state="sent")

    def test_the_customer_approves_with_a_signature(self):
        self._log_in(self.portal)
        answer = self._accept(self.estimate, name=" Dr. Bauer ")
        self.assertTrue(answer["force_refresh"])
        self.assertEqual(self.estimate.state, "approved")
        self.assertEqual(self.estimate.signed_by, "Dr. Bauer")
        self.assertTrue(self.estimate.signature)
        self.assertEqual(self.ticket.planned_hours, 8.0)

    def test_who_was_logged_in_and_where_is_recorded(self):
        self._log_in(self.colleague)
        self._accept(self.estimate)
        self.assertEqual(self.estimate.signed_via, "login")
        self.assertEqual(self.estimate.signed_user_id, self.colleague)
        self.assertEqual(self.estimate.signed_partner_id, self.boss)
        self.assertEqual(self.estimate.signed_ip, "127.0.0.1")

    def test_a_link_approves_without_a_person(self):
        self._accept(self.estimate, **self._get_link(self.estimate))
        self.assertEqual(self.estimate.signed_via, "link")
        self.assertFalse(self.estimate.signed_user_id)
        self.assertFalse(self.estimate.signed_partner_id)

    def test_a_personal_link_approves_for_its_contact(self):
        self._accept(self.estimate, **self._get_link(self.estimate, self.contact))
        self.assertEqual(self.estimate.signed_via, "personal_link")
        self.assertEqual(self.estimate.signed_partner_id, self.contact)

    def test_the_page_confirms_the_approval(self):
        self._log_in(self.portal)
        answer = self._accept(self.estimate)
        page = self.url_open(answer["redirect_url"]).text
        self.assertIn("o_estimate_approved", page)
        self.assertIn("Thank you", page)

    def test_nobody_else_approves(self):
        for user, link in (
            (None, {}),
            (None, {"access_token": "x"}),
            (self.stranger, {}),
            (self.stranger, {"access_token": "False"}),
        ):
            self._log_in(user)
            with self.subTest(user=user, link=link):
                self._accept(self.estimate, **link)
                self.assertEqual(self.estimate.state, "sent")

    def test_a_link_of_another_estimate_approves_nothing(self):
        other = self._create_estimate(ticket=self._create_ticket(), state="sent")
        self._accept(self.estimate, **self._get_link(other, self.contact))
        self.assertEqual(self.estimate.state, "sent")

    def test_a_name_is_needed_and_limited(self):
        self._log_in(self.portal)
        for name in (None, "", "  ", "x" * 101):
            with self.subTest(name):
                self.assertIn("name", self._accept(self.estimate, name=name)["error"])
        self.assertEqual(self.estimate.state, "sent")

    def test_a_signature_is_needed_and_has_to_be_a_picture(self):
        self._log_in(self.portal)
        large = b64encode(b"\x89PNG\r\n\x1a\n" + bytes(2_000_000)).decode()
        text = b64encode(b"hello").decode()
        for signature in (None, "", "no base64!", SVG, text, large):
            with self.subTest((signature or "")[:20]):
                answer = self._accept(self.estimate, signature=signature)
                self.assertIn("sign", answer["error"])
        self.assertEqual(self.estimate.state, "sent")

    def test_what_was_shown_is_what_is_approved(self):
        self._log_in(self.portal)
        shown = self.estimate._get_terms_fingerprint()
        self.estimate._withdraw()
        self.estimate.estimated_hours = 80.0
        self.estimate._mark_sent()
        answer = self._accept(self.estimate, shown=shown)
        self.assertEqual(self.estimate.state, "sent")
        page = self.url_open(answer["redirect_url"]).text
        self.assertIn("o_estimate_changed", page)
        self.assertIn("80.00", page)

    def test_the_title_that_was_shown_is_what_is_approved(self):
        self._log_in(self.portal)
        shown = self.estimate._get_terms_fingerprint()
        self.ticket.name = "Replace the whole server room"
        self._accept(self.estimate, shown=shown)
        self.assertEqual(self.estimate.state, "sent")

    def test_nonsense_in_place_of_texts_is_answered_by_a_sentence(self):
        self._log_in(self.portal)
        for nonsense in (5, ["x"], {"x": 1}, True):
            with self.subTest(nonsense):
                answer = self._accept(self.estimate, name=nonsense)
                self.assertIn("name", answer["error"])
                answer = self._accept(self.estimate, signature=nonsense)
                self.assertIn("sign", answer["error"])

    def test_an_answer_without_fingerprint_approves_nothing(self):
        self._log_in(self.portal)
        for shown in ("x", "ü"):
            self._accept(self.estimate, shown=shown)
            self.assertEqual(self.estimate.state, "sent")

    def test_a_double_click_approves_once(self):
        self._log_in(self.portal)
        self._accept(self.estimate, name="First")
        answer = self._accept(self.estimate, name="Second")
        self.assertEqual(self.estimate.signed_by, "First")
        page = self.url_open(answer["redirect_url"]).text
        self.assertIn("o_estimate_changed", page)
        self.assertIn("o_estimate_approved", page)

    def test_an_approval_after_the_withdrawal_is_refused(self):
        link = self._get_link(self.estimate, self.contact)
        shown = self.estimate._get_terms_fingerprint()
        self.estimate._withdraw()
        answer = self._accept(self.estimate, shown=shown, **link)
        self.assertEqual(self.estimate.state, "draft")
        self.assertIn("o_estimate_gone", self.url_open(answer["redirect_url"]).text)

    def test_an_approval_after_the_validity_is_refused(self):
        self._log_in(self.portal)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE helpdesk_ticket_estimate SET validity_date = '2020-01-01'"
            " WHERE id = %s",
            [self.estimate.id],
        )
        self.estimate.invalidate_recordset()
        self.assertIn("validity", self._accept(self.estimate)["error"])
        self.assertNotIn("portal.signature_form", self._open(self.estimate).text)
        self.assertEqual(self.estimate.state, "sent")

    def test_someone_else_at_it_is_said_in_a_friendly_way(self):
        self._log_in(self.portal)
        with locked_elsewhere(self):
            answer = self._accept(self.estimate)
        self.assertIn("right now", answer["error"])
        self.assertEqual(self.estimate.state, "sent")

    def approve_and_get_mails(self, **link):
        """Return of each e-mail about a new approval its recipient and files."""
        ticket = self._create_ticket(partner_id=self.contact.id)
        estimate = self._create_estimate(state="sent", ticket=ticket)
        known = estimate.message_ids
        if link:
            link = self._get_link(estimate, self.contact)
        self._accept(estimate, **link)
        self.env.invalidate_all()
        self.assertEqual(estimate.state, "approved")
        mailed = self.env.ref("ticket_estimates.mt_estimate_mailed")
        return [
            (notification.res_partner_id.name, len(message.attachment_ids))
            for message in estimate.message_ids - known
            if message.subtype_id == mailed
            for notification in message.notification_ids
        ]

    def test_who_is_logged_in_gets_the_same_confirmation_as_by_link(self):
        self._log_in(None)
        by_link = self.approve_and_get_mails(link=True)
        self.assertEqual(by_link, [("Dr Bauer", 1)])
        self._log_in(self.portal)
        self.assertEqual(self.approve_and_get_mails(), by_link)

    def test_a_colleague_who_approves_gets_it_beside_the_contact(self):
        self._log_in(self.colleague)
        self.assertEqual(
            sorted(self.approve_and_get_mails()), [("Dr Bauer", 1), ("Ms Boss", 1)]
        )

    def test_a_failing_confirmation_leaves_the_approval(self):
        self._log_in(self.portal)
        model = self.registry["helpdesk.ticket.estimate"]
        for failure in (UserError("no printer"), ValueError("broken layout")):
            estimate = self._create_estimate(state="sent")
            with (
                self.subTest(failure),
                patch.object(model, "_mail_to", side_effect=failure),
                self.assertLogs("odoo.addons.ticket_estimates", "WARNING"),
            ):
                self._accept(estimate)
                self.assertEqual(estimate.state, "approved")
                note = self.ticket.message_ids[0]
                self.assertIn("could not be confirmed", note.body)
                self.assertNotIn("broken layout", note.body)


@tagged("post_install", "-at_install")
class TestRejectOnline(EstimatePortalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.estimate = cls._create_estimate(state="sent")

    def test_the_customer_rejects_with_a_reason(self):
        self._log_in(self.portal)
        response = self._decline(self.estimate, "Too\nexpensive")
        self.assertRedirectsTo(response, f"/my/estimate/{self.estimate.id}")
        self.assertEqual(self.estimate.state, "rejected")
        self.assertEqual(self.estimate.reject_reason.split(), ["Too", "expensive"])
        self.assertEqual(self.estimate.signed_partner_id, self.contact)
        self.assertEqual(self.estimate.signed_ip, "127.0.0.1")

    def test_a_link_rejects(self):
        self._log_in(None)
        self._decline(self.estimate, **self._get_link(self.estimate, self.contact))
        self.assertEqual(self.estimate.state, "rejected")
        self.assertEqual(self.estimate.signed_via, "personal_link")

    def test_a_reason_is_needed_and_limited(self):
        self._log_in(self.portal)
        for reason in ("", "  ", "x" * 2001):
            with self.subTest(reason[:5]):
                page = self._decline(self.estimate, reason)
                self.assertIn("o_estimate_error", page.text)
        self.assertEqual(self.estimate.state, "sent")

    def test_nobody_else_rejects(self):
        for user, link in (
            (None, {}),
            (None, {"access_token": "x"}),
            (self.stranger, {}),
        ):
            self._log_in(user)
            with self.subTest(user=user, link=link):
                self._decline(self.estimate, **link)
                self.assertEqual(self.estimate.state, "sent")

    def test_a_form_of_another_site_rejects_nothing(self):
        self._log_in(self.portal)
        shown = self.estimate._get_terms_fingerprint()
        response = self.url_open(
            f"/my/estimate/{self.estimate.id}/decline",
            data={"name": "x", "reason": "x", "fingerprint": shown},
        )
        self.assertEqual(response.status_code, 400)
        self.assertEqual(self.estimate.state, "sent")

    def test_opening_the_address_rejects_nothing(self):
        self._log_in(self.portal)
        self.assertEqual(self._open(self.estimate, "/decline").status_code, 405)
        self.assertEqual(self.estimate.state, "sent")

    def test_a_changed_estimate_is_not_rejected_unseen(self):
        self._log_in(self.portal)
        response = self._decline(self.estimate, shown="x")
        self.assertIn("message=changed", response.headers["Location"])
        self.assertEqual(self.estimate.state, "sent")
