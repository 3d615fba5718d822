from odoo import models
from odoo.fields import Domain


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _hand_work_over(self, employer):
        """Drafts of months that are addressed to the contacts go to the employer."""
        drafts = self.env["account.move"].search(
            Domain("partner_id", "in", self.ids)
            & Domain("billing_period_id", "!=", False)
            & Domain("state", "=", "draft")
        )
        drafts.write({"partner_id": employer.id})
        return super()._hand_work_over(employer)
