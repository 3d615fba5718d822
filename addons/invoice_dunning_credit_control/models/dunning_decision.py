from collections import defaultdict

from odoo import api, models

from odoo.addons.invoice_dunning.core.receivable import Obstacle

from .account_move import NOT_BEGUN


class DunningDecision(models.AbstractModel):
    _inherit = "dunning.decision"

    @api.model
    def _get_obstacles(self, receivables, day, company):
        """What credit control reminds of is left to it.

        Whoever begins goes on: an invoice is never handed from one to the other.
        Before that, the policy of credit control decides: of the invoice, else of the
        customer, else of the company.
        """
        found = super()._get_obstacles(receivables, day, company)
        controlled, begun = self._find_controlled(company), self._find_begun(company)
        owed = [one for one in receivables if not one.is_credit]
        obstacle = Obstacle(
            "credit_control", self.env._("Credit control reminds of it.")
        )
        new = [one for one in owed if one.line_id not in controlled | begun]
        followed = self._find_followed(new, company) | controlled
        for one in owed:
            if one.line_id in followed:
                found.setdefault(one, obstacle)
        return found

    @api.model
    def _find_controlled(self, company):
        """Return the ids of items that credit control has reminded of."""
        lines = self.env["credit.control.line"].search(
            [
                ("company_id", "=", company.id),
                ("state", "not in", NOT_BEGUN),
                ("move_line_id.reconciled", "=", False),
            ]
        )
        return set(lines.move_line_id.ids)

    @api.model
    def _find_begun(self, company):
        """Return the ids of items that our reminders have begun with."""
        lines = self.env["dunning.notice.line"].search(
            [
                ("company_id", "=", company.id),
                ("is_advanced", "=", True),
                ("state", "!=", "cancelled"),
                ("move_line_id.reconciled", "=", False),
            ]
        )
        return set(lines.move_line_id.ids)

    @api.model
    def _find_followed(self, receivables, company):
        """Return the ids of items that a policy of credit control is to remind of."""
        of_move = self._read_policies("account.move")
        of_partner = self._read_policies("res.partner")
        by_policy = defaultdict(list)
        for one in receivables:
            policy = (
                of_move.get(one.move_id)
                or of_partner.get(one.partner_id)
                or company.credit_policy_id
            )
            if policy and policy.active and not policy.do_nothing:
                by_policy[policy].append(one.line_id)
        lines = self.env["account.move.line"]
        return {
            line_id
            for policy, ids in by_policy.items()
            for line_id in lines._search(
                [("id", "in", ids), ("account_id", "in", policy.account_ids.ids)]
            )
        }

    @api.model
    def _read_policies(self, model):
        """Return the policy of credit control by id of the record, where one is set."""
        records = self.env[model].with_context(active_test=False)
        rows = records._read_group(
            [("credit_policy_id", "!=", False)], ["credit_policy_id"], ["id:recordset"]
        )
        return {record.id: policy for policy, found in rows for record in found}
