"""The terms of a window hold for each of its invoices, whoever writes it."""

from datetime import date

from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .test_window import FIXED, FROM_50, WindowCommon


@freeze_time("2026-11-01 08:00:00")
class ByHandCommon(WindowCommon):
    def bill_by_hand(self, hours, month, price=120, day=5):
        """Return a posted invoice that a person wrote and applied the table to."""
        self.partner.volume_discount_id = self.table
        line = {
            "product_id": self.service.id,
            "product_uom_id": self.hour.id,
            "quantity": hours,
            "price_unit": price,
        }
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.partner.id,
                "invoice_date": date(2026, month, day),
                "delivery_date": date(2026, month, day),
                "invoice_line_ids": [Command.create(line)],
            }
        )
        invoice.action_apply_volume_discount()
        invoice.action_post()
        return invoice

    def edit_table(self):
        """Let the hours from 10 on cost 50.00 instead of 110.00."""
        tiers = self.table.tier_ids
        tiers.filtered(lambda tier: tier.min_quantity == 10).price_unit = 50


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestTermsOfAWindow(ByHandCommon):
    def test_invoice_by_hand_has_the_terms_of_the_months_before(self):
        self.agree(*FIXED)
        self.work(12, 7)
        self.bill_month(7)
        self.edit_table()
        self.assertEqual(self.bill_by_hand(5, 8).amount_untaxed, 5 * 110)
        self.check_money()

    def test_months_have_the_terms_of_an_invoice_by_hand_before(self):
        self.agree(*FIXED)
        self.assertEqual(self.bill_by_hand(12, 7).amount_untaxed, 1420)
        self.edit_table()
        self.work(5, 8)
        self.assertEqual(self.bill_month(8).amount_untaxed, 5 * 110)
        self.check_money()

    def test_edited_table_holds_from_the_next_window_on(self):
        self.agree(*FIXED, window="quarter")
        self.work(12, 7)
        self.bill_month(7)
        self.edit_table()
        by_hand = self.bill_by_hand(12, 10)
        self.assertEqual(by_hand.amount_untaxed, 1200 + 2 * 50)
        self.check_money()

    def test_table_that_a_manager_applied_holds_for_invoices_by_hand(self):
        """12 h = 1,420.00; from now on 50.00: the 2 h become cheaper, too."""
        self.agree(*FIXED)
        self.work(12, 7)
        self.bill_month(7)
        self.edit_table()
        self.agreement._apply_table_now(date(2026, 8, 1), "Agreed on the phone")
        invoice = self.bill_by_hand(5, 8)
        self.assertEqual(invoice.amount_untaxed, 5 * 50 - 2 * 60)
        [line] = invoice.invoice_line_ids.filtered(
            lambda line: line.volume_discount_kind == "difference"
        )
        self.assertIn("Agreed on the phone", line.name)
        self.check_money()

    def test_late_hours_give_their_window_the_terms_they_were_priced_with(self):
        """September has the table of before; 12 h of August come late and cost 120.00
        and 50.00, and so do 5 h more."""
        self.agree(*FIXED, window="month")
        self.agreement._apply_table_now(date(2026, 9, 1), "Agreed on the phone")
        self.edit_table()
        self.work(12, 8)
        self.work(1, 9)
        self.assertEqual(self.bill_month(9).amount_untaxed, 1200 + 100 + 120)
        self.work(5, 8, 20)
        self.assertEqual(self.bill_month(10).amount_untaxed, 250)
        self.check_money()

    def test_window_that_has_begun_keeps_its_length(self):
        """12 h in July, 5 h in August: one quarter, although the table says year."""
        self.agree(*FIXED, window="quarter")
        self.work(12, 7)
        self.bill_month(7)
        self.edit_table()
        self.table.window = "year"
        self.agreement._apply_table_now(date(2026, 8, 1), "Agreed on the phone")
        self.work(5, 8)
        self.bill_month(8)
        self.assertEqual(self.get_total(), 1200 + 7 * 50)
        window = self.env["billing.window"].search(
            [("volume_discount_id", "=", self.table.id)]
        )
        self.assertEqual(window.date_start, date(2026, 7, 1))
        self.check_money()

    def test_typed_hours_alone_give_a_window_its_terms(self):
        """5 h typed, below the first tier; 7 h more: 5 h at 120.00, 2 h at 110.00."""
        self.agree(*FIXED)
        self.agreement.auto_post = False
        draft = self.agreement._open_draft(date(2026, 7, 1)).invoice_id
        self.type_hours(draft, 5, 120)
        draft.action_post()
        self.edit_table()
        self.work(7, 8)
        self.assertEqual(self.bill_month(8).amount_untaxed, 600 + 220)

    def test_typed_hours_adjust_billed_ones_with_other_taxes(self):
        """April 10 h at 7 %; 10 h typed in May make all cost 90.00: -100.00 at 7 %."""
        tax_7 = self.tax_19.copy({"amount": 7, "name": "7 %"})
        reduced = self.make_service("Reduced", 100, taxes_id=[Command.set(tax_7.ids)])
        self.agree((15, 90), price=100, mode="volume", window="quarter")
        project = self.make_project("Reduced", self.partner)
        self.agreement.rate_ids = [
            Command.create({"project_id": project.id, "product_id": reduced.id})
        ]
        self.work(10, 4, ticket=self.make_ticket("Reduced", project))
        self.bill_month(4)
        draft = self.agreement._open_draft(date(2026, 5, 1)).invoice_id
        self.type_hours(draft, 10, 100)
        draft.action_post()
        self.assertEqual((draft.amount_untaxed, draft.amount_tax), (800, 164))
        [line] = draft.invoice_line_ids.filtered(lambda line: line.tax_ids == tax_7)
        self.assertEqual((line.price_subtotal, line.product_id), (-100, reduced))
        self.check_money()

    def test_draft_keeps_the_table_that_its_agreement_has_no_more(self):
        self.agree(*FIXED)
        draft = self.agreement._open_draft(date(2026, 7, 1)).invoice_id
        self.type_hours(draft, 12, 120)
        self.agreement.volume_discount_id = False
        draft.action_post()
        self.assertEqual(draft.amount_untaxed, 1420)

    def test_invoice_by_hand_corrects_no_past_that_nobody_decided_about(self):
        """480.00 too much were charged by other rules; 10 h at 90.00."""
        self.agree(*FROM_50, price=100, mode="volume")
        self.work(48, 5)
        self.work(6, 6)
        self.bill_month(5)
        june = self.bill_month(6)
        self.env.flush_all()
        self.env.cr.execute(
            "DELETE FROM account_move_line WHERE move_id = %s AND billing_kind = %s",
            [june.id, "difference"],
        )
        self.env.invalidate_all()
        window = self.env["billing.window"]._propose_differences()
        self.assertEqual(self.bill_by_hand(10, 7, 100).amount_untaxed, 900)
        window.with_user(self.billing_manager).action_ask()
        self.assertEqual(self.bill_by_hand(10, 8, 100).amount_untaxed, 900 - 480)
        self.check_money()
