"""The cockpit says what e-invoices will lack, before anything is posted."""

from odoo.tests import freeze_time, tagged

from odoo.addons.monthly_billing_cockpit.tests.test_cockpit import CockpitCommon

from .common import ElectronicCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestPreflight(ElectronicCommon, CockpitCommon):
    def setUp(self):
        super().setUp()
        self.customer = self.partner.with_company(self.company)
        self.customer.invoice_edi_format = "xrechnung"

    def find_reason(self, kind="e_invoice"):
        """Return what is said to be missing, or an empty text."""
        return self.find(kind).reason or ""

    def test_complete_customer_is_no_issue(self):
        for name in ("xrechnung", "ubl_bis3", "facturx"):
            self.customer.invoice_edi_format = name
            self.assertEqual(self.find_reason(), "", name)
            self.assertEqual(self.find_reason("e_invoice_seller"), "", name)

    def test_customer_without_format_needs_nothing(self):
        self.customer.write({"invoice_edi_format": False, "ref": False, "zip": False})
        self.company.partner_id.phone = False
        self.assertFalse(self.find("e_invoice"))
        self.assertFalse(self.find("e_invoice_seller"))

    def test_xrechnung_needs_a_reference(self):
        self.partner.ref = False
        self.assertIn("Leitweg-ID", self.find_reason())

    def test_routing_id_is_a_reference(self):
        self.partner.ref = False
        self.partner.write(
            {"peppol_eas": "0204", "peppol_endpoint": "04011000-12345-34"}
        )
        self.assertEqual(self.find_reason(), "")

    def test_xrechnung_needs_a_postcode(self):
        self.partner.zip = False
        self.assertEqual(self.find_reason(), "The postcode is missing.")

    def test_e_mail_is_an_electronic_address(self):
        self.partner.write({"vat": False, "peppol_endpoint": False})
        self.assertEqual(self.find_reason(), "")
        self.partner.email = False
        self.assertIn("electronic address", self.find_reason())

    def test_peppol_needs_its_address(self):
        self.customer.invoice_edi_format = "ubl_bis3"
        self.partner.write({"vat": False, "peppol_endpoint": False})
        self.assertEqual(self.find_reason(), "The Peppol address is missing.")

    def test_peppol_needs_reference_or_order(self):
        self.customer.invoice_edi_format = "ubl_bis3"
        self.partner.ref = False
        self.assertIn("order number", self.find_reason())
        self.agreement.customer_reference = "PO 4711"
        self.assertEqual(self.find_reason(), "")

    def test_note_that_begins_with_a_mark_is_found_before_posting(self):
        terms = self.env["account.payment.term"].create({"name": "T", "note": "# 14"})
        for records, name in (
            (self.customer, "property_payment_term_id"),
            (self.agreement, "payment_term_id"),
        ):
            records[name] = terms
            self.assertIn("begins with #", self.find_reason(), name)
            records[name] = False
        self.assertEqual(self.find_reason(), "")

    def test_note_of_the_agreement_counts_first(self):
        terms = self.env["account.payment.term"]
        self.customer.property_payment_term_id = terms.create(
            {"name": "T", "note": "# 14"}
        )
        self.agreement.payment_term_id = terms.create({"name": "U", "note": "14"})
        self.assertEqual(self.find_reason(), "")

    def test_all_that_is_missing_is_said_at_once(self):
        self.partner.write({"zip": False, "ref": False})
        reason = self.find_reason()
        self.assertIn("Leitweg-ID", reason)
        self.assertIn("postcode", reason)

    def test_row_opens_the_customer(self):
        self.partner.zip = False
        self.assertEqual(self.get_remedy(self.find("e_invoice")), self.partner)

    def test_customer_without_agreement_in_the_month_is_left_out(self):
        self.partner.zip = False
        self.agreement.action_close()
        self.assertFalse(self.find("e_invoice"))

    def test_format_of_another_company_does_not_count(self):
        other = self.setup_other_company()["company"]
        self.customer.invoice_edi_format = False
        self.partner.with_company(other).invoice_edi_format = "xrechnung"
        self.partner.zip = False
        self.assertFalse(self.find("e_invoice"))

    def test_company_needs_what_stands_on_every_e_invoice(self):
        self.company.partner_id.write({"phone": False, "zip": False})
        self.bank.unlink()
        reason = self.find_reason("e_invoice_seller")
        self.assertIn("telephone", reason)
        self.assertIn("postcode", reason)
        self.assertIn("bank account", reason)

    def test_tax_number_replaces_the_vat_number(self):
        self.company.vat = False
        self.assertIn("tax number", self.find_reason("e_invoice_seller"))
        self.company.l10n_de_stnr = "2893081508152"
        self.assertEqual(self.find_reason("e_invoice_seller"), "")

    def test_row_of_the_company_opens_its_address(self):
        self.company.partner_id.phone = False
        issue = self.find("e_invoice_seller")
        self.assertEqual(self.get_remedy(issue), self.company.partner_id)

    def test_kinds_have_count_and_remedy(self):
        self.partner.zip = False
        summaries = self.open_cockpit().summary_ids
        (summary,) = summaries.filtered(lambda one: one.kind == "e_invoice")
        self.assertEqual(summary.issue_count, 1)
        self.assertTrue(summary.remedy)
        self.assertFalse(summary.is_grave)

    def test_what_the_cockpit_passes_odoo_exports(self):
        self.book(2, "10-05", self.ticket)
        self.assertEqual(self.find_reason() + self.find_reason("e_invoice_seller"), "")
        self.export(self.issue(), "xrechnung")

    def test_queries_do_not_grow_with_the_customers(self):
        def count():
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.open_cockpit()
            return self.env.cr.sql_log_count - before

        self.partner.zip = False
        count()  # what is read once stays in memory
        few = count()
        partners = [self.make_partner(f"Customer {n}", zip=False) for n in range(12)]
        for partner in partners:
            partner.with_company(self.company).invoice_edi_format = "xrechnung"
            self.make_agreement(partner_id=partner.id)
        self.env.flush_all()
        many = count()
        self.assertEqual(len(self.find("e_invoice")), 13)
        self.assertLessEqual(many, few + 3)
