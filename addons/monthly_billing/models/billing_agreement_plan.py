"""From usage to the plan of an invoice: plain values only, nothing is written."""

import logging
from collections import defaultdict
from dataclasses import dataclass, field, replace
from decimal import Decimal

from psycopg2 import OperationalError

from odoo import models
from odoo.exceptions import UserError

from ..hours import EPSILON, round_time, to_decimal, withhold
from ..past import Past
from ..periods import window_of
from ..plan import Plan, price_entries, sort_lines

_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Refusal:
    """Why an agreement's month cannot be billed, to be read by the firm."""

    message: str


@dataclass(frozen=True)
class Facts:
    """What is known before a batch is planned.

    ``allowed``: approved hours that are left, by job; ``past``: what was billed in
    the windows; ``billed``: billed parts by job; ``crowded``: the (company, customer)
    with several running agreements; ``rates``: list prices found so far.
    """

    allowed: dict
    past: Past
    billed: dict
    crowded: set
    rates: dict = field(default_factory=dict)

    def remember(self, agreement, plan):
        """Let the agreements that are planned after this one know of its plan."""
        terms = agreement._get_terms()
        self.past.add_lines(
            agreement._get_customer_key(),
            agreement.product_id.id,
            terms and terms.key,
            plan.lines,
        )
        for line in plan.lines:
            if line.job in self.allowed:
                self.allowed[line.job] -= line.worked


