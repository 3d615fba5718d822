from odoo import models
from odoo.exceptions import UserError

#: credit control has not written to the customer
NOT_BEGUN = ("draft", "ignored")


class AccountMove(models.Model):
    _inherit = "account.move"

    def button_cancel(self):
        """What credit control reminded of cannot be cancelled but credited: who cancels
        it comes to the credit note."""
        reminded = self.filtered(lambda move: move._is_under_credit_control())
        if not reminded:
            return super().button_cancel()
        if len(self) == 1 and self.state == "posted":
            return self._get_credit_action()
        raise UserError(
            self.env._(
                "The customer was reminded of %s, so it cannot be cancelled. Post it, "
                "then credit it with the button “Credit Note”.",
                reminded[0].display_name,
            )
        )

    def _is_under_credit_control(self):
        """Return whether credit control has begun to remind of this invoice."""
        self.ensure_one()
        return any(
            line.state not in NOT_BEGUN for line in self.sudo().credit_control_line_ids
        )

    def _get_credit_action(self):
        """Return the action that asks why and when to credit this invoice."""
        context = {"active_model": self._name, "active_ids": self.ids}
        return {**self.action_reverse(), "context": context}
