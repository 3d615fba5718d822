from datetime import date

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import BaseCase, Form, freeze_time, tagged

from odoo.addons.monthly_billing.tests.common import OCTOBER, MonthlyBillingCommon

from ..core.thank_you import fill, find_unknown

SEPTEMBER = date(2026, 9, 1)


@tagged("post_install", "-at_install")
class TestPlaceholders(BaseCase):
    def test_what_is_known_is_filled_in(self):
        self.assertEqual(
            fill("{month}: {hours} h {smile}", {"month": "May", "hours": "2.50"}),
            "May: 2.50 h {smile}",
        )

    def test_a_value_is_not_filled_in_again(self):
        self.assertEqual(
            fill("{contact}", {"contact": "{total}", "total": "1"}), "{total}"
        )

    def test_unknown_names_are_told_once(self):
        self.assertEqual(find_unknown("{month} {x} {y} {x}"), ["x", "y"])


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestThankYou(MonthlyBillingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["billing.thank.you.note"].search([]).active = False
        cls.agreement.thank_you_note = "Thanks for {month}."
        cls.ticket = cls.make_ticket("Printer")

    @classmethod
    def make_note(cls, occasion, note, **values):
        return cls.env["billing.thank.you.note"].create(
            {"name": occasion, "occasion": occasion, "note": note, **values}
        )

    def bill_hours(self, hours=2, day="10-05", month=OCTOBER):
        self.book(hours, day, self.ticket)
        return self.bill(month).invoice_id

    def bill_a_year(self):
        """Post monthly invoices of 2025 and 2026, each due 14 days later."""
        self.agreement.write({"bill_from": date(2025, 9, 1), "auto_post": True})
        self.agreement.date_start = date(2025, 9, 1)
        self.agreement.payment_term_id = False
        invoices = self.env["account.move"]
        for year, month in ((2025, 9), (2026, 3), (2026, 8)):
            self.book(1, "08-05", self.ticket, date=f"{year}-{month:02}-05")
            with freeze_time(f"{year}-{month + 1:02}-01"):
                period = self.bill(date(year, month, 1))
                period.invoice_id.invoice_date_due = date(year, month + 1, 15)
                invoices |= period.invoice_id
        return invoices

    def pay(self, invoice, day):
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({"payment_date": day})._create_payments()

    def test_placeholders_are_those_of_the_invoice(self):
        self.agreement.thank_you_note = (
            "{customer}/{contact}/{month}/{hours}/{tickets}/{total}/{company}"
        )
        invoice = self.bill_hours()
        self.assertEqual(
            invoice.thank_you_text.replace("\N{NO-BREAK SPACE}", " "),
            "Zahnarztpraxis Dr. Sommer/Zahnarztpraxis Dr. Sommer/October 2026/2/1/"
            f"285.60 €/{self.company.name}",
        )

    def test_the_note_is_in_the_customers_language(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.partner.lang = "de_DE"
        german = self.agreement.with_context(lang="de_DE")
        german.thank_you_note = "Danke für {hours} Std. im {month}."
        invoice = self.bill_hours(1.5)
        self.assertEqual(invoice.thank_you_text, "Danke für 1,5 Std. im Oktober 2026.")

    def test_an_unknown_placeholder_is_refused(self):
        with self.assertRaisesRegex(ValidationError, r"\{mont\} is no placeholder"):
            self.agreement.thank_you_note = "Thanks for {mont}"
        with self.assertRaisesRegex(ValidationError, r"\{x\} is no placeholder"):
            self.make_note("always", "{x}")

    def test_first_invoice_is_greeted_once(self):
        self.make_note("first_invoice", "Welcome!")
        self.book(1, "09-05", self.ticket)
        first = self.bill(SEPTEMBER).invoice_id
        second = self.bill_hours()
        self.assertEqual(first.thank_you_text, "Welcome!")
        self.assertEqual(second.thank_you_text, "Thanks for October 2026.")

    def test_an_invoice_has_the_first_note_alone(self):
        self.make_note("always", "Always", sequence=20)
        self.make_note("first_invoice", "Welcome!", sequence=10)
        self.assertEqual(self.bill_hours().thank_you_text, "Welcome!")

    def test_notes_of_another_company_are_not_used(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.make_note("always", "Other", company_id=other.id)
        self.assertEqual(self.bill_hours().thank_you_text, "Thanks for October 2026.")

    def test_agreement_may_want_its_own_text_or_none(self):
        self.make_note("always", "Always")
        self.agreement.thank_you_mode = "own"
        self.assertEqual(self.bill_hours().thank_you_text, "Thanks for October 2026.")
        self.agreement.thank_you_mode = "none"
        self.book(1, "09-05", self.ticket)
        self.assertFalse(self.bill(SEPTEMBER).invoice_id.thank_you_text)

    def test_kept_estimate_is_thanked_for(self):
        self.make_note("estimate_kept", "As estimated")
        self.approve_estimate(self.ticket, 2)
        self.assertEqual(self.bill_hours().thank_you_text, "As estimated")

    def test_exceeded_estimate_is_not_thanked_for(self):
        self.make_note("estimate_kept", "As estimated")
        self.company.ticket_overrun_tolerance = 100.0
        self.approve_estimate(self.ticket, 1)
        self.assertEqual(self.bill_hours().thank_you_text, "Thanks for October 2026.")

    def test_ticket_without_estimate_is_none_that_was_kept(self):
        self.make_note("estimate_kept", "As estimated")
        self.assertEqual(self.bill_hours().thank_you_text, "Thanks for October 2026.")

    def test_a_year_of_punctual_payment_is_thanked_for_once(self):
        self.make_note("punctual_year", "A year!")
        for invoice in self.bill_a_year():
            self.pay(invoice, invoice.invoice_date_due)
        self.book(1, "09-05", self.ticket)
        self.assertEqual(self.bill(SEPTEMBER).invoice_id.thank_you_text, "A year!")
        self.assertEqual(self.bill_hours().thank_you_text, "Thanks for October 2026.")

    def test_one_late_payment_is_no_punctual_year(self):
        self.make_note("punctual_year", "A year!")
        for invoice in self.bill_a_year():
            self.pay(invoice, date(invoice.date.year, invoice.date.month, 16))
        self.assertEqual(self.bill_hours().thank_you_text, "Thanks for October 2026.")

    def test_an_unpaid_invoice_is_no_punctual_year(self):
        self.make_note("punctual_year", "A year!")
        for invoice in self.bill_a_year()[:2]:
            self.pay(invoice, invoice.invoice_date_due)
        self.assertEqual(self.bill_hours().thank_you_text, "Thanks for October 2026.")

    def test_a_credit_note_thanks_for_nothing(self):
        invoice = self.bill_hours()
        invoice.action_post()
        credit = invoice._reverse_moves()
        self.assertFalse(credit.thank_you_text)

    def test_text_of_a_draft_can_be_changed_by_hand(self):
        invoice = self.bill_hours()
        invoice.thank_you_note = "Thank you for {hours} hours"
        self.book(1, "10-06", self.ticket)
        invoice.billing_period_id.action_recompute()
        self.assertEqual(invoice.thank_you_text, "Thank you for 3 hours")

    def test_preview_shows_what_the_invoice_will_say(self):
        self.make_note("first_invoice", "Welcome to {month}: {hours} h")
        self.book(2, "11-01", self.ticket)
        preview = self.open_preview(self.agreement)
        self.assertEqual(preview.text, "Welcome to November 2026: 2 h")
        self.assertFalse(self.agreement.period_ids)

    def test_preview_shows_a_note_for_any_customer(self):
        note = self.make_note("punctual_year", "Dear {customer}")
        preview = self.open_preview(note)
        with Form(preview) as form:
            form.agreement_id = self.agreement
        self.assertEqual(preview.text, "Dear Zahnarztpraxis Dr. Sommer")

    def open_preview(self, record):
        name = "_thank_you" if record._name == "billing.agreement" else ""
        action = getattr(record, f"action_preview{name}")()
        return self.env["billing.thank.you.preview"].browse(action["res_id"])

    def test_only_a_manager_changes_notes(self):
        note = self.make_note("always", "Always")
        self.assertTrue(note.with_user(self.billing_user).note)
        with self.assertRaises(AccessError):
            note.with_user(self.billing_user).note = "Mine"
        note.with_user(self.billing_manager).note = "Mine"
