from odoo.tests import freeze_time, tagged

from .common import InvoiceDocumentCommon


def address_in_german(case):
    """Give the English customer of ``case`` a German address for invoices."""
    case.env["res.lang"]._activate_lang("de_DE")
    case.partner.lang = "en_US"
    return case.make_partner(
        "Kreditorenbuchhaltung",
        parent_id=case.partner.id,
        is_company=False,
        type="invoice",
        lang="de_DE",
        email="rechnung@example.com",
    )


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestDocumentLanguage(InvoiceDocumentCommon):
    """The customer reads English, the address that gets the invoice German."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.address = address_in_german(cls)
        cls.ticket = cls.make_ticket("Drucker")
        cls.book(3, "10-05", cls.ticket)

    def get_lines(self, invoice):
        return "\n".join(invoice.invoice_line_ids.mapped("name"))

    def test_days_of_work_are_written_as_the_address_reads_them(self):
        lines = self.get_lines(self.bill().invoice_id)
        self.assertIn("05.10.2026", lines)
        self.assertNotIn("10/05/2026", lines)

    def test_the_discount_line_is_in_the_language_of_the_address(self):
        self.agreement.volume_discount_id = self.make_table(
            (2, 100), presentation="summary"
        )
        lines = self.get_lines(self.bill().invoice_id)
        self.assertIn("Mengenrabatt (Staffel)", lines)

    def test_withheld_hours_are_named_in_the_language_of_the_address(self):
        self.agreement.write({"estimate_policy": "withhold", "show_withheld": True})
        self.approve_estimate(self.ticket, 2)
        lines = self.get_lines(self.bill().invoice_id)
        self.assertIn("1,00 Std. zu ", lines)
        self.assertIn("warten auf Ihre Freigabe", lines)

    def test_the_thank_you_note_is_in_the_language_of_the_address(self):
        self.agreement.with_context(lang="en_US").thank_you_note = "Thanks for {month}"
        self.agreement.with_context(lang="de_DE").thank_you_note = "Danke für {month}"
        invoice = self.bill().invoice_id
        self.assertEqual(invoice.thank_you_text, "Danke für Oktober 2026")

    def test_the_preview_of_the_note_is_in_the_language_of_the_address(self):
        self.agreement.with_context(lang="de_DE").thank_you_note = "Danke für {month}"
        action = self.agreement.action_preview_thank_you()
        preview = self.env[action["res_model"]].browse(action["res_id"])
        self.assertIn("Danke für ", preview.text)

    def test_form_and_report_are_in_the_language_of_the_address(self):
        invoice = self.bill_and_post()
        text = self.get_text(self.render(invoice))
        self.assertIn("Leistungszeitraum", text)
        self.assertNotIn("Service Period", text)
        name = invoice._render_timesheet_report("csv")[0]
        self.assertIn("Tätigkeitsnachweis", name)

    def test_an_address_without_language_reads_that_of_its_company(self):
        self.address.lang = False
        self.partner.lang = "de_DE"
        invoice = self.bill_and_post()
        self.assertIn("05.10.2026", self.get_lines(invoice))
        self.assertIn("Leistungszeitraum", self.get_text(self.render(invoice)))

    def test_the_heading_of_typed_hours_is_in_the_language_of_the_address(self):
        table = self.make_table((2, 100), presentation="summary")
        self.agreement.volume_discount_id = table
        heading = self.bill().invoice_id._prepare_heading(table)
        self.assertEqual(heading["name"], "Mengenrabatt")
