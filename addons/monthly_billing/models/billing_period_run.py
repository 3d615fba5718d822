"""One batch of months: locked, planned, invoiced, and the failures kept apart."""

import logging
from collections import defaultdict

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.tools import plaintext2html

from odoo.addons.mail_delivery_followup.disturbance import concerns_all
from odoo.addons.volume_discount.core.calendar import window_of
from odoo.addons.volume_discount.core.numbers import OddNumber

from .run.facts import Refusal

_logger = logging.getLogger(__name__)


class BillingPeriod(models.Model):
    _inherit = "billing.period"

    @api.model
    def _create_once(self, values):
        """Return the new months of ``values``.

        :raise ConcurrencyError: if somebody else makes one of them at this moment; on
            the new state, which Odoo repeats the request on, it is there already
        """
        try:
            with self.env.cr.savepoint():
                return self.create(values)
        except UniqueViolation as error:
            raise ConcurrencyError(str(error)) from error

    def _lock_for_run(self):
        """Return those of the periods that this transaction alone may bill.

        All agreements of a customer are locked, since they share the windows of tier
        tables. What another run holds is skipped. One that has finished since this
        transaction began has written both rows, which PostgreSQL reports as a
        serialization failure, so no month is billed on old data.
        """
        sisters = self.agreement_id._get_sisters()
        locked = sisters.try_lock_for_update(allow_referencing=True)
        held = {(one.company_id, one.partner_id) for one in sisters - locked}
        periods = self.filtered(
            lambda period: (period.company_id, period.partner_id) not in held
        )
        periods = periods.try_lock_for_update(allow_referencing=True)
        periods.invalidate_recordset()
        return periods.filtered(lambda period: period._is_billable())

    def _run(self):
        """Bill these months (of one date), the whole batch at once if it can be."""
        for company, periods in self.grouped("company_id").items():
            periods.with_company(company)._run_in_company()

    def _run_in_company(self):
        """Bill the months of one company and keep what comes of each."""
        now = fields.Datetime.now()
        self.write({"last_run": now})
        self.agreement_id._get_sisters().write({"last_run": now})
        early = self.filtered(lambda period: period._is_early_draft())
        early._complete_drafts()
        if others := self - early:
            others._plan_and_invoice()

    def _plan_and_invoice(self):
        """Plan the months, create the invoices, keep the outcome of the others."""
        window = window_of(self[0].date_start)
        stop = self.env["billing.run.plan"]
        plans = stop._get_plans(self.agreement_id, window)
        ready = {}
        for period in self:
            plan = plans[period.agreement_id]
            if isinstance(plan, Refusal):
                period._record_error(plan.message)
                continue
            if period.withheld_hours != float(plan.withheld_hours):
                period.withheld_hours = float(plan.withheld_hours)
            if outcome := stop._get_outcome(period.agreement_id, plan, window):
                period._record_outcome(outcome)
            else:
                ready[period] = plan
        self._invoice_or_record_error(ready)

    def _invoice_or_record_error(self, plans):
        """Create the invoices of ``plans``; if the batch fails, one by one."""
        try:
            with self.env.cr.savepoint():
                self._create_invoices(plans)
        except Exception as error:
            if concerns_all(error):
                raise
            self.env.invalidate_all()
            if len(plans) == 1:
                next(iter(plans))._record_error(self._get_error_text(error))
                return
            for period in plans:
                period._run_in_company()

    def _get_error_text(self, error):
        """Return what the firm reads about ``error``; the unexpected is logged."""
        if isinstance(error, UserError):
            return str(error)
        if isinstance(error, OddNumber):
            return self.env._(
                "%s is not a number that can be billed. Look for it in the agreement, "
                "its table and rates, the estimates and the time of the month.",
                error,
            )
        _logger.exception("Billing of %s failed", self[:1].display_name or "a month")
        return self.env._(
            "The month could not be billed for a reason that nobody foresaw. An "
            "administrator finds it in the log of the server; nothing was billed, and "
            "the job tries again tomorrow."
        )

    def _create_invoices(self, plans):
        """Create the invoices and the ledger of ``plans``, post where agreed.

        :param plans: dict of period to ``Plan`` with lines
        """
        if not plans:
            return
        moves = self.env["account.move"].with_context(
            tracking_disable=True, skip_is_manually_modified=True
        )
        values = self._prepare_invoices(plans)
        self._add_common_hints(values)
        moves = moves.create(values)
        by_period = {move.billing_period_id: move for move in moves}
        self.env["billing.allocation"]._create_for(
            [(by_period[period], plan) for period, plan in plans.items()]
        )
        self.browse(period.id for period in plans)._record_outcome(False)
        moves._message_log_batch(
            {
                move.id: self.env._(
                    "Written by the monthly billing of %s from the timesheets.",
                    move.billing_period_id.display_name,
                )
                for move in moves
            }
        )
        moves._post_and_send_as_agreed()

    def _prepare_invoices(self, plans):
        """Return the values of the invoices of ``plans``, months of one date."""
        by_agreement = {period.agreement_id: plan for period, plan in plans.items()}
        agreements = self.env["billing.agreement"].union(*by_agreement)
        window = window_of(next(iter(plans)).date_start)
        notes = agreements._prepare_thank_you(by_agreement, window)
        write = self.env["billing.run.write"]
        return [
            {
                **write._prepare_invoice(period.agreement_id, plan, period),
                **notes[period.agreement_id],
            }
            for period, plan in plans.items()
        ]

    def _add_common_hints(self, values):
        """Add to the values of invoices what Odoo would look up for every line anew:
        without rules about it no line has an analytic distribution."""
        if self.env["account.analytic.distribution.model"].search_count([], limit=1):
            return
        for invoice in values:
            for _command, _id, line in invoice["invoice_line_ids"]:
                if "quantity" in line:
                    line.setdefault("analytic_distribution", False)

    def _record_deviations(self, deviations):
        """Keep what the check of the ledger found on the months concerned, and forget
        what it does not find any more. The responsible people are asked to look, once:
        what somebody has seen and left as it is, is not asked again.

        :param deviations: list of ``Deviation``
        """
        texts = defaultdict(list)
        for deviation in deviations:
            for period_id in deviation.period_ids:
                texts[period_id].append(deviation.text)
        known = self.search([("deviation", "!=", False)])
        (known - self.browse(texts)).deviation = False
        for period in self.browse(texts):
            found = texts[period.id]
            if len(found) > len((period.deviation or "").splitlines()):
                period._ask_about_deviations(found)
            period.deviation = "\n".join(found)

    def _ask_about_deviations(self, texts):
        """Ask the responsible person to look at the month."""
        summary = self.env._("Ledger and invoices disagree")
        if summary not in self.activity_ids.mapped("summary"):
            self.activity_schedule(
                "mail.mail_activity_data_warning",
                summary=summary,
                note=plaintext2html("\n".join(texts)),
                user_id=self.user_id.id or self.env.uid,
            )
