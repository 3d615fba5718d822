from base64 import b64decode
from datetime import timedelta
from unittest.mock import patch

from lxml import html

from odoo import fields
from odoo.tests import freeze_time, new_test_user, tagged

from odoo.addons.payment.utils import generate_access_token

from .common import OnlinePaymentCommon
from .qr_common import read_codes


class PortalPaymentCommon(OnlinePaymentCommon):
    def setUp(self):
        super().setUp()
        self.link = self.invoice._get_online_payment_url()

    def open(self, url):
        return html.fromstring(self.url_open(url).content)

    def get_amount(self, root):
        """Return the amount that the page asks for, None if it asks for nothing."""
        forms = root.xpath("//form[@id='o_payment_form']")
        return float(forms[0].get("data-amount")) if forms else None

    def get_message(self, root):
        """Return what the page says in place of the payment."""
        [node] = root.xpath(
            "//div[@id='pay_with']//div[@role='alert']"
            " | //div[@name='invoice_withdrawn']"
        )
        return self.get_text(node)

    def assertAsksForNothing(self, words):
        """The link, and a page that was open before, take no money and say why."""
        root = self.open(self.link)
        self.assertIsNone(self.get_amount(root))
        self.assertFalse(root.xpath("//a[@data-bs-target='#pay_with']"))
        self.assertIn(words, self.get_message(root))
        self.assertRefused(self.start_payment(self.invoice, 285.6), words)

    def assertRefused(self, answer, words):
        self.assertNotIn("result", answer)
        self.assertIn(words, answer["error"]["data"]["message"])


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestPaymentLink(PortalPaymentCommon):
    """What the link of the mail asks for, whatever happened since."""

    def test_the_whole_amount_at_first(self):
        self.assertEqual(self.get_amount(self.open(self.link)), 285.6)

    def test_the_rest_after_a_part(self):
        self.register_payment(85.6)
        root = self.open(self.link)
        self.assertEqual(self.get_amount(root), 200.0)
        [shown] = root.xpath("//span[@id='o_payment_summary_amount_full']")
        self.assertIn("200.00", self.get_text(shown))

    def test_the_rest_after_a_credit_of_one_hour(self):
        self.credit(self.invoice, release="chosen", hours=1)
        self.assertEqual(self.get_amount(self.open(self.link)), 142.8)

    def test_a_mail_sent_again_after_a_part_names_the_rest(self):
        self.register_payment(85.6)
        mail = self.deliver()
        self.assertIn("Left to pay", mail["body"])
        self.assertIn("200.00", mail["body"])
        self.assertEqual(self.get_amount(self.open(self.find_link(mail))), 200.0)

    def test_a_mail_sent_again_after_payment_has_no_link_to_it(self):
        self.register_payment()
        mail = self.deliver()
        self.assertFalse(self.find_link(mail))
        self.assertNotIn("Left to pay", mail["body"])

    def test_nothing_once_it_is_paid(self):
        self.register_payment()
        self.assertAsksForNothing("This invoice is paid. Thank you.")

    def test_nothing_once_it_is_credited(self):
        self.credit(self.invoice)
        self.assertEqual(self.invoice.payment_state, "reversed")
        self.assertAsksForNothing("We credited this invoice in full.")
        root = self.open(self.link)
        self.assertFalse(root.xpath("//div[@name='invoice_paid_badge']"))
        self.assertTrue(root.xpath("//div[@name='invoice_credited_badge']"))

    def test_nothing_while_it_is_revised_and_no_draft_to_see(self):
        self.invoice.button_draft()
        self.assertAsksForNothing("We are revising this invoice.")
        for kind in ("html", "pdf"):
            page = self.url_open(f"{self.invoice.get_portal_url()}&report_type={kind}")
            self.assertIn("We are revising this invoice.", page.text)
            self.assertNotIn("Printer", page.text)

    def test_nothing_once_it_is_cancelled(self):
        self.invoice.button_cancel()
        self.assertAsksForNothing("We cancelled this invoice.")

    def test_nothing_while_a_payment_is_pending(self):
        self.start_payment(self.invoice, 285.6)
        self.invoice.transaction_ids._set_pending()
        self.assertAsksForNothing("Your payment is on its way.")

    def test_nothing_while_a_payment_arrived_and_is_not_booked(self):
        self.start_payment(self.invoice, 285.6)
        self.finish_payment(book=False)
        self.assertEqual(self.invoice.payment_state, "not_paid")
        self.assertAsksForNothing("Your payment is on its way.")

    def test_nothing_where_the_money_is_collected(self):
        debit = {"date": "2026-11-15", "account": "", "mandate": "", "creditor": ""}
        moves = type(self.invoice)
        with patch.object(moves, "_get_direct_debit", lambda self: debit):
            self.assertAsksForNothing("We collect this invoice from your account.")

    def test_staff_still_sees_the_draft(self):
        self.invoice.button_draft()
        self.authenticate("billing_user", "billing_user")
        root = self.open(self.invoice.get_portal_url())
        self.assertTrue(root.xpath("//iframe[@id='invoice_html']"))

    def test_code_of_the_printed_invoice_leads_to_the_page_of_the_mail(self):
        [image] = self.render(self.invoice).xpath(
            "//div[contains(@class, 'o_payment_method')][@data-code='online']//img/@src"
        )
        [address] = read_codes(b64decode(image.partition(",")[2]))
        self.assertEqual(address, self.link)
        self.assertEqual(self.get_amount(self.open(address)), 285.6)

    def test_mail_offers_no_payment_that_customers_do_not_find(self):
        self.assertTrue(self.invoice._get_online_payment_url())
        self.provider.is_published = False
        self.assertFalse(self.invoice._get_online_payment_url())
        self.provider.is_published = True
        self.provider.payment_method_ids.active = False
        self.assertFalse(self.invoice._get_online_payment_url())

    def test_link_for_a_part_that_is_more_than_the_rest_asks_for_the_rest(self):
        wizard = self.env["payment.link.wizard"].with_context(
            active_model="account.move", active_id=self.invoice.id
        )
        part = wizard.create({"amount": 250.0}).link
        self.assertIn("250", self.get_text(self.open(part).xpath("//body")[0]))
        self.register_payment(85.6)
        root = self.open(part)
        self.assertEqual(self.get_amount(root), 200.0)
        self.assertFalse(root.xpath("//*[@id='o_payment_installments_modal']"))

    def test_mail_page_and_receipt_speak_german_whatever_the_browser_speaks(self):
        self.speak_german()
        link = self.find_link(self.deliver())
        self.assertIn("/de/my/invoices/", link)
        self.opener.headers["Accept-Language"] = "en-US"
        page = self.url_open(link)
        self.assertIn('"lang": "de_DE"', page.text)
        self.assertIn("285,60", page.text)
        self.assertIn("Jetzt bezahlen", page.text)
        self.start_payment(self.invoice, 285.6)
        self.finish_payment()
        [receipt] = self.send_receipts()
        self.assertIn("vollständig bezahlt", receipt["body"])

    def test_link_in_the_first_language_of_the_site_works_too(self):
        self.speak_german()
        self.partner.lang = "en_US"
        self.assertIn("Pay Now", self.url_open(self.invoice._get_portal_link()).text)


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestPaymentAttacks(PortalPaymentCommon):
    def make_other_invoice(self):
        other = self.make_partner("Other")
        project = self.make_project("Other", other)
        self.book(1, "10-05", project_id=project.id)
        agreement = self.make_agreement(partner_id=other.id, auto_post=True)
        return self.bill(agreements=agreement).invoice_id

    def test_a_link_opens_its_own_invoice_alone(self):
        other = self.make_other_invoice()
        for invoice in (other, self.invoice.browse(2**31 - 1)):
            foreign = self.link.replace(f"/{self.invoice.id}?", f"/{invoice.id}?")
            self.assertNotEqual(foreign, self.link)
            page = self.url_open(foreign, allow_redirects=True)
            self.assertIn("/web/login", page.url)

    def test_a_token_pays_its_own_invoice_alone(self):
        other = self.make_other_invoice()
        for token in (self.invoice._portal_ensure_token(), "", None, "wrong"):
            answer = self.start_payment(other, 142.8, access_token=token)
            self.assertIn("error", answer)
        self.assertFalse(other.transaction_ids)

    def test_a_token_opens_no_invoice_of_another_company(self):
        company = self.setup_other_company()["company"]
        other = self.init_invoice(
            "out_invoice", self.partner, amounts=[100], post=True, company=company
        )
        page = self.url_open(self.link.replace(f"/{self.invoice.id}?", f"/{other.id}?"))
        self.assertIn("/web/login", page.url)
        token = self.invoice._portal_ensure_token()
        self.assertIn("error", self.start_payment(other, 100, access_token=token))
        self.assertFalse(other.transaction_ids)

    def test_an_amount_in_the_link_needs_its_own_token(self):
        for token in ("", generate_access_token(self.invoice.id, 1.0, env=self.env)):
            page = self.url_open(
                self.link.replace("#", f"&amount=5&payment_token={token}#")
            )
            self.assertIn("/web/login", page.url)

    def test_the_browser_cannot_ask_for_another_amount(self):
        for amount in (285.61, 0, -285.6, None, "much", "nan", "inf"):
            with self.subTest(amount=amount):
                answer = self.start_payment(self.invoice, amount)
                self.assertRefused(answer, "left to pay")
        self.assertFalse(self.invoice.transaction_ids)

    def test_a_part_may_be_paid_and_then_the_rest_alone(self):
        self.assertIn("result", self.start_payment(self.invoice, 100.0))
        self.finish_payment()
        self.assertEqual(self.invoice.payment_state, "partial")
        self.assertRefused(self.start_payment(self.invoice, 285.6), "185.60")
        self.assertIn("result", self.start_payment(self.invoice, 185.6))
        self.finish_payment()
        self.assertEqual(self.invoice.payment_state, "paid")
        self.assertEqual(len(self.send_receipts()), 1)

    def test_the_browser_cannot_choose_a_provider_that_is_not_offered(self):
        company = self.env["res.company"].sudo().create({"name": "Other Firm"})
        foreign = self.open_online_payment(company)
        self.assertRefused(
            self.start_payment(self.invoice, 285.6, provider_id=foreign.id),
            "another way to pay",
        )
        for values in ({"is_published": False}, {"state": "disabled"}):
            self.provider.write(values)
            answer = self.start_payment(self.invoice, 285.6)
            self.assertRefused(answer, "another way to pay")
        self.assertFalse(self.invoice.transaction_ids)

    def test_a_second_page_cannot_pay_again(self):
        self.start_payment(self.invoice, 285.6)
        self.finish_payment()
        self.assertEqual(self.invoice.payment_state, "paid")
        answer = self.start_payment(self.invoice, 285.6)
        self.assertRefused(answer, "This invoice is paid. Thank you.")
        self.assertEqual(len(self.invoice.transaction_ids), 1)

    def log_in_as_customer(self):
        values = {"groups": "base.group_portal", "partner_id": self.partner.id}
        new_test_user(self.env, "mb_payer", **values)
        self.authenticate("mb_payer", "mb_payer")

    def test_list_of_the_customer_offers_payment_until_one_is_under_way(self):
        self.log_in_as_customer()
        offer = (
            f"//a[contains(@href, '/my/invoices/{self.invoice.id}?')][@role='button']"
        )
        self.assertTrue(self.open("/my/invoices").xpath(offer))
        self.start_payment(self.invoice, 285.6)
        self.finish_payment(book=False)
        self.assertFalse(self.open("/my/invoices").xpath(offer))

    def test_overdue_invoices_are_asked_for_what_is_left(self):
        self.log_in_as_customer()
        self.register_payment(85.6)
        due = self.invoice.invoice_date_due + timedelta(days=1)
        with freeze_time(fields.Date.to_string(due)):
            root = self.open("/my/invoices/overdue")
            self.assertEqual(self.get_amount(root), 200.0)
