"""The proof of the ledger: every hour at most once, invoices and ledger agree."""

from dataclasses import dataclass

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..hours import EPSILON


@dataclass(frozen=True)
class Deviation:
    """Something in the ledger that must not be.

    :param kind: ``entry``, ``line``, ``credit`` or ``scope``
    :param text: what is wrong where, for people
    :param period_ids: the months concerned
    """

    kind: str
    text: str
    period_ids: tuple[int, ...]


class BillingAllocation(models.Model):
    _inherit = "billing.allocation"

    @api.model
    def _check_ledger(self):
        """Return what contradicts the ledger in the whole database.

        Proves that of every entry at least nothing and at most its hours are billed
        or written off; that the hours of every invoice line of time are those of its
        rows; that a credit note gives back no more than was billed; that time, month
        and invoice belong to one company. Writes nothing.

        :return: list of ``Deviation``
        """
        self.env.flush_all()
        return [
            *self._check_entries(),
            *self._check_lines(),
            *self._check_credits(),
            *self._check_scopes(),
        ]

    @api.model
    def _cron_check_ledger(self):
        """Ask the responsible people to look at the months that deviate."""
        deviations = self._check_ledger()
        self.env["billing.period"].sudo()._record_deviations(deviations)
        summary = self.env._("Ledger and invoices disagree")
        for deviation in deviations:
            periods = self.env["billing.period"].browse(deviation.period_ids)
            for period in periods:
                known = period.activity_ids.filtered(lambda a: a.summary == summary)
                if not known:
                    period.activity_schedule(
                        "mail.mail_activity_data_warning",
                        summary=summary,
                        note=deviation.text,
                        user_id=period.user_id.id or self.env.uid,
                    )

    def _check_entries(self):
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
        factors = self.env["billing.agreement"]._get_hours_by_uom()
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

    def _check_lines(self):
        """Return the invoice lines whose hours are not those of the ledger."""
        lines = self.env["account.move.line"]
        for line, hours in lines._get_ledger_differences().items():
            period = line.move_id.billing_period_id
            yield Deviation("line", line._get_difference_text(hours), tuple(period.ids))

    def _check_credits(self):
        """Return the rows of which credit notes give back more than they bill."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT origin.id, origin.period_id, origin.worked_hours,
                       -SUM(credit.worked_hours)
                  FROM billing_allocation AS origin
                  JOIN billing_allocation AS credit ON credit.origin_id = origin.id
                  JOIN account_move_line AS line ON line.id = credit.move_line_id
                 WHERE line.parent_state != 'cancel'
                 GROUP BY origin.id
                HAVING -SUM(credit.worked_hours) > origin.worked_hours + %s
                """,
                EPSILON,
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

    def _check_scopes(self):
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


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    @api.model
    def _get_ledger_differences(self, domain=Domain.TRUE):
        """Return where hours on invoices differ from the ledger.

        A line of time has the hours of its rows, unless somebody changed its quantity
        by hand.

        :param domain: which invoice lines to look at, by default all that count
        :return: dict of invoice line to the hours that it has more than its rows
        """
        domain &= self._get_counting_domain()
        domain &= Domain("billing_kind", "in", ("time", "included", "free"))
        self.flush_model()
        self.env["billing.allocation"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.id, line.quantity, ABS(COALESCE(SUM(billed_hours), 0))
                  FROM account_move_line AS line
                  LEFT JOIN billing_allocation AS row ON row.move_line_id = line.id
                 WHERE line.id IN %(lines)s
                 GROUP BY line.id
                HAVING line.product_uom_id != %(hour)s
                    OR ABS(line.quantity - ABS(COALESCE(SUM(billed_hours), 0))) > 0.005
                """,
                lines=self._search(domain, bypass_access=True).subselect(),
                hour=self.env.ref("uom.product_uom_hour").id,
            )
        )
        factors = self.env["billing.agreement"].sudo()._get_hours_by_uom()
        found = {}
        for line_id, quantity, billed in rows:
            line = self.browse(line_id)
            hours = quantity * factors[line.product_uom_id.id] - billed
            if abs(hours) > 0.005:
                found[line] = hours
        return found

    def _get_difference_text(self, hours):
        """Return what is wrong with the line, for people.

        :param float hours: what it has more than its rows in the ledger
        """
        return self.env._(
            "%(invoice)s, “%(line)s”: %(hours)s h on the invoice, %(billed)s h of "
            "billed time.",
            invoice=self.move_id.display_name,
            line=(self.name or "").split("\n")[0],
            hours=round(self.quantity, 2),
            billed=round(self.quantity - hours, 2),
        )


class AccountMove(models.Model):
    _inherit = "account.move"

    def _get_ledger_difference_text(self):
        """Return where hours of the invoice differ from billed time, or False."""
        self.ensure_one()
        lines = self.env["account.move.line"]
        found = lines._get_ledger_differences(Domain("move_id", "=", self._origin.id))
        texts = [line._get_difference_text(hours) for line, hours in found.items()]
        return "\n".join(texts) or False
