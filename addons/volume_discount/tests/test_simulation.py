from datetime import date
from decimal import Decimal as D

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import BaseCase, freeze_time, tagged

from ..core.simulation import Work, simulate
from ..core.terms import Terms
from ..core.tiers import Tier
from .invoice_common import InvoiceCommon

CENT = D("0.01")
YEAR = Terms("volume", (Tier(D(50), "discount", D(10)),), "year")


@tagged("post_install", "-at_install")
class TestSimulate(BaseCase):
    """Past work in, revenue per month out, without Odoo."""

    def get_amounts(self, terms, *works):
        works = [
            Work("A", date(2026, month, 5), D(str(hours)), D(100), index)
            for index, (month, hours) in enumerate(works)
        ]
        return [month.amount for month in simulate(terms, works, CENT).values()]

    def test_months_of_a_window_build_on_each_other(self):
        self.assertEqual(self.get_amounts(YEAR, (5, 48), (6, 6)), [4800, 60])

    def test_list_price_is_the_comparison(self):
        self.assertEqual(self.get_amounts(None, (5, 48), (6, 6)), [4800, 600])

    def test_credited_hours_are_not_priced(self):
        self.assertEqual(self.get_amounts(YEAR, (5, 60), (5, -5)), [4950])

    def test_hours_that_do_not_count_cost_the_list_price(self):
        work = Work("A", date(2026, 5, 5), D(60), D(100), is_counted=False)
        (month,) = simulate(YEAR, [work], CENT).values()
        self.assertEqual((month.amount, month.list_amount), (6000, 6000))

    def test_customers_do_not_mix(self):
        works = [Work(name, date(2026, 5, 5), D(30), D(100)) for name in "AB"]
        months = simulate(YEAR, works, CENT)
        self.assertEqual([month.amount for month in months.values()], [3000, 3000])


