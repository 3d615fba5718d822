import csv
import io
import re
import unittest

from openpyxl import load_workbook

from odoo.tests import HttpCase, freeze_time, new_test_user, tagged
from odoo.tools import mute_logger
from odoo.tools.pdf import PdfFileReader

from odoo.addons.base.models.ir_actions_report import _wkhtml
from odoo.addons.monthly_billing.tests.common import OCTOBER, MonthlyBillingCommon
from odoo.addons.monthly_billing.tests.test_credit import CreditCommon

from ..core.timesheet_report import guard_formula
from .styles_server import start_styles_server

RENDERER = "odoo.addons.base.models.ir_actions_report"


@tagged("post_install", "-at_install")
class TestTimesheetFiles(CreditCommon):
    def get_rows(self, move):
        _name, content, _mimetype = move._render_timesheet_report("csv")
        return list(csv.DictReader(io.StringIO(content.decode())))

    def test_the_amounts_of_the_csv_add_up_to_the_net_total(self):
        rows = self.get_rows(self.invoice)
        self.assertEqual(len(rows), 3)
        self.assertEqual(sum(float(row["billed_hours"]) for row in rows), 7.5)
        amounts = sum(float(row["amount"]) for row in rows)
        self.assertAlmostEqual(amounts, self.invoice.amount_untaxed, 6)

    def test_a_row_of_the_csv_is_one_entry(self):
        row = self.get_rows(self.invoice)[0]
        self.assertEqual(
            row,
            {
                "document": self.invoice.name,
                "document_type": "invoice",
                "document_date": "2026-11-01",
                "customer": "Zahnarztpraxis Dr. Sommer",
                "currency": "EUR",
                "heading": "",
                "month": "2026-10-01",
                "ticket": self.login.number,
                "title": "Login broken",
                "date": "2026-10-05",
                "person": "AF",
                "description": "Work",
                "kind": "time",
                "worked_hours": "2.0",
                "billed_hours": "2.0",
                "rate": "120.0",
                "discount": "0.0",
                "amount": "240.0",
            },
        )

    def test_a_credit_note_says_so(self):
        credit = self.credit("chosen", {self.second: 0.5})
        (row,) = self.get_rows(credit)
        self.assertEqual(
            (row["document_type"], row["billed_hours"]), ("credit_note", "0.5")
        )

    def test_texts_cannot_become_formulas(self):
        self.invoice.button_draft()
        self.first.name = '=HYPERLINK("http://example.com")'
        self.assertEqual(
            self.get_rows(self.invoice)[0]["description"],
            '\'=HYPERLINK("http://example.com")',
        )
        for text in ("+1", "-1", "@SUM(1)", "\t=1", "\r=1", "\n=1", "＝1"):
            with self.subTest(text):
                self.first.name = text
                found = self.get_rows(self.invoice)[0]["description"]
                self.assertTrue(found.startswith("'"), found)

    def test_neither_blanks_nor_separators_hide_a_formula(self):
        for text, guarded in (
            (" =1", "' =1"),
            ("\u00a0=1", "'\u00a0=1"),
            ("\u200b\ufeff=1", "'\u200b\ufeff=1"),
            ("a;=1", "a;'=1"),
            ("a; \u2060+1", "a;' \u2060+1"),
            ("a\n=1", "a\n'=1"),
            ("a; b - c = d", "a; b - c = d"),
        ):
            with self.subTest(text):
                self.assertEqual(guard_formula(text), guarded)

    def get_sheet(self, move):
        _name, content, _mimetype = move._render_timesheet_report("xlsx")
        return list(load_workbook(io.BytesIO(content)).active.iter_rows())

    def test_excel_has_the_same_values_as_numbers_and_days(self):
        rows = self.get_rows(self.invoice)
        sheet = self.get_sheet(self.invoice)
        self.assertEqual(len(sheet), len(rows) + 1)
        for line, row in zip(sheet[1:], rows, strict=True):
            cells = dict(zip(row, line, strict=True))
            self.assertEqual(cells["date"].value.date().isoformat(), row["date"])
            for name in ("worked_hours", "billed_hours", "rate", "amount"):
                self.assertEqual(cells[name].value, float(row[name]))
            for name in ("document", "ticket", "title", "person", "description"):
                self.assertEqual(cells[name].value, row[name])

    def test_excel_takes_formulas_and_long_texts_as_text(self):
        self.invoice.button_draft()
        self.first.name = "=1+1"
        self.second.name = "x" * 40000
        texts = [line[11] for line in self.get_sheet(self.invoice)]
        self.assertEqual((texts[1].data_type, texts[1].value), ("s", "=1+1"))
        self.assertEqual(len(texts[2].value), 32767)

    def test_a_posted_invoice_gets_its_pdf_once(self):
        attachment = self.invoice._ensure_timesheet_report_attachments()
        number = self.invoice.name.replace("/", "-")
        self.assertEqual(attachment.name, f"Timesheets {number}.pdf")
        self.assertEqual(
            (attachment.res_model, attachment.res_id, attachment.mimetype),
            ("account.move", self.invoice.id, "application/pdf"),
        )
        self.assertIn(self.login.number.encode(), attachment.raw)
        self.assertEqual(
            self.invoice._ensure_timesheet_report_attachments(), attachment
        )
        self.assertIn(attachment, self.invoice._get_mail_thread_data_attachments())

    def test_there_is_no_pdf_of_its_own_unless_agreed(self):
        for choice in ("none", "same"):
            self.agreement.timesheet_report = choice
            self.assertFalse(self.invoice._ensure_timesheet_report_attachments())

    def test_a_draft_and_an_invoice_without_month_have_none(self):
        other = self.init_invoice("out_invoice", products=self.service, post=True)
        self.book(1, "10-08", self.login)
        draft = self.credit("all", post=False)
        self.assertFalse((other | draft)._ensure_timesheet_report_attachments())

    def test_back_in_draft_the_pdf_is_detached_and_made_anew(self):
        first = self.invoice._ensure_timesheet_report_attachments()
        self.invoice.button_draft()
        self.assertFalse(self.invoice.timesheet_report_id)
        self.assertTrue(first.exists())
        self.invoice.action_post()
        self.assertNotEqual(self.invoice._ensure_timesheet_report_attachments(), first)

    def send(self):
        self.env["account.move.send"]._generate_and_send_invoices(
            self.invoice, sending_methods=["email"]
        )
        return self.invoice.message_ids.filtered(
            lambda message: (
                message.message_type != "notification" and message.attachment_ids
            )
        )[0]

    def test_the_mail_carries_the_report(self):
        message = self.send()
        name = f"{self.invoice._get_timesheet_report_name()}.pdf"
        self.assertEqual(message.attachment_ids.mapped("name").count(name), 1)

    def test_the_mail_leaves_out_what_was_not_agreed(self):
        self.agreement.timesheet_report = "same"
        message = self.send()
        names = message.attachment_ids.mapped("name")
        self.assertNotIn(f"{self.invoice._get_timesheet_report_name()}.pdf", names)

    def test_who_sends_sees_the_report_among_the_attachments(self):
        wizard = self.env["account.move.send.wizard"].create(
            {"move_id": self.invoice.id, "sending_methods": ["email"]}
        )
        names = [file["name"] for file in wizard.mail_attachments_widget]
        self.assertIn(f"{self.invoice._get_timesheet_report_name()}.pdf", names)

    def test_the_download_of_the_invoice_stays_one_pdf(self):
        self.partner.invoice_edi_format = False
        self.send()
        documents = self.invoice._get_invoice_legal_documents_all()
        self.assertNotIn(
            f"{self.invoice._get_timesheet_report_name()}.pdf",
            [document["filename"] for document in documents],
        )

    def test_a_billing_user_downloads_each_kind(self):
        invoice = self.invoice.with_user(self.billing_user)
        for kind in ("pdf", "csv", "xlsx"):
            context = {"timesheet_report_kind": kind}
            action = invoice.with_context(**context).action_download_timesheet_report()
            self.assertEqual(
                action["url"], f"/my/invoices/{invoice.id}/timesheets.{kind}"
            )


