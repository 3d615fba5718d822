from odoo import models


class HelpdeskTicketEstimate(models.Model):
    """Who may answer for the customer: everyone, named contacts, up to an amount."""

    _inherit = "helpdesk.ticket.estimate"

    def _get_approvers(self):
        """Return the contacts the customer has named to approve."""
        return self.partner_id._get_estimate_approvers()

    def _needs_named_approver(self):
        """Tell whether being with the customer is not enough to answer this estimate.

        The limit holds for the total with taxes, in the company's currency.
        """
        self.ensure_one()
        policy, limit = self.partner_id._get_estimate_approval(self.company_id)
        if policy != "limit":
            return policy != "everyone"
        currency = self.company_id.currency_id
        total = self.currency_id._convert(
            self.amount_total, currency, self.company_id, self.company_id._get_today()
        )
        return currency.compare_amounts(total, limit) > 0

    def _can_be_answered_by(self, visitor):
        """Tell whether this visitor may approve or reject for the customer.

        :param Visitor visitor: see ``_get_visitor``; nobody of the team may, who
            records the customer's answer in the backend instead
        """
        if visitor.via == "team":
            return False
        if not self._needs_named_approver() or visitor.partner & self._get_approvers():
            return True
        return visitor.via == "personal_link" and self._is_addressee(visitor.partner)

    def _is_addressee(self, partner):
        """Tell whether the personal link mailed to ``partner`` is enough to answer."""
        self.ensure_one()
        policy, _limit = self.partner_id._get_estimate_approval(self.company_id)
        return policy == "approvers_or_link" and partner == self.partner_id
