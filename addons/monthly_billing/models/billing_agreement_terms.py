"""Which terms hold: those of the first invoice of a window, else those of today."""

from dataclasses import dataclass, field, replace

from odoo import models
from odoo.tools.misc import format_date

from odoo.addons.volume_discount.core import terms as agreed
from odoo.addons.volume_discount.core.calendar import Window, window_of
from odoo.addons.volume_discount.core.numbers import ZERO
from odoo.addons.volume_discount.core.terms import Terms

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
        stop = self.env["billing.run.past"]
        known = stop._get_window_terms(self, usage, month)
        terms = self._find_terms(day, known) or kept
        if not terms:
            return None, None
        span = stop._get_billed_span(self, usage, month)
        past = stop._fetch_past(self, *span, month)
        window = window_of(day, terms.window)
        return terms, past.within(self._get_customer_key(), terms, window)


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
