"""What was billed before: for the windows of tier tables and for rounding."""

from collections import defaultdict

from odoo import models
from odoo.fields import Domain

from odoo.addons.volume_discount.core.calendar import Window, window_of
from odoo.addons.volume_discount.core.numbers import to_decimal

from ..core.entries import Entry
from ..core.past import Past


class BillingAgreement(models.Model):
    _inherit = "billing.agreement"

    def _get_past(self, usage, window, terms):
        """Return what was billed before in the windows that ``usage`` touches.

        Hours count for the commercial customer, company and currency, whichever
        agreement billed them (pricing.md, "Window").

        :param usage: result of ``_get_usage``
        :param window: the month to bill
        :param terms: ``WindowTerms``
        :return: ``Past``
        """
        priced = self.filtered(lambda agreement: agreement._has_tiers(terms))
        span = priced._get_billed_span(usage, window)
        return priced._fetch_past(*span, window) if span else Past()

    def _fetch_past(self, first, end, window):
        """Return what was billed before in the months from ``first`` to before ``end``.

        :param window: the month to bill
        :return: ``Past``
        """
        past = Past(
            self._fetch_billed(first, end) + self._fetch_corrections(first, end),
            lambda customer: self._fetch_billed_of(customer, first, end),
            self.env["billing.window"]._get_decisions(self, first, end),
            self.env["res.company"]._get_slack(self.currency_id[:1]),
        )
        self._add_past_by_hand(past, Window(first, end), window)
        return past

    def _get_billed_span(self, usage, window):
        """Return the years whose windows count, as first day and day after the last;
        None if there is no time to price."""
        days = [entry.day for agreement in self for entry in usage[agreement]]
        days += [one.date_end for one in self if one._is_last_month(window)]
        if not days:
            return None
        return window_of(min(days), "year").start, window_of(max(days), "year").end

    def _is_last_month(self, window):
        """Return whether no month after ``window`` is billed."""
        self.ensure_one()
        return bool(self.date_end) and self.date_end <= window.last_day

    def _get_past_domain(self, first, end, period):
        """Return the domain of what was billed for the customers of these agreements.

        :param first, end: service months, half-open (dates)
        :param period: path from the model to ``billing.period``
        """
        return (
            Domain(f"{period}.company_id", "in", self.company_id.ids)
            & Domain(f"{period}.partner_id", "in", self.partner_id.ids)
            & Domain("service_month", ">=", first)
            & Domain("service_month", "<", end)
        )

    def _fetch_billed_of(self, customer, first, end):
        """Return what ``_fetch_billed`` does for one customer, entry by entry."""
        of_customer = self.filtered(lambda one: one._get_customer_key() == customer)
        rows = of_customer._fetch_billed(first, end, by_entry=True)
        return [row for row in rows if row.customer == customer]

    def _fetch_billed(self, first, end, by_entry=False):
        """Return what the ledger charges, as ``past.Row`` by month and price.

        :param by_entry: one by one, with their days of work
        """
        allocations = self.env["billing.allocation"]
        domain = self._get_past_domain(first, end, "period_id")
        return allocations._fetch_charges(domain, by_entry)

    def _fetch_corrections(self, first, end):
        """Return what lines without time charge, as ``past.Row`` without hours."""
        lines = self.env["account.move.line"]
        domain = self._get_past_domain(first, end, "move_id.billing_period_id")
        return lines._fetch_corrections(domain)

    def _get_customer_key(self):
        """Return whose window the hours of the agreement count in, as a value."""
        self.ensure_one()
        return (self.company_id.id, self.partner_id.id, self.currency_id.id)

    def _get_billed_entries(self, usage):
        """Return the billed parts of the months that ``usage`` touches.

        :param usage: result of ``_get_usage``
        :return: dict of (customer id, agreement id) to list of ``Entry`` with worked
            and billed hours
        """
        months = {entry.month for entries in usage.values() for entry in entries}
        if not months:
            return {}
        allocations = self.env["billing.allocation"]
        sums = allocations._read_group(
            Domain("period_id.partner_id", "in", self.partner_id.ids)
            & Domain("period_id.company_id", "in", self.company_id.ids)
            & Domain("service_month", "in", sorted(months))
            & allocations._get_counting_domain()
            & allocations._get_paid_domain(),
            ["period_id", "timesheet_id"],
            ["worked_hours:sum", "billed_hours:sum"],
        )
        billed = defaultdict(list)
        for period, timesheet, worked, hours in sums:
            billed[period.partner_id.id, period.agreement_id.id].append(
                Entry(
                    timesheet.id,
                    timesheet.date,
                    timesheet._get_job(),
                    to_decimal(worked),
                    to_decimal(hours),
                    project=timesheet.project_id.id,
                )
            )
        return billed
