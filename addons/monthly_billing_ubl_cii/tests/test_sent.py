"""The files that the customer gets are valid as they are sent."""

import io
import subprocess
import sys
from unittest.mock import patch

import pypdf

from odoo.tests import freeze_time, tagged
from odoo.tools import config, mute_logger

from .common import ANNEX, ElectronicCommon, patch_annex
from .reading import Reader
from .rules import Rules

#: another program than ours takes the e-invoice out of the PDF and checks its schema
EXTRACT = """
import sys, facturx, lxml.etree
name, xml = facturx.get_xml_from_pdf(sys.stdin.buffer.read(), check_schematron=False)
assert name == "factur-x.xml", name
assert facturx.get_level(lxml.etree.fromstring(xml)) == "en16931"
sys.stdout.buffer.write(xml)
"""


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestSentDocuments(ElectronicCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rules = Rules()
        cls.addClassCleanup(cls.rules.close)

    def setUp(self):
        super().setUp()
        self.book(2, "10-05", self.make_ticket("Login broken"))
        # the real program, on a page that needs no server for its styles
        report = self.env.registry["ir.actions.report"]
        page = "<!DOCTYPE html><html><body><h1>Invoice</h1></body></html>"
        content = self.env["ir.actions.report"]._run_wkhtmltopdf([page])
        self.patch(report, "_run_wkhtmltopdf", lambda *_args, **_values: content)

    @mute_logger("fontTools.ttLib.tables._h_e_a_d")
    def send(self, kind):
        """Return the invoice after it was sent in a format."""
        self.partner.with_company(self.company).invoice_edi_format = kind
        invoice = self.issue()
        # in a test Odoo does not touch the PDF
        with patch.dict(config.options, {"test_enable": False}), patch_annex(self.env):
            sender = self.env["account.move.send"]
            sender = sender.with_context(force_report_rendering=True)
            sender._generate_and_send_invoices(invoice, sending_methods=["manual"])
        return invoice

    def extract(self, pdf):
        """Return the e-invoice that a receiver finds in the PDF."""
        done = subprocess.run(
            [sys.executable, "-c", EXTRACT], input=pdf, capture_output=True, check=False
        )
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        return done.stdout

    def test_zugferd_is_inside_the_pdf(self):
        pdf = self.send("facturx").invoice_pdf_report_id.raw
        xml = self.extract(pdf)
        self.assertEqual(self.rules.find_violations(xml), [])
        self.assertEqual(Reader(xml).get("period"), ["2026-10-01", "2026-10-31"])
        self.assertEqual(Reader(xml).get("annex"), ["report.pdf", ANNEX])

    def test_zugferd_is_an_archive_of_the_third_kind(self):
        pdf = self.send("facturx").invoice_pdf_report_id.raw
        metadata = pypdf.PdfReader(io.BytesIO(pdf)).root_object["/Metadata"].get_data()
        self.assertIn(b"<pdfaid:part>3</pdfaid:part>", metadata)
        self.assertIn(b"<fx:ConformanceLevel>EN 16931</fx:ConformanceLevel>", metadata)

    def test_pdf_of_a_customer_without_format_has_it_as_well(self):
        xml = self.extract(self.send(False).invoice_pdf_report_id.raw)
        self.assertEqual(self.rules.find_violations(xml), [])

    def test_xrechnung_holds_invoice_and_annex(self):
        invoice = self.send("xrechnung")
        xml = invoice.ubl_cii_xml_id.raw
        self.assertEqual(self.rules.find_violations(xml), [])
        names = Reader(xml).get("annex")[:2]
        self.assertEqual(names, ["report.pdf", invoice.invoice_pdf_report_id.name])
