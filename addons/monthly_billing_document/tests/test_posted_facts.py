"""What was sent stays as sent, whatever becomes of the records behind it."""

from datetime import date

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from odoo.addons.monthly_billing.tests.common import OCTOBER

from ..hooks import post_init_hook
from .common import InvoiceDocumentCommon


class PostedFactsCommon(InvoiceDocumentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ticket = cls.make_ticket("Printer jams")
        cls.partner.ref = "K-17"
        cls.entry = cls.book(2, "10-05", cls.ticket, name="New drum")

    def get_text_of(self, invoice, kind):
        """Return the whole text of the printed document or of its page."""
        content, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "account.account_invoices", invoice.ids, data={"report_type": kind}
        )
        return " ".join(content.decode().split())

    def read_all(self, invoice):
        """Return everything that is said of the invoice, by where it is said."""
        invoice.invalidate_recordset()
        rows = invoice._get_timesheet_report_rows()
        self.assertTrue(rows)
        return {
            "pdf": self.get_text_of(invoice, "pdf"),
            "csv": invoice._render_timesheet_csv(),
            "xlsx": [list(row.values()) for row in rows],
            "report": self.env["ir.qweb"]._render(
                "monthly_billing_document.timesheet_report", {"o": invoice}
            ),
            "note": invoice.thank_you_text,
            "head": invoice._get_document_facts(),
        }


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestPostedStaysAsSent(PostedFactsCommon):
    def change_records(self):
        """Change everything behind an invoice that may change after its posting."""
        self.ticket.write({"name": "Other title", "number": "T-OTHER"})
        self.entry.name = "Other text"
        self.employee.name = "Xaver Yildirim"
        self.partner.write({"ref": "K-99", "name": "Other name"})
        self.agreement.write(
            {
                "name": "A-OTHER",
                "customer_reference": "4711",
                "show_estimates": False,
                "timesheet_report": "same",
                "timesheet_report_person": "name",
            }
        )
        self.agreement.user_id.write({"name": "Other", "phone": "1"})
        self.bank.write({"acc_holder_name": "Other GmbH"})
        self.env.flush_all()

    def test_nothing_that_was_sent_changes_with_the_records(self):
        self.agreement.thank_you_note = "Thanks, {customer}: {responsible}."
        self.approve_estimate(self.ticket, 9)
        invoice = self.bill_and_post()
        before = self.read_all(invoice)
        self.change_records()
        for where, text in self.read_all(invoice).items():
            with self.subTest(where):
                if where == "pdf":  # Odoo prints address and total with its own words
                    self.assertNotIn("Other", text.replace("Other name", ""))
                    self.assertIn("Estimate 9 h, approved 11/01/2026", text)
                    self.assertNotIn("Annex: Timesheets", text)
                else:
                    self.assertEqual(text, before[where])

    def test_a_draft_follows_its_records(self):
        draft = self.bill().invoice_id
        before = self.read_all(draft)
        self.change_records()
        after = self.read_all(draft)
        for where in ("csv", "xlsx", "report", "head"):
            self.assertNotEqual(after[where], before[where])

    def test_who_takes_it_back_to_draft_posts_it_as_of_then(self):
        invoice = self.bill_and_post()
        self.change_records()
        invoice.button_draft()
        invoice.action_post()
        [row] = invoice._get_timesheet_report_rows()
        self.assertEqual(
            (row["ticket"], row["title"], row["description"], row["person"]),
            ("T-OTHER", "Other title", "Other text", "Xaver Yildirim"),
        )

    def test_a_corrected_entry_changes_no_document_of_before(self):
        invoice = self.bill_and_post()
        credit = self.credit(invoice)
        before = self.read_all(invoice)["csv"], credit._render_timesheet_csv()
        self.entry.write({"date": date(2026, 10, 28), "name": "Corrected"})
        self.env.invalidate_all()
        after = self.read_all(invoice)["csv"], credit._render_timesheet_csv()
        self.assertEqual(after, before)

    def test_a_credit_note_keeps_what_it_corrects(self):
        credit = self.credit(self.bill_and_post())
        before = credit._get_document_facts(), credit._get_credit_title()
        self.change_records()
        credit.invalidate_recordset()
        after = credit._get_document_facts(), credit._get_credit_title()
        self.assertEqual(after, before)

    def test_nobody_reads_or_writes_them_by_rpc(self):
        invoice = self.bill_and_post()
        kept = invoice.sudo().posted_facts
        self.assertTrue(kept)
        for user in (self.billing_manager, self.env.ref("base.user_admin")):
            own = invoice.with_user(user)
            with self.assertRaises(AccessError):
                own.read(["posted_facts"])
            with self.assertRaises(AccessError):
                own.write({"posted_facts": {}})
        self.assertEqual(invoice.sudo().posted_facts, kept)
        self.assertFalse(invoice.copy().sudo().posted_facts)


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestLaterEstimates(PostedFactsCommon):
    """What is approved after the invoice is named as later, on the page alone."""

    LATER = "After this invoice: estimate 3 h, approved 11/27/2026"

    def approve_later(self):
        with freeze_time("2026-11-27 09:00:00"):
            self.approve_estimate(self.ticket, 3)
        self.env.flush_all()

    def test_the_printed_document_does_not_know_it(self):
        invoice = self.bill_and_post()
        before = self.get_text_of(invoice, "pdf")
        self.approve_later()
        self.assertEqual(self.get_text_of(invoice, "pdf"), before)
        self.assertEqual(invoice._get_estimate_texts(), {})

    def test_the_page_names_it_as_later(self):
        invoice = self.bill_and_post()
        self.assertNotIn("After this invoice", self.get_text_of(invoice, "html"))
        self.approve_later()
        self.assertIn(self.LATER, self.get_text_of(invoice, "html"))

    def test_a_new_revision_leaves_the_old_one_on_the_document(self):
        self.approve_estimate(self.ticket, 2)
        invoice = self.bill_and_post()
        self.approve_later()
        text = self.get_text_of(invoice, "html")
        self.assertIn("Estimate 2 h, approved 11/01/2026", text)
        self.assertIn(self.LATER, text)
        self.assertNotIn(self.LATER, self.get_text_of(invoice, "pdf"))

    def test_an_invoice_with_an_older_date_names_nothing_of_after_it(self):
        self.approve_estimate(self.ticket, 2)
        invoice = self.bill_and_post(invoice_date=date(2026, 10, 31))
        self.assertEqual(invoice._get_estimate_texts(), {})
        [later] = invoice._get_later_estimate_texts().values()
        self.assertIn("2 h, approved 11/01/2026", later)

    def test_where_estimates_are_not_shown_none_is_later(self):
        self.agreement.show_estimates = False
        invoice = self.bill_and_post()
        self.approve_later()
        self.assertEqual(invoice._get_later_estimate_texts(), {})


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestOlderDocuments(PostedFactsCommon):
    """Documents of before the installation are kept as they are then."""

    def install(self):
        post_init_hook(self.env(su=True))
        self.env.invalidate_all()

    def test_they_stay_as_they_are_at_the_installation(self):
        invoice = self.bill_and_post()
        kept = invoice.sudo().posted_facts
        self.env.flush_all()
        self.env.cr.execute("UPDATE account_move SET posted_facts = NULL")
        self.env.invalidate_all()
        self.install()
        self.assertEqual(invoice.sudo().posted_facts, kept)
        self.entry.name = "Other text"
        self.install()
        self.assertEqual(invoice.sudo().posted_facts, kept)

    def test_drafts_and_other_invoices_have_none(self):
        draft = self.bill().invoice_id
        other = draft.copy({"invoice_date": OCTOBER})
        other.action_post()
        self.install()
        self.assertFalse((draft + other).sudo().filtered("posted_facts"))


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestCostOfFacts(PostedFactsCommon):
    def make_invoices(self, number):
        """Return drafts of as many customers, each with two tickets."""
        agreements = self.env["billing.agreement"]
        for _index in range(number):
            project = self.make_project("Support", self.make_partner("Customer"))
            agreements += self.make_agreement(partner_id=project.partner_id.id)
            for title in ("One", "Two"):
                ticket = self.make_ticket(title, project)
                self.approve_estimate(ticket, 5)
                self.book(1, "10-05", ticket)
        return self.bill(OCTOBER, agreements).invoice_id

    def count_queries(self, invoices):
        self.env.flush_all()
        self.env.invalidate_all()
        invoices = invoices.browse(invoices.ids)  # to be read together
        before = self.env.cr.sql_log_count
        self.assertEqual(len(invoices.sudo()._prepare_facts()), len(invoices))
        return self.env.cr.sql_log_count - before

    def test_ten_invoices_ask_the_database_as_often_as_two(self):
        few, many = self.make_invoices(2), self.make_invoices(10)
        self.assertLessEqual(self.count_queries(many), self.count_queries(few))
