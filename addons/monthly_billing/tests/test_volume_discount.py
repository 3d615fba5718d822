from datetime import date

from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import OCTOBER, MonthlyBillingCommon

SEPTEMBER = date(2026, 9, 1)


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestProof(MonthlyBillingCommon):
    """The monthly invoice proves its prices and keeps the terms."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner.lang = "en_US"
        cls.table = cls.make_table((10, 110), (20, 100))
        cls.agreement.volume_discount_id = cls.table

    def get_proofs(self, invoice):
        return invoice.with_context(lang="en_US")._get_volume_discount_proofs()

    def test_proof_shows_each_tier_in_both_presentations(self):
        self.book(25, "10-05", self.make_ticket("A"))
        for presentation in ("line", "summary"):
            self.table.presentation = presentation
            invoice = self.bill().invoice_id
            (proof,) = self.get_proofs(invoice)
            self.assertEqual(
                proof["formula"], "10 h × 120.00, 10 h × 110.00, 5 h × 100.00"
            )
            self.assertIn("2,800.00", proof["total"])
            invoice.button_cancel()

    def test_month_of_the_invoice_needs_no_note(self):
        self.book(5, "10-05")
        (proof,) = self.get_proofs(self.bill().invoice_id)
        self.assertFalse(proof["note"])
        self.assertIn("5 h until the next tier", proof["next"])

    def test_year_window_is_noted_and_counts_earlier_months(self):
        self.table.window = "year"
        self.book(8, "09-05")
        self.bill(SEPTEMBER)
        self.book(5, "10-05")
        (proof,) = self.get_proofs(self.bill().invoice_id)
        self.assertIn("2026 so far: 13 h, of which 8 h", proof["position"])
        self.assertIn("01/01/2026 to 12/31/2026", proof["note"])

    def test_late_hours_have_a_proof_of_their_own_month(self):
        self.book(8, "09-05")
        self.bill(SEPTEMBER)
        self.book(4, "09-20")
        self.book(5, "10-05")
        late, month = self.get_proofs(self.bill().invoice_id)
        self.assertIn("September 2026", late["title"])
        self.assertEqual(late["formula"], "2 h × 120.00, 2 h × 110.00")
        self.assertEqual(month["formula"], "5 h × 120.00")

    def test_best_price_is_a_row_of_the_proof(self):
        self.table.write({"mode": "volume", "best_price": True})
        self.book(9.5, "10-05")
        (proof,) = self.get_proofs(self.bill().invoice_id)
        self.assertEqual(proof["rows"][1]["text"], "Best price")
        self.assertIn("1,100.00", proof["total"])

    def test_edited_table_changes_no_proof(self):
        self.book(25, "10-05")
        invoice = self.bill().invoice_id
        invoice.action_post()
        before = self.get_proofs(invoice)
        self.table.tier_ids[0].price_unit = 1
        self.assertEqual(self.get_proofs(invoice), before)

    def test_recomputed_draft_has_the_proof_of_its_new_hours(self):
        self.book(5, "10-05")
        period = self.bill()
        self.book(20, "10-06")
        period.action_recompute()
        (proof,) = self.get_proofs(period.invoice_id)
        self.assertIn("5 h × 100.00", proof["formula"])

    def test_table_is_neither_proposed_nor_applied_on_top(self):
        self.partner.volume_discount_id = self.table
        self.book(25, "10-05")
        invoice = self.bill().invoice_id
        self.assertFalse(invoice.volume_discount_proposal_id)
        invoice.invoice_line_ids[0].quantity = 11
        invoice.action_post()
        self.assertEqual(invoice.amount_untaxed, 11 * 120 + 10 * 110 + 5 * 100)

    def test_printed_invoice_shows_the_proof(self):
        self.book(25, "10-05")
        invoice = self.bill().invoice_id
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "account.account_invoices", invoice.ids
        )
        self.assertTrue("10 h × 110.00" in html.decode())

    def test_discount_product_gives_the_account_and_the_hours_the_taxes(self):
        account = self.company_data["default_account_revenue"].copy()
        self.table.presentation = "summary"
        self.table.discount_product_id = self.make_service(
            "Rebate", 0, property_account_income_id=account.id, taxes_id=False
        )
        self.book(25, "10-05")
        invoice = self.bill().invoice_id
        line = invoice.invoice_line_ids[-1]
        self.assertEqual(line.account_id, account)
        self.assertEqual(line.tax_ids, self.tax_19)
        self.assertEqual(invoice.amount_tax, 532.0)

    def test_agreement_without_table_has_no_proof(self):
        self.agreement.volume_discount_id = False
        self.book(25, "10-05")
        invoice = self.bill().invoice_id
        self.assertFalse(invoice.volume_discount_data)
        self.assertFalse(invoice.volume_discount_id)


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestByHand(MonthlyBillingCommon):
    """Hours invoiced by hand and by the run share one window, each counts once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.table = cls.make_table((10, 110), (20, 100))
        cls.agreement.volume_discount_id = cls.table
        cls.partner.volume_discount_id = cls.table

    def invoice_by_hand(self, hours, post=True, **values):
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.partner.id,
                "invoice_date": "2026-10-15",
                "delivery_date": "2026-10-15",
                "invoice_line_ids": [
                    Command.create({"product_id": self.service.id, "quantity": hours})
                ],
                **values,
            }
        )
        if post:
            invoice.action_post()
        return invoice

    def test_run_counts_hours_invoiced_by_hand(self):
        self.invoice_by_hand(10)
        self.book(10, "10-20")
        self.assertEqual(self.bill().invoice_id.amount_untaxed, 1100)

    def test_hours_by_hand_without_the_table_keep_their_price(self):
        self.table.mode = "volume"
        self.invoice_by_hand(10)
        self.book(10, "10-20")
        self.assertEqual(self.bill().invoice_id.amount_untaxed, 1000)

    def test_hours_by_hand_with_the_table_are_priced_anew(self):
        self.table.mode = "volume"
        invoice = self.invoice_by_hand(10, post=False)
        invoice.action_apply_volume_discount()
        invoice.action_post()
        self.book(10, "10-20")
        self.assertEqual(self.bill().invoice_id.amount_untaxed, 2000 - 1100)

    def test_discount_of_a_line_by_hand_is_not_made_up_for(self):
        """The run asks what the same hours on an invoice by hand would."""
        self.table.mode = "volume"
        line = {"product_id": self.service.id, "quantity": 10, "discount": 50}
        half = self.invoice_by_hand(
            0, post=False, invoice_line_ids=[Command.create(line)]
        )
        half.action_apply_volume_discount()
        half.action_post()
        self.book(10, "10-20")
        by_hand = self.invoice_by_hand(10, post=False)
        by_hand.action_apply_volume_discount()
        self.assertEqual(by_hand.amount_untaxed, 1000 - 10 * 10 / 2)
        invoice = self.bill().invoice_id
        self.assertEqual(invoice.amount_untaxed, by_hand.amount_untaxed)

    def test_discount_of_a_line_of_the_run_is_not_made_up_for(self):
        self.table.write({"mode": "volume", "window": "year"})
        self.book(10, "09-10")
        half = self.bill(SEPTEMBER).invoice_id
        half.invoice_line_ids.filtered("quantity").discount = 50
        half.action_post()
        by_hand = self.invoice_by_hand(10, post=False)
        by_hand.action_apply_volume_discount()
        self.assertEqual(by_hand.amount_untaxed, 1000 - 10 * 10 / 2)
        self.book(10, "10-20")
        invoice = self.bill().invoice_id
        self.assertEqual(invoice.amount_untaxed, by_hand.amount_untaxed)

    def test_money_given_back_by_hand_is_no_time(self):
        goodwill = {"product_id": self.service.id, "quantity": 5, "price_unit": -20}
        self.invoice_by_hand(
            0,
            invoice_line_ids=[
                Command.create({"product_id": self.service.id, "quantity": 5}),
                Command.create(goodwill),
            ],
        )
        self.book(10, "10-20")
        self.assertEqual(self.bill().invoice_id.amount_untaxed, 5 * 120 + 5 * 110)

    def test_drafts_by_hand_do_not_count(self):
        self.invoice_by_hand(10, post=False)
        self.book(10, "10-20")
        self.assertEqual(self.bill().invoice_id.amount_untaxed, 1200)

    def test_credited_hours_by_hand_do_not_count(self):
        invoice = self.invoice_by_hand(10)
        invoice._reverse_moves([{"invoice_date": "2026-10-20"}]).action_post()
        self.book(10, "10-20")
        self.assertEqual(self.bill().invoice_id.amount_untaxed, 1200)

    def test_invoice_by_hand_counts_hours_of_the_run_once_in_their_month(self):
        self.book(10, "10-20")
        self.bill().invoice_id.action_post()
        invoice = self.invoice_by_hand(10, post=False)
        invoice.action_apply_volume_discount()
        self.assertEqual(invoice.amount_untaxed, 1100)

    def test_services_that_the_table_does_not_count_stay_out(self):
        self.table.product_ids = self.service
        travel = self.make_service("Travel", 60)
        line = Command.create({"product_id": travel.id, "quantity": 30})
        self.invoice_by_hand(0, invoice_line_ids=[line])
        self.book(10, "10-20")
        self.assertEqual(self.bill().invoice_id.amount_untaxed, 1200)


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestSimulation(MonthlyBillingCommon):
    """Past timesheets, billed or not, under tables that were not agreed."""

    def simulate(self, table):
        simulation = self.env["volume.discount.simulation"].create(
            {
                "partner_ids": [Command.set(self.partner.ids)],
                "table_ids": [Command.set(table.ids)],
                "date_start": SEPTEMBER,
                "date_end": OCTOBER,
            }
        )
        simulation.action_simulate()
        return simulation.line_ids

    def book_two_months(self):
        for month, hours in (("09", 7.25), ("10", 12.5)):
            for day, name in (("05", "A"), ("20", "B")):
                self.book(hours, f"{month}-{day}", self.make_ticket(name))

    def test_real_table_equals_the_real_invoices(self):
        for values in (
            {},
            {"mode": "volume", "window": "quarter"},
            {"mode": "volume", "best_price": True, "presentation": "summary"},
        ):
            table = self.make_table((10, 110), (20, 100), **values)
            self.agreement.volume_discount_id = table
            self.book_two_months()
            invoices = [self.bill(day).invoice_id for day in (SEPTEMBER, OCTOBER)]
            for invoice in invoices:
                invoice.action_post()
            lines = self.simulate(table)
            asked = [invoice.amount_untaxed for invoice in invoices]
            with self.subTest(**values):
                self.assertEqual(lines.mapped("amount"), asked)
                self.assertEqual(lines.mapped("billed_amount"), asked)
            for invoice in invoices:
                invoice.button_cancel()
            self.env["account.analytic.line"].search(
                [("partner_id", "=", self.partner.id)]
            ).unlink()

    def test_time_that_is_not_billed_yet_is_simulated(self):
        self.book_two_months()
        lines = self.simulate(self.make_table((10, 110), (20, 100)))
        self.assertEqual(lines.mapped("hours"), [14.5, 25])
        self.assertEqual(lines.mapped("amount"), [1200 + 4.5 * 110, 2800])
        self.assertEqual(lines.mapped("billed_amount"), [0, 0])

    def test_amounts_are_before_tax_where_prices_include_it(self):
        self.service.taxes_id = self.env["account.tax"].create(
            {"name": "20 %", "amount": 20, "price_include_override": "tax_included"}
        )
        self.book(10, "10-05")
        lines = self.simulate(self.make_table((20, 100)))
        self.assertEqual(lines.mapped("amount"), [1000])

    def test_time_is_rounded_as_agreed(self):
        self.agreement.write({"rounding_scope": "entry", "rounding_minutes": 60})
        self.book(0.5, "10-05")
        self.assertEqual(self.simulate(self.make_table((10, 110))).hours, 1)

    def test_invoices_by_hand_are_simulated_beside_timesheets(self):
        self.book(5, "10-05")
        self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.partner.id,
                "invoice_date": "2026-10-15",
                "invoice_line_ids": [
                    Command.create({"product_id": self.service.id, "quantity": 10})
                ],
            }
        ).action_post()
        line = self.simulate(self.make_table((10, 110)))
        self.assertEqual((line.hours, line.amount), (15, 1200 + 550))
        self.assertEqual(line.billed_amount, 1200)
