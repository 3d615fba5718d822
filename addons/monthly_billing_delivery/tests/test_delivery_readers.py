from odoo.exceptions import AccessError
from odoo.tests import freeze_time, new_test_user, tagged

from .common import DeliveryCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestDeliveryReaders(DeliveryCommon):
    """Who gets an invoice, and who reads how it went."""

    def test_a_copy_is_no_delivery_to_a_customer_without_address(self):
        self.partner.email = False
        self.agreement.copy_partner_ids = self.make_partner(
            "Tax Adviser", email="tax@example.com"
        )
        invoice = self.bill_hours()
        self.assertNotIn("tax@example.com", self.get_readers(self.deliver(invoice)))
        self.assertEqual(invoice.delivery_state, "failed")
        self.assertIn("e-mail address", invoice.delivery_error)
        self.partner.email = "praxis@example.com"
        invoice.action_deliver()
        self.assertEqual(
            self.get_readers(self.deliver(invoice)),
            ["praxis@example.com", "tax@example.com"],
        )

    def test_a_colleague_who_follows_is_no_customer(self):
        self.partner.email = False
        invoice = self.bill_hours()
        invoice.message_subscribe(self.billing_user.partner_id.ids)
        self.deliver(invoice)
        self.assertEqual(invoice.delivery_state, "failed")

    def test_an_archived_customer_is_told(self):
        invoice = self.bill_hours()
        self.partner.active = False
        readers = self.get_readers(self.deliver(invoice))
        self.assertNotIn(self.partner.email, readers)
        self.deliver(invoice)  # the job looks at the outbox again
        self.assertEqual(invoice.delivery_state, "failed")

    def test_an_invalid_address_is_told_as_words(self):
        self.partner.email = "nobody"
        invoice = self.bill_hours()
        self.deliver(invoice)
        self.assertEqual(invoice.delivery_state, "failed")
        self.assertNotIn("mail_email", invoice.delivery_error)

    def test_the_bounce_of_a_colleague_is_not_the_customers(self):
        invoice = self.bill_hours()
        self.deliver(invoice)
        colleague = self.billing_user.partner_id
        invoice._message_receive_bounce("colleague@example.com", colleague)
        self.assertEqual(invoice.delivery_state, "sent")

    def test_the_bounce_of_a_copy_is_told(self):
        adviser = self.make_partner("Tax Adviser", email="tax@example.com")
        self.agreement.copy_partner_ids = adviser
        invoice = self.bill_hours()
        self.deliver(invoice)
        invoice._message_receive_bounce("tax@example.com", adviser)
        self.assertEqual(invoice.delivery_state, "failed")

    def test_every_customer_reads_the_own_language(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.partner.lang = "de_DE"
        [mail] = self.deliver(self.bill_hours())
        self.assertIn("Oktober 2026", mail["subject"])
        self.assertIn("285,60", mail["body"])

    def test_a_name_adds_no_header(self):
        self.partner.name = "Sommer\r\nBcc: evil@example.com"
        self.company.name = "Firm\nBcc: evil@example.com"
        mails = self.deliver(self.bill_hours())
        readers = self.get_readers(mails)
        self.assertNotIn("evil@example.com", readers)
        for mail in mails:
            self.assertFalse(mail["EmailMessage"]["Bcc"])

    def test_the_customer_does_not_read_why_sending_failed(self):
        invoice = self.bill_hours()
        self.deliver(invoice, error=ConnectionRefusedError("10.0.0.7 refused"))
        self.assertIn("mail server", invoice.delivery_error)
        customer = new_test_user(self.env, "customer", groups="base.group_portal")
        customer.partner_id.parent_id = self.partner
        own = invoice.with_user(customer)
        self.assertEqual(own.name, invoice.name)
        for name in (
            "delivery_state",
            "delivery_at",
            "delivery_attempts",
            "delivery_error",
            "delivered_on",
            "delivery_message_id",
            "receipt_state",
            "thank_you_note_id",
        ):
            with self.subTest(name), self.assertRaises(AccessError):
                own.read([name])
        with self.assertRaises(AccessError):
            own.action_deliver()

    def test_an_accountant_sends_and_reads_how_it_went(self):
        invoice = self.bill_hours()
        accountant = self.make_user("accountant", "account.group_account_invoice")
        own = invoice.with_user(accountant)
        own.action_deliver()
        self.assertEqual(own.delivery_state, "waiting")
        with self.keep_mails():
            own._generate_and_send()
        self.assertEqual(own.delivery_state, "sending")
        with self.mock_mail_gateway():
            self.env["mail.mail"].process_email_queue()
        self.assertEqual(own.delivery_state, "sent")

    def test_what_failed_is_said_in_the_language_of_who_is_asked(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.billing_manager.lang = "de_DE"
        self.agreement.user_id = self.billing_manager
        self.partner.email = False
        invoice = self.bill_hours()
        self.deliver(invoice)
        german = invoice.with_context(lang="de_DE")
        activity = self.get_activities(invoice)
        self.assertEqual(activity.summary, german._get_undelivered_title())


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestThankYouReaders(DeliveryCommon):
    def test_the_preview_shows_no_note_of_another_company(self):
        company = self.env["res.company"].create({"name": "Other firm"})
        note = self.env["billing.thank.you.note"].create(
            {"name": "x", "note": "Secret", "company_id": company.id}
        )
        self.assertNotIn(company, self.billing_user.company_ids)
        previews = self.env["billing.thank.you.preview"].with_user(self.billing_user)
        with self.assertRaises(AccessError):
            preview = previews.create(
                {"agreement_id": self.agreement.id, "note_id": note.id}
            )
            self.assertNotIn("Secret", preview.text)

    def test_placeholders_reach_no_attribute(self):
        self.partner.name = "{company} {x.__class__}"
        self.agreement.thank_you_note = "Dear {contact}: {0.__class__} %(x)s {{7*7}}"
        invoice = self.bill_hours()
        self.assertEqual(
            invoice.thank_you_text,
            "Dear {company} {x.__class__}: {0.__class__} %(x)s {{7*7}}",
        )
