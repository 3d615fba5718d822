from unittest.mock import patch

from odoo.exceptions import UserError, ValidationError
from odoo.tests import freeze_time, tagged

from ..models.run.write import BillingRunWrite
from .common import NOVEMBER, OCTOBER, MonthlyBillingCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestLedger(MonthlyBillingCommon):
    """Billed time is locked, and free again when its invoice does not count."""

    def setUp(self):
        super().setUp()
        self.ticket = self.make_ticket("Login broken")
        self.entry = self.book(2, "10-05", self.ticket)
        self.period = self.bill()
        self.invoice = self.period.invoice_id

    def test_allocation_joins_entry_and_line(self):
        allocation = self.entry.allocation_ids
        self.assertEqual(allocation.move_line_id, self.invoice.invoice_line_ids)
        self.assertEqual(allocation.worked_hours, 2.0)
        self.assertEqual(allocation.billed_hours, 2.0)
        self.assertEqual(allocation.price_unit, 120.0)
        self.assertEqual(allocation.service_month, OCTOBER)

    def test_order_of_the_lines_on_the_invoice_does_not_matter_to_the_ledger(self):
        other = self.make_ticket("Printer")
        early, late = self.book(1, "11-05", self.ticket), self.book(3, "11-06", other)
        prepare = BillingRunWrite._prepare_invoice_lines

        def prepare_all_in_one_place(writer, *args, **kwargs):
            lines = prepare(writer, *args, **kwargs)
            return [line | {"sequence": 7} for line in lines]

        with patch.object(
            BillingRunWrite, "_prepare_invoice_lines", prepare_all_in_one_place
        ):
            self.bill(NOVEMBER)
        self.assertEqual(early.allocation_ids.ticket_id, self.ticket)
        self.assertEqual(late.allocation_ids.ticket_id, other)

    def test_month_of_the_work_is_that_of_credit_notes_not_of_duplicates(self):
        self.invoice.action_post()
        months = [
            move.invoice_line_ids.mapped("service_month")
            for move in (self.invoice._reverse_moves(), self.invoice.copy())
        ]
        self.assertEqual(months, [[OCTOBER], [False]])

    def test_billed_entry_is_locked(self):
        other = self.make_ticket("Other")
        for values in (
            {"unit_amount": 1},
            {"date": "2026-10-06"},
            {"ticket_id": other.id},
            {"employee_id": self.make_employee("Bernd").id},
            {"project_id": self.make_project("P", self.partner).id},
            {"non_billable": True},
        ):
            with (
                self.subTest(values=values),
                self.assertRaisesRegex(UserError, "is billed on"),
            ):
                self.entry.write(values)

    def test_text_of_a_billed_entry_can_be_corrected(self):
        self.entry.name = "Password reset"
        self.assertEqual(self.entry.name, "Password reset")

    def test_billed_entry_cannot_be_deleted(self):
        with self.assertRaisesRegex(UserError, "is billed on"):
            self.entry.unlink()

    def test_billed_entry_is_shown_as_readonly(self):
        self.assertTrue(self.entry.readonly_timesheet)

    def test_moving_the_ticket_leaves_billed_time_where_it_is(self):
        free = self.book(1, "11-02", self.ticket)
        other = self.make_partner("Hotel Adler")
        self.ticket.partner_id = other
        self.assertEqual(free.partner_id, other)
        self.assertEqual(self.entry.partner_id, self.partner)

    def test_deleting_the_draft_frees_the_time(self):
        self.invoice.unlink()
        self.assertEqual(self.period.state, "open")
        self.assertFalse(self.entry.allocation_ids)
        self.entry.unit_amount = 3
        self.assertEqual(self.bill().billed_hours, 3.0)

    def test_cancelling_the_invoice_frees_the_time(self):
        self.invoice.action_post()
        self.invoice.button_cancel()
        self.assertEqual(self.period.state, "open")
        self.entry.unit_amount = 3
        again = self.bill()
        self.assertEqual(again.billed_hours, 3.0)
        self.assertNotEqual(again.invoice_id, self.invoice)
        self.assertIn(self.invoice, again.move_ids)

    def test_entry_of_a_cancelled_invoice_can_be_deleted(self):
        self.invoice.button_cancel()
        self.entry.unlink()
        self.assertFalse(self.entry.exists())

    def test_reset_to_draft_keeps_the_time_billed(self):
        self.invoice.action_post()
        self.invoice.button_draft()
        self.assertEqual(self.period.state, "draft")
        self.assertTrue(self.entry._is_billed())

    def test_credit_note_alone_does_not_make_time_billable(self):
        self.invoice.action_post()
        self.invoice._reverse_moves(cancel=True)
        self.assertTrue(self.entry._is_billed())
        self.assertEqual(self.bill(NOVEMBER).state, "empty")

    def test_deleted_line_frees_its_time(self):
        self.invoice.invoice_line_ids.unlink()
        self.assertFalse(self.entry._is_billed())

    def test_recompute_takes_new_time_and_keeps_lines_typed_by_hand(self):
        self.invoice.invoice_line_ids = [
            (0, 0, {"name": "Cable", "quantity": 1, "price_unit": 9.0, "sequence": 5})
        ]
        self.book(1, "10-06", self.ticket)
        self.period.action_recompute()
        self.assertEqual(self.invoice.amount_untaxed, 369.0)
        self.assertEqual(self.period.billed_hours, 3.0)
        self.assertEqual(self.period.invoice_id, self.invoice)

    def test_recompute_needs_a_draft(self):
        self.invoice.action_post()
        with self.assertRaisesRegex(UserError, "no draft invoice"):
            self.period.action_recompute()

    def test_time_added_later_is_a_supplement_on_the_next_invoice(self):
        self.invoice.action_post()
        self.book(1, "10-20", self.ticket)
        late = self.bill(NOVEMBER).invoice_id
        self.assertEqual(late.invoice_line_ids[0].name, "Supplement October 2026")
        self.assertEqual(late.amount_untaxed, 120.0)

    def test_agreement_with_billed_time_cannot_be_deleted(self):
        with self.assertRaisesRegex(UserError, "Close it instead"):
            self.agreement.unlink()

    def test_second_agreement_for_the_same_time_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "would bill the same time"):
            self.make_agreement()

    def test_successor_of_an_ended_agreement_is_allowed(self):
        self.agreement.date_end = "2026-10-31"
        successor = self.make_agreement(date_start="2026-11-01")
        self.assertEqual(successor.bill_from.isoformat(), "2026-11-01")


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestPreview(MonthlyBillingCommon):
    """The preview is what the run will do, and writes nothing."""

    def test_preview_equals_the_run(self):
        self.agreement.volume_discount_id = self.make_table((2, 100))
        self.book(3.25, "10-05", self.make_ticket("A"))
        preview = self.agreement._preview_period(OCTOBER)[0]
        self.assertFalse(self.agreement.period_ids)
        invoice = self.bill().invoice_id
        self.assertEqual(
            [(line["name"], line["price_subtotal"]) for line in preview["lines"]],
            [(line.name, line.price_subtotal) for line in invoice.invoice_line_ids],
        )
        for name in ("amount_untaxed", "amount_tax", "amount_total"):
            self.assertEqual(preview[name], invoice[name], name)

    def test_preview_of_a_billed_month_names_its_invoice(self):
        self.book(1, "10-05")
        invoice = self.bill().invoice_id
        preview = self.agreement._preview_period(OCTOBER)[0]
        self.assertEqual(preview["state"], "draft")
        self.assertEqual(preview["invoice_id"], invoice.id)
        self.assertEqual(preview["amount_total"], invoice.amount_total)

    def test_preview_says_what_stands_in_the_way(self):
        self.partner.city = False
        self.book(1, "10-05")
        self.assertIn("address", self.agreement._preview_period(OCTOBER)[0]["error"])

    def test_wizard_previews_and_bills(self):
        self.book(1, "10-05")
        run = (
            self.env["billing.run"]
            .with_user(self.billing_user)
            .create({"month": OCTOBER, "agreement_ids": self.agreement.ids})
        )
        run.action_preview()
        self.assertEqual(run.line_ids.amount_untaxed, 120.0)
        self.assertFalse(self.agreement.period_ids)
        action = run.action_bill()
        period = self.env["billing.period"].search(action["domain"])
        self.assertEqual(period.invoice_id.amount_untaxed, 120.0)


