from odoo.tests import Form, HttpCase, freeze_time, tagged

from .common import MonthlyBillingCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestTicketSentences(MonthlyBillingCommon):
    """The page of a ticket says what of its time was billed and what waits."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agreement.estimate_policy = "withhold"
        cls.ticket = cls.make_ticket("Printer")

    def get_sentences(self):
        """Return what the page says of time and money, without the consent."""
        self.ticket.invalidate_recordset()
        return self.ticket.sudo()._get_spent_sentences()

    def bill_and_post(self):
        invoice = self.bill().invoice_id
        invoice.action_post()
        return invoice

    def reject_estimate(self, hours):
        estimate = self.env["helpdesk.ticket.estimate"].create(
            {
                "ticket_id": self.ticket.id,
                "estimated_hours": hours,
                "price_unit": 120.0,
                "product_id": self.service.id,
            }
        )
        estimate._mark_sent()
        estimate._reject("Too expensive")

    def test_without_time_nothing_is_said_of_invoices(self):
        self.assertEqual(self.get_sentences(), ["No time has been spent yet."])

    def test_time_is_not_billed_before_the_invoice_is_posted(self):
        self.approve_estimate(self.ticket, 4)
        self.book(3, "10-05", self.ticket)
        self.bill()
        self.assertEqual(self.get_sentences(), ["3.00 h spent, none billed."])

    def test_time_on_a_posted_invoice_is_billed(self):
        self.approve_estimate(self.ticket, 4)
        self.book(2, "10-05", self.ticket)
        self.bill_and_post()
        self.book(1, "10-06", self.ticket)
        self.assertEqual(self.get_sentences(), ["3.00 h spent, 2.00 h of them billed."])

    def test_time_that_was_credited_is_not_billed(self):
        self.approve_estimate(self.ticket, 4)
        self.book(2, "10-05", self.ticket)
        invoice = self.bill_and_post()
        reversal = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        form = Form(reversal)
        form.billing_release = "all"
        wizard = form.save()
        wizard.refund_moves()
        wizard.new_move_ids.action_post()
        self.assertEqual(self.get_sentences(), ["2.00 h spent, none billed."])

    def test_rounded_time_is_named_as_it_is_billed(self):
        self.agreement.write({"rounding_minutes": 15, "rounding_scope": "entry"})
        self.approve_estimate(self.ticket, 4)
        self.book(0.35, "10-05", self.ticket)
        self.bill_and_post()
        self.assertEqual(
            self.get_sentences(),
            [
                "0.35 h spent, 0.35 h of them billed.",
                "Rounded as agreed these are 0.50 h.",
            ],
        )

    def test_time_beyond_the_approval_waits(self):
        self.approve_estimate(self.ticket, 4)
        self.book(6, "10-05", self.ticket)
        self.bill_and_post()
        self.assertEqual(
            self.get_sentences(),
            [
                "6.00 h spent, 4.00 h of them billed.",
                "2.00 h wait for your approval and are not billed before.",
            ],
        )

    def test_time_on_a_rejected_estimate_waits(self):
        self.reject_estimate(4)
        self.book(1.5, "10-05", self.ticket)
        self.assertEqual(
            self.get_sentences(),
            [
                "1.50 h spent, none billed.",
                "1.50 h wait for your approval and are not billed before.",
            ],
        )

    def test_nothing_waits_where_all_time_is_billed(self):
        self.agreement.estimate_policy = "bill_all"
        self.book(1.5, "10-05", self.ticket)
        self.assertEqual(self.get_sentences(), ["1.50 h spent, none billed."])

    def test_the_invoices_of_a_former_customer_do_not_count(self):
        self.approve_estimate(self.ticket, 4)
        self.book(2, "10-05", self.ticket)
        self.bill_and_post()
        self.ticket.partner_id = self.make_partner("Successor")
        self.assertFalse([s for s in self.get_sentences() if "of them billed" in s])

    def test_hours_are_written_as_the_reader_writes_them(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.approve_estimate(self.ticket, 4)
        self.book(6, "10-05", self.ticket)
        german = self.ticket.with_context(lang="de_DE").sudo()
        self.assertIn("6,00", german._get_spent_sentences()[0])


@tagged("post_install", "-at_install")
class TestTicketSentencesPage(MonthlyBillingCommon, HttpCase):
    def test_the_customer_reads_what_was_billed_and_what_waits(self):
        self.agreement.estimate_policy = "withhold"
        ticket = self.make_ticket("Printer")
        self.approve_estimate(ticket, 4)
        self.book(6, "10-05", ticket)
        self.bill().invoice_id.action_post()
        user = self.make_user("mb_portal", "base.group_portal")
        user.partner_id.parent_id = self.partner
        self.authenticate(user.login, user.login)
        page = self.url_open(f"/my/ticket/{ticket.id}").text
        for sentence in (
            "6.00 h spent, 4.00 h of them billed.",
            "2.00 h wait for your approval and are not billed before.",
            "You have approved 4.00 h. Our new estimate of 6.00 h in all waits for "
            "your answer.",
        ):
            self.assertIn(sentence, page)
