from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .common import TicketEstimatesCommon

SIGNATURE = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAA"
    "AABJRU5ErkJggg=="
)


@tagged("post_install", "-at_install")
class TestEstimateFlow(TicketEstimatesCommon):
    def test_sending_asks_the_customer(self):
        estimate = self._create_estimate()
        estimate.action_send()
        self.assertEqual(estimate.state, "sent")

    def test_sending_a_newer_one_supersedes_the_one_that_waits(self):
        first = self._create_estimate(state="sent")
        second = self._create_estimate(state="sent")
        self.assertEqual(first.state, "superseded")
        self.assertEqual(second.state, "sent")

    def test_sending_a_newer_one_leaves_the_approved_one_valid(self):
        first = self._create_estimate(8.0, state="approved")
        self._create_estimate(12.0, state="sent")
        self.assertEqual(first.state, "approved")
        self.assertEqual(self.ticket.planned_hours, 8.0)

    @freeze_time("2026-05-04 10:00:00")
    def test_an_approval_records_who_when_and_how(self):
        estimate = self._create_estimate(state="sent")
        estimate._approve(" Dr. Bauer ", signature=SIGNATURE)
        self.assertEqual(estimate.state, "approved")
        self.assertEqual(estimate.signed_by, "Dr. Bauer")
        self.assertEqual(str(estimate.signed_on), "2026-05-04 10:00:00")
        self.assertTrue(estimate.signature)

    def test_an_approval_needs_a_name(self):
        estimate = self._create_estimate(state="sent")
        with self.assertRaisesRegex(UserError, "Who approves"):
            estimate._approve("  ")

    def test_a_customer_cannot_approve_a_draft(self):
        with self.assertRaisesRegex(UserError, "no longer possible"):
            self._create_estimate()._approve("Dr. Bauer")

    def test_approving_a_newer_one_supersedes_the_approved_one(self):
        first = self._create_estimate(8.0, state="approved")
        self._create_estimate(12.0, state="approved")
        self.assertEqual(first.state, "superseded")
        self.assertEqual(self.ticket.planned_hours, 12.0)

    def test_approving_a_newer_draft_supersedes_the_one_that_waits(self):
        waiting = self._create_estimate(state="sent")
        self._create_estimate()._approve("Dr. Bauer", user=self.env.user)
        self.assertEqual(waiting.state, "superseded")

    def test_an_estimate_is_approved_only_once(self):
        estimate = self._create_estimate(state="approved")
        with self.assertRaisesRegex(UserError, "no longer possible"):
            estimate._approve("Somebody else")
        self.assertEqual(estimate.signed_by, "Dr. Bauer")

    def test_an_estimate_cannot_be_approved_after_its_validity(self):
        with freeze_time("2026-05-04"):
            estimate = self._create_estimate(state="sent", validity_date="2026-05-10")
        with freeze_time("2026-05-11"), self.assertRaisesRegex(UserError, "validity"):
            estimate._approve("Dr. Bauer")

    def test_an_estimate_can_be_approved_on_its_last_day(self):
        with freeze_time("2026-05-04"):
            estimate = self._create_estimate(state="sent", validity_date="2026-05-10")
        with freeze_time("2026-05-10 09:00:00"):
            estimate._approve("Dr. Bauer")
        self.assertEqual(estimate.state, "approved")

    def test_a_rejection_records_the_reason(self):
        estimate = self._create_estimate(state="sent")
        estimate._reject("Too expensive", name="Dr. Bauer")
        self.assertEqual(estimate.state, "rejected")
        self.assertEqual(estimate.reject_reason, "Too expensive")
        self.assertEqual(estimate.signed_by, "Dr. Bauer")

    def test_a_rejection_needs_a_reason(self):
        estimate = self._create_estimate(state="sent")
        with self.assertRaisesRegex(UserError, "Why was it rejected"):
            estimate._reject("")

    def test_a_rejected_revision_leaves_the_approved_one_valid(self):
        self._create_estimate(8.0, state="approved")
        self._create_estimate(12.0, state="rejected")
        self.assertEqual(self.ticket.planned_hours, 8.0)

    def test_an_approved_estimate_cannot_be_rejected(self):
        estimate = self._create_estimate(state="approved")
        with self.assertRaisesRegex(UserError, "no longer possible"):
            estimate._reject("Changed my mind")

    def test_a_withdrawn_estimate_is_a_draft_that_can_change(self):
        estimate = self._create_estimate(state="sent", price_unit=66.0)
        estimate.action_withdraw()
        estimate.estimated_hours = 2.0
        self.assertEqual(estimate.state, "draft")
        self.assertEqual(estimate.amount_untaxed, 132.0)

    def test_a_withdrawn_estimate_follows_the_present_contact(self):
        estimate = self._create_estimate(state="sent")
        colleague = self._create_customer(name="Desk", parent_id=self.customer.id)
        self.ticket.partner_id = colleague
        self.assertEqual(estimate.partner_id, self.customer)
        estimate.action_withdraw()
        self.assertEqual(estimate.partner_id, colleague)

    def test_an_approved_estimate_cannot_be_withdrawn(self):
        with self.assertRaisesRegex(UserError, "no longer possible"):
            self._create_estimate(state="approved").action_withdraw()

    def test_hours_changed_before_sending_are_the_hours_sent(self):
        estimate = self._create_estimate(8.0)
        estimate.estimated_hours = 10.0
        estimate._mark_sent()
        self.env.flush_all()
        estimate.invalidate_recordset()
        self.assertEqual(estimate.amount_untaxed, 900.0)


