"""Hours that wait for the customer's approval: which they are and who is told."""

from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL, formatLang

from ..hours import EPSILON, ZERO, to_decimal, withhold
from ..periods import window_of


class BillingAgreement(models.Model):
    _inherit = "billing.agreement"

    show_withheld = fields.Boolean(
        string="Name Withheld Hours",
        default=True,
        tracking=True,
        help="A line of text on the invoice names the hours per ticket that wait for "
        "the customer's approval.",
    )

    def _get_withheld(self, end):
        """Return what a run of these agreements would withhold.

        :param end: first day that is too late (date)
        :return: dict of agreement to list of ``Entry`` with the withheld hours
        """
        withholding = self.filtered(lambda one: one.estimate_policy == "withhold")
        usage = withholding._get_usage(end)
        allowed = withholding._get_allowed_hours(usage)
        found = {}
        for agreement, entries in usage.items():
            billable = [
                entry for entry in entries if entry.worked > 0 and entry.kind != "free"
            ]
            agreed, found[agreement] = withhold(billable, allowed)
            for entry in agreed:
                if entry.job in allowed:
                    allowed[entry.job] -= entry.worked
        return found

    def _get_withheld_hours(self, end):
        """Return the hours that a run of these agreements would withhold.

        The sums of ``_get_withheld`` per ticket; entries are read only of tickets of
        which some time is released.

        :param end: first day that is too late (date)
        :return: dict of (agreement, ticket id) to hours (``Decimal``)
        """
        withholding = self.filtered(lambda one: one.estimate_policy == "withhold")
        rows = withholding._fetch_ticket_hours(end)
        tolerance = {
            ticket: self.browse(agreement)._get_tolerance()
            for agreement, ticket, *_hours in rows
        }
        allowed = self._get_allowed_hours_of(tolerance)
        released = {ticket for _agreement, ticket, _hours, free in rows if free}
        found = {}
        for agreement, ticket, hours, _free in rows:
            if ticket in released:
                continue
            worked, job = to_decimal(hours), ("ticket", ticket)
            agreed = min(worked, max(allowed[job], ZERO))
            allowed[job] -= agreed
            if worked > agreed:
                found[self.browse(agreement), ticket] = worked - agreed
        concerned = self.browse(
            {agreement for agreement, ticket, *_rest in rows if ticket in released}
        )
        exact = (self & concerned)._get_withheld(end)
        for agreement, entries in exact.items():
            for entry in entries:
                if entry.job[1] in released:
                    key = agreement, entry.job[1]
                    found[key] = found.get(key, ZERO) + entry.worked
        return found

    def _fetch_ticket_hours(self, end):
        """Return the unbilled hours on tickets that the agreements claim.

        :return: rows of agreement (id), ticket (id), hours, whether some are released
            from approval, in the order of the agreements
        """
        if not self:
            return []
        self.flush_recordset()
        factors = self._get_hours_by_uom()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT agreement.id, entry.ticket_id,
                       SUM(entry.unit_amount * COALESCE(unit.hours, 1)
                           - entry.billed - entry.written_off),
                       BOOL_OR(entry.billable > 0)
                  FROM (%(unbilled)s) AS entry
                  LEFT JOIN unnest(%(units)s, %(hours)s::float8[])
                         AS unit(id, hours) ON unit.id = entry.product_uom_id
                  JOIN billing_agreement AS agreement
                    ON agreement.id IN %(agreements)s
                   AND agreement.company_id = entry.company_id
                   AND agreement.partner_id = entry.customer_id
                   AND agreement.bill_from <= entry.date
                   AND COALESCE(entry.date <= agreement.date_end, TRUE)
                 WHERE entry.ticket_id IS NOT NULL
                   AND NOT entry.is_free
                   AND entry.unit_amount >= 0
                   AND entry.unit_amount * COALESCE(unit.hours, 1)
                       - entry.billed - entry.written_off > %(epsilon)s
                   AND %(claimed)s
                 GROUP BY agreement.id, entry.ticket_id
                """,
                unbilled=self._get_unbilled_sql(end),
                units=list(factors),
                hours=list(factors.values()),
                agreements=tuple(self.ids),
                epsilon=EPSILON,
                claimed=self._get_claimed_sql(),
            )
        )
        order = {key: place for place, key in enumerate(self.ids)}
        return sorted(rows, key=lambda row: (order[row[0]], row[1]))

    @api.model
    def _get_claimed_sql(self):
        """Return the condition that an ``agreement`` is about the project of an
        ``entry``."""
        field = self._fields["project_ids"]
        return SQL(
            """
            (NOT EXISTS (SELECT FROM %(table)s WHERE %(agreement)s = agreement.id)
             OR EXISTS (SELECT FROM %(table)s WHERE %(agreement)s = agreement.id
                           AND %(project)s = entry.project_id))
            """,
            table=SQL.identifier(field.relation),
            agreement=SQL.identifier(field.column1),
            project=SQL.identifier(field.column2),
        )

    @api.model
    def _get_end_of_booked_time(self):
        """Return the first day whose time no view of today looks at."""
        return window_of(self._get_today()).end

    def _prepare_invoice_lines(self, plan, window, hints=False):
        values = super()._prepare_invoice_lines(plan, window, hints)
        return values + self._localize()._prepare_withheld_notes(plan)

    def _prepare_withheld_notes(self, plan):
        """Return the values of the lines that name the withheld hours, by ticket."""
        if not (self.show_withheld and plan.withheld):
            return []
        hours = defaultdict(lambda: ZERO)
        for entry in plan.withheld:
            hours[entry.job] += entry.worked
        order = self._get_job_order(plan.withheld)
        # below the lines of the plan and above what is typed by hand
        sequence = len(plan.lines) * 10 + 5
        return [
            {
                "display_type": "line_note",
                "billing_kind": "withheld",
                "name": self._get_withheld_text(job, hours[job]),
                "sequence": sequence,
            }
            for job in sorted(hours, key=order.get)
        ]

    def _get_withheld_text(self, job, hours):
        """Return the text that names the withheld hours of a ticket."""
        return self.env._(
            "%(hours)s h on %(job)s wait for your approval and are not on this "
            "invoice.",
            hours=formatLang(self.env, float(hours), digits=2),
            job=self.env[self._get_job_model(job[0])].browse(job[1]).number,
        )
