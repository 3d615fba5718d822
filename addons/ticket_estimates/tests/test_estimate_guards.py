from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import TicketEstimatesCommon


@tagged("post_install", "-at_install")
class TestEstimateGuards(TicketEstimatesCommon):
    def _get_changes(self):
        """One change of each term that a user could try."""
        other_product = self._create_product(name="Senior")
        return {
            "estimated_hours": 99.0,
            "price_unit": 1.0,
            "product_id": other_product.id,
            "tax_ids": [Command.clear()],
            "validity_date": "2099-01-01",
            "scope": "<p>Everything</p>",
            "currency_id": self.env.ref("base.USD").id,
            "partner_id": self.other_customer.id,
        }

    def test_no_term_of_an_approved_estimate_can_change(self):
        estimate = self._create_estimate(state="approved")
        for name, value in self._get_changes().items():
            with (
                self.subTest(name),
                self.assertRaisesRegex(UserError, "Create a new revision"),
            ):
                estimate.write({name: value})

    def test_no_term_of_a_sent_estimate_can_change_silently(self):
        estimate = self._create_estimate(state="sent")
        for name, value in self._get_changes().items():
            with self.subTest(name), self.assertRaisesRegex(UserError, "Withdraw it"):
                estimate.write({name: value})

    def test_every_term_of_a_draft_can_change(self):
        estimate = self._create_estimate()
        estimate.write(self._get_changes())
        self.assertEqual(estimate.estimated_hours, 99.0)

    def test_responsible_and_internal_note_can_change_after_approval(self):
        estimate = self._create_estimate(state="approved")
        estimate.write({"user_id": False, "internal_note": "<p>Mind the cable</p>"})
        self.assertIn("cable", estimate.internal_note)

    def test_nobody_approves_by_writing_the_state(self):
        estimate = self._create_estimate(state="sent")
        for values in (
            {"state": "approved"},
            {"signed_by": "Me"},
            {"amount_total": 1.0},
            {"signed_on": "2026-05-04 10:00:00"},
            {"signature": False},
            {"revision": 7},
        ):
            with self.subTest(values), self.assertRaisesRegex(UserError, "buttons"):
                estimate.write(values)

    def test_nobody_presets_an_approval(self):
        presets = {
            "default_state": "approved",
            "default_access_token": "known",
            "default_signed_by": "Me",
        }
        model = self.env["helpdesk.ticket.estimate"].with_context(**presets)
        estimate = model.create({"ticket_id": self.ticket.id, "estimated_hours": 99.0})
        self.assertEqual(estimate.state, "draft")
        self.assertFalse(estimate.access_token or estimate.signed_by)
        self.assertEqual(self.ticket.planned_hours, 0.0)

    def test_nobody_sets_the_hours_of_a_ticket(self):
        for values in ({"planned_hours": 99.0}, {"total_hours": 0.0}):
            with self.subTest(values):
                with self.assertRaisesRegex(UserError, "follow from"):
                    self.ticket.write(values)
                with self.assertRaisesRegex(UserError, "follow from"):
                    self._create_ticket(**values)

    def test_a_copy_of_a_ticket_starts_without_hours(self):
        self._create_estimate(state="approved")
        self._log_time(2.0)
        copy = self.ticket.copy()
        self.assertEqual((copy.planned_hours, copy.total_hours), (0.0, 0.0))

    def test_nobody_creates_an_approved_estimate(self):
        with self.assertRaisesRegex(UserError, "buttons"):
            self.env["helpdesk.ticket.estimate"].create(
                {
                    "ticket_id": self.ticket.id,
                    "estimated_hours": 1.0,
                    "state": "approved",
                }
            )

    def test_a_context_from_outside_opens_nothing(self):
        estimate = self._create_estimate(state="sent")
        for key in (True, 1, "TRANSITION"):
            with self.subTest(key), self.assertRaisesRegex(UserError, "buttons"):
                estimate.with_context(estimate_transition=key).state = "approved"

    def test_an_estimate_stays_with_its_ticket(self):
        with self.assertRaisesRegex(UserError, "stays with its ticket"):
            self._create_estimate().ticket_id = self._create_ticket()

    def test_a_tax_that_changes_later_leaves_the_approved_amounts_alone(self):
        estimate = self._create_estimate(state="approved")
        self.tax.amount = 25.0
        self.env.add_to_compute(estimate._fields["amount_total"], estimate)
        self.env.flush_all()
        estimate.invalidate_recordset()
        self.assertEqual(estimate.amount_total, 856.8)

    def test_a_price_that_changes_later_leaves_the_approved_rate_alone(self):
        estimate = self._create_estimate(state="approved")
        self.product.list_price = 200.0
        self.env.add_to_compute(estimate._fields["price_unit"], estimate)
        self.env.flush_all()
        estimate.invalidate_recordset()
        self.assertEqual(estimate.price_unit, 90.0)

    def test_only_drafts_can_be_deleted(self):
        for state in ("sent", "approved", "rejected", "expired", "superseded"):
            estimate = self._create_estimate(state=state)
            with (
                self.subTest(state),
                self.assertRaisesRegex(UserError, "Only drafts can be deleted"),
            ):
                estimate.unlink()

    def test_a_draft_can_be_deleted(self):
        estimate = self._create_estimate()
        estimate.unlink()
        self.assertFalse(estimate.exists())

    def test_a_ticket_with_an_estimate_the_customer_saw_cannot_be_deleted(self):
        self._create_estimate(state="sent")
        with self.assertRaisesRegex(UserError, "Only drafts can be deleted"):
            self.ticket.unlink()

    def test_a_ticket_with_a_draft_can_be_deleted(self):
        self._create_estimate()
        self.ticket.unlink()
        self.assertFalse(self.ticket.exists())
