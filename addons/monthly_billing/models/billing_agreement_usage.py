"""Collect: which time is still to bill, at which rate, with which past."""

from collections import defaultdict
from decimal import Decimal

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from ..hours import EPSILON, ZERO, Entry, to_hours
from ..periods import window_of
from ..plan import Past, Terms


class BillingAgreement(models.Model):
    _inherit = "billing.agreement"

    def _get_billable_timesheets_domain(self, end):
        """Return the domain of the timesheets that these agreements may bill.

        Extension point: another addon narrows it for time that it bills itself.

        :param end: first day that is too late (date)
        """
        timesheets = self.env["account.analytic.line"]
        domain = Domain(
            [
                ("project_id", "!=", False),
                ("company_id", "in", self.company_id.ids),
                ("partner_id.commercial_partner_id", "in", self.partner_id.ids),
                ("date", ">=", min(self.mapped("bill_from"))),
                ("date", "<", end),
                ("non_billable", "=", False),
            ]
        )
        if "so_line" in timesheets._fields:  # sale_timesheet: left to Sales
            domain &= Domain("so_line", "=", False)
            domain &= Domain("timesheet_invoice_id", "=", False) | Domain(
                "timesheet_invoice_id.state", "=", "cancel"
            )
        return domain

    def _get_usage(self, end):
        """Return the time that is still to bill, in the order of allocation.

        One query for all agreements. What was billed before is subtracted, so an
        entry can be billed in parts.

        :param end: first day that is too late (date)
        :return: dict of agreement to list of ``Entry`` (worked hours, by work date
            and entry id); an entry with negative hours is returned as it is
        """
        by_scope = defaultdict(list)
        for agreement in self:
            by_scope[agreement.company_id.id, agreement.partner_id.id].append(agreement)
        factors = self._get_hours_by_uom()
        usage = {agreement: [] for agreement in self}
        for row in self._fetch_unbilled(end):
            worked = to_hours(row["unit_amount"] * factors[row["product_uom_id"]])
            left = worked - to_hours(row["billed"])
            if worked >= 0 and left <= EPSILON:
                continue
            entry = Entry(row["id"], row["date"], _get_job(row), left)
            for agreement in by_scope[row["company_id"], row["customer_id"]]:
                if agreement._claims(row["date"], row["project_id"]):
                    usage[agreement].append(entry)
        return usage

    def _claims(self, day, project_id):
        """Return whether work on ``day`` in the project is billed by this one."""
        self.ensure_one()
        return (
            self.bill_from <= day
            and (not self.date_end or day <= self.date_end)
            and (not self.project_ids or project_id in self.project_ids.ids)
        )

    def _fetch_unbilled(self, end):
        """Return the rows of the timesheets that are not billed in full."""
        if not self:
            return []
        timesheets = self.env["account.analytic.line"].with_context(active_test=False)
        timesheets.flush_model()
        self.env["billing.allocation"].flush_model()
        self.env["account.move.line"].flush_model(["parent_state"])
        query = timesheets._search(self._get_billable_timesheets_domain(end))
        allocations = self.env["billing.allocation"]
        counting = allocations._search(allocations._get_counting_domain())
        counting.add_where(
            SQL("billing_allocation.timesheet_id = account_analytic_line.id")
        )
        billed = counting.subselect(SQL("SUM(billing_allocation.worked_hours)"))
        columns = SQL(
            """account_analytic_line.id, account_analytic_line.date,
               account_analytic_line.unit_amount,
               account_analytic_line.product_uom_id,
               account_analytic_line.company_id, account_analytic_line.ticket_id,
               account_analytic_line.task_id, account_analytic_line.project_id,
               (SELECT commercial_partner_id FROM res_partner
                 WHERE id = account_analytic_line.partner_id) AS customer_id,
               COALESCE(%s, 0) AS billed""",
            billed,
        )
        query.order = SQL("account_analytic_line.date, account_analytic_line.id")
        query.add_where(SQL("account_analytic_line.unit_amount != 0"))
        return self.env.execute_query_dict(query.select(columns))

    def _get_hours_by_uom(self):
        """Return how many hours one unit of each unit of time is, by id.

        A timesheet without unit is in hours.
        """
        hour = self._get_unit("hour")
        time = int(hour.parent_path.split("/")[0])
        units = self.env["uom.uom"].with_context(active_test=False)
        factors = {
            unit.id: unit._compute_quantity(1.0, hour, round=False)
            for unit in units.search([("id", "child_of", time)])
        }
        return defaultdict(lambda: 1.0, factors)

    def _get_allowed_hours(self, usage):
        """Return the hours the customers approved and that are not billed yet.

        :param usage: result of ``_get_usage``
        :return: dict of job to hours, only for tickets whose agreement withholds
            what was not approved
        """
        tickets = self.env["helpdesk.ticket"]
        tolerance = {}
        for agreement, entries in usage.items():
            if agreement.estimate_policy == "withhold":
                factor = 1 + to_hours(agreement.estimate_tolerance) / 100
                tolerance.update(
                    {
                        key: factor
                        for kind, key in {e.job for e in entries}
                        if kind == "ticket"
                    }
                )
        billed = self._get_worked_hours_billed(tickets.browse(tolerance))
        return {
            ("ticket", ticket.id): to_hours(ticket.planned_hours) * tolerance[ticket.id]
            - billed.get(ticket.id, ZERO)
            for ticket in tickets.browse(tolerance)
        }

    def _get_worked_hours_billed(self, tickets):
        """Return the worked hours of ``tickets`` that are billed, by ticket id."""
        allocations = self.env["billing.allocation"]
        sums = allocations._read_group(
            allocations._get_counting_domain()
            & Domain("timesheet_id.ticket_id", "in", tickets.ids),
            ["timesheet_id"],
            ["worked_hours:sum"],
        )
        hours = defaultdict(Decimal)
        for timesheet, worked in sums:
            hours[timesheet.ticket_id.id] += to_hours(worked)
        return hours

    def _get_list_price(self, day):
        """Return the hourly rate before volume discount for work on ``day``.

        :return: price per hour in the currency of the agreement (float), 0.0 if
            there is no service
        """
        self.ensure_one()
        hour = self._get_unit("hour")
        product = self.product_id.with_company(self.company_id)
        if not product:
            return 0.0
        if self.pricelist_id:
            return self.pricelist_id._get_product_price(
                product, 1.0, currency=self.currency_id, uom=hour, date=day
            )
        price = product.uom_id._compute_price(product.lst_price, hour)
        return product.currency_id._convert(
            price, self.currency_id, self.company_id, day, round=False
        )

    def _get_past(self, usage):
        """Return what was billed before in the windows that ``usage`` touches.

        Hours count for the commercial customer, company and currency, whichever
        agreement billed them (pricing.md, "Window").

        :param usage: result of ``_get_usage``
        :return: ``Past``
        """
        past = Past()
        priced = self.filtered("volume_discount_id")
        days = [entry.day for agreement in priced for entry in usage[agreement]]
        if not days:
            return past
        first = window_of(min(days), "year").start
        end = window_of(max(days), "year").end
        domain = Domain(
            [
                ("period_id.company_id", "in", priced.company_id.ids),
                ("period_id.partner_id", "in", priced.partner_id.ids),
                ("service_month", ">=", first),
                ("service_month", "<", end),
            ]
        )
        allocations = self.env["billing.allocation"]
        for period, month, price, hours in allocations._read_group(
            domain & allocations._get_counting_domain(),
            ["period_id", "service_month:month", "list_price"],
            ["billed_hours:sum"],
        ):
            scope = period.agreement_id._get_scope()
            past.add_hours(scope, month, to_hours(price), to_hours(hours))
        if "volume" in priced.volume_discount_id.mapped("mode"):
            self._add_past_amounts(past, priced, first, end)
        return past

    def _add_past_amounts(self, past, priced, first, end):
        """Add to ``past`` what the lines of earlier invoices ask for."""
        lines = self.env["account.move.line"].search(
            [
                ("move_id.billing_period_id.company_id", "in", priced.company_id.ids),
                ("move_id.billing_period_id.partner_id", "in", priced.partner_id.ids),
                ("parent_state", "!=", "cancel"),
                ("display_type", "=", "product"),
                ("service_month", ">=", first),
                ("service_month", "<", end),
            ]
        )
        for line in lines:
            scope = line.move_id.billing_period_id.agreement_id._get_scope()
            amount = to_hours(line.quantity) * to_hours(line.price_unit)
            past.add_amount(
                scope, line.service_month, amount * (1 - to_hours(line.discount) / 100)
            )

    def _get_scope(self):
        """Return what shares one window of a tier table, as a hashable value.

        Agreements whose service the table does not count have a scope of their own.
        """
        self.ensure_one()
        counted = self.volume_discount_id.product_ids
        if counted and self.product_id not in counted:
            return ("agreement", self.id)
        return (self.company_id.id, self.partner_id.id, self.currency_id.id)

    def _get_terms(self):
        """Return the tier table of the agreement as plain values, None for none."""
        self.ensure_one()
        table = self.volume_discount_id
        if not table or (
            table.product_ids and self.product_id not in table.product_ids
        ):
            return None
        return Terms(
            table.mode,
            tuple(table._get_tiers()),
            table.window,
            table.presentation,
            table.best_price,
        )


def _get_job(row):
    """Return what a timesheet row is a part of: its ticket, task or project."""
    for kind in ("ticket", "task", "project"):
        if row[f"{kind}_id"]:
            return kind, row[f"{kind}_id"]
    raise ValueError(f"timesheet {row['id']} has no project")
