"""What paper and mail say of payment, and that it stays as it was sent."""

from odoo.tests import freeze_time, tagged

from odoo.addons.monthly_billing_delivery.tests.common import DeliveryCommon
from odoo.addons.monthly_billing_document.tests.test_invoice_pdf import InvoicePdfCommon

from .common import PaymentCommon
from .qr_common import read_codes


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestPaymentOnPaper(InvoicePdfCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.qr_code = True

    def test_code_on_paper_has_account_amount_and_reference(self):
        self.book(2, "10-05", self.make_ticket("Printer"))
        invoice = self.bill_and_post()
        codes = [
            text
            for page in self.print_invoice(invoice).pages
            for image in page.images
            for text in read_codes(image.image)
        ]
        self.assertEqual(len(codes), 1)
        code = codes[0].split("\n")
        self.assertEqual(code[6], "DE02120300000000202051")
        self.assertEqual(code[7], "EUR285.6")
        self.assertIn(invoice.payment_reference, code[9:11])


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestPaymentStaysAsSent(PaymentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.book(2, "10-05", cls.make_ticket("Printer jams"))

    def test_the_account_of_a_sent_invoice_stays(self):
        invoice = self.bill_and_post()
        before = invoice._describe_transfer()["facts"]
        self.bank.acc_holder_name = "Other GmbH"
        self.env.flush_all()
        invoice.invalidate_recordset()
        self.assertEqual(invoice._describe_transfer()["facts"], before)

    def test_no_code_leads_to_another_account_than_the_printed_one(self):
        invoice = self.bill_and_post()
        self.bank.allow_out_payment = False
        self.bank.acc_number = "DE75512108001245126199"
        self.bank.allow_out_payment = True
        self.env.invalidate_all()
        transfer = invoice._describe_transfer()
        self.assertIn("DE02 1203 0000 0000 2020 51", dict(transfer["facts"]).values())
        self.assertFalse(transfer["qr"])

    def test_credit_asks_for_no_payment(self):
        credit = self.credit(self.bill_and_post())
        self.assertEqual(credit._get_payment_methods(), [])


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestPaymentInTheMail(DeliveryCommon, PaymentCommon):
    def setUp(self):
        super().setUp()
        self.open_online_payment(self.company)

    def test_the_mail_leads_to_the_payment(self):
        [mail] = self.deliver(self.bill_hours())
        self.assertIn("payment=True", mail["body"])
        self.assertIn("#portal_pay", mail["body"])

    def test_without_online_payment_there_is_no_link_to_it(self):
        self.set_portal_payment(False)
        [mail] = self.deliver(self.bill_hours())
        self.assertNotIn("payment=True", mail["body"])
