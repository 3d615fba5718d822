"""E-invoices of all kinds of months break no official rule."""

from datetime import date

from odoo.tests import freeze_time, tagged

from .common import FORMATS, OCTOBER, ElectronicCommon, collect, patch_annex
from .reading import Reader
from .rules import Rules

SEPTEMBER = date(2026, 9, 1)


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestValidMonths(ElectronicCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rules = Rules()
        cls.addClassCleanup(cls.rules.close)

    def setUp(self):
        super().setUp()
        self.first = self.make_ticket("Login broken")
        self.second = self.make_ticket("Printer jams")
        self.book(7.33, "10-05", self.first)
        self.book(9.25, "10-06", self.second)
        self.book(8.1, "10-07", self.first)

    def assert_valid(self, invoice):
        """Assert that the e-invoice breaks no rule in any format and has the amounts of
        the invoice."""
        for kind in FORMATS:
            xml = self.export(invoice, kind)
            self.assertEqual(self.rules.find_violations(xml), [], kind)
            totals = {
                name: sum(float(text) for text in Reader(xml).get(name))
                for name in ("net", "tax", "rounding", "due")
            }
            self.assertAlmostEqual(totals["due"], invoice.amount_residual, msg=kind)
            self.assertAlmostEqual(
                totals["net"] + totals["tax"] + totals["rounding"],
                invoice.amount_total,
                msg=kind,
            )
            if not invoice.invoice_cash_rounding_id:
                self.assertAlmostEqual(totals["net"], invoice.amount_untaxed, msg=kind)

    def agree(self, *tiers, **values):
        self.agreement.volume_discount_id = self.make_table(*tiers, **values)

    def make_tax(self, amount, **values):
        return self.env["account.tax"].create(
            {
                "name": f"{amount} %",
                "amount": amount,
                "company_id": self.company.id,
                "tax_group_id": self.tax_19.tax_group_id.id,
                **values,
            }
        )

    def break_total(self, invoice, kind, name):
        """Return the e-invoice with a digit in front of an amount."""
        xml = self.export(invoice, kind)
        start = xml.index(b">", xml.index(b"<" + name)) + 1
        return xml[:start] + b"1" + xml[start:]

    def test_checker_finds_a_wrong_total_in_ubl(self):
        xml = self.break_total(self.issue(), "xrechnung", b"cbc:TaxInclusiveAmount")
        self.assertIn("BR-CO-15", " ".join(self.rules.find_violations(xml)))

    def test_checker_finds_a_wrong_total_in_cii(self):
        xml = self.break_total(self.issue(), "facturx", b"ram:GrandTotalAmount")
        self.assertIn("BR-CO-15", " ".join(self.rules.find_violations(xml)))

    def test_checker_knows_the_rules_of_xrechnung(self):
        xml = self.export(self.issue(), "xrechnung")
        broken = xml.replace(b"<cbc:PostalZone>70173</cbc:PostalZone>", b"")
        self.assertNotEqual(broken, xml)
        self.assertIn("BR-DE-9", " ".join(self.rules.find_violations(broken)))

    def test_checker_knows_the_checks_of_peppol(self):
        xml = self.export(self.issue(), "ubl_bis3")
        start = xml.index(b"<cbc:ProfileID>")
        end = xml.index(b"</cbc:ProfileID>") + len(b"</cbc:ProfileID>")
        broken = xml[:start] + xml[end:]
        self.assertIn("FATAL", " ".join(self.rules.find_violations(broken)))

    def test_flat_rate(self):
        self.assert_valid(self.issue())

    def test_direct_debit(self):
        with collect(self.partner):
            self.assert_valid(self.issue())

    def test_graduated_tiers_on_the_lines(self):
        self.agree((10, 110.333333), (20, 99.99), mode="graduated")
        self.assert_valid(self.issue())

    def test_graduated_tiers_in_a_summary(self):
        self.agree((10, 110.333333), mode="graduated", presentation="summary")
        self.assert_valid(self.issue())

    def test_volume_tiers_on_the_lines(self):
        self.agree((10, 110.333333), (20, 99.99), mode="volume")
        self.assert_valid(self.issue())

    def test_volume_tiers_in_a_summary(self):
        self.agree((10, 110.333333), mode="volume", presentation="summary")
        self.assert_valid(self.issue())

    def test_best_price(self):
        self.agree((25, 90), mode="volume", best_price=True)
        invoice = self.issue()
        self.assertIn("best_price", invoice.invoice_line_ids.mapped("billing_kind"))
        self.assert_valid(invoice)

    def test_headings_by_project_and_by_person(self):
        other = self.make_project("Network", self.partner)
        self.book(2, "10-08", self.make_ticket("Cable", other))
        self.agreement.grouping = "project"
        invoice = self.issue()
        kinds = invoice.invoice_line_ids.mapped("display_type")
        self.assertIn("line_section", kinds)
        self.assert_valid(invoice)

    def test_line_per_entry(self):
        self.agreement.grouping = "entry"
        self.assert_valid(self.issue())

    def test_late_hours_have_a_month_of_their_own(self):
        self.book(2, "09-05", self.first)
        self.bill(SEPTEMBER)
        self.book(1.5, "09-20", self.first)
        self.assert_valid(self.issue())

    def test_withheld_hours_are_a_note(self):
        self.agreement.estimate_policy = "withhold"
        self.approve_estimate(self.first, 10)
        self.approve_estimate(self.second, 20)
        invoice = self.issue()
        self.assertIn("withheld", invoice.invoice_line_ids.mapped("billing_kind"))
        self.assert_valid(invoice)

    def test_goodwill_at_no_charge(self):
        self.agreement.show_non_billable = True
        self.book(3, "10-08", self.second, non_billable=True)
        invoice = self.issue()
        self.assertIn("free", invoice.invoice_line_ids.mapped("billing_kind"))
        self.assert_valid(invoice)

    def test_retainer_with_included_hours(self):
        self.agreement.bill_from = OCTOBER
        self.agreement.write({"included_hours": 10, "included_price": 899.99})
        invoice = self.issue()
        self.assertIn("included", invoice.invoice_line_ids.mapped("billing_kind"))
        self.assert_valid(invoice)

    def test_typed_line_without_a_product(self):
        draft = self.bill().invoice_id
        self.type_line(draft, name="Cable\n2 m", quantity=3, price_unit=3.333)
        draft.action_post()
        self.assert_valid(draft)

    def test_typed_hours_in_a_summary(self):
        self.agree((10, 100), presentation="summary")
        draft = self.bill().invoice_id
        self.type_line(draft, product_id=self.service.id, quantity=5, price_unit=120)
        draft.action_post()
        self.assert_valid(draft)

    def test_discount_of_a_line(self):
        draft = self.bill().invoice_id
        draft.invoice_line_ids[0].discount = 12.5
        draft.invoice_line_ids[1].discount = 100
        draft.action_post()
        self.assert_valid(draft)

    def test_surcharge_of_a_line(self):
        draft = self.bill().invoice_id
        draft.invoice_line_ids[0].discount = -25
        draft.action_post()
        self.assert_valid(draft)

    def test_odd_prices_with_tax_rounded_on_the_total(self):
        self.company.tax_calculation_rounding_method = "round_globally"
        self.service.list_price = 86.666667
        self.assert_valid(self.issue())

    def test_odd_prices_with_tax_rounded_per_line(self):
        self.company.tax_calculation_rounding_method = "round_per_line"
        self.service.list_price = 86.666667
        self.assert_valid(self.issue())

    def test_price_that_holds_the_tax(self):
        tax = self.make_tax(19, price_include_override="tax_included")
        self.service.taxes_id = tax
        self.assert_valid(self.issue())

    def test_discount_on_prices_that_hold_the_tax(self):
        self.service.taxes_id = self.make_tax(19, price_include_override="tax_included")
        self.agree((10, 99.99), mode="volume", presentation="summary")
        invoice = self.issue()
        self.assertIn("discount", invoice.invoice_line_ids.mapped("billing_kind"))
        self.assert_valid(invoice)

    def test_credit_note_of_a_part_of_prices_that_hold_the_tax(self):
        self.company.tax_calculation_rounding_method = "round_globally"
        self.service.taxes_id = self.make_tax(19, price_include_override="tax_included")
        self.service.list_price = 86.67
        invoice = self.issue()
        line = invoice.invoice_line_ids.filtered("ticket_id")[0]
        self.assert_valid(self.credit(invoice, "chosen", line))

    def test_credit_note_of_a_part_in_foreign_currency(self):
        invoice = self.issue_in_francs()
        line = invoice.invoice_line_ids.filtered("ticket_id")[0]
        self.assert_valid(self.credit(invoice, "chosen", line))

    def test_credit_note_with_cash_rounding(self):
        invoice = self.issue(**self.round_cash("add_invoice_line"))
        self.assert_valid(self.credit(invoice, "all"))

    def test_texts_that_xml_cannot_hold(self):
        self.first.name = "Tab\x0b and bell\x07 & <b>bold</b> ]]>"
        self.approve_estimate(self.first, 10)
        self.agreement.customer_reference = "PO <1> & \x02"
        self.assert_valid(self.issue())

    def test_several_tax_rates_each_with_its_discount(self):
        training = self.make_service("Training", 90.0)
        training.taxes_id = self.make_tax(7)
        self.agree((5, 80), presentation="summary")
        self.book(6.4, "10-09", self.second, product_id=training.id)
        invoice = self.issue()
        self.assert_valid(invoice)

    def test_foreign_currency(self):
        self.assert_valid(self.issue_in_francs())

    def issue_in_francs(self):
        currency = self.setup_other_currency("CHF")
        pricelist = self.env["product.pricelist"].create(
            {"name": "CHF", "currency_id": currency.id}
        )
        self.agreement.write({"currency_id": currency.id, "pricelist_id": pricelist.id})
        invoice = self.issue()
        self.assertEqual(invoice.currency_id, currency)
        return invoice

    def test_cash_rounding_as_a_line(self):
        self.assert_valid(self.issue(**self.round_cash("add_invoice_line")))

    def test_cash_rounding_on_the_tax(self):
        self.assert_valid(self.issue(**self.round_cash("biggest_tax")))

    def round_cash(self, strategy):
        account = self.company_data["default_account_revenue"]
        rounding = self.env["account.cash.rounding"].create(
            {
                "name": "0.05",
                "rounding": 0.05,
                "strategy": strategy,
                "profit_account_id": account.id,
                "loss_account_id": account.id,
            }
        )
        return {"invoice_cash_rounding_id": rounding.id}

    def test_partly_paid(self):
        invoice = self.issue()
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({"amount": 100})._create_payments()
        self.assertEqual(invoice.payment_state, "partial")
        self.assert_valid(invoice)

    def test_private_person_without_any_number(self):
        self.partner.write(
            {"vat": False, "ref": False, "is_company": False, "peppol_endpoint": False}
        )
        self.assert_valid(self.issue())

    def test_firm_of_another_country_of_the_union(self):
        self.partner.write(
            {"country_id": self.env.ref("base.at").id, "vat": "ATU12345675"}
        )
        invoice = self.issue()
        self.assertEqual(invoice.amount_tax, 0)
        self.assert_valid(invoice)

    def test_reverse_charge(self):
        tax = self.make_tax(0, ubl_cii_tax_category_code="AE")
        self.service.taxes_id = tax
        self.agree((10, 100), presentation="summary")
        self.assert_valid(self.issue())

    def test_customer_outside_the_union(self):
        self.partner.write({"country_id": self.env.ref("base.ch").id, "vat": False})
        self.service.taxes_id = self.make_tax(0)
        self.assert_valid(self.issue())

    def test_small_business(self):
        self.service.taxes_id = self.make_tax(
            0, invoice_legal_notes="<p>No VAT: small business (UStG 19)</p>"
        )
        self.agree((10, 100), presentation="summary")
        self.assert_valid(self.issue())

    def test_small_business_with_a_tax_number_only(self):
        self.company.write({"vat": False, "l10n_de_stnr": "2893081508152"})
        self.company.partner_id.peppol_endpoint = False
        self.service.taxes_id = self.make_tax(0)
        self.assert_valid(self.issue())

    def test_credit_note_that_frees_the_time(self):
        self.agree((10, 100), presentation="summary")
        self.assert_valid(self.credit(self.issue(), "all"))

    def test_credit_note_of_goodwill(self):
        self.assert_valid(self.credit(self.issue(), "none"))

    def test_credit_note_of_a_part(self):
        self.agree((10, 100), presentation="summary")
        invoice = self.issue()
        line = invoice.invoice_line_ids.filtered("ticket_id")[0]
        credit = self.credit(invoice, "chosen", line)
        self.assertLess(credit.amount_total, invoice.amount_total)
        self.assert_valid(credit)

    def test_annex(self):
        with patch_annex(self.env):
            self.assert_valid(self.issue())
