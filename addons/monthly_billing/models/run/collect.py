"""The stop that collects: which time of agreements is still to bill, or withheld."""

from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.volume_discount.core.numbers import EPSILON, ZERO, to_decimal

from ...core import kinds
from ...core.entries import MAX_HOURS, Entry, to_hours


class BillingRunCollect(models.AbstractModel):
    """Agreements in, plain values out: nothing is written.

    Ask it in the environment of the agreements, whose rights count.
    """

    _name = "billing.run.collect"
    _description = "Collecting of Time to Bill"

    @api.model
    def _get_billable_timesheets_domain(self, agreements, end):
        """Return the domain of the timesheets that these agreements may bill.

        Extension point: another addon narrows it for time that it bills itself.

        :param end: first day that is too late (date)
        """
        timesheets = self.env["account.analytic.line"]
        # named one by one, for the index by customer and date to be of use
        partners = self.env["res.partner"].with_context(active_test=False)
        partners = partners.search(
            [("commercial_partner_id", "in", agreements.partner_id.ids)]
        )
        domain = Domain(
            [
                ("project_id", "!=", False),
                ("company_id", "in", agreements.company_id.ids),
                ("partner_id", "in", partners.ids),
                ("date", ">=", min(agreements.mapped("bill_from"))),
                ("date", "<", end),
            ]
        )
        domain &= (
            ~timesheets._get_non_billable_domain() | agreements._get_goodwill_domain()
        )
        # left to Sales: the item comes with sale, the invoice with sale_timesheet
        if "so_line" in timesheets._fields:
            domain &= Domain("so_line", "=", False)
        if "timesheet_invoice_id" in timesheets._fields:
            domain &= Domain("timesheet_invoice_id", "=", False) | Domain(
                "timesheet_invoice_id.state", "=", "cancel"
            )
        return domain

    @api.model
    def _get_usage(self, agreements, end):
        """Return the time that is still to bill, in the order of allocation.

        One query for all agreements. What was billed before or written off is
        subtracted, so an entry can be billed in parts.

        :param end: first day that is too late (date)
        :return: dict of agreement to list of ``Entry`` (worked hours, by work date
            and entry id); odd ones (``Entry.is_odd``) are returned, too. Time that
            is only shown has the kind ``free``
        """
        scopes = self._get_claims_by_scope(agreements)
        factors = self._get_hours_by_uom()
        usage = {agreement: [] for agreement in agreements}
        for row in self._fetch_unbilled(agreements, end):
            worked = to_hours(row["unit_amount"] * factors[row["product_uom_id"]])
            billed = to_decimal(row["billed"])
            left = worked
            if abs(worked) <= MAX_HOURS:
                left -= billed + to_decimal(row["written_off"])
            if worked >= 0 and left <= EPSILON:
                continue
            entry = _get_entry(row, left, billed)
            for agreement, claim in scopes[row["company_id"], row["customer_id"]]:
                if claim.covers(row["date"], row["project_id"]) and (
                    entry.kind == kinds.TIME or agreement._shows_goodwill(entry)
                ):
                    usage[agreement].append(entry)
        return usage

    @api.model
    def _get_claims_by_scope(self, agreements):
        """Return by company and customer (ids) a list of agreement and ``Claim``."""
        scopes = defaultdict(list)
        for agreement in agreements:
            scope = agreement.company_id.id, agreement.partner_id.id
            scopes[scope].append((agreement, agreement._get_claim()))
        return scopes

    @api.model
    def _fetch_unbilled(self, agreements, end):
        """Return the rows of ``_get_unbilled_sql`` in the order of allocation."""
        if not agreements:
            return []
        return self.env.execute_query_dict(
            SQL("%s ORDER BY date, id", self._get_unbilled_sql(agreements, end))
        )

    @api.model
    def _get_unbilled_sql(self, agreements, end):
        """Return the query of the timesheets that are not billed in full.

        Entries in another unit than hours and negative ones are left to the caller.
        Most entries were billed long ago: what is left is found on few columns, the
        others are read of it alone.
        """
        timesheets = self.env["account.analytic.line"].with_context(active_test=False)
        timesheets.flush_model()
        unbilled = timesheets._search([])
        unbilled.add_join("JOIN", "due", None, SQL("due.id = account_analytic_line.id"))
        # few of many: by their index, which a join alone would not use
        unbilled.add_where(
            SQL("account_analytic_line.id = ANY(ARRAY(SELECT id FROM due))")
        )
        return SQL(
            "WITH %s %s",
            self._get_due_sql(agreements, timesheets, end),
            unbilled.select(*self._get_unbilled_columns(unbilled)),
        )

    @api.model
    def _get_due_sql(self, agreements, timesheets, end):
        """Return the tables that lead to ``due``: the id of the entries, and what is
        ``billed``, ``written_off``, ``billable`` and ``approved`` of them."""
        allocations = self.env["billing.allocation"]
        allocations.flush_model()
        self.env["account.move.line"].flush_model(["parent_state"])
        candidates = timesheets._search(
            self._get_billable_timesheets_domain(agreements, end)
        )
        counting = allocations._search(allocations._get_counting_domain())
        names = ("id", "unit_amount", "product_uom_id")
        return SQL(
            """
            candidate AS (
                SELECT line.id, line.unit_amount, line.product_uom_id,
                       COALESCE(SUM(ledger.worked_hours), 0) AS billed
                  FROM (%(candidates)s) AS line
                  LEFT JOIN (%(ledger)s) AS ledger ON ledger.timesheet_id = line.id
                 GROUP BY line.id, line.unit_amount, line.product_uom_id
            ),
            decided AS (%(decisions)s),
            due AS MATERIALIZED (
                SELECT candidate.id,
                       candidate.billed,
                       COALESCE(decided.written_off, 0) AS written_off,
                       COALESCE(decided.billable, 0) AS billable,
                       COALESCE(decided.approved, 0) AS approved
                  FROM candidate
                  LEFT JOIN decided ON decided.timesheet_id = candidate.id
                 WHERE candidate.unit_amount < 0
                    OR candidate.product_uom_id != %(hour)s
                    OR candidate.unit_amount - candidate.billed
                       - COALESCE(decided.written_off, 0) > %(epsilon)s
            )
            """,
            candidates=candidates.select(
                *(SQL.identifier("account_analytic_line", name) for name in names)
            ),
            ledger=counting.select(SQL("timesheet_id"), SQL("worked_hours")),
            decisions=self.env["billing.decision"]._get_standing_sql(),
            hour=self.env["billing.agreement"]._get_unit("hour").id,
            epsilon=EPSILON,
        )

    @api.model
    def _get_unbilled_columns(self, query):
        """Return what is read of each timesheet, as SQL.

        :param query: the timesheets, joined with ``due``
        """
        names = (
            "id",
            "date",
            "unit_amount",
            "product_uom_id",
            "company_id",
            "ticket_id",
            "task_id",
            "project_id",
            "employee_id",
        )
        customer = SQL(
            """(SELECT commercial_partner_id FROM res_partner
                 WHERE id = account_analytic_line.partner_id) AS customer_id"""
        )
        timesheets = self.env["account.analytic.line"]
        non_billable = timesheets._get_non_billable_domain().optimize_full(timesheets)
        is_free = non_billable._to_sql(timesheets, "account_analytic_line", query)
        return [
            *(SQL.identifier("account_analytic_line", name) for name in names),
            *(
                SQL.identifier("due", name)
                for name in ("billed", "written_off", "billable", "approved")
            ),
            customer,
            SQL("(%s) AS is_free", is_free),
        ]

    @api.model
    def _get_hours_by_uom(self):
        """Return how many hours one unit of each unit of time is, by id.

        A timesheet without unit is in hours.
        """
        hour = self.env["billing.agreement"]._get_unit("hour")
        time = int(hour.parent_path.split("/")[0])
        units = self.env["uom.uom"].with_context(active_test=False)
        factors = {
            unit.id: unit._compute_quantity(1.0, hour, round=False)
            for unit in units.search([("id", "child_of", time)])
        }
        return defaultdict(lambda: 1.0, factors)

    @api.model
    def _get_allowed_hours(self, usage):
        """Return the hours the customers agreed to and that are not billed yet.

        On a ticket without approved estimate those that are free of approval.

        :param usage: result of ``_get_usage``
        :return: dict of customer (id) to dict of job to hours, for the tickets of the
            agreements that withhold what was not approved
        """
        return self._get_allowed_hours_of(
            {
                (agreement.partner_id.id, key): agreement._get_tolerance()
                for agreement, entries in usage.items()
                if agreement.estimate_policy == "withhold"
                for kind, key in {
                    entry.job for entry in entries if entry.kind == kinds.TIME
                }
                if kind == "ticket"
            }
        )

    @api.model
    def _get_allowed_hours_of(self, tolerance):
        """Return the hours that may still be billed on tickets, by customer (id) and
        within by job.

        :param dict tolerance: factor on the approved hours by customer and ticket (ids)
        """
        customers, ids = zip(*tolerance, strict=True) if tolerance else ((), ())
        customers = self.env["res.partner"].browse(customers)
        tickets = self.env["helpdesk.ticket"].browse(ids)
        agreed = {
            (customer.id, ticket.id): ticket._get_agreed_hours(
                customer, tolerance[customer.id, ticket.id]
            )
            for customer, ticket in zip(customers, tickets, strict=True)
        }
        # without hours nothing is left anyway
        some = tickets.browse({key for (_one, key), hours in agreed.items() if hours})
        billed = self._get_hours_billed(some)
        allowed = defaultdict(dict)
        for place, hours in agreed.items():
            customer, ticket = place
            allowed[customer]["ticket", ticket] = hours - billed.get(place, ZERO)
        return allowed

    @api.model
    def _get_hours_billed(self, tickets):
        """Return the hours on invoices of ``tickets``, by customer and ticket (ids).

        An approval is a limit for them: rounding is no way around it.
        """
        allocations = self.env["billing.allocation"]
        sums = allocations._read_group(
            allocations._get_counting_domain()
            & allocations._get_paid_domain()
            & Domain("timesheet_id.ticket_id", "in", tickets.ids),
            ["period_id.partner_id", "timesheet_id.ticket_id"],
            ["billed_hours:sum"],
        )
        return {
            (customer.id, ticket.id): to_decimal(billed)
            for customer, ticket, billed in sums
        }


def _get_entry(row, left, billed):
    """Return a timesheet row as a plain value.

    :param left: worked hours that are not billed
    :param billed: worked hours that are billed
    """
    return Entry(
        row["id"],
        row["date"],
        _get_job(row),
        left,
        kind=kinds.FREE if row["is_free"] else kinds.TIME,
        employee=row["employee_id"],
        project=row["project_id"],
        released=max(to_decimal(row["billable"]) - billed, ZERO),
        reserved=max(to_decimal(row["approved"]) - billed, ZERO),
    )


def _get_job(row):
    """Return what a timesheet row is a part of: its ticket, task or project."""
    for kind in ("ticket", "task", "project"):
        if row[f"{kind}_id"]:
            return kind, row[f"{kind}_id"]
    raise ValueError(f"timesheet {row['id']} has no project")
