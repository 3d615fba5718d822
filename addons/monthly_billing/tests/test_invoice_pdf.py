import re
import unittest
from io import BytesIO

from pypdf import PdfReader

from odoo.tests import freeze_time, tagged

from .document_common import InvoiceDocumentCommon
from .qr_common import read_codes

TICKETS = 50


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestInvoicePdf(InvoiceDocumentCommon):
    """What wkhtmltopdf makes of the invoice; no server is there, so it has no style
    but the one of its own tags."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.report = cls.env["ir.actions.report"]
        if cls.report.get_wkhtmltopdf_state() in ("install", "broken"):
            raise unittest.SkipTest("no wkhtmltopdf")
        cls.company.qr_code = True
        # nobody answers there, at once
        cls.env["ir.config_parameter"].sudo().set_param(
            "report.url", "http://127.0.0.1:9"
        )

    def print_invoice(self, invoice):
        """Return the reader of the invoice's PDF."""
        content, kind = self.report.with_context(
            force_report_rendering=True
        )._render_qweb_pdf("account.account_invoices", invoice.ids)
        self.assertEqual(kind, "pdf")
        return PdfReader(BytesIO(content))

    def book_tickets(self, count):
        projects = [
            self.make_project(f"Site {name}", self.partner) for name in "ABCDEFGHIJ"
        ]
        for number in range(count):
            project = projects[number % len(projects)]
            ticket = self.make_ticket(f"Job number {number}", project)
            self.book(1, f"10-{number % 28 + 1:02}", ticket)

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

    def test_fifty_tickets_under_headings_go_over_pages(self):
        self.agreement.grouping = "project"
        self.book_tickets(TICKETS)
        pages = [
            page.extract_text()
            for page in self.print_invoice(self.bill_and_post()).pages
        ]
        jobs = [re.findall(r"Job number (\d+)", text) for text in pages]
        printed = [number for numbers in jobs for number in numbers]
        self.assertEqual(sorted(map(int, printed)), list(range(TICKETS)))
        with_jobs = [text for text, found in zip(pages, jobs, strict=True) if found]
        self.assertGreater(len(with_jobs), 1)
        for text in with_jobs:
            self.assertIn("Unit Price", text)
            last_heading = max(map(text.rfind, [f"Site {x}" for x in "ABCDEFGHIJ"]))
            self.assertLess(last_heading, text.rfind("Job number"))
