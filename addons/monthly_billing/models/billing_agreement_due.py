"""Which months are due: one question to the database, however many are done."""

from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.volume_discount.core.calendar import window_of

from ..core.months import (
    MAX_BACKLOG,
    billing_date,
    is_sensible,
    last_month_due,
    start_of,
)


class BillingAgreement(models.Model):
    _inherit = "billing.agreement"

    @api.model
    def _get_due_agreements_domain(self, today):
        """Return the domain of the agreements that may have a month to bill.

        Extension point: narrow it to leave agreements to another run.
        """
        return self._get_running_domain() & Domain("bill_from", "<=", today)

    def _get_next_billing_date(self):
        """Return the day on which the first month without an outcome is billed."""
        self.ensure_one()
        if not (self._is_running() and self.bill_from):
            return False
        first = self._get_first_open_day()
        if not is_sensible(first) or (self.date_end and first > self.date_end):
            return False
        return billing_date(window_of(first), self.billing_day)

    def _create_due_periods(self, today):
        """Create the periods of all months that are due in this company and return
        the open ones, oldest month first; a month that failed today waits until
        tomorrow. Drafts that were opened early are among them.

        :param today: the day it is where the company is
        """
        self._reopen_early_months()
        self.env["billing.period"]._create_once(
            [
                {
                    "agreement_id": agreement.id,
                    "date_start": window.start,
                    "date_end": window.last_day,
                }
                for window, agreements in self._get_missing_months(today).items()
                for agreement in agreements
            ]
        )
        company = self.company_id[:1] or self.env.company
        midnight = start_of(today, company._get_timezone())
        rested = Domain("last_run", "=", False) | Domain("last_run", "<", midnight)
        early = Domain("state", "=", "draft") & Domain("is_early", "=", True)
        waiting = Domain("state", "=", "open")
        waiting |= rested & (Domain("state", "=", "error") | early)
        periods = self.env["billing.period"].search(
            waiting
            & Domain("agreement_id", "in", self.ids)
            & Domain("is_held", "=", False),
            order="date_start, agreement_id.id",
        )
        return periods.filtered(lambda period: period._is_due(today))

    def _reopen_early_months(self):
        """Months that were looked at before they were due are open again: by a clock
        that was ahead, or by hand while the month was running."""
        if not self:
            return
        periods = self.env["billing.period"]
        periods.flush_model(["agreement_id", "state", "last_run", "date_end"])
        rows = self.env.execute_query(
            SQL(
                """SELECT id FROM billing_period
                    WHERE agreement_id IN %s
                      AND state IN ('empty', 'carried', 'error')
                      AND (last_run < date_end OR last_run > %s)""",
                tuple(self.ids),
                fields.Datetime.add(fields.Datetime.now(), days=1),
            )
        )
        early = periods.browse(key for (key,) in rows)
        early._record_outcome(False)
        early.last_run = False

    def _get_missing_months(self, today):
        """Return the months that are due and have no period yet.

        Months are due until the end of the agreement, and after it the latest one
        while time is left to bill.

        :return: dict of month (``Window``) to its agreements
        """
        missing, after_end = defaultdict(list), defaultdict(list)
        for agreement_id, day, has_ended in self._fetch_missing_months(today):
            (after_end if has_ended else missing)[day].append(agreement_id)
        for day, ids in after_end.items():
            with_time = self.browse(ids)._filter_with_month(window_of(day))
            missing[day] += with_time.ids
        return {window_of(day): self.browse(ids) for day, ids in missing.items() if ids}

    def _fetch_missing_months(self, today):
        """Return the months without period, also those after the end that may have
        time left, as rows of agreement (id), first day, whether it has ended."""
        days = set(self.mapped("billing_day"))
        last = {day: last_month_due(today, day).start for day in days}
        if not last:
            return []
        self.flush_recordset(["bill_from", "date_end", "billing_day"])
        self.env["billing.period"].flush_model(["agreement_id", "date_start"])
        return self.env.execute_query(
            SQL(
                """
                SELECT agreement.id, month.start::date,
                       COALESCE(month.start > agreement.date_end, FALSE)
                  FROM billing_agreement AS agreement
                  JOIN unnest(%(days)s, %(months)s::date[]) AS last(day, start)
                    ON last.day = agreement.billing_day
                 CROSS JOIN generate_series(
                           GREATEST(
                               date_trunc('month', agreement.bill_from)::timestamp,
                               last.start - %(backlog)s * interval '1 month'
                           ),
                           last.start::timestamp,
                           '1 month'
                       ) AS month(start)
                 WHERE agreement.id IN %(agreements)s
                   AND (agreement.date_end IS NULL
                        OR month.start <= agreement.date_end
                        OR month.start = last.start)
                   AND NOT EXISTS (
                       SELECT
                         FROM billing_period AS period
                        WHERE period.agreement_id = agreement.id
                          AND period.date_start = month.start
                   )
                 ORDER BY 2, 1
                """,
                days=list(last),
                backlog=MAX_BACKLOG - 1,
                months=list(last.values()),
                agreements=tuple(self.ids),
            )
        )
