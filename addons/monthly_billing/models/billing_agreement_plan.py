"""From usage to the plan of an invoice: plain values only, nothing is written."""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from decimal import Decimal

from psycopg2 import Error as DatabaseError

from odoo import models
from odoo.exceptions import ConcurrencyError, UserError

from odoo.addons.volume_discount.core.numbers import EPSILON

from ..core import kinds
from ..core.entries import withhold
from ..core.layout import sort_lines
from ..core.lines import price_entries
from ..core.past import Past
from ..core.plan import Plan
from ..core.proving import prove_windows
from ..core.retainer import Retainer, include
from ..core.rounding import Rounding, limit_billed, round_time
from .billing_agreement_terms import WindowTerms


@dataclass(frozen=True)
class Refusal:
    """Why an agreement's month cannot be billed, to be read by the firm."""

    message: str


@dataclass(frozen=True)
class Facts:
    """What is known before a batch is planned.

    ``allowed``: approved hours that are left, by customer (id) and within by job;
    ``past``: what was billed in the windows; ``billed``: billed parts by (customer id,
    agreement id); ``crowded``: the customers (with their company) with several running
    agreements; ``terms``: of the windows that have an invoice; ``retainers``: included
    hours by agreement id; ``rates``: list prices found so far; ``billed_rates``: list
    prices on invoices by agreement id, service and month.
    """

    allowed: dict
    past: Past
    billed: dict
    crowded: set
    terms: WindowTerms = field(default_factory=WindowTerms)
    retainers: dict = field(default_factory=dict)
    rates: dict = field(default_factory=dict)
    billed_rates: dict = field(default_factory=dict)

    def remember(self, agreement, plan):
        """Let the agreements that are planned after this one know of its plan."""
        priced = [line for line in plan.lines if line.kind not in kinds.UNTIERED]
        self.past.add_lines(agreement._get_customer_key(), priced)
        for line in plan.lines:
            if line.shares and line.kind != kinds.FREE:
                allowed = self.allowed.get(agreement.partner_id.id, {})
                if line.job in allowed:
                    allowed[line.job] -= line.quantity
                self.billed.setdefault(
                    (agreement.partner_id.id, agreement.id), []
                ).extend(line.get_billed_parts())

    def get_billed(self, agreement, entries):
        """Return what was billed before in the months of ``entries``.

        Of the agreement, whose hours add up before they are rounded, and of the jobs of
        its customer, and of its projects where it has some, whoever billed them.
        """
        months = {entry.month for entry in entries}
        jobs = {entry.job for entry in entries}
        customer, claim = agreement.partner_id.id, agreement._get_claim()
        return [
            part
            for (other, owner), parts in self.billed.items()
            for part in parts
            if other == customer
            and part.month in months
            and (
                owner == agreement.id
                or (
                    part.job in jobs
                    and (not claim.projects or part.project in claim.projects)
                )
            )
        ]


