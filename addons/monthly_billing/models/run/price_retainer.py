"""What retainers grant and what of it is used, and the lines of their amounts."""

from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.volume_discount.core.numbers import to_decimal

from ...core import kinds
from ...core.plan import Line
from ...core.retainer import Retainer


class BillingRunPrice(models.AbstractModel):
    _inherit = "billing.run.price"

    @api.model
    def _get_retainers(self, agreements, window):
        """Return what was granted and used as included before.

        A month whose retainer is on an invoice grants the hours that stand there, one
        that is still to come those of the agreement.

        :param window: the month to bill, the last one that grants hours
        :return: dict of agreement id to ``Retainer``
        """
        found = {}
        agreements = agreements.filtered("included_from")
        granted = self._fetch_granted_hours(agreements)
        used = self._fetch_included_hours(agreements)
        for agreement in agreements:
            billed = granted[agreement.id]
            months = agreement._get_retainer_months(window)
            due = tuple(month for month in months if month not in billed)
            hours = {month: agreement._get_included_hours(month) for month in due}
            found[agreement.id] = Retainer(
                billed | hours,
                used[agreement.id],
                agreement.included_rollover,
                due,
            )
        return found

    @api.model
    def _fetch_granted_hours(self, agreements):
        """Return the hours of the retainers on invoices.

        :return: dict of agreement id to a dict of month to hours
        """
        lines = self.env["account.move.line"]
        domain = (
            Domain("billing_kind", "=", kinds.RETAINER) & lines._get_issued_domain()
        )
        domain &= Domain("move_id.billing_period_id.agreement_id", "in", agreements.ids)
        return self._fetch_by_month(
            agreements,
            SQL(
                """
                SELECT period.agreement_id, line.service_month,
                       SUM(CASE move.move_type WHEN 'out_refund' THEN -1 ELSE 1 END
                           * SIGN(line.quantity) * line.included_hours)
                  FROM account_move_line AS line
                  JOIN account_move AS move ON move.id = line.move_id
                  JOIN billing_period AS period ON period.id = move.billing_period_id
                 WHERE line.id IN %s
                 GROUP BY 1, 2
                HAVING SUM(CASE move.move_type WHEN 'out_refund' THEN -1 ELSE 1 END
                           * SIGN(line.quantity)) > 0
                """,
                lines._search(domain, bypass_access=True).subselect(),
            ),
        )

    @api.model
    def _fetch_included_hours(self, agreements):
        """Return the hours billed as included, as ``_fetch_granted_hours``."""
        allocations = self.env["billing.allocation"]
        domain = Domain("move_line_id.billing_kind", "=", kinds.INCLUDED)
        domain &= Domain("period_id.agreement_id", "in", agreements.ids)
        domain &= allocations._get_counting_domain()
        query = allocations._search(domain, bypass_access=True)
        ledger = query.table
        period = query.left_join(
            ledger, "period_id", "billing_period", "id", "period_id"
        )
        columns = SQL(
            "%(period)s.agreement_id, %(ledger)s.service_month, "
            "SUM(%(ledger)s.billed_hours)",
            period=SQL.identifier(period),
            ledger=SQL.identifier(ledger),
        )
        return self._fetch_by_month(
            agreements, SQL("%s GROUP BY 1, 2", query.select(columns))
        )

    @api.model
    def _fetch_by_month(self, agreements, query):
        """Return the (agreement id, month, hours) of a query as nested dicts."""
        result = defaultdict(dict)
        if agreements:
            self.env.flush_all()
            for agreement_id, month, hours in self.env.execute_query(query):
                result[agreement_id][month] = to_decimal(hours)
        return result

    @api.model
    def _plan_retainers(self, agreement, retainer, lines):
        """Return the lines of the retainers that no invoice has yet.

        One without an amount is only shown for months with time on the invoice.

        :param retainer: ``Retainer`` of the agreement
        :param lines: the planned lines of time
        """
        if not retainer.due:
            return []
        worked = {line.month for line in lines}
        product = agreement.included_product_id or agreement.product_id
        return [
            Line(
                kinds.RETAINER,
                month,
                to_decimal(1),
                agreement._get_retainer_part(product, month),
                product=product.id,
                included=retainer.grants[month],
            )
            for month in retainer.due
            if agreement.included_price or month in worked
        ]