@tagged("post_install", "-at_install")
@freeze_time("2026-11-05")
class TestSimulation(InvoiceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for day, hours in [("2026-08-31", 9.5), ("2026-09-30", 19), ("2026-10-31", 25)]:
            cls.bill(hours, day=day)

    def simulate(self, *tables, **values):
        simulation = self.env["volume.discount.simulation"].create(
            {
                "partner_ids": [Command.set(self.partner.ids)],
                "table_ids": [Command.set([table.id for table in tables])],
                "date_start": "2026-08-01",
                "date_end": "2026-10-15",
                **values,
            }
        )
        simulation.action_simulate()
        return simulation

    def test_real_table_equals_the_real_invoices(self):
        lines = self.simulate(self.discount).line_ids
        self.assertEqual(lines.mapped("amount"), [1140, 2190, 2800])
        self.assertEqual(lines.mapped("billed_amount"), [1140, 2190, 2800])
        self.assertEqual(set(lines.mapped("difference")), {0})

    def test_real_table_equals_the_real_invoices_in_every_mode(self):
        for window in ("quarter", "year"):
            for values in (
                {"mode": "volume"},
                {"best_price": True},
                {"mode": "graduated", "best_price": False},
            ):
                self.discount.write({"window": window, **values})
                partner = self.create_partner(name=str((window, values)))
                partner.volume_discount_id = self.discount
                for day in ("2026-03-01", "2026-08-31", "2026-09-30", "2026-10-31"):
                    for hours in (3.33, 8.25):
                        self.bill(hours, day=day, partner_id=partner.id)
                simulation = self.simulate(
                    self.discount, partner_ids=[Command.set(partner.ids)]
                )
                with self.subTest(window=window, **values):
                    self.assertEqual(
                        simulation.line_ids.mapped("amount"),
                        simulation.line_ids.mapped("billed_amount"),
                    )

    def test_several_tables_stand_side_by_side(self):
        other = self.create_discount(mode="volume", name="All hours")
        simulation = self.simulate(self.discount, other)
        by_table = simulation.line_ids.grouped("scenario")
        self.assertEqual(by_table["All hours"].mapped("amount"), [1140, 2090, 2500])
        self.assertEqual(
            by_table["All hours"].mapped("list_amount"), [1140, 2280, 3000]
        )
        self.assertEqual(by_table["All hours"].mapped("difference"), [0, -100, -300])

    def test_table_that_is_not_saved_can_be_tried_and_kept(self):
        draft = {
            "name": "Offer",
            "mode": "volume",
            "best_price": True,
            "tier_ids": [
                Command.create(self.price_tier(10, 110)),
                Command.create(self.price_tier(20, 100)),
            ],
        }
        simulation = self.simulate(draft_ids=[Command.create(draft)])
        self.assertEqual(simulation.line_ids.mapped("amount"), [1100, 2000, 2500])
        action = simulation.draft_ids.action_create_table()
        table = self.env["volume.discount"].browse(action["res_id"])
        self.assertEqual(table._get_terms().mode, "volume")
        self.assertEqual(table.tier_ids.mapped("price_unit"), [110, 100])
        self.assertTrue(table.best_price)

    def test_table_to_try_counts_its_services(self):
        travel = self.create_hours_service("Travel", 60)
        self.create_priced({"product_id": travel.id, "quantity": 40}, post=True)
        draft = {
            "name": "Travel only",
            "product_ids": [Command.set(travel.ids)],
            "tier_ids": [Command.create(self.discount_tier(20, 50))],
        }
        simulation = self.simulate(draft_ids=[Command.create(draft)])
        october = simulation.line_ids[-1]
        self.assertEqual(october.amount, 25 * 120 + 20 * 60 + 20 * 30)
        action = simulation.draft_ids.action_create_table()
        table = self.env["volume.discount"].browse(action["res_id"])
        self.assertEqual(table.product_ids, travel)

    def test_company_that_the_user_is_not_in_is_refused(self):
        other = self.create_company("Other firm")
        simulation = self.simulate(self.discount).sudo()
        simulation.write({"company_id": other.id, "table_ids": False})
        with self.assertRaisesRegex(AccessError, "no access to Other firm"):
            simulation.with_context(
                allowed_company_ids=self.company.ids
            ).action_simulate()

    def test_rights_hide_simulations_of_companies_that_the_user_is_not_in(self):
        other = self.create_company("Other firm")
        user = self.create_user(
            "vd_clerk",
            "account.group_account_invoice",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        simulations = self.env["volume.discount.simulation"].with_user(user)
        with self.assertRaises(AccessError):
            simulations.create({"company_id": other.id})
        own = simulations.create({"partner_ids": [Command.set(self.partner.ids)]})
        own.company_id = other
        with self.assertRaises(AccessError):
            own.action_simulate()

    def test_hours_before_the_first_month_count_in_its_window(self):
        self.discount.window = "year"
        simulation = self.simulate(self.discount, date_start="2026-10-01")
        self.assertEqual(simulation.line_ids.mapped("amount"), [2500])

    def test_credit_notes_take_hours_and_money_away(self):
        invoice = self.create_priced(5, day="2026-08-15", post=True)
        self.credit(invoice).action_post()
        lines = self.simulate(self.discount).line_ids
        self.assertEqual(lines[0].amount, lines[0].billed_amount)
        self.assertEqual(lines[0].hours, 9.5)

    def test_summary_names_cost_and_rate(self):
        simulation = self.simulate(self.discount)
        (row,) = simulation._get_summary_rows()
        self.assertEqual(row["hours"], "53.5")
        self.assertIn("290.00", row["discount"])
        self.assertIn("114.58", row["rate"])
        self.assertIn("114.58", simulation.summary)

    def test_rate_of_a_group_is_revenue_by_hours(self):
        lines = self.simulate(self.discount).line_ids
        ((rate,),) = lines._read_group(
            [("id", "in", lines.ids)], [], ["effective_rate:avg"]
        )
        self.assertAlmostEqual(rate, 6130 / 53.5, 6)

    def test_graph_and_pivot_read_money_in_its_currency(self):
        lines = self.simulate(self.discount).line_ids
        groups = lines.formatted_read_group(
            [("id", "in", lines.ids)],
            ["month:month", "scenario"],
            ["amount:sum", "effective_rate:avg", "currency_id:array_agg_distinct"],
        )
        self.assertEqual([group["amount:sum"] for group in groups], [1140, 2190, 2800])
        currencies = [group["currency_id:array_agg_distinct"] for group in groups]
        self.assertEqual(currencies, [[self.currency.id]] * 3)

    def test_simulating_again_replaces_the_months(self):
        simulation = self.simulate(self.discount)
        simulation.action_simulate()
        self.assertEqual(len(simulation.line_ids), 3)
        action = simulation.action_view_lines()
        self.assertEqual(action["view_mode"], "graph,pivot,list")

    def test_button_of_the_table_brings_table_and_customers(self):
        context = self.discount.action_simulate()["context"]
        self.assertEqual(context["default_table_ids"], self.discount.ids)
        self.assertEqual(context["default_partner_ids"], self.partner.ids)

    def test_nothing_to_simulate_is_said(self):
        with self.assertRaisesRegex(UserError, "at least one table"):
            self.simulate()
        with self.assertRaisesRegex(UserError, "at least one customer"):
            self.simulate(self.discount, partner_ids=False)

    def test_months_in_wrong_order_are_refused(self):
        with self.assertRaisesRegex(ValidationError, "must not come after"):
            self.simulate(self.discount, date_start="2026-12-01")

    def test_tables_of_different_currencies_are_refused(self):
        other = self.setup_other_currency("CHF")
        table = self.create_discount(currency_id=other.id)
        with self.assertRaisesRegex(ValidationError, "different currencies"):
            self.simulate(self.discount, table)

    def test_tiers_to_try_start_at_different_hours(self):
        tiers = [Command.create(self.price_tier(10, 110))] * 2
        draft = {"name": "Offer", "tier_ids": tiers}
        with self.assertRaisesRegex(ValidationError, "another number of hours"):
            self.simulate(draft_ids=[Command.create(draft)])

    def test_simulation_of_another_user_is_hidden(self):
        simulation = self.simulate(self.discount)
        user = self.create_user("vd_curious", "account.group_account_invoice")
        found = self.env["volume.discount.simulation.line"].with_user(user).search([])
        self.assertFalse(found & simulation.line_ids)
