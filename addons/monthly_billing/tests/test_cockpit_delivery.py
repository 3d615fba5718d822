from datetime import date

from odoo.tests import freeze_time, tagged

from .test_cockpit import CockpitCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestCockpitDelivery(CockpitCommon):
    """Invoices that no customer has are named until they are sent."""

    def setUp(self):
        super().setUp()
        self.agreement.auto_post = True
        self.book(2, "10-05", self.ticket)
        self.invoice = self.bill().invoice_id

    def test_undelivered_invoice_leads_to_the_invoice(self):
        self.invoice._record_delivery_failure("The mailbox is full.", retry=False)
        issue = self.find("undelivered")
        self.assertEqual(issue.partner_id, self.partner)
        self.assertIn(self.invoice.name, issue.reason)
        self.assertIn("October 2026: The mailbox is full.", issue.reason)
        self.assertEqual(self.get_remedy(issue), self.invoice)

    def test_undelivered_credit_note_is_one_of_its_month(self):
        credit = self.invoice._reverse_moves()
        credit.action_post()
        credit._record_delivery_failure("The mailbox is full.", retry=False)
        self.assertEqual(self.get_remedy(self.find("undelivered")), credit)

    def test_invoice_that_is_tried_again_is_no_issue(self):
        self.invoice._record_delivery_failure("The mailbox is full.")
        self.assertFalse(self.find("undelivered"))

    def test_invoice_that_is_sent_again_is_no_issue(self):
        self.invoice._record_delivery_failure("The mailbox is full.", retry=False)
        self.invoice.action_deliver()
        self.assertFalse(self.find("undelivered"))

    def test_undelivered_invoice_of_a_later_month_is_no_issue(self):
        self.invoice._record_delivery_failure("The mailbox is full.", retry=False)
        cockpit = self.open_cockpit()
        cockpit.month = date(2026, 9, 1)
        self.assertFalse(self.find("undelivered", cockpit))
