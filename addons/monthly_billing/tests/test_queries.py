from datetime import date
from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import OCTOBER, MonthlyBillingCommon

SEPTEMBER = date(2026, 9, 1)
INVOICES, LINES = 50, 8
#: Queries per invoice: some room above what is needed
GOAL = 15


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestQueries(MonthlyBillingCommon):
    """A run asks the database as seldom with tiers over a year as without."""

    def setUp(self):
        super().setUp()
        # PostgreSQL does not know how many rows an open transaction has written: where
        # it takes a table for empty, Odoo's query of payments would run for hours
        self.env.cr.execute("SET LOCAL enable_nestloop TO off")

    def make_agreements(self):
        """Make customers who have work on as many jobs as an invoice has lines."""
        table = self.make_table((10, 110), (20, 100), window="year")
        partners = self.env["res.partner"].create(
            [
                {
                    "name": f"Customer {number}",
                    "is_company": True,
                    "street": "Gartenweg 5",
                    "zip": "70173",
                    "city": "Stuttgart",
                    "country_id": self.env.ref("base.de").id,
                }
                for number in range(INVOICES)
            ]
        )
        projects = self.env["project.project"].create(
            [
                {
                    "name": partner.name,
                    "partner_id": partner.id,
                    "company_id": self.company.id,
                    "allow_timesheets": True,
                    "task_ids": [
                        Command.create({"name": f"Job {number}"})
                        for number in range(LINES)
                    ],
                }
                for partner in partners
            ]
        )
        agreements = self.env["billing.agreement"].create(
            [
                {
                    "partner_id": partner.id,
                    "company_id": self.company.id,
                    "currency_id": self.company.currency_id.id,
                    "product_id": self.service.id,
                    "date_start": date(2026, 1, 1),
                    "volume_discount_id": table.id,
                    "auto_post": True,
                }
                for partner in partners
            ]
        )
        agreements.action_activate()
        self.env["account.analytic.line"].create(
            [
                {
                    "name": "Work",
                    "unit_amount": 1.25,
                    "date": day,
                    "employee_id": self.employee.id,
                    "company_id": self.company.id,
                    "project_id": task.project_id.id,
                    "task_id": task.id,
                }
                for day in ("2026-09-10", "2026-10-10")
                for task in projects.task_ids
            ]
        )
        return agreements

    def count_queries(self, action):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        result = action()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before, result

    def test_run_with_a_window_of_a_year_stays_below_the_goal(self):
        agreements = self.make_agreements()
        self.bill(SEPTEMBER, agreements)
        count, periods = self.count_queries(lambda: self.bill(OCTOBER, agreements))
        self.assertEqual(set(periods.invoice_id.mapped("state")), {"posted"})
        self.assertEqual(len(periods.invoice_id), INVOICES)
        self.assertGreaterEqual(len(periods.invoice_id.invoice_line_ids), 400)
        self.assertLessEqual(count / INVOICES, GOAL)

    def test_run_writes_on_no_invoice_line_of_time_alone(self):
        agreements = self.make_agreements()
        lines = self.env.registry["account.move.line"]
        write, alone = lines.write, []

        def count(records, vals):
            if len(records) == 1 and records.display_type == "product":
                alone.append(vals)
            return write(records, vals)

        with patch.object(lines, "write", count):
            periods = self.bill(SEPTEMBER, agreements)
        self.assertEqual(set(periods.mapped("state")), {"invoiced"})
        self.assertEqual(alone, [])


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestShortCuts(MonthlyBillingCommon):
    """What the run spares Odoo changes nothing about the invoice."""

    def test_rule_for_analytic_accounts_holds_on_the_invoice(self):
        plan = self.env["account.analytic.plan"].create({"name": "Customers"})
        account = self.env["account.analytic.account"].create(
            {"name": "Sommer", "plan_id": plan.id}
        )
        self.env["account.analytic.distribution.model"].create(
            {
                "partner_id": self.partner.id,
                "analytic_distribution": {str(account.id): 100},
            }
        )
        self.book(1, "10-05")
        line = self.bill().invoice_id.invoice_line_ids
        self.assertEqual(line.analytic_distribution, {str(account.id): 100})

    def test_rule_made_later_holds_when_the_line_changes(self):
        self.book(1, "10-05")
        line = self.bill().invoice_id.invoice_line_ids
        self.assertFalse(line.analytic_distribution)
        plan = self.env["account.analytic.plan"].create({"name": "Services"})
        account = self.env["account.analytic.account"].create(
            {"name": "Other", "plan_id": plan.id}
        )
        other = self.make_service("Other", 90.0)
        self.env["account.analytic.distribution.model"].create(
            {
                "product_id": other.id,
                "analytic_distribution": {str(account.id): 100},
            }
        )
        line.product_id = other
        self.assertEqual(line.analytic_distribution, {str(account.id): 100})

    def test_only_what_a_person_changes_is_marked_as_modified(self):
        self.book(1, "10-05")
        invoice = self.bill().invoice_id
        self.assertFalse(invoice.is_manually_modified)
        invoice = invoice.with_user(self.env.user)
        invoice.with_context(skip_is_manually_modified=False).ref = "PO 1"
        self.assertTrue(invoice.is_manually_modified)
        invoice.is_manually_modified = False
        self.assertFalse(invoice.is_manually_modified)

    def test_invoice_address_with_another_fiscal_position_decides_the_taxes(self):
        abroad = self.make_partner(
            "Filiale Linz",
            is_company=False,
            type="invoice",
            parent_id=self.partner.id,
            country_id=self.env.ref("base.at").id,
        )
        self.book(1, "10-05")
        preview = self.agreement._preview_period(OCTOBER)[0]
        invoice = self.bill().invoice_id
        self.assertEqual(invoice.partner_id, abroad)
        self.assertEqual(preview["amount_total"], invoice.amount_total)
        typed = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": abroad.id,
                "invoice_line_ids": [
                    Command.create({"product_id": self.service.id, "quantity": 1})
                ],
            }
        )
        self.assertEqual(invoice.fiscal_position_id, typed.fiscal_position_id)
        self.assertEqual(
            invoice.invoice_line_ids.tax_ids, typed.invoice_line_ids.tax_ids
        )
