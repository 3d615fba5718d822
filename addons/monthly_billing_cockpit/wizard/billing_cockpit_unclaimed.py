from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.volume_discount.formats import format_number


class BillingCockpit(models.TransientModel):
    """Time that nobody bills since its agreement has ended or is closed."""

    _inherit = "billing.cockpit"

    def _find_unclaimed_time(self):
        """Return the customers with billable time of the month that an agreement was
        made for, but that none which runs will bill."""
        agreements = self.env["billing.agreement"].with_context(active_test=False)
        agreements = agreements.search(
            [
                ("state", "in", ("active", "closed")),
                ("company_id", "in", self.env.companies.ids),
                "|",
                ("state", "=", "closed"),
                ("date_end", "!=", False),
            ]
        )
        if not agreements:
            return []
        window = self._get_window()
        agreements.flush_model()
        query = self._search_unbilled(
            agreements.env["billing.run.collect"]._get_billable_timesheets_domain(
                agreements, window.end
            )
            & Domain("date", ">=", window.start)
            & Domain("unit_amount", ">", 0)
            & ~self.env["account.analytic.line"]._get_non_billable_domain()
        )
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT customer.commercial_partner_id AS partner_id,
                       COUNT(*) AS entries, SUM(line.unit_amount) AS hours
                  FROM account_analytic_line AS line
                  JOIN res_partner AS customer ON customer.id = line.partner_id
                 WHERE line.id IN %(lines)s
                   AND EXISTS (%(made)s)
                   AND NOT EXISTS (%(made)s AND agreement.state = 'active'
                                   AND (agreement.date_end IS NULL
                                        OR agreement.date_end >= line.date))
                 GROUP BY 1
                 ORDER BY 1
                """,
                lines=query.subselect(),
                made=self._get_sql_of_agreements_made(),
            )
        )
        return [self._prepare_unclaimed_time(row) for row in rows]

    def _get_sql_of_agreements_made(self):
        """Return the query of the agreements, running or closed, that began before
        ``line`` and are about its project."""
        projects = self.env["billing.agreement"]._fields["project_ids"]
        return SQL(
            """
            SELECT 1
              FROM billing_agreement AS agreement
             WHERE agreement.partner_id = customer.commercial_partner_id
               AND agreement.company_id = line.company_id
               AND agreement.state IN ('active', 'closed')
               AND agreement.bill_from <= line.date
               AND (line.project_id IN (SELECT %(project)s FROM %(relation)s
                                         WHERE %(agreement)s = agreement.id)
                    OR NOT EXISTS (SELECT 1 FROM %(relation)s
                                    WHERE %(agreement)s = agreement.id))
            """,
            relation=SQL.identifier(projects.relation),
            agreement=SQL.identifier(projects.column1),
            project=SQL.identifier(projects.column2),
        )

    def _prepare_unclaimed_time(self, row):
        """Return the issue about the time of a customer."""
        return {
            "kind": "unclaimed",
            "partner_id": row["partner_id"],
            "hours": row["hours"],
            "reason": self.env._(
                "%(hours)s h in %(entries)s entries are billed by no agreement: theirs "
                "has ended or is closed.",
                hours=format_number(self.env, row["hours"]),
                entries=row["entries"],
            ),
        }
