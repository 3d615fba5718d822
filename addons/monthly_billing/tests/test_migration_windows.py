"""Windows that were billed by other rules are proposed, once; nothing else is."""

from odoo.tests import freeze_time, tagged

from odoo.addons.ticket_estimates.tests.test_migration import load_script

from .test_window import FIXED, FROM_50, WindowCommon

SCRIPT = "monthly_billing/migrations/19.0.1.1.0/post-windows.py"


@freeze_time("2026-11-01 08:00:00")
class OldCommon(WindowCommon):
    def execute(self, query, *arguments):
        self.env.flush_all()
        self.env.cr.execute(query, arguments)
        self.env.invalidate_all()

    def make_old(self):
        """Let the invoices look as they did before windows telescoped: no line that
        corrects another month, no services and no factors in what they keep."""
        self.execute(
            """DELETE FROM account_move_line
                WHERE partner_id = %s AND billing_kind = 'difference'""",
            self.partner.id,
        )
        self.execute(
            """UPDATE account_move
                  SET volume_discount_data = volume_discount_data - 'product_ids'
                      || jsonb_build_object('proofs', (
                         SELECT COALESCE(jsonb_agg(proof || jsonb_build_object('rows', (
                                SELECT jsonb_agg(r - 'factor')
                                  FROM jsonb_array_elements(proof -> 'rows') AS r))),
                                '[]')
                           FROM jsonb_array_elements(volume_discount_data -> 'proofs')
                                AS proof))
                WHERE volume_discount_data IS NOT NULL AND partner_id = %s""",
            self.partner.id,
        )

    def migrate(self):
        self.env.flush_all()
        load_script(SCRIPT).migrate(self.env.cr, "19.0.1.0.1")
        self.env.invalidate_all()
        return self.get_windows()

    def get_windows(self):
        windows = self.env["billing.window"]
        return windows.search([("partner_id", "=", self.partner.id)])


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestMigrationWindows(OldCommon):
    """May 48 h = 4,800.00 and June 6 h = 540.00; the table asks 4,860.00."""

    def setUp(self):
        super().setUp()
        self.agree(*FROM_50, price=100, mode="volume")
        self.work(48, 5)
        self.work(6, 6)
        self.bill_month(5)
        self.bill_month(6)
        self.make_old()

    def test_difference_is_proposed_with_its_amount(self):
        [window] = self.migrate()
        self.assertEqual((window.state, window.amount), ("proposed", -480))
        self.assertIn("480.00", window.reason)

    def test_next_invoice_asks_for_its_own_hours_alone(self):
        self.migrate()
        self.work(10, 7)
        self.assertEqual(self.bill_month(7).amount_untaxed, 900)
        self.check_money()

    def test_correction_after_it_is_asked_as_ever(self):
        """One of June's hours goes back for 90.00: 53 h at 90.00, and the 480.00."""
        window = self.migrate()
        [entry] = self.env["account.analytic.line"].search(
            [("project_id", "=", self.project.id), ("date", "=", "2026-06-05")]
        )
        june = entry.allocation_ids.move_id
        self.credit(june, hours={entry: 1})
        self.bill_month(7)
        self.assertEqual(self.get_total(), 54 * 90 + 480)
        self.assertEqual(window.state, "proposed")
        self.check_money()

    def test_second_update_proposes_nothing(self):
        window = self.migrate()
        self.assertEqual(self.migrate(), window)

    def test_fault_in_a_window_that_is_left_as_it_is_is_named(self):
        window = self.migrate()
        window.with_user(self.billing_manager).action_leave()
        self.work(10, 7)
        july = self.bill_month(7)
        for table, column in (
            ("account_move_line", "id"),
            ("billing_allocation", "move_line_id"),
        ):
            self.execute(
                f"""UPDATE {table} SET price_unit = 80 WHERE {column} IN (
                    SELECT id FROM account_move_line
                     WHERE move_id = %s AND billing_kind = 'time')""",
                july.id,
            )
        found = self.env["billing.allocation"]._find_deviations()
        self.assertEqual([one.kind for one in found], ["window"])
        self.assertIn("100.00", found[0].text)

    def test_decision_to_correct_is_not_taken_back_by_leaving_it(self):
        window = self.migrate().with_user(self.billing_manager)
        window.action_ask()
        window.action_leave()
        self.assertEqual(window.state, "asked")

    def test_asked_difference_is_open_until_an_invoice_corrects_it(self):
        window = self.migrate()
        window.with_user(self.billing_manager).action_ask()
        self.check_money()
        [opened] = self.env["billing.allocation"]._get_open_differences()
        self.assertIn("480.00", opened.text)


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestNewDatabases(OldCommon):
    def test_correction_needs_no_word_of_a_person(self):
        """5 h + 15 h; the 5 h are given back and corrected to 2 h: 17 h = 1,970.00."""
        self.agree(*FIXED)
        first, _second = self.work(5, 7, 2), self.work(15, 7, 3)
        self.credit(self.bill_month(7), hours={first: 5})
        first.unit_amount = 2
        self.bill_month(8)
        self.assertEqual(self.get_total(), 1970)
        self.assertFalse(self.get_windows())

    def test_sound_windows_are_not_proposed(self):
        self.agree(*FROM_50, price=100, mode="volume")
        self.work(48, 5)
        self.work(6, 6)
        self.bill_month(5)
        self.bill_month(6)
        self.assertFalse(self.migrate())
