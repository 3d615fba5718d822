import re

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..links import with_arguments, without_secrets
from .common_mail import OutgoingMail
from .portal_common import EstimatePortalCommon


@tagged("post_install", "-at_install")
class TestTicketToken(OutgoingMail, EstimatePortalCommon):
    """The token of a ticket opens money and time: who gets it."""

    def _get_url(self, user):
        return self.ticket.with_user(user).get_portal_url()

    def test_outsiders_get_an_address_without_token(self):
        for user in (self.stranger, self.env.ref("base.public_user")):
            with self.subTest(user.login):
                url = f"/my/ticket/{self.ticket.id}"
                self.assertEqual(self._get_url(user), url)
                self.assertFalse(self.ticket.access_token)

    def test_somebody_in_copy_gets_an_address_without_token(self):
        self.ticket._portal_ensure_token()
        self.ticket.message_subscribe(self.stranger.partner_id.ids)
        self.assertTrue(self.ticket.with_user(self.stranger).has_access("read"))
        self.assertNotIn("token", self._get_url(self.stranger))

    def test_the_firm_without_helpdesk_role_gets_no_token(self):
        for groups in ("base.group_user", "hr_timesheet.group_hr_timesheet_user"):
            user = self._create_user(f"tt_{groups}", groups)
            with self.subTest(groups):
                self.assertNotIn("token", self._get_url(user))

    def test_who_works_on_own_tickets_alone_gets_no_token_of_others(self):
        role = "helpdesk_mgmt.group_helpdesk_user_own"
        user = self._create_user("tt_own", role)
        self.assertNotIn("token", self._get_url(user))
        self.ticket.user_id = user
        self.assertIn("token", self._get_url(user))

    def test_the_customer_and_the_system_get_the_token(self):
        for user in (self.portal, self.env.user):
            with self.subTest(user.login):
                self.assertIn(self.ticket._portal_ensure_token(), self._get_url(user))

    def test_no_user_reads_or_writes_a_token(self):
        user = self._create_user(
            "tt_desk", "helpdesk_mgmt.group_helpdesk_manager", "base.group_allow_export"
        )
        for record in (self.ticket, self._create_estimate(state="sent")):
            record = record.with_user(user)
            with self.subTest(record._name), self.assertRaises(AccessError):
                record.read(["access_token"])
            with self.assertRaises(AccessError):
                record.export_data(["access_token"])
            with self.assertRaises(UserError):
                record.write({"access_token": "known"})

    def test_a_message_keeps_no_token_and_the_mail_to_the_customer_has_it(self):
        token = self.ticket._portal_ensure_token()
        url = f"{self.ticket.get_base_url()}{self.ticket.get_portal_url()}"
        message = self.ticket.message_post(
            body=url,
            partner_ids=(self.contact + self.stranger.partner_id).ids,
            subtype_xmlid="mail.mt_comment",
        )
        self.assertNotIn(token, message.body)
        self.assertIn(f"{url}", self._get_body_to(self.contact))
        self.assertNotIn(token, self._get_body_to(self.stranger.partner_id))

    def test_people_of_the_helpdesk_share_the_token(self):
        user = new_test_user(
            self.env, "sharing", groups="helpdesk_mgmt.group_helpdesk_user"
        )
        url = self.ticket.with_user(user)._get_share_url(redirect=True)
        self.assertIn(self.ticket.sudo()._portal_ensure_token(), url)

    def test_sharing_gives_no_token_to_who_has_none(self):
        self.ticket.message_subscribe(self.stranger.partner_id.ids)
        ticket = self.ticket.with_user(self.stranger)
        url = ticket._get_share_url(redirect=True, pid=self.contact.id)
        self.assertNotIn("hash", url)
        self.assertNotIn("token", url)


