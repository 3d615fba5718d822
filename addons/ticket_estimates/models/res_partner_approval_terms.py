from odoo import models
from odoo.tools.misc import formatLang


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _get_approval_terms(self, company):
        """Return as sentences what work this customer gets without approval.

        :param company: the company of the ticket
        """
        policy = self._get_ticket_policy(company)
        if self.commercial_partner_id == company.partner_id.commercial_partner_id:
            return []
        if policy.estimate == "allow":
            return [self.env._("We begin without an estimate, as agreed with you.")]
        if policy.free_hours:
            return [
                self.env._(
                    "Up to %(hours)s h of work on it are free of approval. Should it "
                    "take more, you get an estimate first.",
                    hours=formatLang(self.env, policy.free_hours),
                )
            ]
        return [
            self.env._(
                "You get an estimate of the effort. We begin as soon as you approve it."
            )
        ]
