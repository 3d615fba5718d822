from datetime import date
from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import InvoiceDocumentCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestDocumentHead(InvoiceDocumentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.book(2, "10-05", cls.make_ticket("Printer"))

    def test_service_period_stands_among_the_facts(self):
        facts = self.get_facts(self.render(self.bill_and_post()))
        self.assertEqual(facts["period"], "Service Period 10/01/2026 – 10/31/2026")
        self.assertEqual(facts["date"], "Invoice Date 11/01/2026")
        self.assertIn("due_date", facts)

    def test_delivery_date_and_source_are_not_printed_beside_it(self):
        root = self.render(self.bill_and_post())
        self.assertFalse(root.xpath("//div[@id='informations']"))

    def test_agreement_and_order_number_are_named_as_such(self):
        facts = self.get_facts(self.render(self.bill_and_post()))
        self.assertEqual(facts["agreement"], f"Agreement {self.agreement.name}")
        self.assertEqual(facts["order"], "Your Order Number 4500087213")

    def test_reference_of_the_customer_is_printed(self):
        self.partner.ref = "04011000-1234512345-35"
        facts = self.get_facts(self.render(self.bill_and_post()))
        self.assertEqual(facts["reference"], "Your Reference 04011000-1234512345-35")

    def test_person_to_ask_has_phone_and_mail(self):
        facts = self.get_facts(self.render(self.bill_and_post()))
        self.assertEqual(
            facts["contact"],
            "Your Contact Jana Petersen · 0331 5550171 · jana@example.com",
        )

    def test_nobody_is_named_where_a_robot_made_the_invoice(self):
        robot = self.env.ref("base.user_root")
        invoice = self.bill_and_post(invoice_user_id=robot.id)
        self.assertNotIn("contact", self.get_facts(self.render(invoice)))

    def test_draft_has_no_due_date_and_no_number(self):
        draft = self.bill().invoice_id
        facts = {fact["code"] for fact in draft._get_document_facts()}
        self.assertFalse(facts & {"number", "due_date"})
        self.assertIn("period", facts)

    def test_other_invoices_keep_their_own_head(self):
        invoice = self.bill_and_post()
        other = invoice.copy({"invoice_date": date(2026, 11, 1)})
        other.action_post()
        root = self.render(other)
        self.assertTrue(root.xpath("//div[@id='informations']"))
        self.assertFalse(root.xpath("//table[@name='billing_facts']"))

    def test_facts_fill_rows_and_the_contact_gets_the_rest(self):
        facts = [{"code": str(i), "label": "x", "lines": ["y"]} for i in range(5)]
        facts.append({"code": "contact", "label": "x", "lines": ["y"]})
        rows = self.env["account.move"]._get_fact_rows(facts)
        self.assertEqual([len(row) for row in rows], [4, 2])
        self.assertEqual(rows[-1][-1]["colspan"], 3)
        rows = self.env["account.move"]._get_fact_rows(facts[:4] + facts[-1:])
        self.assertEqual([len(row) for row in rows], [4, 1])
        self.assertEqual(rows[-1][-1]["colspan"], 4)


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestCreditTitle(InvoiceDocumentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.book(2, "10-05", cls.make_ticket("Printer"))
        cls.book(3, "10-06", cls.make_ticket("Server"))

    def test_whole_credit_is_a_cancellation(self):
        credit = self.credit(self.bill_and_post())
        text = self.get_text(self.render(credit))
        self.assertIn(f"Cancellation Invoice {credit.name}", text)
        self.assertNotIn("Credit Note", text)

    def test_partial_credit_is_a_correction(self):
        credit = self.credit(self.bill_and_post(), "chosen", hours=1)
        text = self.get_text(self.render(credit))
        self.assertIn(f"Invoice Correction {credit.name}", text)

    def test_no_credit_is_called_gutschrift_in_german(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.partner.lang = "de_DE"
        invoice = self.bill_and_post()
        for credit in (self.credit(invoice, "chosen", hours=1), self.credit(invoice)):
            self.assertNotIn("Gutschrift", self.get_text(self.render(credit)))

    def test_credit_names_the_invoice_and_why(self):
        invoice = self.bill_and_post()
        facts = self.get_facts(self.render(self.credit(invoice)))
        self.assertEqual(
            facts["corrected"], f"Corrected Invoice {invoice.name} of 11/01/2026"
        )
        self.assertIn("Wrong hours", facts["reason"])
        self.assertEqual(facts["order"], "Your Order Number 4500087213")

    def test_other_credit_notes_keep_their_title(self):
        other = self.bill_and_post().copy({"invoice_date": date(2026, 11, 1)})
        other.action_post()
        credit = other._reverse_moves()
        self.assertFalse(credit._get_credit_title())


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestDocumentLines(InvoiceDocumentCommon):
    def get_quantities(self, root):
        cells = root.xpath("//td[@name='td_quantity']")
        return [self.get_text(cell) for cell in cells]

    def book_late_and_new(self):
        self.book(1, "09-05", self.make_ticket("Late"))
        self.book(2, "10-05", self.make_ticket("Printer"))
        self.book(3, "10-06", self.make_ticket("Server"))

    def test_heading_is_printed_in_the_row_of_its_first_line(self):
        self.book_late_and_new()
        rows = self.render(self.bill_and_post()).xpath(
            "//table[@name='invoice_line_table']/tbody/tr"
        )
        headings = [
            [
                self.get_text(node)
                for node in row.xpath(".//div[contains(@class, 'o_billing_heading')]")
                if self.get_text(node)
            ]
            for row in rows
        ]
        self.assertEqual(
            headings,
            [
                ["October 2026", "600.00 €"],
                [],
                ["Supplement September 2026", "120.00 €"],
            ],
        )

    def test_each_cell_of_the_row_leaves_room_for_the_heading(self):
        self.book_late_and_new()
        first = self.render(self.bill_and_post()).xpath(
            "//table[@name='invoice_line_table']/tbody/tr[1]/td"
        )
        path = "./div[contains(@class, 'o_billing_heading')]"
        self.assertEqual([len(cell.xpath(path)) for cell in first], [1] * 5)

    def test_month_and_project_above_a_line_are_both_printed(self):
        self.agreement.grouping = "project"
        self.book_late_and_new()
        invoice = self.bill_and_post()
        headings = [
            headings.mapped("display_type")
            for headings in invoice._get_headings_by_line().values()
        ]
        self.assertEqual(headings, [["line_section", "line_subsection"]] * 2)

    def test_heading_without_a_line_is_printed_by_itself(self):
        self.book(2, "10-05", self.make_ticket("Printer"))
        invoice = self.bill().invoice_id
        values = {"display_type": "line_section", "name": "Notes", "sequence": 999}
        invoice.invoice_line_ids = [Command.create(values)]
        rows = self.render(invoice).xpath("//tr[contains(@class, 'o_line_section')]")
        self.assertEqual(
            [self.get_text(row.xpath("./td")[0]) for row in rows], ["Notes"]
        )

    def test_headings_of_other_invoices_are_printed_by_odoo(self):
        invoice = self.init_invoice("out_invoice", products=self.service)
        heading = {"display_type": "line_section", "name": "Works", "sequence": -1}
        invoice.invoice_line_ids = [Command.create(heading)]
        root = self.render(invoice)
        (row,) = root.xpath("//tr[contains(@class, 'o_line_section')]")
        self.assertIn("Works", self.get_text(row))
        self.assertFalse(root.xpath("//div[contains(@class, 'o_billing_heading')]"))

    def test_texts_of_others_are_no_html(self):
        text = "<img src=x onerror=alert(1)> & <b>bold</b>"
        ticket = self.make_ticket(text)
        self.book(2, "10-05", ticket, name=text)
        self.approve_estimate(ticket, 3)
        self.agreement.write(
            {
                "thank_you_note": "Dear {contact}",
                "customer_reference": text,
                "timesheet_report": "same",
            }
        )
        self.partner.name = text
        root = self.render(self.bill_and_post())
        self.assertFalse(root.xpath("//img[@src='x'] | //b[text()='bold']"))
        self.assertGreater(self.get_text(root).count(text), 4)

    def test_every_line_is_printed_once_and_in_its_order(self):
        for number in range(12):
            self.book(1, f"10-{number + 1:02}", self.make_ticket(f"Job {number}"))
        invoice = self.bill_and_post()
        cells = self.render(invoice).xpath("//td[@name='account_invoice_line_name']")
        printed = [self.get_text(cell) for cell in cells]
        lines = invoice.invoice_line_ids.sorted("sequence")
        self.assertEqual(printed, [" ".join(line.name.split()) for line in lines])

    def test_discount_is_an_amount_without_quantity_and_price(self):
        self.agreement.volume_discount_id = self.make_table(
            (10, 110), presentation="summary", mode="volume"
        )
        self.book(12, "10-05", self.make_ticket("Server"))
        root = self.render(self.bill_and_post())
        self.assertEqual(self.get_quantities(root), ["12.00 Hours", ""])
        prices = root.xpath("//td[@name='td_price_unit']")
        self.assertEqual([self.get_text(cell) for cell in prices][1], "")
        amounts = root.xpath("//td[@name='td_subtotal']")
        self.assertIn("120.00", self.get_text(amounts[1]))

    def test_hours_are_named_for_readers_without_the_units_group(self):
        self.book(2, "10-05", self.make_ticket("Printer"))
        invoice = self.bill_and_post()
        users = type(self.env.user)
        for is_member in (True, False):
            with patch.object(users, "has_group", lambda *args, has=is_member: has):
                quantities = self.get_quantities(self.render(invoice))
            self.assertEqual(quantities, ["2.00 Hours"])

    def test_proof_stands_beside_the_totals(self):
        self.agreement.volume_discount_id = self.make_table((10, 110))
        self.book(12, "10-05", self.make_ticket("Server"))
        root = self.render(self.bill_and_post())
        (totals,) = root.xpath("//div[@name='totals']")
        self.assertTrue(totals.xpath(".//div[@id='total']"))
        self.assertTrue(totals.xpath(".//div[@name='volume_discount_formula']"))
        self.assertIn("avoid-page-break-inside", totals.get("class"))
        self.assertNotIn("overflow-hidden", totals.getparent().get("class"))


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestEstimateOnDocument(InvoiceDocumentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ticket = cls.make_ticket("Printer")
        cls.book(2, "10-05", cls.ticket)

    def get_estimates(self, invoice):
        nodes = self.render(invoice).xpath("//div[@name='estimate']")
        return [self.get_text(node) for node in nodes]

    def test_approved_estimate_stands_below_the_line(self):
        self.approve_estimate(self.ticket, 4)
        invoice = self.bill_and_post()
        self.assertEqual(
            self.get_estimates(invoice), ["Estimate 4 h, approved 11/01/2026"]
        )
        self.assertNotIn("Estimate", invoice.invoice_line_ids.name)

    def test_estimate_stands_once_on_a_split_ticket(self):
        self.agreement.volume_discount_id = self.make_table((1, 110))
        self.approve_estimate(self.ticket, 4)
        invoice = self.bill_and_post()
        self.assertEqual(len(invoice.invoice_line_ids), 2)
        self.assertEqual(len(self.get_estimates(invoice)), 1)

    def test_day_of_approval_is_the_day_of_the_customer(self):
        self.partner.tz = "Europe/Berlin"
        with freeze_time("2026-10-31 23:30:00"):
            self.approve_estimate(self.ticket, 4.5)
        self.assertEqual(
            self.get_estimates(self.bill_and_post()),
            ["Estimate 4.5 h, approved 11/01/2026"],
        )

    def test_agreement_can_hide_estimates(self):
        self.approve_estimate(self.ticket, 4)
        self.agreement.show_estimates = False
        self.assertEqual(self.get_estimates(self.bill_and_post()), [])

    def test_estimate_that_waits_for_an_answer_is_not_printed(self):
        self.env["helpdesk.ticket.estimate"].create(
            {
                "ticket_id": self.ticket.id,
                "estimated_hours": 4,
                "price_unit": 120.0,
                "product_id": self.service.id,
            }
        )._mark_sent()
        self.assertEqual(self.get_estimates(self.bill_and_post()), [])

    def test_credit_note_names_no_estimate(self):
        self.approve_estimate(self.ticket, 4)
        self.assertEqual(self.get_estimates(self.credit(self.bill_and_post())), [])
