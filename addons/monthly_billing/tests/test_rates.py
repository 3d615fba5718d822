"""Services by rule: which rate an hour has, and what stands on the invoice."""

from datetime import date
from decimal import Decimal as D

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import BaseCase, freeze_time, tagged

from odoo.addons.monthly_billing.core.entries import Entry
from odoo.addons.monthly_billing.core.plan import Plan
from odoo.addons.monthly_billing.core.rates import Rule, find_product

from .common import OCTOBER, MonthlyBillingCommon
from .test_plan import PERCENT, entry, price


def work(employee=1, project=2, categories=()):
    return Entry(
        1,
        date(2026, 5, 1),
        "A",
        D(1),
        employee=employee,
        project=project,
        categories=frozenset(categories),
    )


@tagged("post_install", "-at_install")
class TestRules(BaseCase):
    TABLE = [
        ([], "default"),
        ([Rule("x", employee=1)], "x"),
        ([Rule("x", employee=9)], "default"),
        ([Rule("x", project=2)], "x"),
        ([Rule("x", category=5)], "x"),
        ([Rule("x", category=4)], "x"),
        ([Rule("x", category=6)], "default"),
        ([Rule("x", employee=1, project=9)], "default"),
        ([Rule("x", employee=1, project=2, category=5)], "x"),
        ([Rule("x", employee=1), Rule("y", project=2)], "x"),
        ([Rule("x", employee=9), Rule("y", project=2)], "y"),
    ]

    def test_first_rule_whose_conditions_are_met_holds(self):
        for rules, expected in self.TABLE:
            with self.subTest(rules=rules):
                found = find_product(work(categories=(4, 5)), rules, "default")
                self.assertEqual(found, expected)

    def test_time_without_employee_meets_no_rule_on_employees(self):
        self.assertIsNone(
            find_product(work(employee=None), [Rule("x", employee=1)], None)
        )


def priced(key, hours, product, list_price, taxes=None):
    values = entry(key, hours, day=key, list_price=list_price)
    return Entry(
        values.timesheet_id,
        values.day,
        "A",
        values.worked,
        values.billed,
        values.list_price,
        product=product,
        taxes=taxes,
    )


