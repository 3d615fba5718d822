"""The stop that plans: what a month of agreements would become."""

from collections import defaultdict
from dataclasses import replace

from psycopg2 import Error as DatabaseError

from odoo import api, models
from odoo.exceptions import ConcurrencyError, UserError

from ...core.layout import sort_lines
from ...core.plan import Plan
from ...core.proving import prove_windows
from ...core.retainer import Retainer, include
from .facts import Facts, Refusal


class BillingRunPlan(models.AbstractModel):
    """Agreements in, plans out: plain values only, nothing is written.

    Ask it in the environment of the agreements, whose rights count.
    """

    _name = "billing.run.plan"
    _description = "Planning of Invoices"

    @api.model
    def _get_plans(self, agreements, window):
        """Return what the run would bill for the month ``window``.

        Agreements of one customer may share tiers and approved hours: the older one
        comes first, in the preview as in the run. What cannot even be read or planned
        stops its own customer alone.

        :return: dict of agreement to ``Plan``, or to ``Refusal`` where the month
            cannot be billed
        """
        return agreements._guard_by_customer(
            lambda some: self._plan_together(some, window),
            lambda error: Refusal(self.env["billing.period"]._get_error_text(error)),
        )

    @api.model
    def _plan_together(self, agreements, window):
        """Return the plans of ``_get_plans``, all from the same questions to the
        database."""
        usage = self.env["billing.run.collect"]._get_usage(agreements, window.end)
        self._fetch_jobs(usage)
        facts = self._get_facts(agreements, usage, window)
        return {
            agreement: self._plan_or_refuse(agreement, usage[agreement], window, facts)
            for agreement in agreements.sorted("id")
        }

    @api.model
    def _get_facts(self, agreements, usage, window):
        """Return what is known before these agreements are planned (``Facts``).

        :param usage: result of ``_get_usage``
        :param window: the month to bill
        """
        past, price = self.env["billing.run.past"], self.env["billing.run.price"]
        terms = past._get_window_terms(agreements, usage, window)
        return Facts(
            self.env["billing.run.collect"]._get_allowed_hours(usage),
            past._get_past(agreements, usage, window, terms),
            past._get_billed_entries(agreements, usage),
            agreements._get_crowded_customers(),
            terms,
            price._get_retainers(agreements, window),
            billed_rates=price._get_billed_rates(agreements, usage),
        )

    @api.model
    def _plan_or_refuse(self, agreement, entries, window, facts):
        """Return the ``Plan`` of the agreement, or why there is none."""
        try:
            plan = self._plan(agreement, entries, window, facts)
            if not self._get_outcome(agreement, plan, window):
                facts.remember(agreement, plan)
        except (DatabaseError, ConcurrencyError):
            raise  # the transaction is broken, for those that come after it, too
        except Exception as error:
            return Refusal(self.env["billing.period"]._get_error_text(error))
        return plan

    @api.model
    def _plan(self, agreement, entries, window, facts):
        """Return the ``Plan`` of one agreement.

        :param entries: unbilled time in the order of allocation
        :param facts: ``Facts`` about what is known before
        :raise UserError: if something must be put right first
        """
        partner = agreement.partner_id
        if (agreement.company_id, partner) in facts.crowded:
            agreement._check_claims()
        retainer = facts.retainers.get(agreement.id, Retainer())
        settled = self._get_windows_to_settle(agreement, window, facts)
        if (
            not (entries or retainer.due or settled)
            and partner.commercial_partner_id == partner
        ):
            return Plan(terms=agreement._find_terms(window.start, facts.terms))
        self._check_ready(agreement, entries)
        price = self.env["billing.run.price"]
        agreed, withheld = price._get_agreed(agreement, entries, facts)
        rounded = price._round_agreed(agreement, agreed, facts)
        priced = price._assign_rates(agreement, include(rounded, retainer), facts)
        priced = [replace(entry, group=agreement._get_group(entry)) for entry in priced]
        result = price._price(agreement, priced, facts, settled)
        retained = price._plan_retainers(agreement, retainer, result.lines)
        lines = sort_lines(
            [*result.lines, *retained],
            window.start,
            self._get_job_order(priced),
            agreement._get_group_order(priced),
        )
        return Plan(
            lines,
            tuple(withheld),
            prove_windows(result.windows, window),
            agreement._find_terms(window.start, facts.terms),
        )

    @api.model
    def _get_windows_to_settle(self, agreement, window, facts):
        """Return the windows of which the last invoice asks, or pays out, what is open.

        An agreement that ends leaves nothing to a next invoice, unless another one of
        the customer has it.

        :return: list of (terms, window)
        """
        if not agreement._is_last_month(window):
            return []
        key = agreement._get_customer_key()
        sisters = agreement._get_sisters().filtered(lambda other: other._has_key(key))
        known = [pair for one in sisters for pair in facts.terms.own.get(one.id, ())]
        return [
            (terms, span)
            for span, terms in dict.fromkeys(known)
            if span.start < window.end
            and not agreement._get_successors(terms.key, window.last_day)
        ]

    @api.model
    def _check_ready(self, agreement, entries):
        """Raise what must be put right before ``entries`` can be billed."""
        problems = agreement._get_terms_problems()
        odd = [entry.timesheet_id for entry in entries if entry.is_odd]
        for timesheet in self.env["account.analytic.line"].browse(odd):
            problems.append(timesheet._get_odd_hours_text())
        if problems:
            raise UserError("\n".join(problems))

    @api.model
    def _get_job_order(self, entries):
        """Return the sort key of each job: tickets by number, tasks, projects."""
        order, agreements = {}, self.env["billing.agreement"]
        for kind, key in {entry.job for entry in entries}:
            record = self.env[agreements._get_job_model(kind)].browse(key)
            if kind == "ticket":
                order[kind, key] = (0, record.number or "", key)
            else:
                order[kind, key] = (
                    1 if kind == "task" else 2,
                    record.with_context(lang=None).name or "",
                    key,
                )
        return order

    @api.model
    def _fetch_jobs(self, usage):
        """Read the tickets, tasks and projects of ``usage`` at once."""
        jobs, agreements = defaultdict(set), self.env["billing.agreement"]
        for entries in usage.values():
            for entry in entries:
                kind, key = entry.job
                jobs[kind].add(key)
        for kind, keys in jobs.items():
            is_ticket = kind == "ticket"
            names = ["number", "name", "category_id"] if is_ticket else ["name"]
            names += ["project_id"] if kind == "task" else []
            self.env[agreements._get_job_model(kind)].browse(keys).fetch(names)

    @api.model
    def _get_outcome(self, agreement, plan, window):
        """Return ``empty`` or ``carried`` if the plan makes no invoice, else False.

        A month is carried forward below the minimum amount, when it would be
        negative and when there is nothing to pay for. The last month of an agreement
        has no next invoice, so no minimum holds, and what is below zero is paid out as
        a credit note; nor does a minimum hold for time that was carried as often as
        agreed.
        """
        if not plan.lines:
            return "empty"
        is_last = agreement._is_last_month(window)
        if is_last and plan.amount():
            return False
        if not plan.is_charged or plan.amount() < 0:
            return "carried"
        if (
            agreement.minimum_amount
            and not is_last
            and not agreement._is_past_carrying(plan, window)
        ):
            write = self.env["billing.run.write"]
            lines = write._prepare_invoice_lines(agreement, plan, window)
            _, totals = write._compute_totals(
                agreement, [line for line in lines if "quantity" in line]
            )
            if totals["base_amount_currency"] < agreement.minimum_amount:
                return "carried"
        return False
