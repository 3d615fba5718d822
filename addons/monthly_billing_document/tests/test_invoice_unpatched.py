import re
from io import BytesIO
from unittest import SkipTest
from unittest.mock import patch

from pypdf import PdfReader

from odoo.tests import freeze_time, tagged

from .common import InvoiceDocumentCommon
from .styles_server import start_styles_server

TICKETS = 40
REPORTS = (
    "account.account_invoices",
    "monthly_billing_document.account_move_timesheet_report_action",
)


class UnpatchedCommon(InvoiceDocumentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {
                "company_details": "Havelwerk GmbH, Zeppelinstr. 117, 14471 Potsdam",
                "report_footer": "Amtsgericht Potsdam",
                "vat": "DE136695976",
            }
        )
        cls.report = cls.env["ir.actions.report"]

    def assertSenderIsNamed(self, text):
        for fact in ("Zeppelinstr. 117", "Amtsgericht Potsdam", "DE136695976"):
            self.assertEqual(text.count(fact), 1, fact)


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestDocumentWithoutHeads(UnpatchedCommon):
    """What is given to a wkhtmltopdf that prints no heads, whatever is installed."""

    def get_body(self, report, invoice, prints_heads):
        """Return the text of the body of a document; head and foot are apart."""
        report = self.report._get_report(report)
        with patch.object(
            type(self.report), "_prints_heads", lambda self: prints_heads
        ):
            data = {"report_type": "pdf"}
            content, _kind = self.report._render_qweb_html(report, invoice.ids, data)
        bodies = self.report._prepare_html(content, report_model=invoice._name)[0]
        return re.sub(r"<[^>]+>", " ", "".join(map(str, bodies)))

    def test_the_body_names_the_sender_where_there_is_no_head(self):
        self.book(2, "10-05", self.make_ticket("Printer"))
        invoice = self.bill_and_post()
        for report in REPORTS:
            self.assertSenderIsNamed(self.get_body(report, invoice, False))

    def test_the_sender_is_not_named_twice(self):
        self.book(2, "10-05", self.make_ticket("Printer"))
        invoice = self.bill_and_post()
        for report in REPORTS:
            body = self.get_body(report, invoice, True)
            self.assertNotIn("Amtsgericht Potsdam", body)


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestUnpatchedPdf(UnpatchedCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if cls.report._prints_heads():
            raise SkipTest("this wkhtmltopdf has patched Qt")
        if cls.report.get_wkhtmltopdf_state() in ("install", "broken"):
            raise SkipTest("no wkhtmltopdf")

    def setUp(self):
        super().setUp()
        address = start_styles_server(self)
        self.env["ir.config_parameter"].sudo().set_param("report.url", address)
        for number in range(TICKETS):
            ticket = self.make_ticket(f"Job number {number};")
            self.book(1, f"10-{number % 28 + 1:02}", ticket)

    def print_text(self, report, invoice):
        content, _kind = self.report.with_context(
            force_report_rendering=True
        )._render_qweb_pdf(report, invoice.ids)
        pages = PdfReader(BytesIO(content)).pages
        self.assertGreater(len(pages), 1)
        return " ".join(" ".join(page.extract_text() for page in pages).split())

    def assertJobsArePrinted(self, text, times):
        """Check that no row is missing, or cut and so on two pages."""
        for number in range(TICKETS):
            job = f"Job number {number};"
            self.assertEqual(text.count(job), times, job)
        self.assertSenderIsNamed(text)

    def test_invoice_and_annex_have_every_line_and_the_sender(self):
        self.agreement.timesheet_report = "same"
        text = self.print_text(REPORTS[0], self.bill_and_post())
        self.assertJobsArePrinted(text, 2)
        self.assertIn("4,800.00", text)

    def test_a_separate_report_has_every_ticket_and_the_sender(self):
        text = self.print_text(REPORTS[1], self.bill_and_post())
        self.assertJobsArePrinted(text, 1)
