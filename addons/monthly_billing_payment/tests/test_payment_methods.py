from base64 import b64decode
from contextlib import contextmanager
from io import BytesIO
from unittest.mock import patch

from PIL import Image
from reportlab.graphics.renderPM import RenderPMError

from odoo.tests import freeze_time, tagged

from ..core.qr import draw_qr
from .common import PaymentCommon
from .qr_common import read_codes

COLLECTION = {
    "mandate": "M-2026-7",
    "creditor": "DE98ZZZ09999999999",
    "date": "2026-11-15",
}


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestPaymentMethods(PaymentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.qr_code = True
        cls.company.link_qr_code = True
        cls.set_portal_payment(False)
        cls.book(2, "10-05", cls.make_ticket("Printer"))

    def get_method(self, invoice, code):
        methods = {method["code"]: method for method in invoice._get_payment_methods()}
        return methods.get(code)

    def read_qr(self, method):
        (text,) = read_codes(b64decode(method["qr"].partition(",")[2]))
        return text

    def test_code_of_the_transfer_has_account_amount_and_reference(self):
        invoice = self.bill_and_post()
        code = self.read_qr(self.get_method(invoice, "transfer")).split("\n")
        self.assertEqual(code[:4], ["BCD", "002", "1", "SCT"])
        self.assertEqual(code[5], "Havelwerk GmbH")
        self.assertEqual(code[6], "DE02120300000000202051")
        self.assertEqual(code[7], "EUR285.6")
        self.assertIn(invoice.payment_reference, code[9:11])

    def test_transfer_says_in_words_what_the_code_has(self):
        invoice = self.bill_and_post()
        facts = dict(self.get_method(invoice, "transfer")["facts"])
        self.assertEqual(facts["Recipient"], "Havelwerk GmbH")
        self.assertEqual(facts["IBAN"], "DE02 1203 0000 0000 2020 51")
        self.assertEqual(facts["Bank"], "Kreditbank")
        self.assertEqual(facts["BIC"], "BYLADEM1001")
        self.assertIn("285.60", facts["Amount"])
        self.assertEqual(facts["Payment Reference"], invoice.payment_reference)

    def test_partial_payment_leaves_the_rest_to_pay(self):
        invoice = self.bill_and_post()
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({"amount": 85.6})._create_payments()
        self.assertEqual(invoice.payment_state, "partial")
        code = self.read_qr(self.get_method(invoice, "transfer")).split("\n")
        self.assertEqual(code[7], "EUR200.0")

    def test_paid_invoice_asks_for_nothing(self):
        invoice = self.bill_and_post()
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({})._create_payments()
        self.assertEqual(invoice._get_payment_methods(), [])

    def test_no_code_where_the_company_wants_none(self):
        self.company.qr_code = False
        method = self.get_method(self.bill_and_post(), "transfer")
        self.assertFalse(method["qr"])
        self.assertFalse(method["text"])
        self.assertTrue(method["facts"])

    def test_draft_names_the_account_but_draws_no_code(self):
        draft = self.bill().invoice_id
        draft.partner_bank_id = self.bank
        method = self.get_method(draft, "transfer")
        self.assertFalse(method["qr"])
        self.assertIn("IBAN", dict(method["facts"]))

    def test_without_a_bank_account_there_is_no_transfer(self):
        invoice = self.bill_and_post(partner_bank_id=False)
        self.assertFalse(invoice.partner_bank_id)
        self.assertIsNone(self.get_method(invoice, "transfer"))

    def test_online_payment_links_to_the_invoice_in_the_portal(self):
        self.open_online_payment(self.company)
        invoice = self.bill_and_post()
        method = self.get_method(invoice, "online")
        self.assertIn(f"/my/invoices/{invoice.id}?access_token=", method["url"])
        self.assertTrue(method["url"].endswith("&payment=True#portal_pay"))
        self.assertEqual(self.read_qr(method), method["url"])

    def test_online_payment_that_nobody_takes_is_not_offered(self):
        self.set_portal_payment(True)
        self.env["payment.provider"].search([]).state = "disabled"
        self.assertIsNone(self.get_method(self.bill_and_post(), "online"))

    def test_online_payment_that_is_switched_off_is_not_offered(self):
        self.open_online_payment(self.company)
        invoice = self.bill_and_post()
        self.assertTrue(self.get_method(invoice, "online"))
        self.set_portal_payment(False)
        self.assertIsNone(self.get_method(invoice, "online"))

    @contextmanager
    def collect_from(self, number):
        """Collect all invoices from an account of the customer."""
        bank = self.env["res.partner.bank"].create(
            {"acc_number": number, "partner_id": self.partner.id}
        )
        moves = self.env.registry["account.move"]
        debit = {"bank": bank, **COLLECTION}
        with patch.object(moves, "_get_direct_debit", lambda self: debit):
            yield

    def test_direct_debit_announces_the_collection_and_nothing_else(self):
        invoice = self.bill_and_post()
        self.open_online_payment(self.company)
        self.assertTrue(invoice._has_to_be_paid())
        with self.collect_from("DE02 1203 0000 0000 2020 51"):
            (method,) = invoice._get_payment_methods()
            self.assertFalse(invoice._has_to_be_paid())
            self.assertFalse(invoice._get_online_payment_url())
        self.assertEqual(method["code"], "direct_debit")
        self.assertIn("11/15/2026", method["text"])
        self.assertIn("285.60", method["text"])
        self.assertIn(("Mandate Reference", "M-2026-7"), method["facts"])
        self.assertIn(("Your Account", "DE02 … 2051"), method["facts"])
        self.assertFalse(method["qr"])

    def test_printed_invoice_has_each_way_to_pay_once(self):
        self.open_online_payment(self.company)
        root = self.render(self.bill_and_post())
        codes = [
            node.get("data-code")
            for node in root.xpath("//div[contains(@class, 'o_payment_method')]")
            if node.get("data-code")
        ]
        self.assertEqual(codes, ["transfer", "online"])
        self.assertFalse(root.xpath("//p[@name='payment_communication']"))
        self.assertFalse(root.xpath("//div[@id='qrcode']"))
        self.assertFalse(root.xpath("//div[@id='payment_link_qrcode']"))

    def test_other_invoices_keep_their_own_payment_part(self):
        other = self.bill_and_post().copy({"invoice_date": "2026-11-01"})
        other.action_post()
        root = self.render(other)
        self.assertTrue(root.xpath("//p[@name='payment_communication']"))
        self.assertTrue(root.xpath("//div[@id='qrcode']"))
        self.assertFalse(root.xpath("//div[@name='payment_methods']"))

    def test_long_text_and_umlauts_are_drawn(self):
        text = "Überweisung €\n" * 20
        self.assertEqual(read_codes(draw_qr(text)), [text])

    def test_a_code_that_anybody_asks_for_is_of_bounded_size(self):
        module = "odoo.addons.base.models.ir_actions_report.createBarcodeDrawing"
        with patch(module, side_effect=RenderPMError):
            image = self.env["ir.actions.report"].barcode(
                "QR", "x", barBorder="3000", barLevel="Z"
            )
        self.assertLess(Image.open(BytesIO(image)).width, 1000)
