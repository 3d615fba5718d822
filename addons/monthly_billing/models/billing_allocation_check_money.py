"""The proof of money: windows ask what was charged, credits keep their limits."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from odoo import api, models
from odoo.tools import SQL, formatLang, split_every
from odoo.tools.misc import format_date

from odoo.addons.volume_discount.core.calendar import Window
from odoo.addons.volume_discount.core.numbers import ZERO
from odoo.addons.volume_discount.core.pricing import price

from ..core import kinds
from .billing_allocation_check import Deviation

#: agreements that are read at once
BATCH = 200
EVER = Window(date.min.replace(year=1900), date.max.replace(month=1, day=1))
#: invoices of which more is given back than was charged in a window, and both amounts
GIVEN_BACK_BEYOND = """
    WITH credited AS (
        SELECT credit.source_line_id,
               SUM(credit.quantity * credit.price_unit) AS amount,
               COUNT(*) AS count
          FROM account_move_line AS credit
          JOIN account_move AS refund ON refund.id = credit.move_id
         WHERE refund.move_type = 'out_refund'
           AND refund.billing_release IN ('all', 'chosen')
           AND %(counting)s
           AND credit.source_line_id IS NOT NULL
         GROUP BY 1
    ), charged AS (
        SELECT source.move_id, SUM(credited.amount) AS given,
               SUM(source.quantity * source.price_unit) AS amount,
               SUM(credited.count) AS count
          FROM account_move_line AS source
          JOIN account_move AS move ON move.id = source.move_id
          LEFT JOIN credited ON credited.source_line_id = source.id
         WHERE move.id IN (
               SELECT move_id FROM account_move_line
                WHERE id IN (SELECT source_line_id FROM credited))
           AND source.billing_kind
               IN %(charged)s
         GROUP BY source.move_id, date_trunc(
               COALESCE(move.volume_discount_data -> 'terms' ->> 'window',
                        'month'),
               source.service_month)
    )
    SELECT move_id, given, amount FROM charged
     WHERE given > GREATEST(amount, 0) + 0.005 * (count + 2)
