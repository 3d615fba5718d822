from collections import defaultdict
from datetime import datetime, time, timezone
from functools import partial

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import format_date

from odoo.addons.volume_discount.core.calendar import add_months
from odoo.addons.volume_discount.formats import format_number

#: Months that tell who books time and how long entries usually are
LOOK_BACK = 3
#: Hours a day that nobody works by intention
LONG_DAY = 12
#: How often the 90th percentile is far above the usual
FAR_ABOVE = 3
#: Entries of a company below which there is no usual length
FEW_ENTRIES = 20
#: Days that are named in full
NAMED_DAYS = 5


class BillingCockpit(models.TransientModel):
    """Time that is missing, or that looks wrong."""

    _inherit = "billing.cockpit"

    def _find_time_issues(self, agreements):
        """Return what is odd about the timesheets of the month.

        :param agreements: the running agreements of the month
        """
        booked = self._get_booked_hours()
        return [
            *self._find_missing_time(booked),
            *self._find_time_without_ticket(agreements),
            *self._find_long_entries(),
            *self._find_long_days(booked),
        ]

    def _get_timesheets_domain(self, start, end):
        """Return the domain of the timesheets of the companies in a span of dates."""
        return Domain(
            [
                ("project_id", "!=", False),
                ("employee_id", "!=", False),
                ("company_id", "in", self.env.companies.ids),
                ("date", ">=", start),
                ("date", "<", end),
            ]
        )

    def _get_booked_hours(self):
        """Return the hours of the month: dict of employee to dict of day to hours."""
        window = self._get_window()
        factors = self.env["billing.run.collect"]._get_hours_by_uom()
        booked = defaultdict(lambda: defaultdict(float))
        groups = self.env["account.analytic.line"]._read_group(
            self._get_timesheets_domain(window.start, window.end),
            ["employee_id", "product_uom_id", "date:day"],
            ["unit_amount:sum"],
        )
        for employee, unit, day, hours in groups:
            booked[employee][day] += hours * factors[unit.id]
        return booked

    def _find_missing_time(self, booked):
        """Return the people who booked less than their working hours so far."""
        window = self._get_window()
        today = self.env["billing.agreement"]._get_today()
        until = min(window.end, today)
        if until <= window.start:
            return []
        expected = self._get_expected_hours(window.start, until)
        found = []
        for employee, hours_by_day in expected.items():
            days = booked.get(employee, {})
            done = sum(hours for day, hours in days.items() if day < until)
            wanted = sum(hours_by_day.values())
            if wanted - done < 0.01:
                continue
            empty = [day for day in sorted(hours_by_day) if not days.get(day)]
            found.append(
                {
                    "kind": "missing_days",
                    "employee_id": employee.id,
                    "user_id": employee.user_id.id or None,
                    "hours": wanted - done,
                    "reason": self._get_missing_reason(done, wanted, empty),
                }
            )
        return found

    def _get_expected_hours(self, start, until):
        """Return the working hours of those who book time, by their calendars.

        :param start, until: half-open span (dates)
        :return: dict of employee to dict of day to hours
        """
        groups = self.env["account.analytic.line"]._read_group(
            self._get_timesheets_domain(add_months(start, -LOOK_BACK), until),
            ["employee_id"],
        )
        employees = self.env["hr.employee"].union(*(group[0] for group in groups))
        employees = employees.filtered(
            lambda one: one.active and not one.resource_id._is_flexible()
        )
        span = [datetime.combine(day, time.min, timezone.utc) for day in (start, until)]
        intervals, _calendars = employees.resource_id._get_valid_work_intervals(*span)
        expected = {}
        for employee in employees:
            expected[employee] = defaultdict(float)
            for begin, end, _attendance in intervals[employee.resource_id.id]:
                hours = (end - begin).total_seconds() / 3600
                expected[employee][begin.date()] += hours
        return expected

    def _get_missing_reason(self, done, wanted, empty):
        """Return how much of the working hours is booked and which days are empty."""
        text = self.env._(
            "%(done)s of %(wanted)s working hours are booked.",
            done=format_number(self.env, done),
            wanted=format_number(self.env, wanted),
        )
        if not empty:
            return text
        days = ", ".join(format_date(self.env, day) for day in empty[:NAMED_DAYS])
        if len(empty) > NAMED_DAYS:
            more = len(empty) - NAMED_DAYS
            days = self.env._("%(days)s and %(more)s more days", days=days, more=more)
        gaps = self.env._("Nothing is booked on %s.", days)
        return f"{text} {gaps}"

    def _search_unbilled(self, domain):
        """Return a query of the timesheets of ``domain`` no part of which is billed."""
        timesheets = self.env["account.analytic.line"].with_context(active_test=False)
        timesheets.flush_model()
        allocations = self.env["billing.allocation"]
        allocations.flush_model()
        counting = allocations._search(allocations._get_counting_domain())
        counting.add_where(
            SQL("billing_allocation.timesheet_id = account_analytic_line.id")
        )
        query = timesheets._search(domain)
        query.add_where(SQL("NOT EXISTS (%s)", counting.select(SQL("1"))))
        return query

    def _find_time_without_ticket(self, agreements):
        """Return who has booked time on no ticket, for customers whose invoice has a
        line per ticket."""
        agreements = agreements.filtered(lambda one: one.grouping == "ticket")
        if not agreements:
            return []
        window = self._get_window()
        query = self._search_unbilled(
            agreements.env["billing.run.collect"]._get_billable_timesheets_domain(
                agreements, window.end
            )
            & Domain("date", ">=", window.start)
            & Domain("ticket_id", "=", False)
            & ~self.env["account.analytic.line"]._get_non_billable_domain()
        )
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT customer.commercial_partner_id AS partner_id, line.employee_id,
                       employee.user_id, COUNT(*) AS entries,
                       SUM(line.unit_amount) AS hours
                  FROM account_analytic_line AS line
                  JOIN res_partner AS customer ON customer.id = line.partner_id
                  LEFT JOIN hr_employee AS employee ON employee.id = line.employee_id
                 WHERE line.id IN %s
                 GROUP BY 1, 2, 3
                 ORDER BY 1, 2
                """,
                query.subselect(),
            )
        )
        return [
            {
                "kind": "no_ticket",
                **{name: row[name] for name in ("partner_id", "employee_id")},
                "user_id": row["user_id"],
                "hours": row["hours"],
                "reason": partial(self._get_no_ticket_reason, row),
            }
            for row in rows
        ]

    def _get_no_ticket_reason(self, row):
        """Return how much time of a person is on no ticket of the customer."""
        return self.env._(
            "%(hours)s h in %(entries)s entries are on no ticket.",
            hours=format_number(self.env, row["hours"]),
            entries=row["entries"],
        )

    def _find_long_entries(self):
        """Return the unbilled entries far above the usual length in their company."""
        usual = self._get_usual_hours()
        names = ("partner_id", "employee_id", "ticket_id", "date", "user_id", "hours")
        return [
            {
                "kind": "long_entry",
                "timesheet_id": row["id"],
                **{name: row[name] for name in names},
                "reason": partial(self._get_long_entry_reason, row),
            }
            for row in self._fetch_long_entries(usual)
        ]

    def _fetch_long_entries(self, usual):
        """Return the unbilled entries far above the usual length, longest first.

        :param usual: result of ``_get_usual_hours``
        """
        window = self._get_window()
        far_above = Domain.OR(
            Domain("company_id", "=", company)
            & Domain("product_uom_id", "=", unit)
            & Domain("unit_amount", ">", FAR_ABOVE * hours)
            for (company, unit), hours in usual.items()
        )
        query = self._search_unbilled(
            self._get_timesheets_domain(window.start, window.end) & far_above
        )
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT line.id, line.partner_id, line.employee_id, line.ticket_id,
                       line.date, line.name, line.unit_amount AS hours,
                       line.company_id, line.product_uom_id, employee.user_id
                  FROM account_analytic_line AS line
                  LEFT JOIN hr_employee AS employee ON employee.id = line.employee_id
                 WHERE line.id IN %s
                 ORDER BY line.unit_amount DESC, line.id
                """,
                query.subselect(),
            )
        )
        for row in rows:
            row["usual"] = usual[row["company_id"], row["product_uom_id"]]
        return rows

    def _get_usual_hours(self):
        """Return which length nine of ten entries of the last months do not exceed.

        :return: dict of (company, unit) ids to the number of units
        """
        window = self._get_window()
        lines = self.env["account.analytic.line"]
        before = add_months(window.start, -LOOK_BACK)
        query = lines._search(
            self._get_timesheets_domain(before, window.end)
            & Domain("unit_amount", ">", 0)
        )
        query.groupby = SQL("company_id, product_uom_id")
        query.having = SQL("COUNT(*) >= %s", FEW_ENTRIES)
        names = ("company_id", "product_uom_id")
        ninth = SQL("percentile_cont(0.9) WITHIN GROUP (ORDER BY unit_amount)")
        rows = self.env.execute_query(query.select(*map(SQL.identifier, names), ninth))
        return {(company, unit): hours for company, unit, hours in rows}

    def _get_long_entry_reason(self, row):
        """Return what is unusual about the length of an entry."""
        return self.env._(
            "“%(entry)s” has %(hours)s h; nine of ten entries have at most %(usual)s.",
            entry=row["name"],
            hours=format_number(self.env, row["hours"]),
            usual=format_number(self.env, row["usual"]),
        )

    def _find_long_days(self, booked):
        """Return the days on which somebody booked more than is worked in a day."""
        return [
            {
                "kind": "long_day",
                "employee_id": employee.id,
                "user_id": employee.user_id.id or None,
                "date": fields.Date.to_date(day),
                "hours": hours,
                "reason": self.env._(
                    "%(hours)s h are booked on %(date)s.",
                    hours=format_number(self.env, hours),
                    date=format_date(self.env, day),
                ),
            }
            for employee, days in booked.items()
            for day, hours in sorted(days.items())
            if hours > LONG_DAY
        ]
