"""Which hours a run would withhold, for people who look at them in between."""

from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.volume_discount.core.numbers import EPSILON, ZERO, to_decimal

from ...core import kinds
from ...core.entries import withhold


class BillingRunCollect(models.AbstractModel):
    _inherit = "billing.run.collect"

    @api.model
    def _get_withheld(self, agreements, end):
        """Return what a run of these agreements would withhold.

        :param end: first day that is too late (date)
        :return: dict of agreement to list of ``Entry`` with the withheld hours
        """
        withholding = agreements.filtered(lambda one: one.estimate_policy == "withhold")
        usage = self._get_usage(withholding, end)
        allowed = self._get_allowed_hours(usage)
        found = {}
        for agreement, entries in usage.items():
            billable = [
                entry
                for entry in entries
                if entry.worked > 0 and entry.kind != kinds.FREE
            ]
            own = allowed.get(agreement.partner_id.id, {})
            agreed, found[agreement] = withhold(billable, own)
            for entry in agreed:
                if entry.job in own:
                    own[entry.job] -= entry.worked
        return found

    @api.model
    def _get_withheld_hours(self, agreements, end):
        """Return the hours that a run of these agreements would withhold.

        The sums of ``_get_withheld`` per ticket; entries are read only of tickets of
        which some time is released.

        :param end: first day that is too late (date)
        :return: dict of (agreement, ticket id) to hours (``Decimal``)
        """
        withholding = agreements.filtered(lambda one: one.estimate_policy == "withhold")
        rows = self._get_ticket_hours(withholding, end)
        tolerance = {
            (agreement.partner_id.id, ticket): agreement._get_tolerance()
            for agreement, ticket, *_hours in rows
        }
        allowed = self._get_allowed_hours_of(tolerance)
        released = {ticket for _agreement, ticket, _hours, free in rows if free}
        found = {}
        for agreement, ticket, hours, _free in rows:
            if ticket in released:
                continue
            worked, job = to_decimal(hours), ("ticket", ticket)
            own = allowed[agreement.partner_id.id]
            agreed = min(worked, max(own[job], ZERO))
            own[job] -= agreed
            if worked > agreed:
                found[agreement, ticket] = worked - agreed
        concerned = agreements.browse(
            {agreement.id for agreement, ticket, *_rest in rows if ticket in released}
        )
        exact = self._get_withheld(agreements & concerned, end)
        for agreement, entries in exact.items():
            for entry in entries:
                if entry.job[1] in released:
                    key = agreement, entry.job[1]
                    found[key] = found.get(key, ZERO) + entry.worked
        return found

    @api.model
    def _get_ticket_hours(self, agreements, end):
        """Return the unbilled hours on tickets that the agreements claim.

        :return: rows of agreement, ticket (id), hours, whether some are released from
            approval, in the order of the agreements
        """
        hours, free = defaultdict(float), defaultdict(bool)
        scopes = self._get_claims_by_scope(agreements)
        for row in self._fetch_ticket_hours(agreements, end):
            for agreement, claim in scopes[row["company_id"], row["customer_id"]]:
                if claim.covers(row["date"], row["project_id"]):
                    key = agreement, row["ticket_id"]
                    hours[key] += row["hours"]
                    free[key] |= row["is_released"]
        order = {agreement: place for place, agreement in enumerate(agreements)}
        keys = sorted(hours, key=lambda key: (order[key[0]], key[1]))
        return [(*key, hours[key], free[key]) for key in keys]

    @api.model
    def _fetch_ticket_hours(self, agreements, end):
        """Return the unbilled hours on tickets by customer, project and day."""
        if not agreements:
            return []
        agreements.flush_recordset()
        factors = self._get_hours_by_uom()
        return self.env.execute_query_dict(
            SQL(
                """
                SELECT entry.company_id, entry.customer_id, entry.project_id,
                       entry.date, entry.ticket_id, SUM(worked.unbilled) AS hours,
                       BOOL_OR(entry.billable > 0) AS is_released
                  FROM (%(unbilled)s) AS entry
                  LEFT JOIN unnest(%(units)s, %(hours)s::float8[])
                         AS unit(id, hours) ON unit.id = entry.product_uom_id
                 CROSS JOIN LATERAL (
                       SELECT entry.unit_amount * COALESCE(unit.hours, 1)
                              - entry.billed - entry.written_off AS unbilled
                       ) AS worked
                 WHERE entry.ticket_id IS NOT NULL
                   AND NOT entry.is_free
                   AND entry.unit_amount >= 0
                   AND worked.unbilled > %(epsilon)s
                 GROUP BY 1, 2, 3, 4, 5
                """,
                unbilled=self._get_unbilled_sql(agreements, end),
                units=list(factors),
                hours=list(factors.values()),
                epsilon=EPSILON,
            )
        )
