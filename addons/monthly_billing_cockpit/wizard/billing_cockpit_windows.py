from odoo import fields, models


class BillingCockpit(models.TransientModel):
    """Corrections of the past that wait for a person's word."""

    _inherit = "billing.cockpit"

    def _find_window_issues(self):
        """Return the windows that nobody has decided about yet."""
        windows = self.env["billing.window"].search(
            fields.Domain("state", "=", "proposed")
            & fields.Domain("company_id", "in", self.env.companies.ids)
        )
        return [
            {
                "kind": "window",
                "window_id": window.id,
                "partner_id": window.partner_id.id,
                "date": window.date_start,
                "reason": window.reason,
            }
            for window in windows
        ]
