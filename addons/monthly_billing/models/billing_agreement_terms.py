"""Which terms hold: those of the first invoice of a window, else those of today."""

from dataclasses import dataclass, field, replace

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import format_date

from odoo.addons.volume_discount.core import terms as agreed
from odoo.addons.volume_discount.core.calendar import Window, window_of
from odoo.addons.volume_discount.core.numbers import ZERO
from odoo.addons.volume_discount.core.terms import Terms

from ..core import kinds
from ..core.entries import Entry


@dataclass(frozen=True)
class WindowTerms:
    """The terms of the windows that have an invoice.

    ``own``: by agreement id; ``shared``: by customer and table, whichever agreement of
    the customer has the invoice.
    """

    own: dict[int, list[tuple[Window, Terms]]] = field(default_factory=dict)
    shared: dict[tuple, list[tuple[Window, Terms]]] = field(default_factory=dict)

    def add(self, agreement_id, customer, terms, day):
        """Let ``terms`` hold in their window of ``day``, unless others do already."""
        window = window_of(day, terms.window)
        for known in (
            self.own.setdefault(agreement_id, []),
            self.shared.setdefault((customer, terms.key), []),
        ):
            if not find_terms(known, day):
                known.append((window, terms))


def find_terms(known, day):
    """Return the terms that hold on ``day``, None if no invoice says so."""
    return next((terms for window, terms in known if day in window), None)


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


class BillingAgreement(models.Model):
    _inherit = "billing.agreement"

    def _get_terms(self):
        """Return the tier table of the agreement as plain values, None for none."""
        self.ensure_one()
        table = self.volume_discount_id
        return table._get_own_terms() if table else None

    def _has_tiers(self, terms):
        """Return whether a tier table prices time of the agreement.

        :param terms: ``WindowTerms``
        """
        self.ensure_one()
        return bool(self.volume_discount_id or terms.own.get(self.id))

    def _find_terms(self, day, terms):
        """Return the terms that hold for work on ``day``, None for the list price.

        An edited or replaced table holds from the next window on (pricing.md).

        :param terms: ``WindowTerms``
        """
        self.ensure_one()
        if own := find_terms(terms.own.get(self.id, ()), day):
            return own
        current = self._get_terms()
        if not current:
            return None
        key = self._get_customer_key(), current.key
        return find_terms(terms.shared.get(key, ()), day) or current

    def action_apply_table_now(self):
        """Let the table of today hold in the running window, too."""
        self.ensure_one()
        today = self._get_today()
        reason = self.env._(
            "The volume discount was changed on %s.", format_date(self.env, today)
        )
        self._apply_table_now(today, reason)
        return True

    def _apply_table_now(self, day, reason):
        """Let the table of today hold in the window of ``day``, instead of the terms of
        its first invoice. The next invoice adjusts what was billed and says why.

        :param str reason: why, for the customer
        :raise UserError: if the user may not decide that
        """
        self.ensure_one()
        self.env["billing.window"]._apply_table(self, day, reason)

    def _get_window_of(self, day, kept=None):
        """Return the terms that hold on ``day`` and what was billed in their window.

        :param kept: ``Terms`` where neither an invoice nor the agreement has some
        :return: ``Terms`` and ``History``; None and None for the list price
        """
        self.ensure_one()
        usage, month = {self: [Entry(0, day, None, ZERO)]}, window_of(day)
        terms = self._find_terms(day, self._get_window_terms(usage, month)) or kept
        if not terms:
            return None, None
        past = self._fetch_past(*self._get_billed_span(usage, month), month)
        window = window_of(day, terms.window)
        return terms, past.within(self._get_customer_key(), terms, window)

    def _get_window_terms(self, usage, window):
        """Return the terms of the windows that ``usage`` touches (``WindowTerms``)."""
        span = self._get_billed_span(usage, window)
        return self._fetch_window_terms(*span) if span else WindowTerms()

    def _fetch_window_terms(self, first, end):
        """Return the terms of the windows with an invoice in a span."""
        found = WindowTerms()
        self.env["billing.window"]._add_agreed_terms(found, self, first, end)
        rows = self._fetch_first_invoices(first, end)
        rows += self._fetch_first_by_hand(first, end)
        for _move_id, agreement_id, customer, table, day, data, products in sorted(
            rows, key=lambda row: row[0]
        ):
            terms = table._restore_terms(data, products)
            found.add(agreement_id, customer, terms, day)
        return found

    def _fetch_first_by_hand(self, first, end):
        """Return the terms of invoices with hours that people typed and tiers price.

        :return: rows as ``_fetch_first_invoices`` returns them; of no agreement unless
            they were typed into the draft of a month
        """
        span = Window(first, end)
        lines = self._search_hours_by_hand(span)
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

    def _fetch_first_invoices(self, first, end):
        """Return the terms of the invoices with tiers, the oldest invoice first.

        :return: rows of invoice (id), agreement (id), customer, table, service month,
            terms as JSON keeps them, services that counted (ids or None)
        """
        lines = self.env["account.move.line"]
        query = lines._search(
            self._get_past_domain(first, end, "move_id.billing_period_id")
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
                move_id,
                agreement_id,
                tuple(customer),
                tables.browse(table_id),
                day,
                _get_terms_of(day, proofs) or data,
                products,
            )
            for (
                move_id,
                agreement_id,
                *customer,
                table_id,
                day,
                data,
                products,
                proofs,
            ) in rows
        ]


class VolumeDiscount(models.Model):
    _inherit = "volume.discount"

    def _get_own_terms(self):
        """Return the table as plain values that tell whose they are."""
        self.ensure_one()
        return replace(
            self._get_terms(), key=self.id, products=frozenset(self.product_ids.ids)
        )

    def _get_terms_data(self):
        """Return the terms of today as JSON keeps them."""
        self.ensure_one()
        return agreed.to_data(self._get_terms())

    def _get_history(self, partner, company, span, also=None, products=None):
        """What people decided about a window holds for all its invoices."""
        history = super()._get_history(partner, company, span, also, products)
        windows = self.env["billing.window"]
        window = windows._find_window(
            company, partner, self.currency_id, self, span.start
        )
        if window.date_start != span.start:
            return history
        return replace(
            history, waived=tuple(window._get_waived()), reason=window._get_reason()
        )

    def _restore_terms(self, data, product_ids=None):
        """Return terms that an invoice keeps, as ``_get_own_terms``.

        How invoices show the discount is no matter of price: that is today's.

        :param data: terms as JSON keeps them
        :param product_ids: the services that counted, None for those of today
        """
        self.ensure_one()
        rows = {agreed.get_row(tier): tier.key for tier in self._get_tiers()}
        kept = agreed.from_data(data)
        products = self.product_ids.ids if product_ids is None else product_ids
        return replace(
            kept,
            tiers=tuple(
                replace(tier, key=rows.get(agreed.get_row(tier))) for tier in kept.tiers
            ),
            presentation=self.presentation,
            key=self.id,
            products=frozenset(products),
        )
