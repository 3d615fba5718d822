from odoo import models
from odoo.tools import html2plaintext

from odoo.addons.ticket_estimates.models.res_partner_employer import EMPLOYER_ACTIVITY


class BillingCockpit(models.TransientModel):
    """Contacts who changed employer, while somebody still has to decide."""

    _inherit = "billing.cockpit"

    def _find_employer_issues(self):
        """Return what is to be decided about work that stayed with former employers."""
        kind = self.env.ref(EMPLOYER_ACTIVITY, raise_if_not_found=False)
        if not kind:
            return []
        activities = self.env["mail.activity"].search(
            [("activity_type_id", "=", kind.id), ("res_model", "=", "res.partner")],
            order="id",
        )
        customers = self.env["res.partner"].browse(activities.mapped("res_id"))
        return [
            {
                "kind": "employer",
                "partner_id": customer.id,
                "user_id": activity.user_id.id or None,
                "date": activity.date_deadline,
                "reason": html2plaintext(activity.note or "").strip(),
            }
            for activity, customer in zip(activities, customers, strict=True)
            if not customer.company_id or customer.company_id in self.env.companies
        ]
