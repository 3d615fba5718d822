from odoo.tests import freeze_time, tagged

from .policy_common import PolicyCommon


@tagged("post_install", "-at_install")
class TestTicketSentences(PolicyCommon):
    """The page of a ticket says in sentences where time and money stand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_policy(cls.company, estimate="block")
        cls.customer.tz = "UTC"

    def _get_sentences(self):
        self.ticket.invalidate_recordset()
        return self.ticket.sudo()._get_portal_sentences()

    def assertAgreed(self, sentence):
        """What the customer has agreed to comes last, after the time spent."""
        self.assertEqual(self._get_sentences()[-1], sentence)

    def _reject(self, reason, **values):
        """The customer rejects a new estimate on 3 May, late in the evening (UTC)."""
        estimate = self._create_estimate(state="sent", **values)
        with freeze_time("2026-05-03 22:30:00"):
            estimate._reject(reason)
        return estimate

    def test_no_time_is_spent_yet(self):
        self.assertEqual(self._get_sentences()[0], "No time has been spent yet.")

    def test_time_spent_comes_first_with_two_digits(self):
        self._log_time(1 / 3)
        self.assertTrue(self._get_sentences()[0].startswith("0.33 h spent"))

    def test_before_any_estimate_one_is_promised(self):
        self.assertAgreed("Before we begin you get an estimate to approve.")

    def test_a_draft_is_not_spoken_of(self):
        self._create_estimate(hours=77.0)
        self.assertAgreed("Before we begin you get an estimate to approve.")

    def test_hours_free_of_approval_are_named(self):
        self.company.ticket_estimate_free_hours = 2.0
        self._log_time(2.0)
        self.assertAgreed("Up to 2.00 h are free of approval.")

    def test_more_time_than_is_free_of_approval_is_admitted(self):
        self.company.ticket_estimate_free_hours = 2.0
        self._log_time(2.5)
        self.assertAgreed(
            "2.00 h are free of approval; you have approved no more so far."
        )

    def test_where_all_may_be_done_nothing_is_said_of_approval(self):
        self._set_policy(self.company, estimate="allow")
        self.assertEqual(self._get_sentences(), ["No time has been spent yet."])

    def test_nobody_is_asked_about_the_firm_s_own_ticket(self):
        self.ticket.partner_id = self.company.partner_id
        self.assertEqual(self._get_sentences(), ["No time has been spent yet."])

    def test_a_sent_estimate_waits_for_the_answer(self):
        self._create_estimate(hours=8.0, state="sent")
        self.assertAgreed("Our estimate of 8.00 h waits for your answer.")

    def test_a_new_estimate_waits_beside_the_approved_hours(self):
        approved = self._create_estimate(hours=8.0, state="approved")
        revision = approved._revise()
        revision.estimated_hours = 12.0
        revision._mark_sent()
        self.assertAgreed(
            "You have approved 8.00 h. Our new estimate of 12.00 h in all waits for "
            "your answer."
        )

    def test_approved_hours_are_named_with_what_is_left(self):
        self._create_estimate(hours=8.0, state="approved")
        self._log_time(2.5)
        self.assertAgreed("You have approved 8.00 h; 5.50 h of them are left.")

    def test_hours_beyond_the_approved_ones_are_named(self):
        self.company.ticket_overrun_tolerance = 20.0
        self._create_estimate(hours=8.0, state="approved")
        self._log_time(9.25)
        self.assertAgreed("You have approved 8.00 h; 1.25 h go beyond that.")

    def test_after_a_rejection_we_wait_and_quote_the_reason(self):
        self._reject("Too expensive", hours=9.0)
        self.assertAgreed(
            "You rejected our estimate of 9.00 h on 05/03/2026 (“Too expensive”). "
            "We wait for you."
        )

    def test_a_rejection_without_reason_quotes_nothing(self):
        rejected = self._reject("Too expensive", hours=9.0)
        rejected._write_transition({"reject_reason": False})
        self.assertAgreed(
            "You rejected our estimate of 9.00 h on 05/03/2026. We wait for you."
        )

    def test_the_day_of_a_rejection_is_that_of_the_customer(self):
        self.customer.tz = "Europe/Berlin"
        self._reject("Too expensive")
        self.assertIn("on 05/04/2026 ", self._get_sentences()[-1])

    def test_a_long_reason_is_cut_between_words(self):
        self._reject("word " * 100)
        sentence = self._get_sentences()[-1]
        self.assertIn("word …”). We wait for you.", sentence)
        self.assertLess(len(sentence), 300)

    def test_after_an_estimate_expired_we_wait(self):
        self._create_estimate(hours=9.0, state="expired")
        self.assertAgreed(
            "Our estimate of 9.00 h is no longer valid, and you have not answered it. "
            "We wait for you."
        )

    def test_hours_beyond_the_tolerance_are_a_new_estimate(self):
        self._create_estimate(hours=8.0, state="approved")
        self._log_time(9.25)
        self.assertAgreed(
            "You have approved 8.00 h. Our new estimate of 9.25 h in all waits for "
            "your answer."
        )

    def test_a_rejected_revision_leaves_the_approval(self):
        approved = self._create_estimate(hours=8.0, state="approved")
        revision = approved._revise()
        revision.estimated_hours = 12.0
        revision._mark_sent()
        revision._reject("Too expensive")
        self.assertAgreed("You have approved 8.00 h; 8.00 h of them are left.")

    def test_the_estimate_of_a_former_customer_is_not_spoken_of(self):
        self._reject("Too expensive")
        self.ticket.partner_id = self.other_customer
        self.assertAgreed("Before we begin you get an estimate to approve.")
