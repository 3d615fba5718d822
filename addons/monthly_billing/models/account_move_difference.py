"""Where what stands on invoices differs from the ledger of billed time."""

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL, formatLang

from ..core import kinds


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    @api.model
    def _get_ledger_differences(self, domain=Domain.TRUE):
        """Return where hours on invoices differ from the ledger.

        A line of time has the hours of its rows, on a credit note the negative ones,
        unless somebody changed its quantity by hand.

        :param domain: which invoice lines to look at, by default all that count
        :return: dict of invoice line to the hours that it has more than its rows
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.id, line.quantity, %(sign)s * COALESCE(SUM(billed_hours), 0)
                  FROM account_move_line AS line
                  JOIN account_move AS move ON move.id = line.move_id
                  LEFT JOIN billing_allocation AS row ON row.move_line_id = line.id
                 WHERE line.id IN %(lines)s
                 GROUP BY line.id, move.id
                HAVING line.product_uom_id != %(hour)s
                    OR ABS(line.quantity - %(sign)s * COALESCE(SUM(billed_hours), 0))
                       > 0.005
                """,
                sign=SQL("CASE move.move_type WHEN 'out_refund' THEN -1 ELSE 1 END"),
                lines=self._search_lines_of_time(domain).subselect(),
                hour=self.env.ref("uom.product_uom_hour").id,
            )
        )
        factors = self.env["billing.run.collect"].sudo()._get_hours_by_uom()
        found = {}
        for line_id, quantity, billed in rows:
            line = self.browse(line_id)
            hours = quantity * factors[line.product_uom_id.id] - billed
            if abs(hours) > 0.005:
                found[line] = hours
        return found

    @api.model
    def _get_price_differences(self, domain=Domain.TRUE):
        """Return where hourly rates on invoices differ from the ledger.

        With the volume discount as a line of its own ("summary") the lines of time
        have the rate before it. A discount given on the line by hand is a difference.

        :param domain: which invoice lines to look at, by default all that count
        :return: dict of invoice line to its rate and that of its rows
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.id, line.price_unit * (1 - COALESCE(discount.given, 0)),
                       ledger.rate
                  FROM account_move_line AS line
                  JOIN account_move AS move ON move.id = line.move_id
                 CROSS JOIN LATERAL (
                    SELECT line.discount / 100 AS given) AS discount
                 CROSS JOIN LATERAL (
                    SELECT MAX(CASE
                           WHEN move.volume_discount_presentation = 'summary'
                            AND line.volume_discount_id IS NOT NULL
                            AND line.billing_kind = %(time)s
                           THEN row.list_price ELSE row.price_unit END) AS rate
                      FROM billing_allocation AS row
                     WHERE row.move_line_id = line.id) AS ledger
                 WHERE line.id IN %(lines)s
                   AND ABS(line.price_unit * (1 - COALESCE(discount.given, 0))
                           - ledger.rate) > 0.00001
                """,
                time=kinds.TIME,
                lines=self._search_lines_of_time(domain).subselect(),
            )
        )
        return {self.browse(line_id): prices for line_id, *prices in rows}

    def _search_lines_of_time(self, domain):
        """Return a query of the counting lines of ``domain`` that stand for time."""
        domain &= self._get_counting_domain()
        domain &= Domain("billing_kind", "in", kinds.WORK)
        self.env.flush_all()
        return self._search(domain, bypass_access=True)

    def _get_price_difference_text(self, asked, billed):
        """Return what is wrong with the rate of the line, for people.

        :param float asked, billed: rates on the invoice and in the ledger
        """
        currency = self.currency_id
        return self.env._(
            "%(invoice)s, “%(line)s”: %(asked)s per hour on the invoice, %(billed)s in "
            "the billed time.",
            invoice=self.move_id.display_name,
            line=(self.name or "").split("\n")[0],
            asked=formatLang(self.env, asked, currency_obj=currency),
            billed=formatLang(self.env, billed, currency_obj=currency),
        )

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
        """Return where hours or rates of the invoice differ from billed time, or
        False."""
        self.ensure_one()
        lines = self.env["account.move.line"]
        domain = Domain("move_id", "=", self._origin.id)
        texts = [
            line._get_difference_text(hours)
            for line, hours in lines._get_ledger_differences(domain).items()
        ]
        texts += [
            line._get_price_difference_text(*prices)
            for line, prices in lines._get_price_differences(domain).items()
        ]
        return "\n".join(texts) or False