@freeze_time("2026-11-01 08:00:00")
@tagged("post_install", "-at_install")
class TestTimesheetPdf(MonthlyBillingCommon):
    """Rendered for real; a small web server delivers the styles."""

    def setUp(self):
        super().setUp()
        report = self.env["ir.actions.report"]
        if report.get_wkhtmltopdf_state() in ("install", "broken"):
            raise unittest.SkipTest("no wkhtmltopdf")
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("report.url", start_styles_server(self))
        parameters.set_param("report.print_delay", "0")
        self.company.write(
            {
                "report_footer": "Registergericht Potsdam",
                "external_report_layout_id": self.env.ref(
                    "web.external_layout_standard"
                ).id,
                "paperformat_id": self.env.ref("base.paperformat_euro").id,
            }
        )
        for position in range(3):
            ticket = self.make_ticket(f"Ticket {position}")
            for day in range(1, 29):
                text = f"Step {position}.{day} " + "of a long story " * 5
                self.book(1, f"10-{day:02}", ticket, name=text)
        self.invoice = self.bill().invoice_id
        self.invoice.action_post()

    def render(self, reference):
        report = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        with mute_logger(RENDERER):
            content, kind = report._render_qweb_pdf(reference, self.invoice.ids)
        self.assertEqual(kind, "pdf")
        return [
            page.extract_text() for page in PdfFileReader(io.BytesIO(content)).pages
        ]

    def assertPagesAreComplete(self, pages):
        if not _wkhtml().is_patched_qt:
            return  # such a build prints neither head nor foot
        for number, page in enumerate(pages, 1):
            self.assertIn("Registergericht Potsdam", page)
            self.assertRegex(page, rf"Page\s+{number}\s*/\s*{len(pages)}")

    def test_every_entry_is_printed_with_head_and_page_numbers(self):
        pages = self.render(
            "monthly_billing_document.account_move_timesheet_report_action"
        )
        self.assertGreater(len(pages), 2)
        self.assertPagesAreComplete(pages)
        steps = re.findall(r"Step\s+(\d\.\d+)", "\n".join(pages))
        self.assertEqual(len(steps), 84)
        if not _wkhtml().is_patched_qt:
            pages = pages[:1]
        for page in pages:
            if "Step" in page:
                self.assertIn("Worked", page)

    def test_the_annex_begins_on_a_page_of_its_own(self):
        self.invoice.button_draft()
        self.agreement.timesheet_report = "same"
        self.invoice.action_post()
        pages = self.render("account.account_invoices")
        self.assertPagesAreComplete(pages)
        first = next(place for place, page in enumerate(pages) if "Annex" in page)
        self.assertGreater(first, 0)
        self.assertNotIn("Step", "".join(pages[:first]))
        self.assertEqual(len(re.findall(r"Step\s", "".join(pages[first:]))), 84)

    def test_without_agreement_the_invoice_has_no_annex(self):
        for choice in ("none", "separate"):
            self.agreement.timesheet_report = choice
            html = self.env["ir.actions.report"]._render_qweb_html(
                "account.account_invoices", self.invoice.ids
            )[0]
            self.assertNotIn(b"o_timesheet_annex", html)

    def test_the_report_speaks_the_customers_language(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.partner.lang = "de_DE"
        html = (
            self.env["ir.actions.report"]
            ._render_qweb_html(
                "monthly_billing_document.account_move_timesheet_report_action",
                self.invoice.ids,
            )[0]
            .decode()
        )
        self.assertIn("10.080,00", html)
        self.assertIn("28.10.2026", html)

    def test_people_are_left_out_as_agreed(self):
        self.invoice.button_draft()
        self.agreement.timesheet_report_person = "none"
        html = self.env["ir.actions.report"]._render_qweb_html(
            "monthly_billing_document.account_move_timesheet_report_action",
            self.invoice.ids,
        )[0]
        self.assertNotIn(b"o_timesheet_person", html)
        self.assertNotIn(b"Anna", html)


@freeze_time("2026-11-01 08:00:00")
@tagged("post_install", "-at_install")
class TestTimesheetPortal(HttpCase, MonthlyBillingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ticket = cls.make_ticket("Login broken")
        cls.book(2, "10-05", cls.ticket)
        cls.invoice = cls.agreement._bill_period(OCTOBER).invoice_id
        cls.invoice.action_post()
        cls.customer = cls.make_portal_user("mb_customer", cls.partner)
        cls.stranger = cls.make_portal_user("mb_stranger", cls.make_partner("Other"))
        cls.clerk = cls.make_user("mb_clerk", "base.group_user")

    @classmethod
    def make_portal_user(cls, login, partner):
        user = new_test_user(cls.env, login, groups="base.group_portal")
        user.partner_id.parent_id = partner
        return user

    def download(self, kind, login=None, token=None):
        self.authenticate(login, login)
        query = f"?access_token={token}" if token else ""
        return self.url_open(
            f"/my/invoices/{self.invoice.id}/timesheets.{kind}{query}",
            allow_redirects=False,
        )

    def assertRefused(self, response):
        self.assertIn(response.status_code, (303, 404))
        self.assertNotIn(self.ticket.number.encode(), response.content)

    def test_the_customer_downloads_each_kind(self):
        for kind, mimetype in (
            ("pdf", "application/pdf"),
            ("csv", "text/csv"),
            ("xlsx", "application/vnd.openxmlformats"),
        ):
            response = self.download(kind, "mb_customer")
            self.assertEqual(response.status_code, 200)
            self.assertIn(mimetype, response.headers["Content-Type"])
            self.assertIn("attachment", response.headers["Content-Disposition"])

    def test_the_link_of_the_mail_works_without_login(self):
        token = self.invoice._portal_ensure_token()
        for kind in ("pdf", "csv", "xlsx"):
            self.assertEqual(self.download(kind, token=token).status_code, 200)

    def test_nobody_else_gets_any_kind(self):
        other = self.invoice.copy()._portal_ensure_token()
        for kind in ("pdf", "csv", "xlsx"):
            self.assertRefused(self.download(kind))
            self.assertRefused(self.download(kind, token="wrong"))
            self.assertRefused(self.download(kind, token=other))
            self.assertRefused(self.download(kind, "mb_stranger"))
            self.assertRefused(self.download(kind, "mb_clerk"))

    def test_a_report_that_was_not_agreed_is_not_given(self):
        self.agreement.timesheet_report = "none"
        token = self.invoice._portal_ensure_token()
        self.assertRefused(self.download("csv", token=token))
        self.assertRefused(self.download("csv", "mb_customer"))
        page = self.url_open(f"/my/invoices/{self.invoice.id}").text
        self.assertNotIn("/timesheets.", page)

    def print_report(self, login):
        """Return what Odoo's own address for any report answers."""
        self.authenticate(login, login)
        name = "monthly_billing_document.report_timesheets"
        return self.url_open(f"/report/html/{name}/{self.invoice.id}")

    def may_print(self, user):
        return self.invoice.with_user(user)._may_print_timesheet_report()

    @mute_logger("odoo.http")
    def test_the_customer_prints_no_report_that_was_not_agreed(self):
        self.assertTrue(self.may_print(self.customer))
        self.agreement.timesheet_report = "none"
        self.assertFalse(self.may_print(self.customer))
        self.assertTrue(self.may_print(self.billing_user))
        number = self.ticket.number
        self.assertNotIn(number, self.print_report("mb_customer").text)
        self.assertIn(number, self.print_report("billing_user").text)

    @mute_logger("odoo.http")
    def test_nobody_else_prints_the_report(self):
        for login in ("mb_stranger", "mb_clerk"):
            self.assertNotIn(self.ticket.number, self.print_report(login).text)

    def test_a_draft_has_no_report_for_the_customer(self):
        token = self.invoice._portal_ensure_token()
        self.invoice.button_draft()
        self.assertRefused(self.download("csv", token=token))
        self.assertRefused(self.download("csv", "mb_customer"))

    def test_staff_with_access_gets_that_of_any_month(self):
        self.agreement.timesheet_report = "none"
        self.assertEqual(self.download("csv", "billing_user").status_code, 200)

    def test_the_file_itself_is_given_to_nobody_else(self):
        annex = self.invoice._ensure_timesheet_report_attachments()
        path = f"/web/content/account.move/{self.invoice.id}/timesheet_report_file"
        self.authenticate("mb_customer", "mb_customer")
        self.assertEqual(self.url_open(path).content, annex.raw)
        for login in (None, "mb_stranger", "mb_clerk"):
            self.authenticate(login, login)
            for address in (path, f"/web/content/{annex.id}"):
                response = self.url_open(address, allow_redirects=False)
                self.assertIn(response.status_code, (303, 403, 404))

    def test_an_unknown_kind_is_not_found(self):
        self.assertEqual(self.download("exe", "mb_customer").status_code, 404)

    def test_an_invoice_of_no_month_has_no_report(self):
        self.invoice = self.init_invoice(
            "out_invoice", partner=self.partner, products=self.service, post=True
        )
        self.assertRefused(self.download("csv", "mb_customer"))

    def test_the_page_of_the_invoice_links_each_kind(self):
        self.authenticate("mb_customer", "mb_customer")
        page = self.url_open(f"/my/invoices/{self.invoice.id}").text
        for kind in ("pdf", "csv", "xlsx"):
            self.assertIn(f"/my/invoices/{self.invoice.id}/timesheets.{kind}", page)
