from datetime import date, timedelta
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import BaseCase, freeze_time, tagged

from odoo.addons.mail.tests.common import MailCase
from odoo.addons.mail_delivery_followup.retry import MAX_ATTEMPTS
from odoo.addons.monthly_billing.tests.common import MonthlyBillingCommon

from ..core.delivery_time import get_delivery_time
from .common import NOW, DeliveryCommon, at


@tagged("post_install", "-at_install")
class TestDeliveryTime(BaseCase):
    def test_without_terms_an_invoice_goes_out_at_once(self):
        self.assertEqual(get_delivery_time(NOW, "Europe/Berlin", 0, 0), NOW)

    def test_the_hour_is_that_of_the_company(self):
        for timezone, hour in (("Europe/Berlin", 13), ("UTC", 14), ("Asia/Tokyo", 8)):
            with self.subTest(timezone):
                expected = at(f"11-01 {hour:02}:00") if hour > 8 else NOW
                found = get_delivery_time(NOW, timezone, 0, 14)
                self.assertEqual(found, expected)

    def test_a_day_that_the_month_lacks_is_its_last(self):
        found = get_delivery_time(NOW, "Europe/Berlin", 31, 9.5)
        self.assertEqual(found, at("11-30 08:30"))

    def test_a_day_that_is_over_means_at_once(self):
        now = at("11-06 08:00")
        self.assertEqual(get_delivery_time(now, "Europe/Berlin", 5, 9), now)

    def test_the_day_is_the_local_one(self):
        now = at("10-31 23:30")  # 1 November in Berlin
        found = get_delivery_time(now, "Europe/Berlin", 0, 8)
        self.assertEqual(found, at("11-01 07:00"))

    def test_an_hour_that_the_clock_leaves_out_is_the_next_one(self):
        night = at("03-28 23:30")
        found = get_delivery_time(night, "Europe/Berlin", 0, 2.5)
        self.assertEqual(found, at("03-29 01:30"))  # half past three in summer time
        found = get_delivery_time(night, "Europe/Berlin", 0, 9)
        self.assertEqual(found, at("03-29 07:00"))

    def test_an_hour_that_comes_twice_is_the_first_one(self):
        found = get_delivery_time(at("10-24 23:30"), "Europe/Berlin", 0, 2.5)
        self.assertEqual(found, at("10-25 00:30"))


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestDelivery(DeliveryCommon):
    def test_a_posted_invoice_waits_for_its_hour(self):
        self.agreement.send_hour = 10
        self.company.partner_id.tz = "UTC"
        invoice = self.bill_hours()
        self.assertEqual(invoice.delivery_state, "waiting")
        self.assertEqual(invoice.delivery_at, at("11-01 10:00"))
        self.assertFalse(self.deliver(invoice))
        with freeze_time("2026-11-01 10:00:00"):
            self.assertEqual(len(self.deliver(invoice)), 1)

    def test_an_invoice_is_sent_once(self):
        invoice = self.bill_hours()
        self.assertEqual(len(self.deliver(invoice)), 1)
        self.assertEqual(invoice.delivery_state, "sent")
        self.assertEqual(invoice.delivered_on, NOW)
        self.assertTrue(invoice.is_move_sent)
        self.assertFalse(self.deliver(invoice))

    def test_the_mail_says_what_is_to_be_paid_until_when_for_what(self):
        invoice = self.bill_hours()
        [mail] = self.deliver(invoice)
        self.assertIn("October 2026", mail["subject"])
        self.assertIn(invoice.name, mail["subject"])
        for text in ("10/01/2026", "10/31/2026", "285.60", "11/01/2026"):
            with self.subTest(text):
                self.assertIn(text, mail["body"])
        self.assertIn(f"/my/invoices/{invoice.id}?access_token=", mail["body"])

    def test_bookkeeping_gets_a_copy(self):
        adviser = self.make_partner("Tax Adviser", email="tax@example.com")
        self.agreement.copy_partner_ids = adviser
        mails = self.deliver(self.bill_hours())
        readers = {address for mail in mails for address in mail["email_to"]}
        self.assertEqual(len(readers), 2)
        self.assertTrue(any("tax@example.com" in address for address in readers))

    def test_a_refused_mail_is_tried_again_and_goes_out_once(self):
        invoice = self.bill_hours()
        self.deliver(invoice, error=ConnectionRefusedError("Nobody listens"))
        self.assertEqual(invoice.delivery_state, "waiting")
        self.assertEqual(invoice.delivery_attempts, 1)
        self.assertEqual(invoice.delivery_at, NOW + timedelta(minutes=15))
        self.assertTrue(invoice.delivery_error)
        messages = invoice.message_ids
        with freeze_time("2026-11-01 08:15:00"):
            self.assertEqual(len(self.deliver(invoice)), 1)
            self.assertFalse(self.deliver(invoice))
        self.assertEqual(invoice.delivery_state, "sent")
        self.assertFalse(invoice.delivery_error)
        self.assertEqual(invoice.message_ids, messages)

    def test_after_the_last_attempt_a_person_is_asked(self):
        invoice = self.bill_hours()
        invoice.sudo().delivery_attempts = MAX_ATTEMPTS - 1
        self.deliver(invoice, error=ConnectionRefusedError("Nobody listens"))
        self.assertEqual(invoice.delivery_state, "failed")
        self.assertEqual(len(self.get_activities(invoice)), 1)

    def test_without_address_a_person_is_asked_at_once(self):
        self.partner.email = False
        invoice = self.bill_hours()
        mails = self.deliver(invoice)
        self.assertFalse([mail for mail in mails if invoice.name in mail["subject"]])
        self.assertEqual(invoice.delivery_state, "failed")
        self.assertIn("e-mail address", invoice.delivery_error)
        self.assertIn("e-mail address", self.get_activities(invoice).note)

    def test_a_mended_address_and_a_click_send_the_invoice(self):
        self.partner.email = False
        invoice = self.bill_hours()
        self.deliver(invoice)
        self.partner.email = "praxis@example.com"
        invoice.action_deliver()
        self.assertEqual(len(self.deliver(invoice)), 1)
        self.assertEqual(invoice.delivery_state, "sent")
        self.assertFalse(self.get_activities(invoice))

    def test_a_bounce_becomes_an_activity(self):
        invoice = self.bill_hours()
        self.deliver(invoice)
        invoice._message_receive_bounce("praxis@example.com", self.partner)
        self.assertEqual(invoice.delivery_state, "failed")
        self.assertIn("praxis@example.com", self.get_activities(invoice).note)

    def test_a_failing_document_stops_no_other_invoice(self):
        other = self.make_partner("Other", invoice_sending_method="email")
        project = self.make_project("Other", other)
        self.book(1, "10-05", project_id=project.id)
        agreement = self.make_agreement(
            partner_id=other.id, auto_post=True, auto_send=True
        )
        first = self.bill_hours()
        second = self.bill(agreements=agreement).invoice_id
        sender = self.env.registry["account.move.send"]
        native = sender._generate_invoice_documents

        reason = "No space left"

        def fail_first(self, invoices_data, **kwargs):
            if first in invoices_data:
                raise UserError(reason)
            return native(self, invoices_data, **kwargs)

        with patch.object(sender, "_generate_invoice_documents", fail_first):
            self.deliver(first | second)
        self.assertEqual(second.delivery_state, "sent")
        self.assertEqual(first.delivery_state, "waiting")
        self.assertEqual(first.delivery_error, reason)
        self.assertEqual(first.state, "posted")

    def test_an_invoice_in_draft_again_is_not_sent(self):
        invoice = self.bill_hours()
        invoice.button_draft()
        self.assertFalse(self.deliver(invoice))

    def test_a_credit_note_has_a_mail_of_its_own(self):
        invoice = self.bill_hours()
        self.deliver(invoice)
        credit = invoice._reverse_moves()
        credit.action_post()
        template = self.env.ref("monthly_billing_delivery.mail_template_credit_note")
        self.assertEqual(credit._get_mail_template(), template)
        credit.action_deliver()
        [mail] = self.deliver(credit)
        self.assertIn(invoice.name, mail["subject"])

    def test_other_invoices_keep_odoos_mail(self):
        move = self.init_invoice("out_invoice", partner=self.partner, amounts=[10])
        standard = self.env.ref("account.email_template_edi_invoice")
        self.assertEqual(move._get_mail_template(), standard)

    def test_trying_a_changed_mail_writes_no_invoice(self):
        invoice = self.bill_hours()
        template = invoice._get_mail_template()
        everything = self.env["account.move"].search([])
        everything.write({"access_token": False, "is_manually_modified": False})
        template.body_html = f"{template.body_html}<p>New</p>"
        self.assertFalse(any(everything.mapped("access_token")))
        self.assertFalse(any(everything.mapped("is_manually_modified")))
        self.assertIn("New", template.body_html)


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestReceipt(MonthlyBillingCommon, MailCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.send_payment_receipt = True
        cls.agreement.auto_post = True
        cls.book(2, "10-05")

    def pay(self, invoice, amount=None):
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        payment = wizard.create({"payment_date": date(2026, 11, 1)})
        payment.amount = amount or payment.amount
        return payment._create_payments()

    def confirm(self, invoice):
        cron = self.env.ref("monthly_billing_delivery.account_move_cron_send_receipts")
        with self.mock_mail_gateway():
            with self.enter_registry_test_mode():
                cron.method_direct_trigger()
            self.env["mail.mail"].process_email_queue()
            sent = list(self._mails)
        invoice.invalidate_recordset()
        return sent

    def test_full_payment_is_confirmed_once(self):
        invoice = self.bill().invoice_id
        self.pay(invoice)
        [mail] = self.confirm(invoice)
        self.assertIn(invoice.name, mail["subject"])
        self.assertIn(self.partner.email, mail["email_to"][0])
        self.assertFalse(self.confirm(invoice))

    def test_part_of_the_amount_is_not_confirmed(self):
        invoice = self.bill().invoice_id
        self.pay(invoice, 100)
        self.assertFalse(self.confirm(invoice))
        self.pay(invoice)
        self.assertEqual(len(self.confirm(invoice)), 1)

    def test_payment_that_is_taken_back_is_not_confirmed(self):
        invoice = self.bill().invoice_id
        payment = self.pay(invoice)
        payment.action_cancel()
        self.assertFalse(self.confirm(invoice))
        self.pay(invoice)
        self.assertEqual(len(self.confirm(invoice)), 1)

    def test_company_that_does_not_want_it_sends_nothing(self):
        self.company.send_payment_receipt = False
        invoice = self.bill().invoice_id
        self.pay(invoice)
        self.assertFalse(self.confirm(invoice))

    def test_an_invoice_over_nothing_is_not_confirmed(self):
        self.agreement.auto_post = False
        invoice = self.bill().invoice_id
        invoice.invoice_line_ids.discount = 100
        invoice.action_post()
        self.assertEqual(invoice.payment_state, "paid")
        self.assertFalse(self.confirm(invoice))

    def test_a_failing_receipt_stops_no_other(self):
        first = self.bill().invoice_id
        self.pay(first)
        self.book(1, "09-05")
        second = self.bill(date(2026, 9, 1)).invoice_id
        self.pay(second)
        moves = self.env.registry["account.move"]
        native = moves.message_post_with_source
        reason = "No sender"

        def fail_first(move, *args, **kwargs):
            if move == first:
                raise UserError(reason)
            return native(move, *args, **kwargs)

        with patch.object(moves, "message_post_with_source", fail_first):
            [mail] = self.confirm(first | second)
        self.assertIn(second.name, mail["subject"])
        self.assertEqual(first.receipt_state, "waiting")
        self.assertEqual(first.receipt_error, reason)
        with freeze_time("2026-11-01 08:15:00"):
            [mail] = self.confirm(first | second)
        self.assertIn(first.name, mail["subject"])