@tagged("post_install", "-at_install")
class TestEstimateRevisions(TicketEstimatesCommon):
    def test_a_revision_copies_the_terms(self):
        first = self._create_estimate(
            8.0, state="approved", price_unit=66.0, scope="<p>Repair</p>"
        )
        revision = first._revise()
        self.assertEqual(revision.state, "draft")
        self.assertEqual(revision.revision, 2)
        self.assertEqual(revision.price_unit, 66.0)
        self.assertEqual(revision.amount_untaxed, 528.0)
        self.assertIn("Repair", revision.scope)

    def test_a_revision_copies_no_approval(self):
        revision = self._create_estimate(state="approved")._revise()
        self.assertFalse(revision.signed_by)
        self.assertFalse(revision.signed_on)

    def test_revising_leaves_the_approved_one_valid(self):
        first = self._create_estimate(8.0, state="approved")
        first._revise().estimated_hours = 20.0
        self.assertEqual(first.state, "approved")
        self.assertEqual(self.ticket.planned_hours, 8.0)

    def test_revising_twice_opens_the_same_draft(self):
        first = self._create_estimate(state="approved")
        self.assertEqual(first._revise(), first._revise())

    def test_a_draft_is_changed_instead_of_revised(self):
        with self.assertRaisesRegex(UserError, "still a draft"):
            self._create_estimate().action_revise()

    def test_a_revision_of_an_expired_one_gets_a_new_validity(self):
        with freeze_time("2026-05-04"):
            expired = self._create_estimate(state="expired")
        with freeze_time("2026-08-04"):
            self.assertEqual(str(expired._revise().validity_date), "2026-09-03")

    def test_the_button_opens_the_revision(self):
        first = self._create_estimate(state="rejected")
        action = first.action_revise()
        revision = self.env["helpdesk.ticket.estimate"].browse(action["res_id"])
        self.assertEqual(revision.revision, 2)


@tagged("post_install", "-at_install")
class TestOnBehalfOfTheCustomer(TicketEstimatesCommon):
    def _answer(self, estimate, kind, **values):
        wizard = self.env[f"helpdesk.ticket.estimate.{kind}"]
        return wizard.create({"estimate_id": estimate.id, **values})

    def test_the_customer_is_proposed_as_the_one_who_approves(self):
        wizard = self._answer(self._create_estimate(state="sent"), "approve")
        self.assertEqual(wizard.name, "Dental Office")

    def test_approving_on_behalf_records_the_internal_user_and_the_way(self):
        estimate = self._create_estimate(state="sent")
        wizard = self._answer(
            estimate, "approve", name="Dr. Bauer", channel="phone", note="at noon"
        )
        wizard.action_approve()
        self.assertEqual(estimate.signed_by, "Dr. Bauer")
        self.assertEqual(estimate.approved_by_id, self.env.user)
        notes = "".join(estimate.message_ids.mapped("body"))
        self.assertIn("By Phone, at noon", notes)

    def test_a_draft_agreed_by_phone_can_be_approved_on_behalf(self):
        estimate = self._create_estimate()
        self._answer(estimate, "approve", name="Dr. Bauer").action_approve()
        self.assertEqual(estimate.state, "approved")

    def test_rejecting_on_behalf_records_the_internal_user(self):
        estimate = self._create_estimate(state="sent")
        wizard = self._answer(estimate, "reject", reason="Too expensive")
        wizard.action_reject()
        self.assertEqual(estimate.state, "rejected")
        self.assertEqual(estimate.approved_by_id, self.env.user)

    def test_the_buttons_open_the_dialogs_for_their_estimate(self):
        estimate = self._create_estimate(state="sent")
        for action in (
            estimate.action_approve_on_behalf(),
            estimate.action_reject_on_behalf(),
        ):
            self.assertEqual(action["target"], "new")
            self.assertEqual(action["context"]["default_estimate_id"], estimate.id)


