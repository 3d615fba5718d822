from odoo.tests import freeze_time, tagged

from odoo.addons.monthly_billing_document.tests.common import InvoiceDocumentCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestDin5008(InvoiceDocumentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.external_report_layout_id = cls.env.ref(
            "l10n_din5008.external_layout_din5008"
        )
        cls.book(1, "09-05", cls.make_ticket("Late"))
        cls.book(2, "10-05", cls.make_ticket("Printer"))
        cls.book(3, "10-06", cls.make_ticket("Server"))

    def get_information(self, root):
        """Return [(label, value)] of the information block."""
        (block,) = root.xpath("//div[contains(@class, 'information_block')]")
        rows = [row.xpath("./td") for row in block.xpath(".//tr")]
        return [tuple(map(self.get_text, row)) for row in rows if len(row) == 2]

    def get_title(self, root):
        (title,) = root.xpath("//div[contains(@class, 'invoice_note')]/h2")
        return self.get_text(title)

    def test_information_block_has_the_facts_of_the_month(self):
        self.partner.vat = "DE136695976"
        invoice = self.bill_and_post()
        information = dict(self.get_information(self.render(invoice)))
        self.assertEqual(information["Invoice Number"], invoice.name)
        self.assertEqual(information["Service Period"], "10/01/2026 – 10/31/2026")
        self.assertEqual(information["Your Order Number"], "4500087213")
        self.assertEqual(information["Agreement"], self.agreement.name)
        self.assertIn("Jana Petersen", information["Your Contact"])
        self.assertIn("DE136695976", information.values())
        self.assertFalse({"Source", "Delivery Date"} & information.keys())

    def test_title_has_the_number(self):
        invoice = self.bill_and_post()
        self.assertEqual(
            self.get_title(self.render(invoice)), f"Invoice {invoice.name}"
        )

    def test_whole_credit_is_a_cancellation(self):
        credit = self.credit(self.bill_and_post())
        root = self.render(credit)
        self.assertEqual(self.get_title(root), f"Cancellation Invoice {credit.name}")
        self.assertNotIn("Credit Note", self.get_text(root))

    def test_partial_credit_is_a_correction(self):
        credit = self.credit(self.bill_and_post(), "chosen", hours=1)
        title = self.get_title(self.render(credit))
        self.assertEqual(title, f"Invoice Correction {credit.name}")

    def test_other_invoices_keep_their_information_block(self):
        other = self.bill_and_post().copy({"invoice_date": "2026-11-01"})
        other.action_post()
        root = self.render(other)
        self.assertIn("Delivery Date", dict(self.get_information(root)))
        self.assertEqual(self.get_title(root), "Invoice")

    def test_positions_count_on_from_month_to_month(self):
        self.company.has_position_column = True
        root = self.render(self.bill_and_post())
        rows = root.xpath("//table[@name='invoice_line_table']/tbody/tr")
        with_name = [r for r in rows if r.xpath("./td[@name='td_quantity']")]
        positions = [self.get_text(row.xpath("./td")[0]) for row in with_name]
        self.assertEqual(positions, ["1", "2", "3"])
