from odoo.tests import freeze_time, tagged

from .common import OnlinePaymentCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestPaymentInBrowser(OnlinePaymentCommon):
    """The customer's way from the mail to the paid invoice, without login."""

    def walk(self, link, tour):
        """Open a link of a mail and do as the tour says."""
        self.start_tour(link, tour, timeout=120)
        self.env.invalidate_all()

    def assertPaid(self, amount):
        """One payment of this amount settled the invoice, and one receipt goes out."""
        self.assertEqual(self.invoice.payment_state, "paid")
        payments = self.invoice.transaction_ids.filtered(lambda tx: tx.state == "done")
        self.assertEqual(payments.mapped("amount"), [amount])
        [receipt] = self.send_receipts()
        self.assertIn(self.invoice.name, receipt["subject"])
        self.assertFalse(self.send_receipts())

    def test_link_of_the_mail_leads_to_a_paid_invoice_and_one_receipt(self):
        self.walk(self.find_link(self.deliver()), "monthly_billing_pay")
        self.assertPaid(285.6)

    def test_after_a_part_the_link_asks_a_german_for_the_rest(self):
        self.speak_german()
        link = self.find_link(self.deliver())
        self.register_payment(85.6)
        self.assertFalse(self.send_receipts())
        self.walk(link, "monthly_billing_pay")
        self.assertPaid(200.0)

    def test_payment_that_fails_says_so_and_can_be_tried_again(self):
        link = self.invoice._get_online_payment_url()
        self.walk(link, "monthly_billing_pay_fails")
        self.assertEqual(self.invoice.payment_state, "not_paid")
        self.walk(link, "monthly_billing_pay")
        self.assertPaid(285.6)

    def test_second_window_takes_no_money_again(self):
        link = self.invoice._get_online_payment_url()
        self.walk(link, "monthly_billing_pay_in_two_windows")
        self.assertPaid(285.6)