@tagged("post_install", "-at_install")
class TestSeveralServices(BaseCase):
    def test_percentages_serve_several_base_rates(self):
        entries = [priced(1, 20, "senior", 150), priced(2, 20, "junior", 100)]
        lines = price(entries, PERCENT)
        self.assertEqual(
            [(line.product, line.quantity, line.price_unit) for line in lines],
            [("senior", 20, 150), ("junior", 20, 95)],
        )

    def test_service_that_the_table_does_not_count_keeps_its_price(self):
        entries = [priced(1, 30, "travel", 60), priced(2, 20, "work", 100)]
        lines = price(entries, PERCENT, mode="volume", products=frozenset({"work"}))
        self.assertEqual(Plan(tuple(lines)).amount(), 30 * 60 + 20 * 95)

    def test_saving_has_a_line_per_taxes(self):
        entries = [priced(1, 20, "work", 100, "19"), priced(2, 20, "book", 50, "7")]
        lines = price(entries, PERCENT, mode="volume", presentation="summary")
        self.assertEqual(
            [
                (line.product, line.taxes, line.price_unit)
                for line in lines
                if line.kind == "discount"
            ],
            [("work", "19", -200), ("book", "7", -100)],
        )

    def test_best_price_is_shared_among_taxes(self):
        entries = [priced(1, 15, "work", 100, "19"), priced(2, 4, "book", 100, "7")]
        tiers = PERCENT
        lines = price(entries, tiers, mode="volume", best_price=True)
        shares = {line.taxes: line.price_unit for line in lines if not line.shares}
        # below 20 h at 5 % there is nothing to gain at 19 h: 1,900.00 each
        self.assertEqual(sum(shares.values()), 0)
        entries = [priced(1, 16, "work", 100, "19"), priced(2, "3.5", "book", 100, "7")]
        lines = price(entries, tiers, mode="volume", best_price=True)
        shares = {line.taxes: line.price_unit for line in lines if not line.shares}
        self.assertEqual(sum(shares.values()), 1900 - 1950)
        self.assertEqual(set(shares), {"19", "7"})


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestRates(MonthlyBillingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.senior = cls.make_service("Senior Consulting", 180)
        cls.boss = cls.make_employee("Bert Boss")
        cls.ticket = cls.make_ticket("Printer")

    def add_rate(self, product, **values):
        self.agreement.rate_ids = [Command.create({"product_id": product.id, **values})]

    def test_rate_of_an_employee_gives_the_ticket_a_second_line(self):
        self.add_rate(self.senior, employee_id=self.boss.id)
        self.book(2, "10-05", self.ticket)
        self.book(1, "10-06", self.ticket, employee_id=self.boss.id)
        lines = self.bill().invoice_id.invoice_line_ids
        self.assertEqual(
            [(line.product_id, line.quantity, line.price_unit) for line in lines],
            [(self.service, 2, 120), (self.senior, 1, 180)],
        )
        self.assertEqual(lines.ticket_id, self.ticket)
        self.assertIn("Senior Consulting", lines[1].name)

    def test_rate_of_a_category_holds_for_those_below_it(self):
        parent = self.env["helpdesk.ticket.category"].create({"name": "Network"})
        child = parent.create({"name": "VPN", "parent_id": parent.id})
        self.add_rate(self.senior, category_id=parent.id)
        self.ticket.category_id = child
        self.book(1, "10-05", self.ticket)
        self.book(1, "10-06")
        lines = self.bill().invoice_id.invoice_line_ids
        self.assertEqual(lines.mapped("price_unit"), [180, 120])

    def test_rate_of_a_project(self):
        project = self.make_project("Audit", self.partner)
        self.add_rate(self.senior, project_id=project.id)
        self.book(1, "10-05", project_id=project.id)
        self.assertEqual(self.bill().invoice_id.amount_untaxed, 180)

    def test_order_of_the_rates_decides(self):
        junior = self.make_service("Junior", 60)
        self.add_rate(self.senior, employee_id=self.boss.id, sequence=2)
        self.add_rate(junior, project_id=self.project.id, sequence=1)
        self.book(1, "10-05", employee_id=self.boss.id)
        self.assertEqual(self.bill().invoice_id.amount_untaxed, 60)

    def test_rate_that_changes_at_midnight_holds_from_that_day_for_everybody(self):
        self.company.partner_id.tz = "Europe/Berlin"
        items = [
            {"fixed_price": 100, "date_end": "2026-10-14 21:59:59"},
            {"fixed_price": 130, "date_start": "2026-10-14 22:00:00"},
        ]
        self.agreement.pricelist_id = self.env["product.pricelist"].create(
            {
                "name": "Dated",
                "currency_id": self.company.currency_id.id,
                "item_ids": [
                    Command.create({"compute_price": "fixed", **item}) for item in items
                ],
            }
        )
        for zone in ("UTC", "Europe/Berlin", "America/New_York"):
            agreement = self.agreement.with_context(tz=zone)
            with self.subTest(zone):
                self.assertEqual(agreement._get_list_price(date(2026, 10, 14)), 100.0)
                self.assertEqual(agreement._get_list_price(date(2026, 10, 15)), 130.0)

    def test_rate_that_changes_in_mid_month_splits_the_ticket(self):
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "2026",
                "currency_id": self.company.currency_id.id,
                "item_ids": [
                    Command.create(
                        {
                            "applied_on": "3_global",
                            "compute_price": "fixed",
                            "fixed_price": 130,
                            "date_start": "2026-10-15 00:00:00",
                        }
                    )
                ],
            }
        )
        self.agreement.pricelist_id = pricelist
        self.book(2, "10-20", self.ticket)
        self.book(1, "10-05", self.ticket)
        lines = self.bill().invoice_id.invoice_line_ids
        self.assertEqual(
            [(line.quantity, line.price_unit) for line in lines], [(1, 120), (2, 130)]
        )
        self.assertEqual(lines.ticket_id, self.ticket)

    def test_table_counts_and_prices_only_its_services(self):
        table = self.make_table((5, 100))
        table.product_ids = self.service
        self.agreement.volume_discount_id = table
        self.add_rate(self.senior, employee_id=self.boss.id)
        self.book(10, "10-05", employee_id=self.boss.id)
        self.book(4, "10-06")
        invoice = self.bill().invoice_id
        self.assertEqual(invoice.amount_untaxed, 10 * 180 + 4 * 120)
        own = invoice.invoice_line_ids.filtered("volume_discount_id")
        self.assertEqual(own.product_id, self.service)
        invoice.action_post()
        self.book(2, "10-20")
        late = self.bill(date(2026, 11, 1)).invoice_id
        self.assertEqual(late.amount_untaxed, 120 + 100)

    def test_service_beside_an_uncounted_one_of_the_agreement_is_priced(self):
        table = self.make_table((5, 100))
        table.product_ids = self.senior
        self.agreement.volume_discount_id = table
        self.add_rate(self.senior, employee_id=self.boss.id)
        self.book(6, "10-05", employee_id=self.boss.id)
        self.book(6, "10-06")
        invoice = self.bill().invoice_id
        self.assertEqual(invoice.amount_untaxed, 5 * 180 + 100 + 6 * 120)
        self.assertEqual(len(invoice.volume_discount_data["proofs"]), 1)

    def test_each_service_has_its_taxes_and_preview_and_hints_agree(self):
        tax = self.tax_19.copy({"name": "7 %", "amount": 7})
        self.senior.taxes_id = tax
        self.add_rate(self.senior, employee_id=self.boss.id)
        table = self.make_table((2, 100), mode="volume", presentation="summary")
        self.agreement.volume_discount_id = table
        self.book(1, "10-05", self.ticket)
        self.book(2, "10-06", self.ticket, employee_id=self.boss.id)
        preview = self.agreement._preview_period(OCTOBER)[0]
        invoice = self.bill().invoice_id
        self.assertEqual(invoice.amount_untaxed, 300)
        self.assertEqual(invoice.amount_tax, 100 * 0.19 + 200 * 0.07)
        self.assertEqual(preview["amount_total"], invoice.amount_total)
        saved = invoice.invoice_line_ids.filtered(
            lambda line: line.billing_kind == "discount"
        )
        self.assertEqual(
            sorted((line.tax_ids.amount, line.price_subtotal) for line in saved),
            [(7, -160), (19, -20)],
        )

    def test_rate_without_price_is_named(self):
        self.add_rate(self.make_service("Free Lunch", 0), employee_id=self.boss.id)
        self.book(1, "10-05", employee_id=self.boss.id)
        self.assertIn("Free Lunch", self.bill().error)

    def test_agreement_with_a_rate_without_price_cannot_start(self):
        self.agreement.action_draft()
        self.add_rate(self.make_service("Free Lunch", 0), employee_id=self.boss.id)
        with self.assertRaisesRegex(UserError, "Free Lunch"):
            self.agreement.action_activate()

    def test_rate_needs_a_condition(self):
        with self.assertRaisesRegex(ValidationError, "has no condition"):
            self.add_rate(self.senior)

    def test_rate_needs_a_service_in_hours(self):
        unit = self.env.ref("uom.product_uom_unit")
        piece = self.make_service("Piece", 5, uom_id=unit.id)
        with self.assertRaisesRegex(ValidationError, "not in a unit of time"):
            self.add_rate(piece, employee_id=self.boss.id)

    def test_billing_user_reads_rates_and_cannot_change_them(self):
        self.add_rate(self.senior, employee_id=self.boss.id)
        rates = self.agreement.rate_ids.with_user(self.billing_user)
        self.assertTrue(rates.has_access("read"))
        self.assertFalse(rates.has_access("write"))
        self.assertTrue(rates.with_user(self.billing_manager).has_access("write"))

    def test_billing_user_bills_with_rates(self):
        category = self.env["helpdesk.ticket.category"].create({"name": "Network"})
        self.add_rate(self.senior, category_id=category.id)
        self.ticket.category_id = category
        self.book(1, "10-05", self.ticket)
        period = self.agreement.with_user(self.billing_user)._bill_period(OCTOBER)
        self.assertEqual(period.amount_untaxed, 180)

    def test_all_terms_together_stay_within_25_queries_per_invoice(self):
        def bill(count):
            partners = [self.make_partner(f"Customer {at}") for at in range(count)]
            agreements = self.env["billing.agreement"]
            for partner in partners:
                project = self.make_project(partner.name, partner)
                agreements |= self.make_agreement(
                    partner_id=partner.id,
                    bill_from=OCTOBER,
                    included_hours=2,
                    included_price=100,
                    included_rollover=3,
                    show_non_billable=True,
                    grouping="entry",
                    rate_ids=[
                        Command.create(
                            {"product_id": self.senior.id, "employee_id": self.boss.id}
                        )
                    ],
                )
                values = {"project_id": project.id}
                self.book(3, "10-05", **values)
                self.book(1, "10-06", employee_id=self.boss.id, **values)
                self.book(1, "10-07", non_billable=True, **values)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            periods = agreements._bill_period(OCTOBER)
            self.env.flush_all()
            self.assertEqual(set(periods.mapped("state")), {"draft"})
            return self.cr.sql_log_count - before

        bill(1)
        few, many = bill(3), bill(9)
        self.assertLessEqual((many - few) / 6, 25)
