from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import SQL

from .common import NOVEMBER
from .test_withheld import WithheldCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestDecisions(WithheldCommon):
    """A manager releases or writes off; every hour is still billed at most once."""

    def decide(self, kind, hours, entry=None, user=None):
        decisions = self.env["billing.decision"].with_user(user or self.billing_manager)
        entry = entry or self.entry
        return decisions._decide(kind, {entry.id: hours}, "Agreed on the phone")

    def get_worked(self, period):
        return round(period.worked_hours, 6)

    def test_released_hours_are_billed(self):
        self.decide("release", 1)
        self.assertEqual(self.get_withheld(), {self.entry: 0.6})
        self.assertEqual(self.get_worked(self.bill()), 5.4)
        self.assertEqual(self.get_withheld(), {self.entry: 0.6})

    def test_released_hours_are_billed_once(self):
        self.bill()
        self.decide("release", 1)
        self.assertEqual(self.get_worked(self.bill(NOVEMBER)), 1)
        self.assertEqual(self.get_withheld(), {self.entry: 0.6})
        self.assertEqual(self.bill(NOVEMBER.replace(month=10)).state, "draft")
        self.assertEqual(self.get_withheld(), {self.entry: 0.6})

    def test_release_is_for_its_entry_alone(self):
        later = self.book(2, "10-07", self.ticket)
        self.decide("release", 2, later)
        self.assertEqual(self.get_withheld(), {self.entry: 1.6})
        earlier = self.book(1, "10-01", self.ticket)
        self.assertEqual(self.get_withheld(), {self.entry: 2.6})
        self.assertEqual(self.get_worked(self.bill()), 6.4)
        self.assertTrue(earlier._is_billed())

    def test_approved_hours_of_a_released_entry_are_used_by_no_other(self):
        self.decide("release", 1)
        earlier = self.book(4.4, "10-01", self.ticket)
        self.assertEqual(self.get_withheld(), {earlier: 4.4, self.entry: 0.6})
        self.assertEqual(self.get_worked(self.bill()), 5.4)
        self.assertEqual(self.get_withheld(), {earlier: 4.4, self.entry: 0.6})

    def test_approval_after_a_release_serves_the_oldest_work(self):
        self.decide("release", 1)
        earlier = self.book(3, "10-01", self.ticket)
        self.agreement.estimate_tolerance = 0
        self.approve_estimate(self.ticket, 6)
        self.assertEqual(self.get_withheld(), {earlier: 1.4, self.entry: 0.6})

    def test_later_approval_counts_released_hours(self):
        self.decide("release", 1)
        self.bill()
        self.agreement.estimate_tolerance = 0
        self.approve_estimate(self.ticket, 5.4)
        self.assertEqual(self.get_withheld(), {self.entry: 0.6})
        self.approve_estimate(self.ticket, 6)
        self.assertFalse(self.get_withheld())

    def test_written_off_hours_are_never_billed(self):
        self.decide("write_off", 1.6)
        self.assertFalse(self.get_withheld())
        self.assertEqual(self.get_worked(self.bill()), 4.4)
        self.approve_estimate(self.ticket, 10)
        self.assertEqual(self.bill(NOVEMBER).state, "empty")

    def test_part_is_written_off_and_the_rest_is_billed_after_approval(self):
        self.decide("write_off", 1)
        self.assertEqual(self.get_withheld(), {self.entry: 0.6})
        self.approve_estimate(self.ticket, 10)
        self.assertEqual(self.get_worked(self.bill()), 5)

    def test_write_off_of_billed_hours_is_refused(self):
        self.agreement.estimate_policy = "bill_all"
        self.bill()
        self.agreement.estimate_policy = "withhold"
        with self.assertRaisesRegex(UserError, "0.0 h of it are withheld"):
            self.decide("write_off", 1)

    def test_more_than_is_withheld_is_refused(self):
        for kind in ("release", "write_off"):
            with self.assertRaisesRegex(UserError, "1.6 h of it are withheld"):
                self.decide(kind, 2)

    def test_both_decisions_on_one_entry_add_up(self):
        self.decide("write_off", 1)
        self.decide("release", 0.6)
        self.assertFalse(self.get_withheld())
        self.assertEqual(self.get_worked(self.bill()), 5)

    def test_second_release_comes_on_top(self):
        self.decide("release", 1)
        self.decide("release", 0.6)
        self.assertEqual(self.get_worked(self.bill()), 6)

    def test_revoked_release_is_withheld_again(self):
        self.decide("release", 1).action_revoke()
        self.assertEqual(self.get_withheld(), {self.entry: 1.6})
        self.assertEqual(self.get_worked(self.bill()), 4.4)

    def test_revoked_write_off_is_withheld_again(self):
        decision = self.decide("write_off", 1.6)
        self.bill()
        decision.action_revoke()
        self.assertEqual(self.get_withheld(), {self.entry: 1.6})
        self.assertTrue(decision.revoked_by_id)

    def test_billed_release_cannot_be_revoked_until_it_is_free(self):
        decision = self.decide("release", 1)
        period = self.bill()
        with self.assertRaisesRegex(UserError, "are on an invoice"):
            decision.action_revoke()
        period.invoice_id.button_cancel()
        decision.action_revoke()
        self.assertEqual(self.get_worked(self.bill()), 4.4)

    def test_earlier_release_cannot_be_revoked_below_a_later_one(self):
        first = self.decide("release", 1)
        second = self.decide("release", 0.6)
        with self.assertRaisesRegex(UserError, "Revoke that first"):
            first.action_revoke()
        second.action_revoke()
        first.action_revoke()
        with self.assertRaisesRegex(UserError, "revoked already"):
            first.action_revoke()

    def test_release_holds_for_the_next_invoice_after_a_cancelled_one(self):
        self.decide("release", 1.6)
        self.bill().invoice_id.button_cancel()
        self.assertEqual(self.bill().worked_hours, 6)

    def test_given_back_hours_that_were_written_off_do_not_come_back(self):
        self.agreement.estimate_policy = "bill_all"
        invoice = self.bill().invoice_id
        invoice.action_post()
        self.agreement.estimate_policy = "withhold"
        wizard = Form(
            self.env["account.move.reversal"].with_context(
                active_model="account.move", active_ids=invoice.ids
            )
        )
        wizard.billing_release = "all"
        wizard.save().refund_moves()
        credit = invoice.reversal_move_ids
        credit.action_post()
        self.decide("write_off", 1.6)
        with self.assertRaisesRegex(UserError, "written off"):
            credit.button_draft()

    def test_decided_entry_is_locked_until_the_decision_is_revoked(self):
        decision = self.decide("write_off", 1)
        for change in (
            lambda: self.entry.write({"unit_amount": 1}),
            lambda: self.entry.unlink(),
        ):
            with self.assertRaisesRegex(UserError, "released or written off"):
                change()
        self.assertTrue(self.entry.readonly_timesheet)
        decision.action_revoke()
        self.entry.unit_amount = 5
        self.assertEqual(self.get_withheld(), {self.entry: 0.6})

    def test_decision_never_changes_and_is_never_deleted(self):
        decision = self.decide("release", 1).sudo()
        with self.assertRaisesRegex(UserError, "stays as it was made"):
            decision.hours = 1.6
        with self.assertRaisesRegex(UserError, "stays as a record"):
            decision.unlink()

    def test_reason_and_hours_are_noted_on_the_ticket(self):
        decision = self.decide("release", 1)
        self.assertIn("1 h of “Moved it”", self.ticket.message_ids[0].body)
        self.assertIn("Agreed on the phone", self.ticket.message_ids[0].body)
        self.assertTrue(self.ticket.message_ids[0].is_internal)
        decision.action_revoke()
        self.assertIn("is revoked", self.ticket.message_ids[0].body)

    def test_wizard_decides_on_the_chosen_rows(self):
        row = self.env["billing.withheld"].with_user(self.billing_manager).search([])
        action = row.with_context(default_kind="write_off").action_decide()
        wizard = Form(
            self.env[action["res_model"]]
            .with_user(self.billing_manager)
            .with_context(**action["context"])
        )
        wizard.reason = "Our mistake"
        wizard.save().action_apply()
        decision = self.entry.billing_decision_ids
        self.assertEqual((decision.kind, decision.reason), ("write_off", "Our mistake"))
        self.assertAlmostEqual(decision.hours, 1.6)
        self.assertEqual(decision.user_id, self.billing_manager)

    def test_only_managers_decide(self):
        self.assertTrue(self.get_withheld(self.billing_user))
        with self.assertRaisesRegex(AccessError, "Only billing managers"):
            self.decide("release", 1, user=self.billing_user)
        decision = self.decide("release", 1)
        with self.assertRaisesRegex(AccessError, "Only billing managers"):
            decision.with_user(self.billing_user).action_revoke()
        with self.assertRaises(AccessError):
            self.env["billing.decision"].with_user(self.billing_manager).create(
                {"timesheet_id": self.entry.id, "kind": "release", "hours": 1}
            )

    def test_check_of_the_ledger_names_what_is_billed_and_written_off(self):
        self.decide("write_off", 1.6)
        period = self.bill()
        model = self.env["billing.allocation"]
        self.assertFalse([one for one in model._find_deviations() if one.period_ids])
        self.env.cr.execute(SQL("UPDATE billing_decision SET hours = 2"))
        found = [one for one in model._find_deviations() if one.period_ids]
        self.assertEqual([one.period_ids for one in found], [tuple(period.ids)])
        self.assertIn("2.0 h written off", found[0].text)
