from datetime import date

from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import FORMATS, OCTOBER, ElectronicCommon
from .reading import Reader
from .rules import Rules


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestTaxChanges(ElectronicCommon):
    """The tax falls from 19 % to 16 % in the middle of October."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rules = Rules()
        cls.addClassCleanup(cls.rules.close)
        tax_16 = cls.tax_19.copy({"name": "16 %", "amount": 16})
        cls.env["billing.tax.change"].create(
            {
                "date": date(2026, 10, 16),
                "company_id": cls.company.id,
                "tax_id": cls.tax_19.id,
                "next_tax_id": tax_16.id,
            }
        )
        cls.service.taxes_id = [Command.set(tax_16.ids)]
        cls.agreement.bill_from = OCTOBER
        ticket = cls.make_ticket("Login broken")
        cls.book(1.33, "10-15", ticket)
        cls.book(2.67, "10-16", ticket)

    def check(self, invoice, days):
        for kind in FORMATS:
            xml = self.export(invoice, kind)
            self.assertEqual(self.rules.find_violations(xml), [], kind)
            reader = Reader(xml)
            self.assertEqual(reader.get_lines("line_days"), days, kind)
            self.assertEqual(sum(map(float, reader.get("tax"))), 81.58, kind)

    def test_each_rate_has_the_days_of_its_work(self):
        """159.60 x 19 % + 320.40 x 16 % = 30.32 + 51.26."""
        days = [["2026-10-15"] * 2, ["2026-10-16"] * 2]
        invoice = self.issue()
        self.assertEqual(invoice.amount_tax, 81.58)
        self.check(invoice, days)
        self.check(self.credit(invoice, "all"), days)

    def test_saving_of_each_rate_reduces_the_whole_invoice(self):
        """From 1 h on an hour costs 100.00."""
        self.agreement.volume_discount_id = self.make_table(
            (1, 100), presentation="summary"
        )
        invoice = self.issue()
        # 0.33 h and 2.67 h save 20.00 an hour
        self.assertEqual(invoice.amount_untaxed, 480 - 6.6 - 53.4)
        for kind in FORMATS:
            xml = self.export(invoice, kind)
            self.assertEqual(self.rules.find_violations(xml), [], kind)
            amounts = Reader(xml).get("reductions")[-2:]
            self.assertEqual(sorted(map(float, amounts)), [6.6, 53.4])


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestPositionChanges(ElectronicCommon):
    """In the middle of October the customer moves to Austria and owes the tax."""

    def test_work_before_and_after_is_told_apart(self):
        rules = Rules()
        self.addCleanup(rules.close)
        positions = self.env["account.fiscal.position"].with_company(self.company)
        home = positions._get_fiscal_position(self.partner)
        ticket = self.make_ticket("Login broken")
        self.book(1, "10-15", ticket)
        self.book(2, "10-16", ticket)
        self.partner.write(
            {"country_id": self.env.ref("base.at").id, "vat": "ATU12345675"}
        )
        self.assertNotEqual(positions._get_fiscal_position(self.partner), home)
        self.env["billing.position.change"].create(
            {
                "partner_id": self.partner.id,
                "company_id": self.company.id,
                "date": date(2026, 10, 16),
                "position_id": home.id,
            }
        )
        invoice = self.issue()
        self.assertEqual(invoice.amount_tax, 22.8)
        for kind in FORMATS:
            xml = self.export(invoice, kind)
            self.assertEqual(rules.find_violations(xml), [], kind)
            self.assertEqual(sum(map(float, Reader(xml).get("tax"))), 22.8, kind)
