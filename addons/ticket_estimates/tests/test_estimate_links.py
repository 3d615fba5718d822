import re

from odoo.tests import tagged

from .common_mail import OutgoingMail
from .portal_common import EstimatePortalCommon


@tagged("post_install", "-at_install")
class TestEstimateLinks(OutgoingMail, EstimatePortalCommon):
    """The e-mails that ask, confirm and remind, and the links in them."""

    def _send(self, **values):
        estimate = self._create_estimate(**values)
        estimate._send()
        return estimate

    def _get_mails(self, estimate):
        """Return the messages to customers by recipient, the latest each."""
        subtype = self.env.ref("ticket_estimates.mt_estimate_mailed")
        mails = estimate.message_ids.filtered(lambda m: m.subtype_id == subtype)
        return {mail.partner_ids: mail for mail in mails.sorted("id")}

    def _follow_button(self, partner):
        """Open the address of the button in the mail that left to ``partner``."""
        body = self._get_body_to(partner)
        url = re.search(r'href="([^"]*/my/estimate/[^"]*)"', body).group(1)
        path = url.replace("&amp;", "&").split("/my/estimate/")[1]
        return self.url_open(f"/my/estimate/{path}")

    def test_the_button_opens_the_page_for_the_contact(self):
        mails = self._get_mails(self._send())
        self.assertEqual(list(mails), [self.contact])
        page = self._follow_button(self.contact).text
        self.assertIn("portal.signature_form", page)
        self.assertIn("Dr Bauer", page)

    def test_the_estimate_is_attached_as_pdf(self):
        mail = self._get_mails(self._send())[self.contact]
        self.assertEqual(len(mail.attachment_ids), 1)

    def test_each_approver_gets_a_personal_link(self):
        self.customer.estimate_approval = "approvers"
        self.customer.estimate_approver_ids = self.boss
        mails = self._get_mails(self._send())
        self.assertEqual(set(mails), {self.contact, self.boss})
        page = self._follow_button(self.boss).text
        self.assertIn("portal.signature_form", page)
        page = self._follow_button(self.contact).text
        self.assertNotIn("portal.signature_form", page)

    def test_no_follower_gets_the_link_of_another(self):
        self.customer.estimate_approval = "approvers"
        self.customer.estimate_approver_ids = self.boss
        estimate = self._create_estimate()
        estimate.message_subscribe((self.contact + self.customer).ids)
        estimate._send()
        mail = self._get_mails(estimate)[self.boss]
        self.assertEqual(mail.notified_partner_ids, self.boss)

    def test_each_mail_speaks_the_language_of_its_recipient(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.boss.lang = "de_DE"
        self.customer.estimate_approval = "approvers"
        self.customer.estimate_approver_ids = self.boss
        mails = self._get_mails(self._send())
        self.assertIn("720,00", mails[self.boss].body)
        self.assertIn("720.00", mails[self.contact].body)

    def test_where_only_the_approver_has_an_address_the_approver_is_asked(self):
        self.contact.email = False
        self.customer.estimate_approval = "approvers"
        self.customer.estimate_approver_ids = self.boss
        self.assertEqual(list(self._get_mails(self._send())), [self.boss])

    def test_the_approval_is_confirmed_to_contact_and_approver(self):
        estimate = self._create_estimate(state="sent")
        self._log_in(self.colleague)
        self._accept(estimate, name="Ms Boss")
        mails = self._get_mails(estimate)
        self.assertEqual(set(mails), {self.contact, self.boss})
        for mail in mails.values():
            self.assertIn("Ms Boss", mail.body)
            self.assertIn("856.80", mail.body)
            self.assertEqual(len(mail.attachment_ids), 1)

    def test_the_contact_who_approves_gets_one_confirmation(self):
        estimate = self._create_estimate(state="sent")
        self._accept(estimate, **self._get_link(estimate, self.contact))
        self.assertEqual(list(self._get_mails(estimate)), [self.contact])

    def test_an_approval_by_phone_is_confirmed_if_wanted(self):
        for wanted in (True, False):
            estimate = self._create_estimate(ticket=self._create_ticket())
            self.env["helpdesk.ticket.estimate.approve"].create(
                {"estimate_id": estimate.id, "send_confirmation": wanted}
            ).action_approve()
            self.assertEqual(estimate.signed_via, "team")
            self.assertEqual(bool(self._get_mails(estimate)), wanted)

    def test_the_person_responsible_is_told_in_the_own_language(self):
        self.env["res.lang"]._activate_lang("de_DE")
        responsible = self._create_user(
            "te_resp", "helpdesk_mgmt.group_helpdesk_user", lang="de_DE"
        )
        self._log_in(None)
        subtype = self.env.ref("ticket_estimates.mt_estimate_answered")
        for answer in (self._accept, self._decline):
            estimate = self._create_estimate(
                ticket=self._create_ticket(), state="sent", user_id=responsible.id
            )
            answer(estimate, **self._get_link(estimate, self.contact))
            message = estimate.message_ids.filtered(lambda m: m.subtype_id == subtype)
            self.assertEqual(message.notified_partner_ids, responsible.partner_id)
            self.assertEqual(message.author_id, self.contact)
            self.assertEqual(estimate._with_team_language().env.lang, "de_DE")

    def test_a_link_is_not_valid_for_another_estimate(self):
        first = self._create_estimate(state="sent")
        second = self._create_estimate(ticket=self._create_ticket(), state="sent")
        self.assertNotEqual(
            first._sign_token(self.boss.id), second._sign_token(self.boss.id)
        )
        page = self._open(second, **self._get_link(first, self.contact))
        self.assertEqual(page.status_code, 404)