@tagged("post_install", "-at_install")
class TestCron(MonthlyBillingCommon):
    """The daily job bills what is due, catches up and goes on after failures."""

    def run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref(
                "monthly_billing.billing_agreement_cron_bill_due_periods"
            ).method_direct_trigger()

    @freeze_time("2026-11-03 05:00:00")
    def test_missed_months_are_billed_in_order(self):
        self.agreement.bill_from = "2026-08-15"
        self.book(1, "08-20")
        self.book(1, "10-05")
        self.run_cron()
        states = self.agreement.period_ids.sorted("date_start").mapped("state")
        self.assertEqual(states, ["draft", "empty", "draft"])

    @freeze_time("2026-11-03 05:00:00")
    def test_month_is_not_billed_before_its_day(self):
        self.agreement.write({"bill_from": "2026-10-01", "billing_day": 10})
        self.book(1, "10-05")
        self.run_cron()
        self.assertFalse(self.agreement.period_ids)
        with freeze_time("2026-11-10 05:00:00"):
            self.run_cron()
        self.assertEqual(self.agreement.period_ids.state, "draft")

    @freeze_time("2026-11-03 05:00:00")
    def test_failed_month_is_tried_again_the_next_day(self):
        self.agreement.bill_from = "2026-10-01"
        self.partner.city = False
        self.book(1, "10-05")
        self.run_cron()
        self.assertEqual(self.agreement.period_ids.state, "error")
        self.partner.city = "Stuttgart"
        self.run_cron()
        self.assertEqual(self.agreement.period_ids.state, "error")
        with freeze_time("2026-11-04 05:00:00"):
            self.run_cron()
        self.assertEqual(self.agreement.period_ids.state, "draft")
