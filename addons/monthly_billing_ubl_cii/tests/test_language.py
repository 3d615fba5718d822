from odoo.tests import freeze_time, tagged

from odoo.addons.monthly_billing_document.tests.test_document_language import (
    address_in_german,
)

from .common import FORMATS, ElectronicCommon
from .reading import Reader


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestLanguage(ElectronicCommon):
    """The customer reads English, the address that gets the invoice German."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.address = address_in_german(cls)
        cls.ticket = cls.make_ticket("Drucker")
        cls.approve_estimate(cls.ticket, 4.5)
        cls.book(3, "10-05", cls.ticket)
        german = {"lang": "de_DE"}
        cls.service.with_context(**german).name = "Unterstützung"
        term = cls.env.ref("account.account_payment_term_30days").copy()
        term.write({"note": "<p>Within 30 days</p>"})
        term.with_context(**german).note = "<p>Binnen 30 Tagen</p>"
        table = cls.make_table((2, 100), presentation="summary")
        cls.agreement.write(
            {"payment_term_id": term.id, "volume_discount_id": table.id}
        )

    def get_said(self, name):
        """Return what each format says, whatever the one reads who makes the file."""
        invoice = self.issue()
        readers = [
            Reader(self.export(invoice.with_context(lang=lang), kind))
            for kind in FORMATS
            for lang in ("en_US", "de_DE")
        ]
        found = [
            reader.get_lines(name) if name.startswith("line_") else reader.get(name)
            for reader in readers
        ]
        self.assertEqual(len({repr(one) for one in found}), 1, found)
        return found[0]

    def test_the_reason_of_a_discount(self):
        self.assertEqual(
            self.get_said("reductions"), ["Mengenrabatt (Staffel)", "20.0"]
        )

    def test_the_estimate_beside_a_line(self):
        [[note]] = self.get_said("line_note")
        self.assertEqual(note, "Abschätzung 4,5 Std., freigegeben am 01.11.2026")

    def test_the_name_of_a_line(self):
        self.assertEqual(self.get_said("line_name"), [["Unterstützung"]])

    def test_the_payment_terms(self):
        [terms] = self.get_said("terms")
        self.assertIn("Binnen 30 Tagen", terms)

    def test_an_english_address_of_a_german_customer(self):
        self.partner.lang, self.address.lang = "de_DE", "en_US"
        [[note]] = self.get_said("line_note")
        self.assertEqual(note, "Estimate 4.5 h, approved 11/01/2026")
