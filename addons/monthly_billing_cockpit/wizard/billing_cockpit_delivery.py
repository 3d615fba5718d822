from odoo import models
from odoo.tools.misc import format_date

from odoo.addons.monthly_billing.models.account_move_receipt import RECEIPT


class BillingCockpit(models.TransientModel):
    """Invoices and receipts that no customer has."""

    _inherit = "billing.cockpit"

    def _find_delivery_issues(self):
        """Return the invoices, credit notes and receipts up to this month that were
        sent in vain and are not tried again."""
        return [
            self._prepare_delivery_issue(kind, move, period, reason)
            for kind, move, reason in [
                *self._find_undelivered_invoices(),
                *self._find_undelivered_receipts(),
            ]
            if (period := move._get_billing_period()).date_start
            <= self._get_window().start
        ]

    def _find_undelivered_invoices(self):
        """Return (kind, invoice, reason) of what was not delivered."""
        moves = self.env["account.move"].search_fetch(
            [
                ("delivery_state", "=", "failed"),
                ("company_id", "in", self.env.companies.ids),
            ],
            ["billing_period_id", "reversed_entry_id", "partner_id", "delivery_error"],
            order="name, id",
        )
        return [("undelivered", move, move.delivery_error) for move in moves]

    def _find_undelivered_receipts(self):
        """Return (kind, invoice, reason) of payments whose receipt was not
        delivered."""
        receipts = self.env["mail.delivery"].search(
            [
                ("delivery_state", "=", "failed"),
                ("res_model", "=", "account.move"),
                ("purpose", "=", RECEIPT),
            ]
        )
        reasons = {one.res_id: one.delivery_error for one in receipts}
        moves = self.env["account.move"].search(
            [
                ("id", "in", list(reasons)),
                ("company_id", "in", self.env.companies.ids),
            ],
            order="name, id",
        )
        return [("undelivered_receipt", move, reasons[move.id]) for move in moves]

    def _prepare_delivery_issue(self, kind, move, period, reason):
        """Return the issue about what was not delivered of an invoice of ``period``."""
        month = format_date(self.env, period.date_start, date_format="LLLL yyyy")
        return {
            "kind": kind,
            "period_id": period.id,
            "move_id": move.id,
            "partner_id": move.partner_id.id,
            "user_id": period.user_id.id or None,
            "date": period.date_start,
            "reason": f"{move.name}, {month}: {reason}",
        }
