from odoo.tests import freeze_time, tagged

from odoo.addons.monthly_billing_document.tests.test_document_language import (
    address_in_german,
)

from .common import DeliveryCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestMailLanguage(DeliveryCommon):
    def test_the_mail_is_in_the_language_of_the_address(self):
        address_in_german(self)
        [mail] = self.deliver(self.bill_hours())
        self.assertIn("Oktober 2026", mail["subject"])
        self.assertIn("285,60", mail["body"])

    def test_the_mail_to_an_address_without_language_is_in_that_of_the_invoice(self):
        address_in_german(self).lang = False
        self.partner.lang = "de_DE"
        invoice = self.bill_hours()
        [mail] = self.deliver(invoice)
        self.assertIn("05.10.2026", invoice.invoice_line_ids[0].name)
        self.assertIn("Oktober 2026", mail["subject"])
