"""An adjustment has the taxes of the hours it changes, on paper and in the e-invoice.

April has 10 h at 7 % = 1,000.00; May has 10 h at 19 %, and from 15 h all cost 90.00:
the adjustment is -100.00 at 7 %, the tax of May 171.00 - 7.00 (pricing.md).
"""

import unittest
from datetime import date
from io import BytesIO

from pypdf import PdfReader

from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from odoo.addons.monthly_billing.tests.styles_server import start_styles_server

from .common import FORMATS, ElectronicCommon
from .reading import Reader
from .rules import Rules


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestAdjustedTaxes(ElectronicCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rules = Rules()
        cls.addClassCleanup(cls.rules.close)
        cls.service.list_price = 100
        group = cls.tax_19.tax_group_id.copy({"name": "VAT 7%"})
        tax_7 = cls.tax_19.copy({"amount": 7, "name": "7 %", "tax_group_id": group.id})
        reduced = cls.make_service("Reduced", 100, taxes_id=tax_7.ids)
        project = cls.make_project("Reduced", cls.partner)
        cls.agreement.volume_discount_id = cls.make_table(
            (15, 90), mode="volume", window="quarter"
        )
        cls.agreement.rate_ids = [
            Command.create({"project_id": project.id, "product_id": reduced.id})
        ]
        cls.book(10, "04-05", cls.make_ticket("Reduced", project))
        cls.book(10, "05-05", cls.make_ticket("Full"))

    def issue_may(self, presentation="line"):
        self.agreement.volume_discount_id.presentation = presentation
        self.issue(date(2026, 4, 1))
        return self.issue(date(2026, 5, 1))

    def read_rates(self, invoice, kind):
        """Return by rate what is taxed and its tax."""
        xml = self.export(invoice, kind)
        self.assertEqual(self.rules.find_violations(xml), [], kind)
        found = [float(text) for text in Reader(xml).get("rates")]
        third = len(found) // 3
        rates, bases, taxes = (
            found[:third],
            found[third : 2 * third],
            found[2 * third :],
        )
        return {
            rate: (base, tax)
            for rate, base, tax in zip(rates, bases, taxes, strict=True)
        }

    def test_both_syntaxes_have_the_adjustment_at_its_rate(self):
        for presentation in ("line", "summary"):
            with self.subTest(presentation), self.env.cr.savepoint() as savepoint:
                invoice = self.issue_may(presentation)
                self.assertEqual(invoice.amount_tax, 164)
                for kind in FORMATS:
                    self.assertEqual(
                        self.read_rates(invoice, kind),
                        {7.0: (-100.0, -7.0), 19.0: (900.0, 171.0)},
                    )
                savepoint.rollback()

    def test_credit_note_gives_it_back_at_its_rate(self):
        credit = self.credit(self.issue_may(), "all")
        for kind in FORMATS:
            self.assertEqual(
                self.read_rates(credit, kind),
                {7.0: (-100.0, -7.0), 19.0: (900.0, 171.0)},
            )

    def test_paper_has_the_adjustment_and_the_tax_of_both_rates(self):
        report = self.env["ir.actions.report"]
        if report.get_wkhtmltopdf_state() in ("install", "broken"):
            raise unittest.SkipTest("no wkhtmltopdf")
        self.env["ir.config_parameter"].sudo().set_param(
            "report.url", start_styles_server(self)
        )
        content, _kind = report.with_context(
            force_report_rendering=True
        )._render_qweb_pdf("account.account_invoices", self.issue_may().ids)
        pages = PdfReader(BytesIO(content)).pages
        words = " ".join(page.extract_text() for page in pages).split()
        text = " ".join(words).replace("- \u200b ", "-")
        for part in ("Adjustment of hours", "-100.00", "-7.00", "171.00", "964.00"):
            self.assertIn(part, text)
