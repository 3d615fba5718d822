from odoo.tests import freeze_time, tagged

from .invoice_common import InvoiceCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-05")
class TestTermsOfTheWindow(InvoiceCommon):
    """Those of its first invoice; an edited or replaced table holds from the next
    window on."""

    def edit_table(self):
        """Let the hours from 10 on cost 50.00 instead of 110.00."""
        tier = self.discount.tier_ids.filtered(lambda tier: tier.min_quantity == 10)
        tier.price_unit = 50

    def replace_table(self):
        self.partner.volume_discount_id = self.create_discount(
            [self.discount_tier(5, 50)]
        )

    def test_edited_table_holds_from_the_next_window_on(self):
        """12 h = 1,420.00; 5 h more cost 110.00 in October and 50.00 in November."""
        self.assertEqual(self.bill(12), 1420)
        self.edit_table()
        self.assertEqual(self.bill(5), 550)
        self.assertEqual(self.bill(12, day="2026-11-05"), 1200 + 2 * 50)

    def test_replaced_table_holds_from_the_next_window_on(self):
        self.assertEqual(self.bill(12), 1420)
        self.replace_table()
        self.assertEqual(self.bill(5), 550)
        self.assertEqual(self.bill(12, day="2026-11-05"), 5 * 120 + 7 * 60)

    def test_longer_window_of_an_edited_table_holds_after_the_running_one(self):
        """12 h + 5 h in September; 5 h in October are the next of the year."""
        self.assertEqual(self.bill(12, day="2026-09-30"), 1420)
        self.discount.window = "year"
        self.assertEqual(self.bill(5, day="2026-09-30"), 550)
        self.assertEqual(self.bill(5), 3 * 110 + 2 * 100)

    def test_draft_that_was_priced_first_follows_the_first_posted_one(self):
        draft = self.create_priced(12)
        self.edit_table()
        self.assertEqual(self.bill(12), 1200 + 2 * 50)
        draft.action_post()
        self.assertEqual(draft.amount_untaxed, 8 * 50 + 4 * 100)

    def test_draft_is_not_called_outdated_in_a_window_that_has_terms(self):
        self.bill(12)
        draft = self.create_priced(5)
        self.edit_table()
        draft.invalidate_recordset(["is_volume_discount_outdated"])
        self.assertFalse(draft.is_volume_discount_outdated)

    def test_proposal_says_what_the_terms_of_the_window_save(self):
        self.bill(12)
        self.edit_table()
        self.assertIn("50.00", self.create_invoice(5).volume_discount_message)

    def test_services_of_the_window_count(self):
        self.bill(12)
        travel = self.create_hours_service("Travel", 60)
        self.discount.product_ids = travel
        self.assertEqual(self.bill(5), 550)

    def test_cancelled_invoice_leaves_the_window_without_terms(self):
        first = self.create_priced(12, post=True)
        first.button_draft()
        first.button_cancel()
        self.edit_table()
        self.assertEqual(self.bill(12), 1200 + 2 * 50)
