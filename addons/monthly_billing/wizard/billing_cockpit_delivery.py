from odoo import models
from odoo.tools.misc import format_date


class BillingCockpit(models.TransientModel):
    """Invoices that no customer has."""

    _inherit = "billing.cockpit"

    def _find_delivery_issues(self):
        """Return the invoices and credit notes up to this month that were sent in vain
        and are not tried again."""
        moves = self.env["account.move"].search_fetch(
            [
                ("delivery_state", "=", "failed"),
                ("company_id", "in", self.env.companies.ids),
            ],
            ["billing_period_id", "reversed_entry_id", "partner_id", "delivery_error"],
            order="name, id",
        )
        start = self._get_window().start
        return [
            self._prepare_delivery_issue(move, period)
            for move in moves
            if (period := move._get_billing_period()).date_start <= start
        ]

    def _prepare_delivery_issue(self, move, period):
        """Return the issue about an invoice of ``period`` that was not delivered."""
        month = format_date(self.env, period.date_start, date_format="LLLL yyyy")
        return {
            "kind": "undelivered",
            "period_id": period.id,
            "move_id": move.id,
            "partner_id": move.partner_id.id,
            "user_id": period.user_id.id or None,
            "date": period.date_start,
            "reason": f"{move.name}, {month}: {move.delivery_error}",
        }