@tagged("post_install", "-at_install")
class TestEstimateExpiry(TicketEstimatesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.resource_calendar_id.tz = "UTC"

    def _run_cron(self):
        self.env["helpdesk.ticket.estimate"]._cron_expire_estimates()

    def test_an_unanswered_estimate_expires_after_its_validity(self):
        with freeze_time("2026-05-04"):
            estimate = self._create_estimate(state="sent", validity_date="2026-05-10")
        with freeze_time("2026-05-11 01:00:00"):
            self._run_cron()
        self.assertEqual(estimate.state, "expired")

    def test_an_estimate_is_valid_until_the_end_of_its_last_day(self):
        with freeze_time("2026-05-04"):
            estimate = self._create_estimate(state="sent", validity_date="2026-05-10")
        with freeze_time("2026-05-10 23:00:00"):
            self._run_cron()
        self.assertEqual(estimate.state, "sent")

    def test_the_last_day_ends_where_the_company_is(self):
        self.company.resource_calendar_id.tz = "America/Los_Angeles"
        with freeze_time("2026-05-04"):
            estimate = self._create_estimate(state="sent", validity_date="2026-05-10")
        with freeze_time("2026-05-11 05:00:00"):
            self._run_cron()
            self.assertEqual(estimate.state, "sent")
            customer = estimate.with_context(tz="Asia/Tokyo")
            self.assertTrue(customer._is_awaiting_answer())
            customer._check_can_be_offered()
        with freeze_time("2026-05-11 08:00:00"):
            self.assertFalse(estimate._is_awaiting_answer())
            self._run_cron()
        self.assertEqual(estimate.state, "expired")

    def test_one_that_cannot_expire_stops_no_other(self):
        with freeze_time("2026-05-04"):
            stuck = self._create_estimate(state="sent", validity_date="2026-05-10")
            other = self._create_estimate(
                ticket=self._create_ticket(), state="sent", validity_date="2026-05-10"
            )
        model = self.registry["helpdesk.ticket.estimate"]
        expire = model._expire

        def fail(estimate):
            if estimate == stuck:
                raise ValueError("broken")
            return expire(estimate)

        with (
            freeze_time("2026-05-12"),
            patch.object(model, "_expire", fail),
            self.assertLogs("odoo.addons.ticket_estimates", "ERROR"),
        ):
            self._run_cron()
        self.assertEqual((stuck.state, other.state), ("sent", "expired"))

    def test_an_approved_estimate_never_expires(self):
        with freeze_time("2026-05-04"):
            estimate = self._create_estimate(
                state="approved", validity_date="2026-05-10"
            )
        with freeze_time("2026-08-01"):
            self._run_cron()
        self.assertEqual(estimate.state, "approved")

    def test_an_estimate_somebody_answers_right_now_is_left_to_the_next_run(self):
        with freeze_time("2026-05-04"):
            estimate = self._create_estimate(state="sent", validity_date="2026-05-10")
        with freeze_time("2026-05-11"), locked_elsewhere(self):
            self._run_cron()
        self.assertEqual(estimate.state, "sent")


@tagged("post_install", "-at_install")
class TestTwoAtOnce(TicketEstimatesCommon):
    def test_a_transition_waits_for_nobody(self):
        estimate = self._create_estimate(state="sent")
        with locked_elsewhere(self), self.assertRaisesRegex(UserError, "right now"):
            estimate._approve("Dr. Bauer")
        self.assertEqual(estimate.state, "sent")

    def test_the_state_is_read_again_after_locking(self):
        estimate = self._create_estimate(state="sent")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE helpdesk_ticket_estimate SET state = 'rejected' WHERE id = %s",
            [estimate.id],
        )
        with self.assertRaisesRegex(UserError, "Rejected"):
            estimate._approve("Dr. Bauer")

    def test_all_estimates_of_the_ticket_are_locked_together(self):
        first = self._create_estimate(state="sent")
        second = self._create_estimate()
        model = self.registry["helpdesk.ticket.estimate"]
        with patch.object(
            model, "try_lock_for_update", autospec=True, side_effect=lambda e, **kw: e
        ) as lock:
            first._approve("Dr. Bauer")
        self.assertEqual(lock.call_args_list[0].args[0], first + second)


def locked_elsewhere(case):
    """Another transaction holds the rows: nothing can be locked."""
    model = case.registry["helpdesk.ticket.estimate"]
    return patch.object(
        model, "try_lock_for_update", lambda estimates, **kwargs: estimates.browse()
    )
