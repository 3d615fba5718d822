"""E-invoices say about paying what the PDF says, in the form of KoSIT."""

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from ..payment_terms import find_refused, format_discount, join
from .common import FORMATS, ElectronicCommon
from .reading import Reader
from .rules import Rules


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestPaymentTerms(ElectronicCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rules = Rules()
        cls.addClassCleanup(cls.rules.close)

    def setUp(self):
        super().setUp()
        self.book(10, "10-05", self.make_ticket("Login broken"))

    def agree(self, note, parts=(100,), **values):
        """Let the customer pay in parts (percent), the first after 14 days."""
        self.agreement.payment_term_id = self.env["account.payment.term"].create(
            {
                "name": "As agreed",
                "note": note,
                "line_ids": [
                    Command.create(
                        {
                            "value": "percent",
                            "value_amount": part,
                            "nb_days": 14 * number,
                        }
                    )
                    for number, part in enumerate(parts, start=1)
                ],
                **values,
            }
        )

    def assert_terms(self, *lines):
        """Assert the payment terms of the month in each format, by the rules."""
        invoice = self.issue()
        for kind in FORMATS:
            xml = self.export(invoice, kind)
            self.assertEqual(self.rules.find_violations(xml), [], kind)
            (text,) = Reader(xml).get("terms")
            self.assertEqual(text.replace("\xa0", " "), "\n".join(lines), kind)
        return invoice

    def test_note(self):
        self.agree("<p>Payable within 14 days</p>")
        self.assert_terms("Payable within 14 days")

    def test_discount_on_early_payment(self):
        self.agree(
            "<p>2 % within 7 days</p>",
            early_discount=True,
            discount_percentage=2,
            discount_days=7,
        )
        self.assert_terms("2 % within 7 days", "#SKONTO#TAGE=7#PROZENT=2.00#", "")

    def test_discount_alone(self):
        self.agree(
            False, early_discount=True, discount_percentage=2.5, discount_days=10
        )
        self.assert_terms("#SKONTO#TAGE=10#PROZENT=2.50#", "")

    def test_discount_on_the_net_amount_names_its_basis(self):
        self.agree(
            "<p>Net</p>",
            early_discount=True,
            discount_percentage=3,
            discount_days=8,
            early_pay_discount_computation="excluded",
        )
        self.assert_terms("Net", "#SKONTO#TAGE=8#PROZENT=3.00#BASISBETRAG=1200.00#", "")

    def test_installments(self):
        self.agree("<p>In two parts</p>", parts=(40, 60))
        self.assert_terms(
            "In two parts",
            "1 - Installment of 571.20 € due on 11/15/2026",
            "2 - Installment of 856.80 € due on 11/29/2026",
        )

    def test_installments_are_written_as_the_customer_does(self):
        self.partner.lang = "de_DE"
        self.agree("<p>Raten</p>", parts=(40, 60))
        xml = self.export(self.issue(), "xrechnung")
        first = Reader(xml).get("terms")[0].replace("\xa0", " ").split("\n")[1]
        self.assertIn("571,20 €", first)
        self.assertIn("15.11.2026", first)

    def test_terms_that_the_document_does_not_show_are_not_said(self):
        self.agree("<p>In two parts</p>", parts=(40, 60), display_on_invoice=False)
        self.assert_terms("In two parts")

    def test_discount_that_is_typed_is_said_once(self):
        line = "#SKONTO#TAGE=5#PROZENT=1.00#"
        self.agree(
            f"<p>{line}<br>Thank you</p>",
            early_discount=True,
            discount_percentage=2,
            discount_days=7,
        )
        self.assert_terms("Thank you", line, "")

    def test_credit_note_promises_nothing(self):
        self.agree("<p>In two parts</p>", parts=(40, 60))
        credit = self.credit(self.issue(), "all")
        for kind in FORMATS:
            xml = self.export(credit, kind)
            self.assertEqual(self.rules.find_violations(xml), [], kind)
            self.assertNotIn(b"Installment", xml)

    def test_marked_note_is_refused_before_posting(self):
        self.partner.with_company(self.company).invoice_edi_format = "xrechnung"
        self.agree("<p># 14 days</p>")
        with self.assertRaisesRegex(UserError, "# 14 days"):
            self.issue()

    def test_marked_note_does_not_matter_without_a_format(self):
        self.partner.with_company(self.company).invoice_edi_format = False
        self.agree("<p># 14 days</p>")
        self.assertEqual(self.issue().state, "posted")


@tagged("post_install", "-at_install")
class TestTexts(ElectronicCommon):
    def test_what_machines_read_stands_last(self):
        self.assertEqual(join(["#A#", " words ", ""]), "words\n#A#\n")
        self.assertEqual(join([]), "")

    def test_discount_has_two_digits(self):
        self.assertEqual(format_discount(7, 2), "#SKONTO#TAGE=7#PROZENT=2.00#")

    def test_only_a_marked_line_that_is_no_discount_is_refused(self):
        lines = [" #x", "a # b", "#SKONTO#TAGE=7#PROZENT=2.00#", "#SKONTO#TAGE=7#"]
        self.assertEqual(find_refused(lines), ["#x", "#SKONTO#TAGE=7#"])
