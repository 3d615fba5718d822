from collections import defaultdict
from functools import partial

from odoo import fields, models
from odoo.tools import SQL
from odoo.tools.misc import format_date

from odoo.addons.volume_discount.formats import format_number


class BillingCockpit(models.TransientModel):
    """Months that are not finished, and hours that wait for approval."""

    _inherit = "billing.cockpit"

    def _find_month_issues(self):
        """Return the billing months up to this one that need a person."""
        rows = self._fetch_months_in_the_way()
        months = {
            day: format_date(self.env, day, date_format="LLLL yyyy")
            for day in {row["date_start"] for row in rows}
        }
        return [
            {
                "kind": kind,
                "period_id": row["id"],
                "partner_id": row["partner_id"],
                "user_id": row["user_id"],
                "date": row["date_start"],
                "reason": partial(
                    self._get_month_reason, kind, row, months[row["date_start"]]
                ),
            }
            for row in rows
            for kind in self._get_month_kinds(row)
        ]

    def _fetch_months_in_the_way(self):
        """Return the billing months up to this one that need a person, oldest first."""
        periods = self.env["billing.period"]
        periods.flush_model()
        query = periods._search(
            fields.Domain("company_id", "in", self.env.companies.ids)
            & fields.Domain("date_start", "<=", self._get_window().start)
            & (
                fields.Domain("state", "=", "error")
                | fields.Domain("state", "=", "draft")
                | fields.Domain("deviation", "!=", False)
                | (
                    fields.Domain("is_held", "=", True)
                    & fields.Domain("invoice_id", "=", False)
                )
            )
        )
        return self.env.execute_query_dict(
            SQL(
                """
                SELECT period.id, period.partner_id, period.date_start, period.state,
                       period.error, period.is_held, period.invoice_id,
                       period.deviation, period.is_early, agreement.user_id
                  FROM billing_period AS period
                  JOIN billing_agreement AS agreement
                    ON agreement.id = period.agreement_id
                 WHERE period.id IN %s
                 ORDER BY period.date_start, period.id
                """,
                query.subselect(),
            )
        )

    def _get_month_kinds(self, row):
        """Return the kinds of issue of a billing month."""
        kinds = ["ledger"] if row["deviation"] else []
        if row["state"] == "draft" and row["is_early"]:
            kinds.append("early_draft")
        elif row["state"] in ("error", "draft"):
            kinds.append(row["state"])
        elif row["is_held"] and not row["invoice_id"]:
            kinds.append("held")
        return kinds

    def _get_month_reason(self, kind, row, month):
        """Return why a billing month needs a person."""
        if kind in ("error", "ledger"):
            text = row["error"] if kind == "error" else row["deviation"]
            return f"{month}: {text}"
        if kind == "draft":
            return self.env._("The invoice of %s is not confirmed.", month)
        if kind == "early_draft":
            return self.env._(
                "The draft of %s was opened early. Time that came since is not on it.",
                month,
            )
        return self.env._(
            "An invoice of %s was cancelled, deleted or credited. The daily job leaves "
            "the month alone.",
            month,
        )

    def _find_withheld_issues(self, agreements):
        """Return the tickets and customers with withheld hours."""
        sums = defaultdict(float)
        withheld = agreements.env["billing.run.collect"]._get_withheld_hours(
            agreements, self._get_window().end
        )
        for (agreement, ticket_id), worked in withheld.items():
            sums[agreement.partner_id, ticket_id] += float(worked)
        tickets = self.env["helpdesk.ticket"].browse(ticket for _one, ticket in sums)
        return [
            self._prepare_withheld_issue(customer, ticket, hours)
            for (customer, _id), ticket, hours in zip(
                sums, tickets, sums.values(), strict=True
            )
        ]

    def _prepare_withheld_issue(self, customer, ticket, hours):
        """Return the issue about withheld hours of a customer on a ticket."""
        approved = ticket._get_hours_approved_by(customer)
        return {
            "kind": "withheld" if approved else "unapproved",
            "ticket_id": ticket.id,
            "partner_id": customer.id,
            "user_id": ticket.user_id.id or None,
            "hours": hours,
            "reason": partial(self._get_withheld_reason, approved, hours),
        }

    def _get_withheld_reason(self, approved, hours):
        """Return why hours on a ticket are withheld."""
        if approved:
            return self.env._(
                "%(hours)s h are beyond the %(approved)s h that are approved.",
                hours=format_number(self.env, hours),
                approved=format_number(self.env, approved),
            )
        return self.env._(
            "%(hours)s h are booked and the customer has approved no estimate.",
            hours=format_number(self.env, hours),
        )
