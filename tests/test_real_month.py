"""Real work of a real firm, billed month by month, against sums from the CSV alone.

The hours of the data have two digits at most, as the quantity of an invoice line has:
an agreement without rounding bills them as they were worked, which a test here holds.
So the expected figures need no rounding of time. Money is rounded as the company's tax
settings say: the sum of an invoice once (Odoo's default) or each line.
"""

import unittest
from collections import Counter, defaultdict
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

from . import sip

LIST_PRICE = 90.0
TIERS = ((50, 3), (150, 5), (300, 8))  # from hours, percent
#: The same, worked out by hand: from hours, to hours, price per hour
SLICES = (
    (0, 50, Decimal("90.00")),
    (50, 150, Decimal("87.30")),
    (150, 300, Decimal("85.50")),
    (300, 10**9, Decimal("82.80")),
)
CENT = Decimal("0.01")


def to_hours(value):
    """Return stored hours with two digits, all that the data has."""
    hours = Decimal(str(value))
    rounded = hours.quantize(CENT, ROUND_HALF_UP)
    assert abs(hours - rounded) < Decimal("0.000001"), value
    return rounded


def to_money(value):
    return Decimal(str(value)).quantize(CENT, ROUND_HALF_UP)


def slice_hours(before, hours):
    """Return {price: hours} of the next ``hours`` after those billed ``before``."""
    slices = {}
    for lower, upper, price in SLICES:
        part = min(before + hours, upper) - max(before, lower)
        if part > 0:
            slices[price] = part
    return slices


def expect_invoices(work):
    """Return {(customer, first of month): {(task, price): hours}} of billable work."""
    invoices, billed = defaultdict(Counter), Counter()
    for item in work:
        if item.is_cancelled:
            continue
        key = item.project, item.day.replace(day=1)
        for price, hours in slice_hours(billed[key], item.hours).items():
            invoices[key][item.task, price] += hours
        billed[key] += item.hours
    return dict(invoices)


def net_amount(lines, rounding_method):
    """Return the net amount of an invoice, rounded as the company has chosen."""
    amounts = [hours * price for (_task, price), hours in lines.items()]
    if rounding_method == "round_per_line":
        amounts = [to_money(amount) for amount in amounts]
    return to_money(sum(amounts))


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
        cls.agreements = cls.env["billing.agreement"].union(
            *cls.firm.agreements.values()
        )
        cls.codes = {
            agreement.id: code for code, agreement in cls.firm.agreements.items()
        }
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
