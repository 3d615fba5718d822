"""What the e-invoice says beyond the amounts, the same in each format."""

from datetime import date

from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import ANNEX, FORMATS, ElectronicCommon, collect, patch_annex
from .reading import Reader

SEPTEMBER = date(2026, 9, 1)


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestContent(ElectronicCommon):
    def setUp(self):
        super().setUp()
        self.first = self.make_ticket("Login broken")
        self.book(2, "10-05", self.first)
        self.book(3, "10-20", self.first)

    def assert_says(self, invoice, **expected):
        """Assert what each format says; what begins with ``line_`` by line."""
        for kind in FORMATS:
            reader = Reader(self.export(invoice, kind))
            for name, value in expected.items():
                get = reader.get_lines if name.startswith("line_") else reader.get
                self.assertEqual(get(name), value, f"{name} in {kind}")

    def test_service_period_is_that_of_the_month(self):
        self.assert_says(self.issue(), period=["2026-10-01", "2026-10-31"])

    def test_line_has_first_and_last_day_of_its_work(self):
        self.book(1, "10-07", self.make_ticket("Printer"))
        days = [["2026-10-05", "2026-10-20"], ["2026-10-07", "2026-10-07"]]
        self.assert_says(self.issue(), line_days=days)

    def test_period_is_widened_by_late_hours(self):
        self.book(1, "09-10", self.first)
        self.bill(SEPTEMBER)
        self.book(1, "09-20", self.first)
        invoice = self.issue()
        days = [["2026-10-05", "2026-10-20"], ["2026-09-20", "2026-09-20"]]
        self.assert_says(invoice, period=["2026-09-20", "2026-10-31"], line_days=days)

    def test_typed_line_has_no_days_and_no_ticket(self):
        draft = self.bill().invoice_id
        self.type_line(draft, name="Cable", product_id=False)
        draft.action_post()
        self.assert_says(
            draft,
            line_days=[["2026-10-05", "2026-10-20"], []],
            line_ticket=[[self.first.number], []],
            line_name=[["Support"], ["Cable"]],
        )

    def test_tier_lines_of_a_ticket_have_their_own_days(self):
        table = self.make_table((2, 100), mode="graduated")
        self.agreement.volume_discount_id = table
        number = self.first.number
        self.assert_says(
            self.issue(),
            line_ticket=[[number], [number]],
            line_days=[["2026-10-05", "2026-10-05"], ["2026-10-20", "2026-10-20"]],
            line_price=[["120.0"], ["100.0"]],
        )

    def test_line_has_the_estimate_as_it_is_printed(self):
        self.approve_estimate(self.first, 4)
        self.book(1, "10-21", self.make_ticket("Printer"))
        invoice = self.issue()
        (note,) = invoice._get_estimate_texts().values()
        self.assertIn("4 h", note)
        self.assert_says(invoice, line_note=[[note], []])

    def test_estimate_is_in_the_language_of_the_customer(self):
        self.approve_estimate(self.first, 4.5)
        self.partner.lang = "de_DE"
        invoice = self.issue()
        (note,) = invoice.with_context(lang="de_DE")._get_estimate_texts().values()
        self.assertIn("Abschätzung 4,5 Std.", note)
        self.assert_says(invoice, line_note=[[note]])

    def test_estimate_that_is_not_printed_is_not_said_either(self):
        self.approve_estimate(self.first, 4)
        self.agreement.show_estimates = False
        self.assert_says(self.issue(), line_note=[[]])

    def test_agreement_is_contract_and_invoiced_object(self):
        number = self.agreement.name
        self.assert_says(self.issue(), agreement=[number, number])

    def test_order_is_that_of_the_customer(self):
        self.agreement.customer_reference = "PO 4711"
        self.assert_says(self.issue(), order=["PO 4711"])

    def test_number_of_the_invoice_is_no_order(self):
        self.assert_says(self.issue(), order=[])

    def test_only_peppol_abroad_needs_a_number_where_none_is_known(self):
        self.partner.write({"ref": False, "country_id": self.env.ref("base.ch").id})
        invoice = self.issue()
        orders = {
            kind: Reader(self.export(invoice, kind)).get("order") for kind in FORMATS
        }
        known = {"xrechnung": [], "ubl_bis3": [invoice.name], "facturx": []}
        self.assertEqual(orders, known)

    def test_every_invoice_inside_of_germany_has_a_buyer_reference(self):
        self.partner.ref = False
        reader = Reader(self.export(self.issue(), "ubl_bis3"))
        self.assertEqual(reader.get("buyer_reference"), ["N/A"])
        self.assertEqual(reader.get("order"), [])

    def test_reduction_has_its_reason(self):
        table = self.make_table((2, 100), mode="graduated", presentation="summary")
        self.agreement.volume_discount_id = table
        self.assert_says(
            self.issue(),
            reductions=["Volume discount (Staffel)", "60.0"],
            net=["540.0"],
            line_price=[["120.0"]],
        )

    def test_discount_of_a_line_has_its_reason(self):
        draft = self.bill().invoice_id
        draft.invoice_line_ids.discount = 10
        draft.action_post()
        self.assert_says(draft, line_discount=[["Discount", "60.0"]], net=["540.0"])

    def test_odd_price_is_exact(self):
        self.service.list_price = 86.6667
        self.assert_says(self.issue(), line_price=[["86.6667"]])

    def test_legal_note_is_the_reason_for_no_tax(self):
        self.service.taxes_id = self.env["account.tax"].create(
            {
                "name": "Small business",
                "amount": 0,
                "company_id": self.company.id,
                "invoice_legal_notes": "<p>No VAT by UStG 19</p>",
            }
        )
        self.assert_says(self.issue(), reason=["No VAT by UStG 19"])

    def test_credit_note_names_its_invoice_and_its_order(self):
        self.agreement.customer_reference = "PO 4711"
        invoice = self.issue()
        self.assert_says(
            self.credit(invoice, "none"),
            credited=[invoice.name, "2026-11-01"],
            order=["PO 4711"],
            line_days=[["2026-10-05", "2026-10-20"]],
            line_ticket=[[self.first.number]],
        )

    def test_accountant_without_billing_rights_can_export(self):
        accountant = self.make_user("accountant", "account.group_account_invoice")
        invoice = self.issue().with_user(accountant)
        self.assert_says(invoice, line_days=[["2026-10-05", "2026-10-20"]])

    def test_invoice_of_no_month_is_left_to_odoo(self):
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.partner.id,
                "invoice_date": "2026-11-01",
                "invoice_line_ids": [
                    Command.create({"product_id": self.service.id, "quantity": 2})
                ],
            }
        )
        invoice.action_post()
        self.assert_says(invoice, agreement=[], line_days=[[]], line_ticket=[[]])

    def test_annex_travels_inside(self):
        with patch_annex(self.env):
            invoice = self.issue()
            self.assert_says(invoice, annex=["report.pdf", ANNEX])

    def test_file_that_the_standard_does_not_know_stays_outside(self):
        with patch_annex(self.env, mimetype="application/x-dos"):
            self.assert_says(self.issue(), annex=[])

    def test_transfer_names_the_account_to_pay_to(self):
        self.assert_says(
            self.issue(partner_bank_id=self.bank.id),
            account=["DE02120300000000202051"],
            debit=[],
        )

    def test_direct_debit_names_account_mandate_and_creditor_and_nothing_to_pay(self):
        invoice = self.issue(partner_bank_id=self.bank.id)
        with collect(self.partner):
            self.assert_says(
                invoice,
                payment=["59"],
                account=[],
                debit=["DE75512108001245126199", "M-2026-7", "DE98ZZZ09999999999"],
            )
