"""The stop that remembers: what was billed before, at which terms."""

from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.volume_discount.core.calendar import Window, window_of
from odoo.addons.volume_discount.core.numbers import to_decimal

from ...core import kinds
from ...core.entries import Entry
from ...core.past import Past, Row
from ..billing_agreement_terms import WindowTerms


class BillingRunPast(models.AbstractModel):
    """Agreements in, plain values out, for the windows of tier tables and for rounding:
    nothing is written.

    Ask it in the environment of the agreements, whose rights count.
    """

    _name = "billing.run.past"
    _description = "What Was Billed Before"

    @api.model
    def _get_past(self, agreements, usage, window, terms):
        """Return what was billed before in the windows that ``usage`` touches.

        Hours count for the commercial customer, company and currency, whichever
        agreement billed them (pricing.md, "Window").

        :param usage: result of ``_get_usage``
        :param window: the month to bill
        :param terms: ``WindowTerms``
        :return: ``Past``
        """
        priced = agreements.filtered(lambda agreement: agreement._has_tiers(terms))
        span = self._get_billed_span(priced, usage, window)
        return self._fetch_past(priced, *span, window) if span else Past()

    @api.model
    def _fetch_past(self, agreements, first, end, window):
        """Return what was billed before in the months from ``first`` to before ``end``.

        :param window: the month to bill
        :return: ``Past``
        """
        past = Past(
            self._fetch_billed(agreements, first, end)
            + self._fetch_corrections(agreements, first, end),
            lambda customer: self._fetch_billed_of(agreements, customer, first, end),
            self.env["billing.window"]._get_decisions(agreements, first, end),
            self.env["res.company"]._get_slack(agreements.currency_id[:1]),
        )
        self._add_past_by_hand(agreements, past, Window(first, end), window)
        return past

    @api.model
    def _get_billed_span(self, agreements, usage, window):
        """Return the years whose windows count, as first day and day after the last;
        None if there is no time to price."""
        days = [entry.day for agreement in agreements for entry in usage[agreement]]
        days += [one.date_end for one in agreements if one._is_last_month(window)]
        if not days:
            return None
        return window_of(min(days), "year").start, window_of(max(days), "year").end

    @api.model
    def _get_past_domain(self, agreements, first, end, period):
        """Return the domain of what was billed for the customers of these agreements.

        :param first, end: service months, half-open (dates)
        :param period: path from the model to ``billing.period``
        """
        return (
            Domain(f"{period}.company_id", "in", agreements.company_id.ids)
            & Domain(f"{period}.partner_id", "in", agreements.partner_id.ids)
            & Domain("service_month", ">=", first)
            & Domain("service_month", "<", end)
        )

    @api.model
    def _fetch_billed_of(self, agreements, customer, first, end):
        """Return what ``_fetch_billed`` does for one customer, entry by entry."""
        of_customer = agreements.filtered(
            lambda one: one._get_customer_key() == customer
        )
        rows = self._fetch_billed(of_customer, first, end, by_entry=True)
        return [row for row in rows if row.customer == customer]

    @api.model
    def _fetch_billed(self, agreements, first, end, by_entry=False):
        """Return what the ledger charges, as ``past.Row`` by month and price.

        :param by_entry: one by one, with their days of work
        """
        allocations = self.env["billing.allocation"]
        domain = self._get_past_domain(agreements, first, end, "period_id")
        return allocations._fetch_charges(domain, by_entry)

    @api.model
    def _fetch_corrections(self, agreements, first, end):
        """Return what lines without time charge, as ``past.Row`` without hours."""
        lines = self.env["account.move.line"]
        domain = self._get_past_domain(
            agreements, first, end, "move_id.billing_period_id"
        )
        return lines._fetch_corrections(domain)

    @api.model
    def _get_billed_entries(self, agreements, usage):
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
            Domain("period_id.partner_id", "in", agreements.partner_id.ids)
            & Domain("period_id.company_id", "in", agreements.company_id.ids)
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

    @api.model
    def _get_window_terms(self, agreements, usage, window):
        """Return the terms of the windows that ``usage`` touches (``WindowTerms``)."""
        span = self._get_billed_span(agreements, usage, window)
        return self._fetch_window_terms(agreements, *span) if span else WindowTerms()

    @api.model
    def _fetch_window_terms(self, agreements, first, end):
        """Return the terms of the windows with an invoice in a span."""
        found = WindowTerms()
        self.env["billing.window"]._add_agreed_terms(found, agreements, first, end)
        rows = self._fetch_first_invoices(agreements, first, end)
        rows += self._fetch_first_by_hand(agreements, first, end)
        for _move_id, agreement_id, customer, table, day, data, products in sorted(
            rows, key=lambda row: row[0]
        ):
            terms = table._restore_terms(data, products)
            found.add(agreement_id, customer, terms, day)
        return found

    @api.model
    def _fetch_first_by_hand(self, agreements, first, end):
        """Return the terms of invoices with hours that people typed and tiers price.

        :return: rows as ``_fetch_first_invoices`` returns them; of no agreement unless
            they were typed into the draft of a month
        """
        span = Window(first, end)
        lines = self._search_hours_by_hand(agreements, span)
        return [
            (
                move.id,
                move.billing_period_id.agreement_id.id,
                (
                    move.company_id.id,
                    move.commercial_partner_id.id,
                    move.currency_id.id,
                ),
                move.volume_discount_id,
                move._get_volume_discount_day(),
                move.volume_discount_data["terms"],
                move.volume_discount_data.get("product_ids"),
            )
            for move in lines.move_id
            if move.volume_discount_data and move._get_volume_discount_day() in span
        ]

    @api.model
    def _fetch_first_invoices(self, agreements, first, end):
        """Return the terms of the invoices with tiers, the oldest invoice first.

        :return: rows of invoice (id), agreement (id), customer, table, service month,
            terms as JSON keeps them, services that counted (ids or None)
        """
        lines = self.env["account.move.line"]
        query = lines._search(
            self._get_past_domain(agreements, first, end, "move_id.billing_period_id")
            & lines._get_counting_domain()
            & Domain("billing_kind", "in", kinds.PRICED)
            & Domain("volume_discount_id", "!=", False)
            & Domain("move_id.move_type", "=", "out_invoice"),
            bypass_access=True,
        )
        self.env["account.move"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT move.id, period.agreement_id, period.company_id,
                       period.partner_id, move.currency_id,
                       first.volume_discount_id, first.service_month,
                       move.volume_discount_data -> 'terms',
                       move.volume_discount_data -> 'product_ids',
                       move.volume_discount_data -> 'proofs'
                  FROM (SELECT period.agreement_id, line.volume_discount_id,
                               line.service_month, MIN(line.move_id) AS move_id
                          FROM account_move_line AS line
                          JOIN account_move AS move ON move.id = line.move_id
                          JOIN billing_period AS period
                            ON period.id = move.billing_period_id
                         WHERE line.id IN %s
                         GROUP BY 1, 2, 3) AS first
                  JOIN account_move AS move ON move.id = first.move_id
                  JOIN billing_period AS period ON period.id = move.billing_period_id
                 WHERE move.volume_discount_data IS NOT NULL
                 ORDER BY first.move_id, first.service_month
                """,
                query.subselect(),
            )
        )
        tables = self.env["volume.discount"]
        return [
            (
                *row[:2],
                tuple(row[2:5]),
                tables.browse(row[5]),
                row[6],
                _get_terms_of(row[6], row[9]) or row[7],
                row[8],
            )
            for row in rows
        ]

    @api.model
    def _add_past_by_hand(self, agreements, past, span, window):
        """Add to ``past`` the hours that no run of an agreement wrote.

        :param window: the month to bill: what was typed into its drafts comes after it
        """
        keys = {agreement._get_customer_key() for agreement in agreements}
        for line in self._search_lines_by_hand(agreements, span, window):
            move = line.move_id
            key = (move.company_id.id, move.commercial_partner_id.id)
            key += (line.currency_id.id,)
            table = line._get_volume_discount()
            is_sold = line._is_time() and line._get_list_price() >= 0
            if key in keys and (is_sold or table):
                past.add(Row(key, table.id or None, line._get_billed(table)))

    @api.model
    def _search_lines_by_hand(self, agreements, span, window):
        """Return the lines in ``span`` that are not in the ledger."""
        by_hand = Domain("billing_kind", "in", kinds.BY_HAND)
        by_hand &= Domain("allocation_ids", "=", False)
        by_hand &= ~(
            Domain("parent_state", "=", "draft")
            & Domain("move_id.billing_period_id.agreement_id", "in", agreements.ids)
            & Domain("move_id.billing_period_id.date_start", "=", window.start)
        )
        found = self._search_charging_lines(agreements, span, by_hand)
        return found.filtered(lambda line: line._get_work_day() in span)

    @api.model
    def _search_hours_by_hand(self, agreements, span):
        """Return the lines in ``span`` of hours that people typed into invoices and a
        table priced."""
        by_hand = Domain("billing_kind", "=", False)
        by_hand &= Domain("volume_discount_kind", "=", kinds.TIME)
        by_hand &= Domain("move_id.move_type", "=", "out_invoice")
        by_hand &= Domain("move_id.volume_discount_id", "!=", False)
        return self._search_charging_lines(agreements, span, by_hand)

    @api.model
    def _search_charging_lines(self, agreements, span, domain):
        """Return the lines of ``domain`` that charge hours in ``span``, or near it."""
        lines = self.env["account.move.line"].sudo()
        domain &= Domain("currency_id", "in", agreements.currency_id.ids)
        return lines.search(
            domain
            & Domain.OR(
                lines._get_billed_hours_domain(some.partner_id, company, span)
                for company, some in agreements.grouped("company_id").items()
            )
        )


def _get_terms_of(day, kept):
    """Return the terms that hours of ``day`` were priced with, None if unknown: late
    hours can have others than the month of their invoice.

    :param kept: proofs as an invoice keeps them
    """
    text = day.isoformat()
    return next(
        (
            proof["terms"]
            for proof in kept or ()
            if proof["start"] <= text <= proof["last_day"]
        ),
        None,
    )
