import re
import unittest
from io import BytesIO

from pypdf import PdfReader

from odoo.tests import freeze_time, tagged

from .common import InvoiceDocumentCommon
from .styles_server import start_styles_server

TICKETS = 50


class InvoicePdfCommon(InvoiceDocumentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.report = cls.env["ir.actions.report"]
        if cls.report.get_wkhtmltopdf_state() in ("install", "broken"):
            raise unittest.SkipTest("no wkhtmltopdf")

    def setUp(self):
        super().setUp()
        self.env["ir.config_parameter"].sudo().set_param(
            "report.url", start_styles_server(self)
        )

    def print_invoice(self, invoice):
        """Return the reader of the invoice's PDF."""
        content, kind = self.report.with_context(
            force_report_rendering=True
        )._render_qweb_pdf("account.account_invoices", invoice.ids)
        self.assertEqual(kind, "pdf")
        return PdfReader(BytesIO(content))

    def get_pages(self, invoice):
        """Return the text of each page, words parted by one space."""
        pages = self.print_invoice(invoice).pages
        return [" ".join(page.extract_text().split()) for page in pages]


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestInvoicePdf(InvoicePdfCommon):
    """What wkhtmltopdf makes of the invoice."""

    def book_tickets(self, count):
        projects = [
            self.make_project(f"Site {name}", self.partner) for name in "ABCDEFGHIJ"
        ]
        for number in range(count):
            project = projects[number % len(projects)]
            ticket = self.make_ticket(f"Job number {number}", project)
            self.book(1, f"10-{number % 28 + 1:02}", ticket)

    def test_fifty_tickets_go_over_pages_below_the_head_of_the_table(self):
        self.book_tickets(TICKETS)
        pages = self.get_pages(self.bill_and_post())
        found = [re.findall(r"Job number (\d+)", text) for text in pages]
        printed = sorted(int(number) for numbers in found for number in numbers)
        self.assertEqual(printed, list(range(TICKETS)))
        with_jobs = [text for text, jobs in zip(pages, found, strict=True) if jobs]
        self.assertGreater(len(with_jobs), 2)
        if not self.report._prints_heads():
            with_jobs = with_jobs[:1]  # such a build prints the head once
        for text in with_jobs:
            self.assertIn("Unit Price", text)

    def test_five_hundred_lines_are_all_printed(self):
        self.agreement.grouping = "entry"
        entry = self.book(0.5, "10-01", self.make_ticket("Long job"), name="number 0;")
        values = entry.copy_data()[0]
        entry.create([{**values, "name": f"number {n};"} for n in range(1, 500)])
        invoice = self.bill_and_post()
        self.assertEqual(len(invoice.invoice_line_ids), 500)
        text = " ".join(self.get_pages(invoice))
        printed = sorted(int(number) for number in re.findall(r"number (\d+);", text))
        self.assertEqual(printed, list(range(500)))

    def test_headings_stand_on_the_page_of_their_first_line(self):
        self.agreement.grouping = "project"
        self.book_tickets(TICKETS)
        invoice = self.bill_and_post()
        pages = self.get_pages(invoice)
        for line, headings in invoice._get_headings_by_line().items():
            (heading,) = headings.mapped("name")
            (page,) = [text for text in pages if heading in text]
            self.assertIn(line.ticket_id.number, page)