"""


@dataclass(frozen=True)
class Difference:
    """What a window asks (by taxes) beyond what was charged.

    :param agreement: a ``billing.agreement`` of the customer
    :param history: ``History`` of the window
    """

    agreement: object
    terms: object
    window: Window
    history: object
    amounts: tuple

    @property
    def amount(self):
        """The sum; below zero it was charged too much."""
        return sum((amount for _taxes, amount in self.amounts), ZERO)

    @property
    def key(self):
        """Whose window it is."""
        return self.agreement._get_customer_key(), self.terms.key, self.window.start


class BillingAllocation(models.Model):
    _inherit = "billing.allocation"

    @api.model
    def _find_differences(self):
        """Return the windows that ask something else than was charged, one by one.

        Reads the ledger in batches of customers; each window is computed anew.
        """
        agreements = self.env["billing.agreement"].sudo()
        agreements = agreements.with_context(active_test=False)
        agreements = agreements.search(
            [("period_ids", "!=", False)], order="company_id, partner_id, id"
        )
        for batch in split_every(BATCH, agreements.ids, agreements.browse):
            yield from batch._get_sisters()._find_window_differences(batch)

    @api.model
    def _find_wrong_windows(self):
        """Return the windows that were charged something else than the table asks, and
        of which no correction tells why (``_get_open_differences``)."""
        for found in self._find_differences():
            if not found.agreement._is_difference_open(found):
                yield found.agreement._get_window_deviation(found)

    @api.model
    def _get_open_differences(self):
        """Return what windows ask more or less since a credit note, a cancellation or a
        changed table: their next invoice asks for it. No deviations, but good to know.

        :return: list of ``Deviation``
        """
        return [
            found.agreement._get_window_deviation(found)
            for found in self._find_differences()
            if found.agreement._is_difference_open(found)
        ]

    def _find_wrong_discounts(self):
        """Return the invoices whose discount lines are not what the tiers save."""
        rows = self.env.execute_query(
            SQL(
                """
                WITH saved AS (
                    SELECT line.move_id, row.service_month, COUNT(*) AS count,
                           SUM(ABS(row.billed_hours)
                               * (row.price_unit - row.list_price)) AS amount
                      FROM billing_allocation AS row
                      JOIN account_move_line AS line ON line.id = row.move_line_id
                      JOIN account_move AS move ON move.id = line.move_id
                     WHERE %(counting)s
                       AND line.billing_kind = %(time)s
                       AND line.volume_discount_id IS NOT NULL
                       AND move.volume_discount_presentation = 'summary'
                     GROUP BY 1, 2
                ), given AS (
                    SELECT line.move_id, line.service_month,
                           SUM(line.quantity * line.price_unit) AS amount
                      FROM account_move_line AS line
                     WHERE line.billing_kind = %(discount)s
                       AND %(counting)s
                     GROUP BY 1, 2
                )
                SELECT saved.move_id, saved.amount, COALESCE(given.amount, 0)
                  FROM saved
                  LEFT JOIN given USING (move_id, service_month)
                 WHERE ABS(ABS(saved.amount) - ABS(COALESCE(given.amount, 0)))
                       > 0.005 * (saved.count + 2)
                """,
                counting=self.env["account.move.line"]._get_counting_sql("line"),
                time=kinds.TIME,
                discount=kinds.DISCOUNT,
            )
        )
        for move_id, saved, given in rows:
            move = self.env["account.move"].browse(move_id)
            text = self.env._(
                "%(invoice)s: the discount is %(given)s, the tiers save %(saved)s.",
                invoice=move.display_name,
                given=formatLang(self.env, given, currency_obj=move.currency_id),
                saved=formatLang(self.env, saved, currency_obj=move.currency_id),
            )
            yield Deviation("discount", text, tuple(move.billing_period_id.ids))

    def _find_amounts_given_back(self):
        """Return the lines of which credit notes give back more than was charged."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT source.id, SUM(credit.quantity * credit.price_unit)
                  FROM account_move_line AS credit
                  JOIN account_move AS refund ON refund.id = credit.move_id
                  JOIN account_move_line AS source ON source.id = credit.source_line_id
                 WHERE refund.move_type = 'out_refund'
                   AND refund.billing_release IN ('all', 'chosen')
                   AND %(counting)s
                 GROUP BY source.id
                HAVING ABS(SUM(credit.quantity * credit.price_unit))
                       > ABS(source.quantity * source.price_unit) + 0.01
                """,
                counting=self.env["account.move.line"]._get_counting_sql("credit"),
            )
        )
        for line_id, given in rows:
            line = self.env["account.move.line"].browse(line_id)
            currency = line.currency_id
            text = self.env._(
                "%(invoice)s, “%(line)s”: %(given)s given back, %(charged)s charged.",
                invoice=line.move_id.display_name,
                line=(line.name or "").split("\n")[0],
                given=formatLang(self.env, given, currency_obj=currency),
                charged=formatLang(
                    self.env, float(line._get_plain_amount()), currency_obj=currency
                ),
            )
            yield Deviation("given", text, tuple(line.move_id.billing_period_id.ids))

    def _find_invoices_given_back(self):
        """Return the invoices of which credit notes give back more than was charged for
        the hours of a window, lines without time included."""
        counting = self.env["account.move.line"]._get_counting_sql("credit")
        rows = self.env.execute_query(
            SQL(GIVEN_BACK_BEYOND, charged=kinds.CHARGED, counting=counting)
        )
        for move_id, given, charged in rows:
            move = self.env["account.move"].browse(move_id)
            currency = move.currency_id
            text = self.env._(
                "%(invoice)s, “%(line)s”: %(given)s given back, %(charged)s charged.",
                invoice=move.display_name,
                line=move.volume_discount_id.name or move.partner_id.display_name,
                given=formatLang(self.env, given, currency_obj=currency),
                charged=formatLang(self.env, charged, currency_obj=currency),
            )
            yield Deviation("given", text, tuple(move.billing_period_id.ids))


class BillingAgreement(models.Model):
    _inherit = "billing.agreement"

    def _find_window_differences(self, batch):
        """Return the ``Difference`` of each window of these customers that has one.

        :param batch: the agreements to look at; the others are of the same customers
        """
        first, end = EVER.start, EVER.end
        known = self.env["billing.run.past"]._fetch_window_terms(self, first, end)
        past = self.env["billing.run.past"]._fetch_past(self, first, end, EVER)
        seen = set()
        for agreement in batch:
            customer = agreement._get_customer_key()
            for window, terms in known.own.get(agreement.id, ()):
                key = customer, terms.key, window.start
                if key in seen:
                    continue
                seen.add(key)
                history = past.within(customer, terms, window)
                charges = price(terms, [], history, agreement._get_quantum())
                amounts = defaultdict(lambda: ZERO)
                for charge in charges:
                    amounts[charge.taxes] += charge.amount
                amounts = tuple((k, v) for k, v in amounts.items() if v)
                if amounts:
                    yield Difference(agreement, terms, window, history, amounts)

    def _get_window_deviation(self, found):
        """Return what is wrong with the money of a window, in words."""
        self.ensure_one()
        currency = self.currency_id
        charged = sum(found.history.charged.values(), ZERO)
        amount = found.amount
        values = {
            "customer": self.partner_id.display_name,
            "table": self.env["volume.discount"].browse(found.terms.key).name,
            "first": format_date(self.env, found.window.start),
            "last": format_date(self.env, found.window.last_day),
            "charged": formatLang(self.env, float(charged), currency_obj=currency),
            "asked": formatLang(
                self.env, float(charged + amount), currency_obj=currency
            ),
            "amount": formatLang(self.env, float(abs(amount)), currency_obj=currency),
        }
        if amount > 0:
            text = self.env._(
                "%(customer)s, “%(table)s”, %(first)s – %(last)s: %(charged)s charged, "
                "the table asks %(asked)s: %(amount)s too little.",
                **values,
            )
        elif amount < 0:
            text = self.env._(
                "%(customer)s, “%(table)s”, %(first)s – %(last)s: %(charged)s charged, "
                "the table asks %(asked)s: %(amount)s too much.",
                **values,
            )
        else:
            text = self.env._(
                "%(customer)s, “%(table)s”, %(first)s – %(last)s: %(charged)s charged "
                "as the table asks, but not with the taxes of the hours.",
                **values,
            )
        periods = self.period_ids.filtered(
            lambda period: period.date_start in found.window
        )
        return Deviation("window", text, tuple(periods.ids))