@tagged("post_install", "-at_install")
class TestEstimateToken(OutgoingMail, EstimatePortalCommon):
    """The personal link signs for the customer: it is in the mail that leaves alone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.desk = cls._create_user(
            "et_desk",
            "helpdesk_mgmt.group_helpdesk_manager",
            "base.group_partner_manager",
        )

    def _send(self, user=None):
        estimate = self._create_estimate(ticket=self._create_ticket())
        estimate.ticket_id.partner_id = self.contact
        estimate.with_user(user or self.desk)._send()
        return estimate

    def test_no_reader_is_given_the_token(self):
        estimate = self._send()
        reader = estimate.with_user(self.desk)
        self.assertEqual(reader.get_portal_url(), f"/my/estimate/{estimate.id}")
        url = reader._get_share_url(redirect=True, pid=self.contact.id)
        self.assertFalse(re.search("token|hash|pid", url))

    def test_the_mail_has_the_link_and_no_stored_text_has_it(self):
        estimate = self._send()
        token = estimate.access_token
        self.assertIn(token, self._get_body_to(self.contact))
        self.assertIn("hash=", self._get_body_to(self.contact))
        self.env.flush_all()
        for table, column in self._get_text_columns():
            self.env.cr.execute(
                f'SELECT count(*) FROM "{table}" WHERE "{column}"::text LIKE %s',
                [f"%{token}%"],
            )
            with self.subTest(f"{table}.{column}"):
                found = self.env.cr.fetchone()[0]
                own = (table, column) == ("helpdesk_ticket_estimate", "access_token")
                self.assertEqual(found, int(own))

    def _get_text_columns(self):
        """Return (table, column) of all texts in the database."""
        self.env.cr.execute(
            """SELECT col.table_name, col.column_name
                 FROM information_schema.columns col
                 JOIN information_schema.tables USING (table_schema, table_name)
                WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
                  AND data_type IN ('text', 'character varying', 'jsonb')"""
        )
        return self.env.cr.fetchall()

    def test_a_note_to_the_customer_is_stored_without_link(self):
        estimate = self._send()
        estimate.with_user(self.desk).message_post(
            body="See there",
            partner_ids=self.contact.ids,
            subtype_xmlid="mail.mt_comment",
            message_type="comment",
        )
        body = self._get_body_to(self.contact)
        self.assertIn("See there", body)
        self.assertIn(estimate.access_token, body)
        mails = self.env["mail.mail"].search([("model", "=", estimate._name)])
        for mail in mails:
            self.assertNotIn(estimate.access_token, mail.body_html)

    def test_a_colleague_in_a_message_gets_no_link(self):
        estimate = self._send()
        estimate.with_user(self.desk).message_post(
            body=f"{estimate.get_base_url()}{estimate.access_url}",
            partner_ids=(self.desk.partner_id + self.boss).ids,
            subtype_xmlid="ticket_estimates.mt_estimate_mailed",
        )
        token = estimate.access_token
        self.assertNotIn(token, self._get_body_to(self.boss))
        reached = [partner for partner, body in self._get_left() if token in body]
        self.assertEqual(reached, [self.contact])

    def test_a_template_that_asks_for_the_token_stores_none(self):
        estimate = self._create_estimate(state="sent")
        message = estimate.message_post(body=estimate.get_portal_url())
        self.assertIn(f">/my/estimate/{estimate.id}<", message.body)
        message.body = estimate.get_portal_url()
        self.assertNotIn(estimate.access_token, message.body)


@tagged("post_install", "-at_install")
class TestSignUpLink(OutgoingMail, EstimatePortalCommon):
    """Whoever is forwarded an e-mail does not become the customer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        parameters = cls.env["ir.config_parameter"].sudo()
        parameters.set_param("auth_signup.invitation_scope", "b2c")
        cls.newcomer = cls._create_customer(
            name="Newcomer", parent_id=cls.customer.id, is_company=False
        )
        cls.ticket.partner_id = cls.newcomer
        cls.invoice = cls.env["account.move"].create(
            {"move_type": "out_invoice", "partner_id": cls.newcomer.id}
        )

    def _get_body(self, record):
        record.message_post(
            body="News",
            partner_ids=self.newcomer.ids,
            subtype_xmlid="mail.mt_comment",
            message_type="comment",
        )
        return self._get_body_to(self.newcomer)

    def _get_records(self):
        return self.invoice, self.ticket, self._create_estimate(state="sent")

    def test_mails_let_nobody_sign_up(self):
        for record in self._get_records():
            with self.subTest(record._name):
                body = self._get_body(record)
                self.assertIn("News", body)
                self.assertNotIn("signup", body)

    def test_a_company_may_want_it(self):
        self.company.mail_signup_link = True
        for record in (self.invoice, self.ticket):
            with self.subTest(record._name):
                self.assertIn("auth_signup_token", self._get_body(record))


@tagged("post_install", "-at_install")
class TestLinks(EstimatePortalCommon):
    def test_only_our_pages_lose_what_opens_them(self):
        for text, expected in (
            ("/my/ticket/5?access_token=a", "/my/ticket/5"),
            (f"/my/ticket/5/{'a' * 36}", "/my/ticket/5"),
            ("/my/estimate/5?a=1&amp;pid=2&amp;hash=3#x", "/my/estimate/5?a=1#x"),
            ("/mail/view?model=m&res_id=1&token=2", "/mail/view?model=m&res_id=1"),
            ("https://other.example/?token=5", "https://other.example/?token=5"),
        ):
            with self.subTest(text):
                self.assertEqual(without_secrets(text), expected)

    def test_arguments_go_to_this_server_and_page_alone(self):
        base, path, arguments = "https://a.example", "/my/ticket/5", {"t": 1, "u": 2}
        for text, expected in (
            ('"https://a.example/my/ticket/5"', "/my/ticket/5?t=1&amp;u=2"),
            ('"https://a.example/de/my/ticket/5?l=1"', "5?t=1&amp;u=2&amp;l=1"),
            ('"https://a.example/my/ticket/5?token=9"', "5?t=1&amp;u=2"),
            ('"https://a.example/my/ticket/55"', "/my/ticket/55"),
            ('"https://b.example/my/ticket/5"', "/my/ticket/5"),
        ):
            with self.subTest(text):
                given = with_arguments(text, base, path, arguments)
                self.assertTrue(given.endswith(f'{expected}"'), given)
