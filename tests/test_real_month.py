"""Real work of a real firm, billed month by month, against sums from the CSV alone."""

import unittest
from collections import Counter
from datetime import date
from decimal import Decimal

from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

from . import sip
from .sip_figures import (
    LIST_PRICE,
    TIERS,
    expect_invoices,
    net_amount,
    to_hours,
    to_money,
)


class RealMonths:
    """A stretch of months, billed in order by a user with no other rights."""

    first_month = None
    end = None
    rounding_method = "round_globally"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.work = sip.read_work(cls.first_month, cls.end)
        cls.expected = expect_invoices(cls.work)
        company = cls.company_data["company"]
        company.tax_calculation_rounding_method = cls.rounding_method
        cls.firm = sip.Firm(
            company, cls.work, cls.make_service(company), cls.make_tiers(company)
        )
        cls.billing_user = new_test_user(
            cls.env,
            "billing_user",
            groups="monthly_billing.monthly_billing_group_user",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        cls.agreements = cls.firm.env["billing.agreement"].union(
            *cls.firm.agreements.values()
        )
        cls.codes = {
            agreement.id: code for code, agreement in cls.firm.agreements.items()
        }
        cls.look_ahead()
        cls.periods = cls.bill_all_months()
        # browsed anew: every test reads them in one go, also with an empty cache
        cls.invoices = cls.periods.invoice_id.browse(cls.periods.invoice_id.ids)

    @classmethod
    def make_service(cls, company):
        return cls.env["product.product"].create(
            {
                "name": "Hour of work",
                "type": "service",
                "uom_id": cls.env.ref("uom.product_uom_hour").id,
                "list_price": LIST_PRICE,
                "company_id": company.id,
            }
        )

    @classmethod
    def make_tiers(cls, company):
        tiers = [
            Command.create(
                {"min_quantity": hours, "price_type": "discount", "discount": percent}
            )
            for hours, percent in TIERS
        ]
        return cls.env["volume.discount"].create(
            {
                "name": "From 50 hours",
                "mode": "graduated",
                "window": "month",
                "presentation": "line",
                "company_id": company.id,
                "currency_id": company.currency_id.id,
                "tier_ids": tiers,
            }
        )

    @classmethod
    def look_ahead(cls):
        """Keep what the tests want to know from before the months are billed."""

    @classmethod
    def bill_all_months(cls):
        periods = cls.env["billing.period"]
        for month in cls.get_months():
            cls.update_statistics()
            periods += cls.agreements.with_user(cls.billing_user)._bill_period(month)
        return periods.sudo()

    @classmethod
    def update_statistics(cls):
        """Let the database know the rows that only this transaction sees so far.

        Where a firm's rows are committed the database does this by itself; here it
        would plan for empty tables and take minutes for a year.
        """
        cls.env.flush_all()
        cls.env.cr.execute(
            """ANALYZE account_analytic_line, account_move, account_move_line,
                       account_partial_reconcile, billing_allocation"""
        )

    @classmethod
    def get_months(cls):
        count = (cls.end.year - cls.first_month.year) * 12
        count += cls.end.month - cls.first_month.month
        start = cls.first_month.year * 12 + cls.first_month.month - 1
        months = range(start, start + count)
        return [date(month // 12, month % 12 + 1, 1) for month in months]

    def by_customer_and_month(self):
        """Return {(customer, first of month): invoice}."""
        return {
            (self.codes[period.agreement_id.id], period.date_start): period.invoice_id
            for period in self.periods
            if period.invoice_id
        }

    def test_the_data_is_rich(self):
        customers = {customer for customer, _month in self.expected}
        self.assertGreaterEqual(len(customers), 4)
        prices = {price for lines in self.expected.values() for _task, price in lines}
        self.assertEqual(len(prices), 4, "every tier is reached")
        self.assertTrue(
            any(
                len({task for task, _price in lines}) < len(lines)
                for lines in self.expected.values()
            ),
            "some ticket crosses a bound",
        )

    def test_hours_of_the_data_need_no_rounding(self):
        stored = {line.id: line.unit_amount for line in self.firm.timesheets}
        hours = [to_hours(stored[line.id]) for line in self.firm.timesheets]
        self.assertEqual(hours, [item.hours for item in self.work])

    def test_customers_get_one_invoice_for_each_month_with_work(self):
        self.assertEqual(set(self.by_customer_and_month()), set(self.expected))
        self.assertEqual(len(self.invoices), len(self.expected))
        moves = self.env["account.move"].search(
            [("company_id", "=", self.firm.company.id), ("move_type", "!=", "entry")]
        )
        self.assertEqual(moves, self.invoices)

    def test_months_without_work_end_empty(self):
        without_invoice = self.periods.filtered(lambda period: not period.invoice_id)
        self.assertEqual(
            len(self.periods), len(self.agreements) * len(self.get_months())
        )
        self.assertLessEqual(set(without_invoice.mapped("state")), {"empty"})

    def test_every_invoice_is_posted(self):
        self.assertEqual(set(self.invoices.mapped("state")), {"posted"})
        invoiced = self.periods.filtered("invoice_id")
        self.assertEqual(set(invoiced.mapped("state")), {"invoiced"})

    def test_hours_per_customer_and_month(self):
        hours = {
            key: to_hours(round(sum(invoice.invoice_line_ids.mapped("quantity")), 6))
            for key, invoice in self.by_customer_and_month().items()
        }
        expected = {key: sum(lines.values()) for key, lines in self.expected.items()}
        self.assertEqual(hours, expected)

    def test_net_amount_of_every_invoice(self):
        amounts = {
            key: to_money(invoice.amount_untaxed)
            for key, invoice in self.by_customer_and_month().items()
        }
        expected = {
            key: net_amount(lines, self.rounding_method)
            for key, lines in self.expected.items()
        }
        self.assertEqual(amounts, expected)

    def test_hours_times_price_is_the_amount_of_a_line(self):
        for line in self.invoices.invoice_line_ids:
            price = Decimal(str(line.price_unit))
            amount = to_money(to_hours(line.quantity) * price)
            self.assertEqual(to_money(line.price_subtotal), amount)

    def test_a_line_for_each_ticket_and_tier(self):
        for key, invoice in self.by_customer_and_month().items():
            lines = Counter(
                (
                    line.ticket_id.number,
                    Decimal(str(line.price_unit)),
                    to_hours(line.quantity),
                )
                for line in invoice.invoice_line_ids
            )
            expected = Counter(
                (task, price, hours)
                for (task, price), hours in self.expected[key].items()
            )
            self.assertEqual(lines, expected, key)

    def test_line_names_number_and_title_of_its_ticket(self):
        for line in self.invoices.invoice_line_ids:
            ticket = line.ticket_id
            self.assertTrue(line.name.startswith(f"{ticket.number} {ticket.name}\n"))

    def test_each_entry_is_billed_exactly_once(self):
        billed = self.get_billed_hours()
        for line, item in zip(self.firm.timesheets, self.work, strict=True):
            worked, on_lines = billed.get(line.id, (Decimal(0), Decimal(0)))
            expected = Decimal(0) if item.is_cancelled else item.hours
            self.assertEqual((worked, on_lines), (expected, expected), item.task)

    def get_billed_hours(self):
        """Return {timesheet id: (worked, billed)} of the ledger."""
        groups = (
            self.env["billing.allocation"]
            .sudo()
            ._read_group(
                [("timesheet_id", "in", self.firm.timesheets.ids)],
                ["timesheet_id"],
                ["worked_hours:sum", "billed_hours:sum"],
            )
        )
        return {
            line.id: (to_hours(round(worked, 6)), to_hours(round(on_lines, 6)))
            for line, worked, on_lines in groups
        }

    def test_each_entry_stands_on_a_line_of_its_ticket_and_month(self):
        for allocation in self.periods.allocation_ids:
            entry, line = allocation.timesheet_id, allocation.move_line_id
            self.assertEqual(line.ticket_id, entry.ticket_id)
            self.assertEqual(line.service_month, entry.date.replace(day=1))
            self.assertEqual(allocation.period_id.date_start, line.service_month)

    def test_approved_estimates_are_the_planned_hours(self):
        planned = {
            number: to_hours(ticket.planned_hours)
            for number, ticket in self.firm.tickets.items()
        }
        expected = {item.task: item.estimate for item in self.work}
        self.assertEqual(planned, expected)

    def test_billing_again_changes_nothing(self):
        before = self.get_billed_hours()
        again = self.bill_all_months()
        self.assertEqual(again.invoice_id, self.invoices)
        self.assertEqual(self.get_billed_hours(), before)

    def test_nothing_is_left_to_bill(self):
        agreements = self.agreements.with_user(self.billing_user)
        for preview in agreements._preview_period(self.end):
            self.assertEqual((preview["state"], preview["lines"]), ("empty", []))


@unittest.skipUnless(sip.FOLDER.is_dir(), sip.MISSING)
@tagged("post_install", "-at_install")
class TestNovember2007(RealMonths, AccountTestInvoicingCommon):
    first_month = date(2007, 11, 1)
    end = date(2007, 12, 1)
    rounding_method = "round_per_line"

    @classmethod
    def look_ahead(cls):
        tiers = cls.agreements.volume_discount_id
        cls.previews = {}
        for method in ("round_globally", "round_per_line"):
            cls.firm.company.tax_calculation_rounding_method = method
            for presentation in ("summary", "line"):
                tiers.presentation = presentation
                cls.previews[method, presentation] = cls.preview()
        cls.agreements.write({"estimate_policy": "withhold", "estimate_tolerance": 0})
        cls.withholding = cls.preview()
        cls.agreements.estimate_policy = "bill_all"

    @classmethod
    def preview(cls):
        """Return {customer: preview} of the month."""
        agreements = cls.agreements.with_user(cls.billing_user)
        return {
            cls.codes[preview["agreement_id"]]: preview
            for preview in agreements._preview_period(cls.first_month)
        }

    def get_preview_amounts(self, method, presentation):
        return {
            customer: to_money(preview["amount_untaxed"])
            for customer, preview in self.previews[method, presentation].items()
        }

    def test_preview_shows_what_is_billed(self):
        billed = {
            customer: to_money(invoice.amount_untaxed)
            for (customer, _month), invoice in self.by_customer_and_month().items()
        }
        self.assertEqual(self.get_preview_amounts("round_per_line", "line"), billed)

    def test_summary_of_the_discount_adds_up_to_the_same_amount(self):
        for method in ("round_globally", "round_per_line"):
            with self.subTest(method):
                summary = self.get_preview_amounts(method, "summary")
                self.assertEqual(summary, self.get_preview_amounts(method, "line"))

    def test_hours_beyond_the_estimates_are_withheld_where_agreed(self):
        worked, approved = Counter(), {}
        for item in self.work:
            worked[item.project, item.task] += item.hours
            approved[item.task] = item.estimate
        expected = Counter()
        for (customer, task), hours in worked.items():
            expected[customer, "billed"] += min(hours, approved[task])
            expected[customer, "withheld"] += max(hours - approved[task], 0)
        found = {
            (customer, kind): to_hours(round(preview[f"{kind}_hours"], 6))
            for customer, preview in self.withholding.items()
            for kind in ("billed", "withheld")
        }
        self.assertEqual(found, expected)

    def test_the_month_is_the_one_the_data_describes(self):
        self.assertEqual(len(self.work), 440)
        self.assertEqual(len(self.invoices), 4)


@unittest.skipUnless(sip.FOLDER.is_dir(), sip.MISSING)
@tagged("post_install", "-at_install")
class TestYear2007(RealMonths, AccountTestInvoicingCommon):
    first_month = date(2007, 1, 1)
    end = date(2008, 1, 1)

    def test_the_year_has_cancelled_work(self):
        self.assertTrue(any(item.is_cancelled for item in self.work))
