from datetime import timedelta

from odoo import models

#: reasons of ours that are not those of credit control
OURS_ALONE = ("credit_control", "not_sent", "undelivered")


class CreditControlPolicy(models.Model):
    _inherit = "credit.control.policy"

    def _move_lines_domain(self, credit_control_run):
        """Credit control leaves out what our reminders have begun with, and what nobody
        is to be reminded of."""
        domain = super()._move_lines_domain(credit_control_run)
        left_out = self._find_left_out(credit_control_run)
        return [*domain, ("id", "not in", left_out)]

    def _find_left_out(self, run):
        """Return the ids of receivable items that a run must not remind of."""
        company = run.company_id
        decision = self.env["dunning.decision"].sudo().with_company(company)
        receivables = decision._read_receivables(run.date + timedelta(days=1), company)
        obstacles = decision._get_obstacles(receivables, run.date, company)
        ids = {
            one.line_id for one, why in obstacles.items() if why.code not in OURS_ALONE
        }
        controlled = decision._find_controlled(company)
        return list(ids | (decision._find_begun(company) - controlled))
