from datetime import date

from odoo.tests import freeze_time, tagged

from .test_cockpit import CockpitCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestCockpitDelivery(CockpitCommon):
    """Invoices and receipts that no customer has are named until they are sent."""

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

    def make_receipt(self):
        """Return the receipt of the invoice's payment, which is to be sent."""
        self.invoice.sudo()._plan_receipts()
        return self.invoice._get_deliveries()

    def test_undelivered_receipt_leads_to_the_invoice(self):
        receipt = self.make_receipt()
        self.assertFalse(self.find("undelivered_receipt"))
        receipt._record_delivery_failure("The mailbox is full.", retry=False)
        issue = self.find("undelivered_receipt")
        self.assertEqual(issue.partner_id, self.partner)
        self.assertIn(f"{self.invoice.name}, October 2026: ", issue.reason)
        self.assertIn("The mailbox is full.", issue.reason)
        self.assertEqual(self.get_remedy(issue), self.invoice)
        self.assertFalse(self.find("undelivered"))

    def test_receipt_that_is_sent_again_is_no_issue(self):
        receipt = self.make_receipt()
        receipt._record_delivery_failure("The mailbox is full.", retry=False)
        self.invoice.action_deliver_receipt()
        self.assertFalse(self.find("undelivered_receipt"))

    def test_undelivered_receipt_of_another_company_is_no_issue(self):
        receipt = self.make_receipt()
        receipt._record_delivery_failure("The mailbox is full.", retry=False)
        cockpit = self.open_cockpit()
        other = self.env["res.company"].create({"name": "Other"})
        finder = cockpit.sudo().with_context(allowed_company_ids=other.ids)
        self.assertFalse(finder._find_delivery_issues())

    def send_estimate(self):
        """Return an estimate that was sent and the e-mail about it."""
        self.partner.email = "sommer@example.com"
        estimate = self.env["helpdesk.ticket.estimate"].create(
            {
                "ticket_id": self.ticket.id,
                "estimated_hours": 3.0,
                "price_unit": 120.0,
                "product_id": self.service.id,
            }
        )
        estimate._send()
        [delivery] = estimate._get_deliveries()
        return estimate, delivery

    def test_undelivered_estimate_leads_to_the_estimate(self):
        estimate, delivery = self.send_estimate()
        self.assertFalse(self.find("undelivered_estimate"))
        delivery._record_delivery_failure("The mailbox is full.", retry=False)
        issue = self.find("undelivered_estimate")
        self.assertEqual(issue.partner_id, self.partner)
        self.assertEqual(issue.user_id, estimate._get_person_in_charge())
        self.assertIn(estimate.display_name, issue.reason)
        self.assertIn("The mailbox is full.", issue.reason)
        self.assertEqual(self.get_remedy(issue), estimate)
        kinds = self.open_cockpit().summary_ids.mapped("kind")
        self.assertIn("undelivered_estimate", kinds)

    def test_estimate_that_is_sent_again_is_no_issue(self):
        estimate, delivery = self.send_estimate()
        delivery._record_delivery_failure("The mailbox is full.", retry=False)
        estimate.action_deliver()
        self.assertFalse(self.find("undelivered_estimate"))

    def test_estimate_that_is_answered_is_no_issue(self):
        estimate, delivery = self.send_estimate()
        delivery._record_delivery_failure("The mailbox is full.", retry=False)
        estimate._approve("Dr. Sommer")
        self.assertFalse(self.find("undelivered_estimate"))

    def test_undelivered_estimate_of_another_company_is_no_issue(self):
        _estimate, delivery = self.send_estimate()
        delivery._record_delivery_failure("The mailbox is full.", retry=False)
        cockpit = self.open_cockpit()
        other = self.env["res.company"].create({"name": "Other"})
        finder = cockpit.sudo().with_context(allowed_company_ids=other.ids)
        self.assertFalse(finder._find_delivery_issues())
