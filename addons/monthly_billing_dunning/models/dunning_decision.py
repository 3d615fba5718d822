from odoo import api, models

from odoo.addons.invoice_dunning.core.receivable import Obstacle

NOT_THERE = ("waiting", "sending", "failed")


class DunningDecision(models.AbstractModel):
    _inherit = "dunning.decision"

    @api.model
    def _get_obstacles(self, receivables, day, company):
        """Nobody is reminded of an invoice that did not arrive, or that the firm
        collects itself."""
        found = super()._get_obstacles(receivables, day, company)
        moves = self.env["account.move"].browse(
            {one.move_id for one in receivables if not one.is_credit}
        )
        moves.fetch(["delivery_state"])  # of all at once, and nothing else
        reasons = {
            move.id: reason
            for move in moves
            if (reason := self._get_billing_obstacle(move))
        }
        for one in receivables:
            if one.move_id in reasons and not one.is_credit:
                found.setdefault(one, reasons[one.move_id])
        return found

    @api.model
    def _get_billing_obstacle(self, move):
        """Return what the billing knows against a reminder of an invoice, or None."""
        if move.delivery_state in NOT_THERE:
            return Obstacle(
                "not_delivered", self.env._("The invoice did not arrive yet.")
            )
        if move._get_direct_debit():
            return Obstacle(
                "direct_debit",
                self.env._(
                    "It is collected by direct debit. Take the mandate off the "
                    "invoice if the debit was returned."
                ),
            )
        return None
