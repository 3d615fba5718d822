from datetime import date

from odoo.fields import Command
from odoo.http import Request
from odoo.tests import HttpCase, new_test_user, tagged

from .common import DunningCommon


@tagged("post_install", "-at_install")
class TestPortal(DunningCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.move = cls.invoice()
        cls.notice = cls.notices._remind(date(2026, 6, 22), cls.company)
        cls.notice.sudo().state = "sent"
        cls.token = cls.notice.sudo()._portal_ensure_token()
        cls.own = cls.make_portal_user("reminded", cls.customer)
        cls.stranger = cls.make_portal_user("stranger", cls.make_customer("Rival"))

    @classmethod
    def make_portal_user(cls, login, customer):
        user = new_test_user(
            cls.env,
            login,
            "base.group_portal",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        user.partner_id.parent_id = customer
        return user

    def show(self, token=None, notice=None, **query):
        """Ask for the page of a reminder; return the answer."""
        if token:
            query["access_token"] = token
        pairs = "&".join(f"{name}={value}" for name, value in query.items())
        page = f"/my/reminders/{(notice or self.notice).id}?{pairs}"
        return self.url_open(page, allow_redirects=False)

    def answer(self, **values):
        data = {"csrf_token": Request.csrf_token(self), **values}
        return self.url_open(
            f"/my/reminders/{self.notice.id}/answer", data=data, allow_redirects=False
        )

    def is_shown(self, answer):
        return answer.status_code == 200 and self.notice.name in answer.text

    def get_answers(self):
        return self.notice.message_ids.filtered(
            lambda message: message.message_type == "comment"
        )

    def test_own_customers_see_the_page_and_the_list(self):
        self.authenticate("reminded", "reminded")
        self.assertTrue(self.is_shown(self.show()))
        self.assertIn(self.notice.name, self.url_open("/my/reminders").text)

    def test_the_secret_of_the_letter_opens_it_to_the_public(self):
        self.assertTrue(self.is_shown(self.show(self.token)))

    def test_nobody_else_sees_it(self):
        other = self.notice.sudo().copy()
        foreign = other._portal_ensure_token()
        for login in (None, "stranger"):
            self.authenticate(login, login)
            for token in (None, "guessed", foreign, self.token[:-1], "é", "0" * 500):
                with self.subTest(login=login, token=(token or "")[:8]):
                    self.assertEqual(self.show(token).status_code, 303)
                    self.assertEqual(
                        self.show(token, report_type="pdf").status_code, 303
                    )
            answer = self.answer(kind="paid", access_token="guessed")
            self.assertEqual(answer.status_code, 303)
        self.assertFalse(self.get_answers())

    def make_two_overdue(self, partner):
        """Return a reminder of two invoices that were addressed to ``partner``."""
        for amount in (1000, 200):
            self.invoice(amount, partner_id=partner.id)
        self.notice.sudo().action_cancel()
        notice = self.notices._remind(date(2026, 6, 22), self.company).sudo()
        notice.state = "sent"
        return notice

    def test_all_is_paid_at_once_by_whom_the_invoices_are_addressed_to(self):
        self.pay(self.move, 1000, date(2026, 6, 20))
        notice = self.make_two_overdue(self.own.partner_id)
        self.authenticate("reminded", "reminded")
        self.assertIn("/my/invoices/overdue", self.show(notice=notice).text)
        page = self.url_open("/my/invoices/overdue")
        self.assertIn("1,200.00", page.text)

    def test_who_cannot_pay_all_at_once_is_led_to_each_invoice(self):
        """Odoo shows nothing to who looks after the invoices of his firm."""
        notice = self.make_two_overdue(self.customer)
        token = notice._portal_ensure_token()
        for login, secret in (("reminded", None), (None, token)):
            with self.subTest(login):
                self.authenticate(login, login)
                answer = self.show(secret, notice=notice)
                self.assertNotIn("/my/invoices/overdue", answer.text)
                for move in notice.line_ids.move_id:
                    self.assertIn(f"/my/invoices/{move.id}", answer.text)

    def test_the_list_of_others_is_empty(self):
        self.authenticate("stranger", "stranger")
        self.assertNotIn(self.notice.name, self.url_open("/my/reminders").text)

    def test_what_was_not_sent_is_not_shown(self):
        for state in ("draft", "cancelled"):
            self.notice.sudo().state = state
            self.authenticate("reminded", "reminded")
            self.assertEqual(self.show().status_code, 303)
            self.assertEqual(self.show(self.token).status_code, 303)

    def test_answers_reach_an_employee(self):
        """The visitor is nobody's colleague and gets no activity himself."""
        self.authenticate(None, None)
        self.move.invoice_user_id = False
        self.notice.sudo().user_id = False
        self.answer(kind="question", text="Which job?", access_token=self.token)
        self.assertIn("Which job?", self.get_answers().body)
        self.assertEqual(self.get_answers().author_id, self.customer)
        self.assertFalse(self.notice.activity_ids.user_id.share)
        self.assertTrue(self.notice.activity_ids.user_id.active)

    def test_answers_are_bounded(self):
        self.authenticate(None, None)
        wrong = [
            {"kind": "question"},
            {"kind": "else", "text": "x"},
            {"kind": "question", "text": "a" * 1001},
            {},
        ]
        for values in wrong:
            answer = self.answer(access_token=self.token, **values)
            self.assertIn("alert-warning", answer.text)
        self.assertFalse(self.get_answers())
        for _time in range(7):
            self.answer(kind="paid", access_token=self.token)
        self.assertEqual(len(self.get_answers()), 5)

    def test_the_page_says_nothing_that_its_address_says(self):
        answer = self.show(self.token, error="Pay%20to%20me")
        self.assertNotIn("Pay to me", answer.text)

    def test_markup_in_an_answer_is_text(self):
        self.authenticate(None, None)
        self.answer(kind="paid", text="<b>x</b>", access_token=self.token)
        self.assertIn("&lt;b&gt;", self.get_answers().body)
