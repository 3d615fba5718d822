"""The draft of a month that is opened early, and what is typed into it."""

from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import NOVEMBER, OCTOBER, MonthlyBillingCommon


class DraftCommon(MonthlyBillingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agreement.bill_from = OCTOBER
        cls.ticket = cls.make_ticket("Printer")

    def open_draft(self, day=OCTOBER):
        return self.agreement._open_draft(day)

    def add_line(self, invoice, name, quantity=1, price=10, **values):
        values = {"name": name, "quantity": quantity, "price_unit": price, **values}
        invoice.invoice_line_ids = [Command.create(values)]

    def type_hours(self, invoice, quantity, price=120, **values):
        self.add_line(
            invoice, "By phone", quantity, price, product_id=self.service.id, **values
        )


@tagged("post_install", "-at_install")
@freeze_time("2026-10-15 08:00:00")
class TestDraftOpenedEarly(DraftCommon):
    def complete(self, day="2026-11-01 08:00:00"):
        """Bill as the daily job does on ``day``."""
        with freeze_time(day):
            today = date.fromisoformat(day[:10])
            periods = self.agreement.sudo()._create_due_periods(today)
            self.agreement.sudo()._bill_batch_in_cron(periods)
            return periods

    def test_draft_has_the_time_that_is_there(self):
        self.book(2, "10-05", self.ticket)
        period = self.open_draft()
        self.assertEqual((period.state, period.amount_untaxed), ("draft", 240))
        self.assertTrue(period.is_early)

    def test_draft_without_time_is_empty_and_can_be_typed_into(self):
        invoice = self.open_draft().invoice_id
        self.assertFalse(invoice.invoice_line_ids)
        self.add_line(invoice, "Cable")
        self.assertEqual(invoice.amount_untaxed, 10)

    def test_opening_twice_shows_the_same_draft(self):
        invoice = self.open_draft().invoice_id
        self.assertEqual(self.open_draft().invoice_id, invoice)

    def test_draft_is_not_posted_where_invoices_are_posted_automatically(self):
        self.agreement.auto_post = True
        self.book(2, "10-05", self.ticket)
        self.assertEqual(self.open_draft().state, "draft")

    def test_button_leads_to_the_draft_of_the_running_month(self):
        action = self.agreement.with_user(self.billing_user).action_open_draft()
        invoice = self.env["account.move"].browse(action["res_id"])
        self.assertEqual(invoice.billing_period_id.date_start, OCTOBER)

    def test_accountant_without_the_role_cannot_open_it(self):
        user = self.make_user("clerk", "account.group_account_invoice")
        with self.assertRaises(AccessError):
            self.agreement.with_user(user)._open_draft(OCTOBER)

    def test_problem_is_told_and_leaves_no_draft(self):
        self.service.list_price = 0
        self.book(2, "10-05", self.ticket)
        with self.assertRaisesRegex(UserError, "no hourly rate"), self.cr.savepoint():
            self.open_draft()
        self.assertFalse(self.agreement.period_ids.move_ids)

    def test_job_leaves_the_draft_alone_until_the_billing_day(self):
        self.book(2, "10-05", self.ticket)
        self.open_draft()
        self.assertFalse(self.complete("2026-10-20 08:00:00"))

    def test_job_adds_later_time_and_posts_as_agreed(self):
        self.agreement.auto_post = True
        self.book(2, "10-05", self.ticket)
        invoice = self.open_draft().invoice_id
        self.add_line(invoice, "Cable")
        self.book(1, "10-30", self.ticket)
        period = self.complete()
        self.assertEqual(period.invoice_id, invoice)
        self.assertEqual((period.state, invoice.amount_untaxed), ("invoiced", 370))
        self.assertEqual(invoice.invoice_date, NOVEMBER)
        self.assertFalse(period.is_early)
        self.assertFalse(self.complete("2026-11-02 08:00:00"))

    def test_job_leaves_the_completed_draft_for_review(self):
        self.book(2, "10-05", self.ticket)
        self.open_draft()
        self.book(1, "10-30", self.ticket)
        period = self.complete()
        self.assertEqual((period.state, period.amount_untaxed), ("draft", 360))
        self.book(1, "10-31", self.ticket)
        self.assertFalse(self.complete("2026-11-02 08:00:00"))

    def test_empty_draft_makes_way_for_an_empty_month(self):
        self.open_draft()
        period = self.complete()
        self.assertEqual(period.state, "empty")
        self.assertFalse(period.move_ids)

    def test_draft_below_the_minimum_is_carried_unless_something_was_typed(self):
        self.agreement.minimum_amount = 500
        self.book(2, "10-05", self.ticket)
        self.open_draft()
        self.assertEqual(self.complete().state, "carried")
        invoice = self.open_draft().invoice_id
        self.add_line(invoice, "Cable")
        with freeze_time("2026-11-02 08:00:00"):
            self.assertEqual(self.bill().invoice_id.amount_untaxed, 250)

    def test_deleted_early_draft_is_billed_in_its_time(self):
        self.book(2, "10-05", self.ticket)
        period = self.open_draft()
        period.invoice_id.unlink()
        self.assertFalse(period.is_held)
        self.assertFalse(self.complete("2026-10-16 08:00:00"))
        self.assertEqual(self.complete().amount_untaxed, 240)

    def test_failure_while_completing_is_recorded_and_keeps_the_draft(self):
        self.book(2, "10-05", self.ticket)
        period = self.open_draft()
        self.service.list_price = 0
        self.complete()
        self.assertIn("no hourly rate", period.error)
        self.assertEqual(period.invoice_id.amount_untaxed, 240)
        self.assertTrue(period.is_early)

    def test_preview_equals_the_completed_draft_and_writes_nothing(self):
        self.book(2, "10-05", self.ticket)
        invoice = self.open_draft().invoice_id
        self.add_line(invoice, "Cable")
        self.book(1, "10-30", self.ticket)
        before = invoice.invoice_line_ids.ids
        with freeze_time("2026-11-01 08:00:00"):
            preview = self.agreement._preview_period(OCTOBER)[0]
            self.assertEqual(invoice.invoice_line_ids.ids, before)
            self.assertEqual(invoice.amount_untaxed, 250)
            period = self.bill()
        self.assertEqual(preview["amount_total"], period.amount_total)
        self.assertEqual(preview["worked_hours"], period.worked_hours)
        self.assertEqual(
            [line["name"] for line in preview["lines"]],
            invoice.invoice_line_ids.mapped("name"),
        )

    def test_month_in_the_future_cannot_be_opened(self):
        with self.assertRaisesRegex(UserError, "has not begun"):
            self.open_draft(NOVEMBER)

    def test_next_billing_date_stays(self):
        self.open_draft()
        self.assertEqual(self.agreement.next_billing_date, NOVEMBER)


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestTypedLines(DraftCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.table = cls.make_table((10, 110), (20, 100))

    def bill_with_table(self, hours, **terms):
        self.table.write(terms)
        self.agreement.volume_discount_id = self.table
        self.book(hours, "10-05", self.ticket)
        return self.bill().invoice_id

    def recompute(self, invoice):
        invoice.billing_period_id.action_recompute()

    def test_recompute_keeps_order_sections_and_notes(self):
        self.book(2, "10-05", self.ticket)
        invoice = self.bill().invoice_id
        invoice.invoice_line_ids.sequence = 50
        for sequence, name, kind in (
            (1, "Hello", "line_note"),
            (2, "Work", "line_section"),
            (60, "Expenses", "line_section"),
            (61, "Cable", "product"),
            (62, "Taxi", "product"),
            (63, "Thanks", "line_note"),
        ):
            self.add_line(invoice, name, sequence=sequence, display_type=kind)
        self.book(1, "10-06")
        self.recompute(invoice)
        lines = invoice.invoice_line_ids.sorted(lambda line: (line.sequence, line.id))
        self.assertEqual(
            [line.name.split("\n")[0] for line in lines],
            [
                "Hello",
                "Work",
                f"{self.ticket.number} Printer",
                "Support Sommer",
                "Expenses",
                "Cable",
                "Taxi",
                "Thanks",
            ],
        )
        self.assertEqual(invoice.amount_untaxed, 380)

    def test_typed_hours_take_part_in_the_tiers(self):
        for mode, best_price, expected in (
            ("graduated", False, 1200 + 5 * 110),
            ("volume", False, 15 * 110),
            ("volume", True, 15 * 110),
        ):
            with self.subTest(mode, best_price=best_price):
                invoice = self.bill_with_table(10, mode=mode, best_price=best_price)
                self.type_hours(invoice, 5)
                self.recompute(invoice)
                self.assertEqual(invoice.amount_untaxed, expected)
                invoice.unlink()
                self.env["account.analytic.line"].search(
                    [("ticket_id", "=", self.ticket.id)]
                ).unlink()

    def test_hours_before_a_bound_reach_the_tier_with_typed_ones(self):
        invoice = self.bill_with_table(8, mode="volume")
        self.type_hours(invoice, 4)
        self.recompute(invoice)
        self.assertEqual(invoice.amount_untaxed, 12 * 110)

    def test_typed_line_stays_as_it_was_typed(self):
        invoice = self.bill_with_table(10)
        self.type_hours(invoice, 5)
        self.recompute(invoice)
        typed = invoice.invoice_line_ids.filtered(lambda line: line.name == "By phone")
        self.assertEqual((typed.quantity, typed.price_unit), (5, 120))
        saved = invoice.invoice_line_ids[-1]
        self.assertEqual(saved.billing_kind, "typed")
        self.assertEqual(saved.price_subtotal, -50)

    def test_recompute_twice_changes_nothing(self):
        invoice = self.bill_with_table(10)
        self.type_hours(invoice, 5)
        self.recompute(invoice)
        self.recompute(invoice)
        self.assertEqual(invoice.amount_untaxed, 1750)
        self.assertEqual(len(invoice.invoice_line_ids), 3)

    def test_posting_prices_what_was_typed_last(self):
        invoice = self.bill_with_table(10)
        self.type_hours(invoice, 5)
        invoice.action_post()
        self.assertEqual(invoice.amount_untaxed, 1750)

    def test_posting_follows_the_last_change(self):
        invoice = self.bill_with_table(10)
        self.type_hours(invoice, 5)
        self.recompute(invoice)
        line = invoice.invoice_line_ids.filtered(lambda line: line.name == "By phone")
        line.quantity = 2
        invoice.action_post()
        self.assertEqual(invoice.amount_untaxed, 1200 + 220)
        self.assertEqual(self.env["billing.allocation"]._find_deviations(), [])

    def test_removed_hours_take_their_discount_with_them(self):
        invoice = self.bill_with_table(10)
        self.type_hours(invoice, 5)
        self.recompute(invoice)
        invoice.invoice_line_ids.filtered(lambda line: line.name == "By phone").unlink()
        invoice.action_post()
        self.assertEqual(invoice.amount_untaxed, 1200)
        self.assertEqual(len(invoice.volume_discount_data["proofs"][0]["rows"]), 1)

    def test_proof_counts_typed_hours(self):
        invoice = self.bill_with_table(10)
        self.type_hours(invoice, 5)
        self.recompute(invoice)
        (proof,) = invoice.volume_discount_data["proofs"]
        self.assertEqual(
            [(float(row["hours"]), float(row["price_unit"])) for row in proof["rows"]],
            [(10, 120), (5, 110)],
        )

    def test_typed_hours_alone_have_a_proof(self):
        self.agreement.volume_discount_id = self.table
        with freeze_time("2026-10-15 08:00:00"):
            invoice = self.open_draft().invoice_id
        self.type_hours(invoice, 12)
        invoice.action_post()
        self.assertEqual(invoice.amount_untaxed, 1200 + 220)
        self.assertEqual(len(invoice.volume_discount_data["proofs"]), 1)

    def test_typed_hours_count_once_in_the_window(self):
        for mode, expected in (
            # 10 and 5 h in October; 5 h at 110 in November, then at 100
            ("graduated", 5 * 110 + 100),
            ("volume", 21 * 100 - 15 * 110),
        ):
            with self.subTest(mode):
                invoice = self.bill_with_table(10, mode=mode, window="year")
                self.type_hours(invoice, 5)
                invoice.action_post()
                self.book(6, "11-01", self.ticket)
                november = self.bill(NOVEMBER).invoice_id
                self.assertAlmostEqual(november.amount_untaxed, expected)
                november.unlink()
                invoice.button_draft()
                invoice.button_cancel()
                self.env["account.analytic.line"].search(
                    [("ticket_id", "=", self.ticket.id)]
                ).unlink()

    def test_discount_on_typed_hours_belongs_to_no_section(self):
        self.agreement.grouping = "project"
        invoice = self.bill_with_table(10)
        self.type_hours(invoice, 5)
        self.recompute(invoice)
        invoice.action_post()
        self.assertEqual(invoice.amount_untaxed, 1750)
        heading, saved = invoice.invoice_line_ids[-2:]
        self.assertEqual(heading.display_type, "line_section")
        self.assertEqual(saved.parent_id, heading)

    def test_hours_that_are_taken_back_leave_the_top_of_the_window(self):
        invoice = self.bill_with_table(12)
        self.assertEqual(invoice.amount_untaxed, 1200 + 220)
        self.type_hours(invoice, -2)
        self.recompute(invoice)
        self.assertEqual(invoice.amount_untaxed, 1200)

    def test_other_lines_are_no_hours(self):
        invoice = self.bill_with_table(10)
        self.add_line(invoice, "Cable", 50)
        self.recompute(invoice)
        self.assertEqual(invoice.amount_untaxed, 1700)

    def test_agreement_without_table_leaves_typed_hours_alone(self):
        self.book(2, "10-05", self.ticket)
        invoice = self.bill().invoice_id
        self.type_hours(invoice, 30)
        self.recompute(invoice)
        invoice.action_post()
        self.assertEqual(invoice.amount_untaxed, 32 * 120)

    def test_month_shows_what_rounding_added(self):
        self.agreement.write({"rounding_scope": "entry", "rounding_minutes": 30})
        self.book(1.25, "10-05", self.ticket)
        period = self.bill()
        self.assertEqual(
            (period.worked_hours, period.billed_hours, period.rounding_hours),
            (1.25, 1.5, 0.25),
        )
        self.assertEqual(period.allocation_ids.rounding_hours, 0.25)
