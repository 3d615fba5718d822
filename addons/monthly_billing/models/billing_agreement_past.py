"""What was billed before: for the windows of tier tables and for rounding."""

from collections import defaultdict

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from ..hours import Entry, to_decimal
from ..past import Billed, Past
from ..periods import window_of
from ..plan import Terms


class BillingAgreement(models.Model):
    _inherit = "billing.agreement"

    def _get_past(self, usage):
        """Return what was billed before in the windows that ``usage`` touches.

        Hours count for the commercial customer, company and currency, whichever
        agreement billed them (pricing.md, "Window").

        :param usage: result of ``_get_usage``
        :return: ``Past``
        """
        priced = self.filtered("volume_discount_id")
        days = [entry.day for agreement in priced for entry in usage[agreement]]
        if not days:
            return Past()
        first = window_of(min(days), "year").start
        span = (first, window_of(max(days), "year").end)
        return Past(priced._fetch_billed(*span) + priced._get_differences(*span))

    def _get_past_domain(self, first, end, period):
        """Return the domain of what was billed for the customers of these agreements.

        :param first, end: service months, half-open (dates)
        :param period: path from the model to ``billing.period``
        """
        return (
            Domain(f"{period}.company_id", "in", self.company_id.ids)
            & Domain(f"{period}.partner_id", "in", self.partner_id.ids)
            & Domain("service_month", ">=", first)
            & Domain("service_month", "<", end)
        )

    def _fetch_billed(self, first, end):
        """Return what the ledger charges, as ``Billed`` by month and list price."""
        allocations = self.env["billing.allocation"]
        allocations.flush_model()
        self.env["account.move.line"].flush_model()
        query = allocations._search(
            self._get_past_domain(first, end, "period_id")
            & allocations._get_counting_domain()
            & allocations._get_priced_domain()
        )
        # joined once, whatever the statistics say of a table that is just filled
        ledger = query.table
        period = query.left_join(
            ledger, "period_id", "billing_period", "id", "period_id"
        )
        line = query.left_join(
            ledger, "move_line_id", "account_move_line", "id", "move_line_id"
        )
        columns = SQL(
            """
            %(period)s.company_id, %(period)s.partner_id, %(line)s.currency_id,
            %(line)s.product_id, %(line)s.volume_discount_id,
            %(ledger)s.service_month,
            SUM(%(ledger)s.billed_hours), %(ledger)s.list_price,
            SUM(%(ledger)s.billed_hours * %(ledger)s.price_unit),
            1 - COALESCE(%(line)s.discount, 0) / 100, %(ledger)s.tier_id
            """,
            period=SQL.identifier(period),
            line=SQL.identifier(line),
            ledger=SQL.identifier(ledger),
        )
        rows = self.env.execute_query(
            SQL("%s GROUP BY 1, 2, 3, 4, 5, 6, 8, 10, 11", query.select(columns))
        )
        return [
            Billed(tuple(row[:3]), *row[3:6], *map(to_decimal, row[6:10]), row[10])
            for row in rows
        ]

    def _get_differences(self, first, end):
        """Return what lines without time charge, as ``Billed`` without hours."""
        lines = self.env["account.move.line"]
        lines = lines.search(
            self._get_past_domain(first, end, "move_id.billing_period_id")
            & lines._get_counting_domain()
            & Domain("billing_kind", "in", ("best_price", "difference"))
        )
        return [
            Billed(
                line.move_id.billing_period_id.agreement_id._get_customer_key(),
                line.product_id.id,
                line.volume_discount_id.id or None,
                line.service_month,
                to_decimal(0),
                to_decimal(0),
                -line.move_id.direction_sign
                * to_decimal(line.quantity)
                * to_decimal(line.price_unit),
            )
            for line in lines
        ]

    def _get_customer_key(self):
        """Return whose window the hours of the agreement count in, as a value."""
        self.ensure_one()
        return (self.company_id.id, self.partner_id.id, self.currency_id.id)

    def _get_table_of(self, line):
        """Return the id of the tier table that prices a planned line, else None."""
        terms = self._get_terms()
        priced = line.kind in ("time", "discount", "best_price", "difference")
        return terms.key if terms and priced and terms.counts(line.product) else None

    def _get_terms(self):
        """Return the tier table of the agreement as plain values, None for none."""
        self.ensure_one()
        table = self.volume_discount_id
        if not table:
            return None
        return Terms(
            table.mode,
            tuple(table._get_tiers()),
            table.window,
            table.presentation,
            table.best_price,
            table.id,
            frozenset(table.product_ids.ids),
        )

    def _get_billed_entries(self, usage):
        """Return the billed parts of the jobs and months that ``usage`` touches.

        :param usage: result of ``_get_usage``
        :return: dict of customer (id) and job to list of ``Entry`` with worked and
            billed hours
        """
        jobs = {entry.job for entries in usage.values() for entry in entries}
        if not jobs:
            return {}
        days = [entry.day for entries in usage.values() for entry in entries]
        allocations = self.env["billing.allocation"]
        sums = allocations._read_group(
            Domain("timesheet_id", "any", self._get_jobs_domain(jobs))
            & Domain("timesheet_id.date", ">=", min(days).replace(day=1))
            & Domain("timesheet_id.date", "<", window_of(max(days)).end)
            & allocations._get_counting_domain()
            & allocations._get_paid_domain(),
            ["timesheet_id", "period_id.partner_id"],
            ["worked_hours:sum", "billed_hours:sum"],
        )
        billed = defaultdict(list)
        for timesheet, customer, worked, hours in sums:
            job = timesheet._get_job()
            billed[customer.id, job].append(
                Entry(
                    timesheet.id,
                    timesheet.date,
                    job,
                    to_decimal(worked),
                    to_decimal(hours),
                    project=timesheet.project_id.id,
                )
            )
        return billed

    def _get_jobs_domain(self, jobs):
        """Return the domain of the timesheets of ``jobs``."""
        keys = {kind: [] for kind in ("ticket", "task", "project")}
        for kind, key in jobs:
            keys[kind].append(key)
        no_ticket = Domain("ticket_id", "=", False)
        no_task = Domain("task_id", "=", False)
        return (
            Domain("ticket_id", "in", keys["ticket"])
            | (no_ticket & Domain("task_id", "in", keys["task"]))
            | (no_ticket & no_task & Domain("project_id", "in", keys["project"]))
        )
