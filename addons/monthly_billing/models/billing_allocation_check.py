"""The proof of the ledger: every hour at most once, invoices and ledger agree."""

from dataclasses import dataclass

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.volume_discount.core.numbers import EPSILON


@dataclass(frozen=True)
class Deviation:
    """Something in the ledger that must not be.

    :param kind: ``entry``, ``line``, ``price``, ``credit``, ``scope``, ``discount``,
        ``given`` or ``window``
    :param text: what is wrong where, for people
    :param period_ids: the months concerned
    """

    kind: str
    text: str
    period_ids: tuple[int, ...]


class BillingAllocation(models.Model):
    _inherit = "billing.allocation"

    @api.model
    def _find_deviations(self):
        """Return what contradicts the ledger in the whole database.

        Proves that of every entry at least nothing and at most its hours are billed
        or written off; that hours and rate of every invoice line of time are those of
        its rows; that a credit note gives back no more hours and no more money than
        were billed; that time, month and invoice belong to one company; that in every
        window of a tier table was charged what the table asks for its hours. Writes
        nothing.

        :return: list of ``Deviation``
        """
        self.env.flush_all()
        return [
            *self._find_wrong_entries(),
            *self._find_wrong_lines(),
            *self._find_wrong_credits(),
            *self._find_wrong_scopes(),
            *self._find_wrong_discounts(),
            *self._find_amounts_given_back(),
            *self._find_invoices_given_back(),
            *self._find_wrong_windows(),
        ]

    @api.model
    def _cron_check_ledger(self):
        """Keep on the months what deviates, and ask the responsible people."""
        periods = self.env["billing.period"].sudo()
        periods._record_deviations(self._find_deviations())

    def _find_wrong_entries(self):
        """Return the entries of which less than nothing or too much is billed, what is
        written off included."""
        counting = self._search(self._get_counting_domain(), bypass_access=True)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT entry.id, COALESCE(ledger.billed, 0),
                       COALESCE(decided.written_off, 0), ledger.period_ids
                  FROM (SELECT timesheet_id, SUM(worked_hours) AS billed,
                               array_agg(DISTINCT period_id) AS period_ids
                          FROM billing_allocation
                         WHERE id IN %(counting)s
                         GROUP BY timesheet_id) AS ledger
                  FULL JOIN (%(decisions)s) AS decided USING (timesheet_id)
                  JOIN account_analytic_line AS entry ON entry.id = timesheet_id
                 WHERE ledger.billed < -%(epsilon)s
                    OR entry.product_uom_id != %(hour)s
                    OR COALESCE(ledger.billed, 0) + COALESCE(decided.written_off, 0)
                       > entry.unit_amount + %(epsilon)s
                """,
                counting=counting.subselect(),
                decisions=self.env["billing.decision"]._get_standing_sql(),
                epsilon=2 * EPSILON,
                hour=self.env.ref("uom.product_uom_hour").id,
            )
        )
        factors = self.env["billing.run.collect"]._get_hours_by_uom()
        for entry_id, billed, written_off, period_ids in rows:
            entry = self.env["account.analytic.line"].browse(entry_id)
            worked = entry.unit_amount * factors[entry.product_uom_id.id]
            most = worked - written_off + 2 * float(EPSILON)
            if not -2 * float(EPSILON) <= billed <= most:
                text = self.env._(
                    "Entry %(id)s (%(date)s, %(employee)s): %(worked)s h worked, "
                    "%(billed)s h billed, %(written_off)s h written off.",
                    id=entry_id,
                    date=entry.date,
                    employee=entry.employee_id.name,
                    worked=worked,
                    billed=billed,
                    written_off=written_off,
                )
                yield Deviation("entry", text, tuple(period_ids or ()))

    def _find_wrong_lines(self):
        """Return the invoice lines whose hours or rates are not those of the ledger."""
        lines = self.env["account.move.line"]
        for line, hours in lines._get_ledger_differences().items():
            period = line.move_id.billing_period_id
            yield Deviation("line", line._get_difference_text(hours), tuple(period.ids))
        for line, prices in lines._get_price_differences().items():
            period = line.move_id.billing_period_id
            text = line._get_price_difference_text(*prices)
            yield Deviation("price", text, tuple(period.ids))

    def _find_wrong_credits(self):
        """Return the rows of which credit notes give back more than they bill."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT origin.id, origin.period_id, origin.worked_hours,
                       -SUM(credit.worked_hours)
                  FROM billing_allocation AS origin
                  JOIN billing_allocation AS credit ON credit.origin_id = origin.id
                  JOIN account_move_line AS line ON line.id = credit.move_line_id
                 WHERE %(counting)s
                 GROUP BY origin.id
                HAVING -SUM(credit.worked_hours) > origin.worked_hours + %(epsilon)s
                """,
                counting=self.env["account.move.line"]._get_counting_sql("line"),
                epsilon=EPSILON,
            )
        )
        for row_id, period_id, billed, given in rows:
            text = self.env._(
                "Billed time %(id)s: %(billed)s h billed, %(given)s h given back.",
                id=row_id,
                billed=billed,
                given=given,
            )
            yield Deviation("credit", text, (period_id,))

    def _find_wrong_scopes(self):
        """Return the rows whose time, month and invoice differ in their company."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT ledger.id, ledger.period_id
                  FROM billing_allocation AS ledger
                  JOIN account_analytic_line AS entry ON entry.id = ledger.timesheet_id
                  JOIN billing_period AS period ON period.id = ledger.period_id
                  JOIN account_move_line AS line ON line.id = ledger.move_line_id
                 WHERE entry.company_id IS DISTINCT FROM period.company_id
                    OR line.company_id IS DISTINCT FROM period.company_id
                """
            )
        )
        for row_id, period_id in rows:
            text = self.env._(
                "Billed time %s: entry, month and invoice are of different companies.",
                row_id,
            )
            yield Deviation("scope", text, (period_id,))
