"""Months that are booked, billed, cancelled, credited and billed again at random.

A model of its own, in plain Python, says after each step what must stand in the ledger
and what the customer has been charged. The agreement's terms are drawn, too.
"""

from decimal import Decimal

from hypothesis.stateful import run_state_machine_as_test

from odoo.tests import freeze_time, tagged

from .common import MonthlyBillingCommon
from .random_life import Life
from .random_months import unhurried

EXAMPLES = 8
STEPS = 24


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestRandomLife(MonthlyBillingCommon):
    """Ledger, invoices and the model agree after every step."""

    def agree(self, terms):
        """Let the agreement have the drawn terms."""
        scope, direction, minutes = terms.rounding
        table = terms.tiers and self.make_table(
            *[(float(start), float(price)) for start, price in terms.tiers],
            mode=terms.mode,
            best_price=terms.best_price,
            window=terms.window,
            presentation=terms.presentation,
        )
        self.agreement.write(
            {
                "volume_discount_id": table and table.id,
                "estimate_policy": "withhold",
                "estimate_tolerance": terms.tolerance,
                "auto_post": terms.auto_post,
                "rounding_scope": scope,
                "rounding_direction": direction,
                "rounding_minutes": minutes,
                "grouping": terms.grouping,
                "minimum_amount": terms.minimum,
            }
        )

    def decide(self, kind, key, hours):
        decisions = self.env["billing.decision"].with_user(self.billing_manager)
        decisions._decide(kind, {key: float(hours)}, "Agreed")

    def check_posted(self, invoice):
        expected = "posted" if self.agreement.auto_post else "draft"
        self.assertEqual(invoice.state, expected)

    def give_back(self, invoice, hours, whole):
        """Credit ``hours`` by entry id, or the whole invoice, and post it."""
        wizard = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        release = "all" if whole else "chosen"
        wizard = wizard.create(
            {"journal_id": invoice.journal_id.id, "billing_release": release}
        )
        left = dict(hours)
        for row in wizard.billing_time_ids:
            key = row.allocation_id.timesheet_id.id
            row.hours = min(float(left.get(key, 0)), row.open_hours)
            left[key] = left.get(key, Decimal(0)) - Decimal(str(row.hours))
        wizard.refund_moves()
        wizard.new_move_ids.action_post()
        return wizard.new_move_ids

    def give_money(self, invoice, hours):
        """Credit some hours of an invoice as goodwill and post it."""
        wizard = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        wizard = wizard.create(
            {"journal_id": invoice.journal_id.id, "billing_release": "none"}
        )
        wizard.refund_moves()
        gift = wizard.new_move_ids
        timed = gift.invoice_line_ids.filtered(lambda line: line.quantity > 0)
        (gift.invoice_line_ids - timed[:1]).unlink()
        timed[:1].quantity = hours
        gift.action_post()

    def set_tier(self, start, price):
        """Change the price of a tier of the agreement's table."""
        rows = self.agreement.volume_discount_id.tier_ids
        rows.filtered(lambda row: row.min_quantity == start).price_unit = price

    def get_amounts(self, moves, get_window):
        """Return the net amounts that count, by window of the work."""
        amounts = {}
        for line in moves.invoice_line_ids:
            if line.display_type == "product" and line.service_month:
                window = get_window(line.service_month)
                amount = -line.move_id.direction_sign * line.price_subtotal
                amounts[window] = amounts.get(window, 0) + Decimal(
                    str(round(amount, 6))
                )
        return amounts

    def get_charged(self, get_window):
        moves = self.env["account.move"].search(
            [("partner_id", "=", self.partner.id), ("state", "!=", "cancel")]
        )
        moves -= moves.filtered(lambda move: move.billing_release == "none")
        return self.get_amounts(moves, get_window)

    def get_withheld(self):
        rows = self.env["billing.withheld"]
        rows.invalidate_model()
        return {
            row.id: Decimal(str(round(row.withheld_hours, 6)))
            for row in rows.search([])
        }

    def check_amounts(self, found, expected):
        """Compare money by window, where nothing is as good as no money."""
        for window in {*found, *expected}:
            amount = expected.get(window, Decimal(0))
            message = f"{window:%Y-%m}"
            self.assertAlmostEqual(found.get(window, Decimal(0)), amount, 3, message)

    def test_random_life(self):
        Life.case = self
        run_state_machine_as_test(
            Life, settings=unhurried(EXAMPLES, stateful_step_count=STEPS)
        )