class BillingAgreement(models.Model):
    _inherit = "billing.agreement"

    def _get_plans(self, window):
        """Return what the run would bill for the month ``window``.

        Agreements of one customer may share tiers and approved hours: the older one
        comes first, in the preview as in the run. What cannot even be read or planned
        stops its own customer alone.

        :return: dict of agreement to ``Plan``, or to ``Refusal`` where the month
            cannot be billed
        """
        return self._guard_by_customer(
            lambda agreements: agreements._plan_together(window),
            lambda error: Refusal(self.env["billing.period"]._get_error_text(error)),
        )

    def _plan_together(self, window):
        """Return the plans of ``_get_plans``, all from the same questions to the
        database."""
        usage = self.env["billing.run.collect"]._get_usage(self, window.end)
        self._fetch_jobs(usage)
        facts = self._get_facts(usage, window)
        return {
            agreement: agreement._plan_or_refuse(usage[agreement], window, facts)
            for agreement in self.sorted("id")
        }

    def _get_facts(self, usage, window):
        """Return what is known before these agreements are planned (``Facts``).

        :param usage: result of ``_get_usage``
        :param window: the month to bill
        """
        terms = self._get_window_terms(usage, window)
        return Facts(
            self.env["billing.run.collect"]._get_allowed_hours(usage),
            self._get_past(usage, window, terms),
            self._get_billed_entries(usage),
            self._get_crowded_customers(),
            terms,
            self._get_retainers(window),
            billed_rates=self._get_billed_rates(usage),
        )

    def _plan_or_refuse(self, entries, window, facts):
        """Return the ``Plan`` of the agreement, or why there is none."""
        try:
            plan = self._plan(entries, window, facts)
            if not self._get_outcome(plan, window):
                facts.remember(self, plan)
        except (DatabaseError, ConcurrencyError):
            raise  # the transaction is broken, for those that come after it, too
        except Exception as error:
            return Refusal(self.env["billing.period"]._get_error_text(error))
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
        retainer = facts.retainers.get(self.id, Retainer())
        settled = self._get_windows_to_settle(window, facts)
        if (
            not (entries or retainer.due or settled)
            and partner.commercial_partner_id == partner
        ):
            return Plan(terms=self._find_terms(window.start, facts.terms))
        self._check_ready(entries)
        agreed, withheld = self._get_agreed(entries, facts)
        rounded = self._round_agreed(agreed, facts)
        priced = self._assign_rates(include(rounded, retainer), facts)
        priced = [replace(entry, group=self._get_group(entry)) for entry in priced]
        result = self._price(priced, facts, settled)
        lines = sort_lines(
            [*result.lines, *self._plan_retainers(retainer, result.lines)],
            window.start,
            self._get_job_order(priced),
            self._get_group_order(priced),
        )
        return Plan(
            lines,
            tuple(withheld),
            prove_windows(result.windows, window),
            self._find_terms(window.start, facts.terms),
        )

    def _price(self, entries, facts, settled):
        """Return what rounded entries with their rates cost (``lines.Priced``)."""
        return price_entries(
            entries,
            lambda day: self._find_terms(day, facts.terms),
            lambda terms, span, new: facts.past.within(
                self._get_customer_key(), terms, span, new
            ),
            self._get_quantum(),
            settled,
        )

    def _get_windows_to_settle(self, window, facts):
        """Return the windows of which the last invoice asks, or pays out, what is open.

        An agreement that ends leaves nothing to a next invoice, unless another one of
        the customer has it.

        :return: list of (terms, window)
        """
        self.ensure_one()
        if not self._is_last_month(window):
            return []
        key = self._get_customer_key()
        sisters = self._get_sisters().filtered(lambda other: other._has_key(key))
        known = [pair for one in sisters for pair in facts.terms.own.get(one.id, ())]
        return [
            (terms, span)
            for span, terms in dict.fromkeys(known)
            if span.start < window.end
            and not self._get_successors(terms.key, window.last_day)
        ]

    def _get_agreed(self, entries, facts):
        """Return the entries the customer agreed to pay for or gets for free, and
        those that are withheld."""
        free = [entry for entry in entries if entry.kind == kinds.FREE]
        billable = [entry for entry in entries if entry.kind != kinds.FREE]
        withholds = self.estimate_policy == "withhold"
        allowed = facts.allowed.get(self.partner_id.id, {}) if withholds else {}
        agreed, withheld = withhold(billable, allowed)
        return agreed + free, withheld

    def _round_agreed(self, entries, facts):
        """Return the entries with their billed hours, in the order of allocation.

        Free time is not rounded, so that it changes nothing about billable time.
        """
        free = [entry for entry in entries if entry.kind == kinds.FREE]
        billable = [entry for entry in entries if entry.kind != kinds.FREE]
        before = facts.get_billed(self, billable)
        rounded = round_time(billable, self._get_rounding(), before)
        if self.estimate_policy == "withhold":
            allowed = facts.allowed.get(self.partner_id.id, {})
            rounded = limit_billed(rounded, allowed)
        rounded += round_time(free, Rounding())
        return sorted(rounded, key=lambda entry: (entry.day, entry.timesheet_id))

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
        odd = [entry.timesheet_id for entry in entries if entry.is_odd]
        for timesheet in self.env["account.analytic.line"].browse(odd):
            problems.append(timesheet._get_odd_hours_text())
        if problems:
            raise UserError("\n".join(problems))

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
            is_ticket = kind == "ticket"
            names = ["number", "name", "category_id"] if is_ticket else ["name"]
            names += ["project_id"] if kind == "task" else []
            self.env[self._get_job_model(kind)].browse(keys).fetch(names)

    def _get_job_model(self, kind):
        """Return the model of a kind of job."""
        return {
            "ticket": "helpdesk.ticket",
            "task": "project.task",
            "project": "project.project",
        }[kind]

    def _get_outcome(self, plan, window):
        """Return ``empty`` or ``carried`` if the plan makes no invoice, else False.

        A month is carried forward below the minimum amount, when it would be
        negative and when there is nothing to pay for. The last month of an agreement
        has no next invoice, so no minimum holds, and what is below zero is paid out as
        a credit note; nor does a minimum hold for time that was carried as often as
        agreed.
        """
        self.ensure_one()
        if not plan.lines:
            return "empty"
        is_last = self._is_last_month(window)
        if is_last and plan.amount():
            return False
        if not plan.is_charged or plan.amount() < 0:
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
