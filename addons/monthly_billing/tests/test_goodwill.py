"""Non-billable time: left out, or shown once at no charge."""

from datetime import date

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from odoo.addons.volume_discount.core.calendar import Window

from .common import NOVEMBER, OCTOBER, MonthlyBillingCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-12-01 08:00:00")
class TestNonBillable(MonthlyBillingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agreement.bill_from = OCTOBER
        cls.category = cls.env["helpdesk.ticket.category"].create({"name": "Warranty"})
        cls.ticket = cls.make_ticket("Printer")
        cls.warranty = cls.make_ticket("Drum", category_id=cls.category.id)
        cls.book(2, "10-05", cls.ticket)

    def get_lines(self, invoice):
        """Return (kind, hours, rate) of each line."""
        return [
            (line.billing_kind, line.quantity, line.price_unit)
            for line in invoice.invoice_line_ids
            if line.display_type == "product"
        ]

    def show(self):
        self.agreement.show_non_billable = True

    def test_category_is_left_out_and_categories_below_it_follow(self):
        child = self.category.create({"name": "Parts", "parent_id": self.category.id})
        self.category.non_billable = True
        self.assertTrue(child.non_billable)
        self.warranty.category_id = child
        self.book(5, "10-06", self.warranty)
        self.assertEqual(self.bill().invoice_id.amount_untaxed, 240)

    def test_project_is_left_out(self):
        project = self.make_project("Presales", self.partner, non_billable=True)
        self.book(5, "10-06", project_id=project.id)
        self.assertEqual(self.bill().invoice_id.amount_untaxed, 240)

    def test_ticket_without_category_is_billed(self):
        self.category.non_billable = True
        self.assertEqual(self.bill().invoice_id.amount_untaxed, 240)

    def test_goodwill_is_shown_at_no_charge(self):
        self.show()
        self.category.non_billable = True
        self.book(3, "10-06", self.warranty)
        self.book(0.25, "10-07", self.ticket, non_billable=True)
        period = self.bill()
        self.assertEqual(
            self.get_lines(period.invoice_id),
            [("time", 2, 120), ("free", 0.25, 0), ("free", 3, 0)],
        )
        self.assertEqual(period.amount_untaxed, 240)
        self.assertEqual((period.free_hours, period.billed_hours), (3.25, 5.25))
        line = period.invoice_id.invoice_line_ids[2]
        self.assertEqual(line.ticket_id, self.warranty)
        self.assertIn("free of charge", line.name)
        self.assertEqual(self.env["billing.allocation"]._find_deviations(), [])

    def test_preview_shows_the_same(self):
        self.show()
        self.book(1, "10-06", self.ticket, non_billable=True)
        preview = self.agreement._preview_period(OCTOBER)[0]
        period = self.bill()
        self.assertEqual(preview["billed_hours"], period.billed_hours)
        self.assertEqual(preview["amount_total"], period.amount_total)

    def test_goodwill_is_shown_once(self):
        self.show()
        self.book(1, "10-06", self.ticket, non_billable=True)
        self.bill().invoice_id.action_post()
        self.book(1, "11-06", self.ticket)
        self.assertEqual(
            self.get_lines(self.bill(NOVEMBER).invoice_id), [("time", 1, 120)]
        )

    def test_shown_time_is_never_billed_whatever_the_flags_become(self):
        self.show()
        self.category.non_billable = True
        self.book(3, "10-06", self.warranty)
        self.bill().invoice_id.action_post()
        self.category.non_billable = False
        self.assertEqual(self.bill(NOVEMBER).state, "empty")

    def test_flag_of_a_shown_entry_is_locked(self):
        self.show()
        entry = self.book(3, "10-06", self.ticket, non_billable=True)
        self.bill()
        with self.assertRaisesRegex(UserError, "is billed on"):
            entry.non_billable = False

    def test_billed_time_is_not_shown_again_when_it_becomes_non_billable(self):
        self.show()
        self.book(3, "10-06", self.warranty)
        self.bill().invoice_id.action_post()
        self.category.non_billable = True
        self.assertEqual(self.bill(NOVEMBER).state, "empty")

    def test_late_goodwill_is_shown_under_its_month(self):
        self.show()
        self.bill().invoice_id.action_post()
        self.book(1, "10-20", self.ticket, non_billable=True)
        self.book(1, "11-20", self.ticket)
        lines = self.bill(NOVEMBER).invoice_id.invoice_line_ids
        self.assertEqual(lines[-1].service_month, OCTOBER)
        self.assertEqual(lines[-1].billing_kind, "free")

    def test_switch_shows_nothing_of_months_that_are_invoiced(self):
        self.book(1, "10-20", self.ticket, non_billable=True)
        self.bill().invoice_id.action_post()
        self.show()
        self.assertEqual(self.agreement.show_non_billable_from, NOVEMBER)
        self.book(1, "11-20", self.ticket)
        self.assertEqual(
            self.get_lines(self.bill(NOVEMBER).invoice_id), [("time", 1, 120)]
        )

    def test_month_with_nothing_but_goodwill_has_no_invoice(self):
        self.show()
        self.bill().invoice_id.action_post()
        self.book(1, "11-20", self.ticket, non_billable=True)
        self.assertEqual(self.bill(NOVEMBER).state, "carried")

    def test_goodwill_counts_towards_no_tier(self):
        self.show()
        table = self.make_table((4, 100), window="year")
        self.agreement.volume_discount_id = table
        self.book(20, "10-01", self.ticket, non_billable=True)
        invoice = self.bill().invoice_id
        self.assertEqual(invoice.amount_untaxed, 240)
        invoice.action_post()
        self.book(3, "11-05", self.ticket)
        self.assertEqual(self.bill(NOVEMBER).invoice_id.amount_untaxed, 240 + 100)

    def test_goodwill_does_not_count_for_an_invoice_by_hand(self):
        self.show()
        table = self.make_table((4, 100))
        self.partner.volume_discount_id = table
        self.book(20, "10-01", self.ticket, non_billable=True)
        self.bill().invoice_id.action_post()
        october = Window.of_days(OCTOBER, date(2026, 10, 31))
        known = table._get_history(self.partner, self.company, october)
        self.assertEqual(known.hours, 2)

    def test_goodwill_uses_no_approved_hours_and_is_not_rounded(self):
        self.show()
        self.agreement.write({"estimate_policy": "withhold", "rounding_scope": "month"})
        self.agreement.rounding_minutes = 60
        self.approve_estimate(self.ticket, 3)
        self.book(5, "10-04", self.ticket, non_billable=True)
        self.book(0.3, "10-06", self.ticket)
        invoice = self.bill().invoice_id
        self.assertEqual(self.get_lines(invoice), [("time", 3, 120), ("free", 5, 0)])

    def test_negative_goodwill_stops_nothing(self):
        self.show()
        self.book(-1, "10-06", self.ticket, non_billable=True)
        self.assertEqual(self.bill().invoice_id.amount_untaxed, 240)

    def test_agreement_with_goodwill_left_can_be_closed(self):
        self.show()
        self.bill()
        self.book(1, "11-06", self.ticket, non_billable=True)
        self.agreement.action_close()
        self.assertEqual(self.agreement.state, "closed")

    def test_credit_note_of_chosen_hours_leaves_goodwill_alone(self):
        self.show()
        self.agreement.volume_discount_id = self.make_table((1, 100))
        self.agreement.volume_discount_id.presentation = "summary"
        self.book(1, "10-06", self.ticket, non_billable=True)
        invoice = self.bill().invoice_id
        invoice.action_post()
        wizard = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        wizard = wizard.create(
            {"journal_id": invoice.journal_id.id, "billing_release": "chosen"}
        )
        for row in wizard.billing_time_ids:
            row.hours = row.open_hours
        wizard.reverse_moves()
        credit = invoice.reversal_move_ids
        self.assertEqual(credit.amount_untaxed, invoice.amount_untaxed)
        credit.action_post()
        again = self.bill().invoice_id
        self.assertEqual(self.get_lines(again), self.get_lines(invoice))

    def test_flags_are_for_those_who_may_edit_category_and_project(self):
        user = self.billing_user
        self.assertFalse(self.category.with_user(user).has_access("write"))
        self.assertFalse(self.project.with_user(user).has_access("write"))

    def test_day_of_the_switch_may_be_chosen(self):
        self.show()
        self.agreement.show_non_billable_from = date(2026, 10, 6)
        self.book(1, "10-05", self.ticket, non_billable=True)
        self.book(2, "10-06", self.ticket, non_billable=True)
        self.assertEqual(
            self.get_lines(self.bill().invoice_id), [("time", 2, 120), ("free", 2, 0)]
        )