class BillingAgreement(models.Model):
    _inherit = "billing.agreement"

    def _get_plans(self, window):
        """Return what the run would bill for the month ``window``.

        :return: dict of agreement to ``Plan``, or to ``Refusal`` where the month
            cannot be billed
        """
        usage = self._get_usage(window.end)
        self._fetch_jobs(usage)
        facts = Facts(
            self._get_allowed_hours(usage),
            self._get_past(usage),
            self._get_billed_entries(usage),
            self._get_crowded_customers(),
        )
        return {
            agreement: agreement._plan_or_refuse(usage[agreement], window, facts)
            for agreement in self
        }

    def _plan_or_refuse(self, entries, window, facts):
        """Return the ``Plan`` of the agreement, or why there is none."""
        try:
            plan = self._plan(entries, window, facts)
            if not self._get_outcome(plan, window):
                facts.remember(self, plan)
        except UserError as error:
            return Refusal(str(error))
        except OperationalError:
            raise
        except Exception as error:
            _logger.exception("%s cannot be planned", self)
            return Refusal(self.env._("Unexpected error: %s", error))
        return plan

    def _plan(self, entries, window, facts):
        """Return the ``Plan`` of one agreement.

        :param entries: unbilled time in the order of allocation
        :param facts: ``Facts`` about what is known before
        :raise UserError: if something must be put right first
        """
        self.ensure_one()
        partner = self.partner_id
        if (self.company_id, partner) in facts.crowded:
            self._check_claims()
        if not entries and partner.commercial_partner_id == partner:
            return Plan()
        self._check_ready(entries)
        withholds = self.estimate_policy == "withhold"
        agreed, withheld = withhold(entries, facts.allowed if withholds else {})
        jobs = {entry.job for entry in agreed}
        before = [entry for job in jobs for entry in facts.billed.get(job, ())]
        rounded = [
            replace(entry, list_price=self._get_cached_list_price(entry.day, facts))
            for entry in round_time(agreed, self._get_rounding(), before)
        ]
        terms = self._get_terms()
        lines = price_entries(
            rounded,
            terms,
            lambda span: facts.past.within(self._get_customer_key(), terms, span),
            self._get_quantum(),
        )
        lines = sort_lines(lines, window.start, self._get_job_order(rounded))
        return Plan(lines, tuple(withheld))

    def _get_quantum(self):
        """Return what the amount of an invoice line is rounded to (currency).

        Where the company rounds no line but the sum ("Round per Tax"), the saving of
        a summary stays exact: else it would differ from the lines by cents.
        """
        if self.company_id.tax_calculation_rounding_method == "round_per_line":
            return Decimal(str(self.currency_id.rounding))
        return EPSILON

    def _check_ready(self, entries):
        """Raise what must be put right before ``entries`` can be billed."""
        problems = self._get_terms_problems()
        negative = [entry.timesheet_id for entry in entries if entry.worked < 0]
        for timesheet in self.env["account.analytic.line"].browse(negative):
            problems.append(
                self.env._(
                    "The timesheet entry “%(text)s” of %(date)s has negative hours "
                    "(%(hours)s). Reduce the entry it corrects instead, or mark it "
                    "as non-billable.",
                    text=timesheet.name,
                    date=timesheet.date,
                    hours=timesheet.unit_amount,
                )
            )
        if problems:
            raise UserError("\n".join(problems))

    def _get_cached_list_price(self, day, facts):
        """Return the list price on ``day`` as a decimal, computed once per day."""
        key = (
            self.pricelist_id.id,
            self.product_id.id,
            self.currency_id.id,
            self.company_id.id,
            self._is_tax_included() and self.partner_id.id,
            day,
        )
        if key not in facts.rates:
            facts.rates[key] = to_decimal(self._get_list_price(day))
        if facts.rates[key] <= 0:
            raise UserError(
                self.env._(
                    "%(product)s has no hourly rate on %(date)s. Set its sales price "
                    "or a rule in the pricelist of agreement %(agreement)s.",
                    product=self.product_id.display_name,
                    date=day,
                    agreement=self.name,
                )
            )
        return facts.rates[key]

    def _get_job_order(self, entries):
        """Return the sort key of each job: tickets by number, tasks, projects."""
        order = {}
        for kind, key in {entry.job for entry in entries}:
            record = self.env[self._get_job_model(kind)].browse(key)
            if kind == "ticket":
                order[kind, key] = (0, record.number or "", key)
            else:
                order[kind, key] = (
                    1 if kind == "task" else 2,
                    record.with_context(lang=None).name or "",
                    key,
                )
        return order

    def _fetch_jobs(self, usage):
        """Read the tickets, tasks and projects of ``usage`` at once."""
        jobs = defaultdict(set)
        for entries in usage.values():
            for entry in entries:
                kind, key = entry.job
                jobs[kind].add(key)
        for kind, keys in jobs.items():
            names = ["number", "name"] if kind == "ticket" else ["name"]
            names += ["project_id"] if kind == "task" else []
            self.env[self._get_job_model(kind)].browse(keys).fetch(names)

    def _get_job_model(self, kind):
        """Return the model of a kind of job."""
        return {
            "ticket": "helpdesk.ticket",
            "task": "project.task",
            "project": "project.project",
        }[kind]

    def _preview_period(self, day):
        """Return what ``_bill_period(day)`` would do, and write nothing.

        :param day: any day of the month (date)
        :return: list of dicts, one per agreement with something to do with the month:
            ``agreement_id``, ``partner_id``, ``currency_id``, ``invoice_id`` (ids),
            ``date_start``, ``date_end`` (the month), ``state`` (as the period's after
            the run), ``error`` (text or False), ``worked_hours``, ``billed_hours``,
            ``withheld_hours``, ``amount_untaxed``, ``amount_tax``, ``amount_total``
            (currency) and ``lines``: dicts with ``name``, ``ticket_id``, ``quantity``
            (hours), ``price_unit``, ``price_subtotal``
        :raise AccessError: if the user may not bill
        """
        self._check_can_bill()
        window = window_of(day)
        agreements = self.sudo()._filter_with_month(window)
        done = {
            period.agreement_id: period
            for period in agreements._search_periods(window)
            if not period._is_billable()
        }
        plans = agreements.filtered(lambda record: record not in done)._get_plans(
            window
        )
        return [
            agreement._get_done_preview(done[agreement])
            if agreement in done
            else agreement._get_plan_preview(plans[agreement], window)
            for agreement in agreements
        ]

    def _get_done_preview(self, period):
        """Return the preview of a month that has its invoice already."""
        return self._prepare_preview(
            window_of(period.date_start),
            state=period.state,
            invoice_id=period.invoice_id.id,
            worked_hours=period.worked_hours,
            billed_hours=period.billed_hours,
            withheld_hours=period.withheld_hours,
            amount_untaxed=period.invoice_id.amount_untaxed,
            amount_tax=period.invoice_id.amount_tax,
            amount_total=period.invoice_id.amount_total,
            lines=[
                {
                    "name": line.name,
                    "ticket_id": line.ticket_id.id,
                    "quantity": line.quantity,
                    "price_unit": line.price_unit,
                    "price_subtotal": line.price_subtotal,
                }
                for line in period.invoice_id.invoice_line_ids
                if line.display_type == "product"
            ],
        )

    def _get_plan_preview(self, plan, window):
        """Return the preview of a month that would be billed now."""
        if isinstance(plan, Refusal):
            return self._prepare_preview(window, state="error", error=plan.message)
        state = self._get_outcome(plan, window) or (
            "invoiced" if self.auto_post else "draft"
        )
        lines = [
            line
            for line in self._prepare_invoice_lines(plan, window)
            if "quantity" in line
        ]
        subtotals, totals = self._compute_totals(lines)
        return self._prepare_preview(
            window,
            state=state,
            worked_hours=float(plan.worked),
            billed_hours=float(plan.billed),
            withheld_hours=float(plan.withheld_hours),
            amount_untaxed=totals["base_amount_currency"],
            amount_tax=totals["tax_amount_currency"],
            amount_total=totals["total_amount_currency"],
            lines=[
                {
                    "name": line["name"],
                    "ticket_id": line.get("ticket_id", False),
                    "quantity": line["quantity"],
                    "price_unit": line["price_unit"],
                    "price_subtotal": subtotal,
                }
                for line, subtotal in zip(lines, subtotals, strict=True)
            ],
        )

    def _prepare_preview(self, window, **values):
        """Return the values of one preview; what is not given is zero."""
        return {
            "agreement_id": self.id,
            "partner_id": self.partner_id.id,
            "currency_id": self.currency_id.id,
            "date_start": window.start,
            "date_end": window.last_day,
            "invoice_id": False,
            "error": False,
            "worked_hours": 0.0,
            "billed_hours": 0.0,
            "withheld_hours": 0.0,
            "amount_untaxed": 0.0,
            "amount_tax": 0.0,
            "amount_total": 0.0,
            "lines": [],
            **values,
        }

    def _get_outcome(self, plan, window):
        """Return ``empty`` or ``carried`` if the plan makes no invoice, else False.

        A month is carried forward below the minimum amount, when it would be
        negative and when rounding leaves no hours. The last month of an agreement
        has no next invoice, so no minimum holds; nor does one for time that was
        carried as often as agreed.
        """
        self.ensure_one()
        if not plan.lines:
            return "empty"
        is_last = self.date_end and self.date_end <= window.last_day
        if not plan.billed or plan.amount() < 0:
            return "carried"
        if (
            self.minimum_amount
            and not is_last
            and not self._is_past_carrying(plan, window)
        ):
            lines = self._prepare_invoice_lines(plan, window)
            _, totals = self._compute_totals(
                [line for line in lines if "quantity" in line]
            )
            if totals["base_amount_currency"] < self.minimum_amount:
                return "carried"
        return False
