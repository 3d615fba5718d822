"""Texts that no e-invoice can hold are refused before posting; others go on."""

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .common import ElectronicCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestTexts(ElectronicCommon):
    def setUp(self):
        super().setUp()
        self.ticket = self.make_ticket("Login broken")
        self.book(2, "10-05", self.ticket)

    def assert_refused(self, draft, *words):
        """Assert that the draft is not posted, and which words say why."""
        with self.assertRaises(UserError) as caught, self.env.cr.savepoint():
            draft.action_post()
        self.assertEqual(draft.state, "draft")
        for word in words:
            self.assertIn(word, str(caught.exception))

    def test_line_without_text(self):
        for text in (False, "", "  \n"):
            draft = self.bill().invoice_id
            self.type_line(draft, name=text, product_id=False, price_unit=77)
            self.assert_refused(draft, "77.00", "no text", self.partner.name)
            draft.unlink()

    def test_line_of_a_product_needs_no_text(self):
        draft = self.bill().invoice_id
        self.type_line(draft, name=False, product_id=self.service.id)
        draft.action_post()
        self.export(draft, "xrechnung")

    def test_characters_that_are_none(self):
        for character in "\ufffe\uffff":
            draft = self.bill().invoice_id
            self.type_line(draft, name=f"Cable{character}")
            self.assert_refused(draft, "Cable�")
            draft.unlink()

    def test_order_address_and_note_are_read_too(self):
        self.partner.street = "Gartenweg\uffff 5"
        self.agreement.customer_reference = "PO\ufffe 7"
        draft = self.bill().invoice_id
        draft.narration = "<p>Thanks\ufffe</p>"
        self.assert_refused(draft, "Gartenweg�", "PO�", "“Thanks�”", "Street")

    def test_invoice_of_no_month_is_left_to_odoo(self):
        draft = self.bill().invoice_id
        copy = draft.copy({"invoice_date": "2026-11-01"})
        self.type_line(copy, name=False, product_id=False)
        copy.action_post()
        self.assertEqual(copy.state, "posted")

    def test_others_of_the_run_go_on(self):
        other = self.make_partner("Hotel Seeblick", vat="DE136695976")
        project = self.make_project("Hotel", other)
        agreement = self.make_agreement(partner_id=other.id)
        self.book(1, "10-06", self.make_ticket("Printer", project))
        both = self.agreement | agreement
        both.auto_post = True
        self.partner.street = "Gartenweg\uffff 5"
        periods = self.bill(agreements=both)
        broken = periods.filtered(lambda one: one.agreement_id == self.agreement)
        self.assertEqual((periods - broken).invoice_id.state, "posted")
        self.assertFalse(broken.invoice_id)
        self.assertIn("Gartenweg�", broken.error)
