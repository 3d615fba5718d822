"""Two windows, one invoice: it is paid once, and what comes twice is given back."""

from odoo.tests import tagged

from .common import OnlinePaymentCommon


@tagged("post_install", "-at_install")
class TestTwoWindows(OnlinePaymentCommon):
    def begin(self, window=None):
        """Press Pay in a window; return the answer and the transaction."""
        known = self.invoice.transaction_ids
        if window:
            self.opener.cookies.clear()
            self.authenticate(None, None)
        answer = self.start_payment(self.invoice, 285.6)
        self.env.invalidate_all()
        return answer, self.invoice.sudo().transaction_ids - known

    def finish(self, transaction):
        transaction._process(
            "demo", {"reference": transaction.reference, "simulated_state": "done"}
        )
        transaction._post_process()

    def get_activities(self):
        return self.invoice.activity_ids.filtered(
            lambda activity: "refund" in (activity.summary or "")
        )

    def test_another_window_is_told_of_the_open_payment(self):
        _answer, first = self.begin("one")
        answer, second = self.begin("two")
        self.assertFalse(second)
        message = answer["error"]["data"]["message"]
        self.assertIn("was begun in another window", message)
        self.assertIn("15 minutes", message)
        self.finish(first)
        self.assertIn(self.invoice.payment_state, ("in_payment", "paid"))
        self.assertFalse(self.get_activities())

    def test_a_payment_given_up_is_taken_over_after_a_while(self):
        _answer, first = self.begin("one")
        self.env.cr.execute(
            "UPDATE payment_transaction SET create_date = create_date - "
            "interval '16 minutes' WHERE id = %s",
            first.ids,
        )
        self.env.invalidate_all()
        answer, second = self.begin("two")
        self.assertIn("result", answer)
        self.assertEqual((first.state, second.state), ("cancel", "draft"))

    def test_who_goes_back_and_pays_anew_gives_up_the_first(self):
        _answer, first = self.begin()
        answer, second = self.begin()
        self.assertIn("result", answer)
        self.assertEqual((first.state, second.state), ("cancel", "draft"))

    def test_money_that_comes_twice_is_booked_and_asked_to_be_refunded(self):
        _answer, first = self.begin()
        _answer, second = self.begin()
        self.finish(second)
        self.assertFalse(self.get_activities())
        self.finish(first)
        self.assertEqual(first.state, "done")
        self.assertEqual(first.payment_id.amount, 285.6)
        activity = self.get_activities()
        self.assertEqual(len(activity), 1)
        self.assertIn("285.60", activity.summary)
        self.assertEqual(activity.user_id, self.agreement.user_id)
        self.assertIn(first.reference, activity.note)
