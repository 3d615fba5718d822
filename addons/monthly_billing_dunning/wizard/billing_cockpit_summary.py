from odoo import api, fields, models

from .billing_cockpit_issue import KINDS


class BillingCockpitSummary(models.TransientModel):
    _inherit = "billing.cockpit.summary"

    kind = fields.Selection(
        selection_add=KINDS, ondelete={kind: "cascade" for kind, _label in KINDS}
    )

    @api.model
    def _get_remedies(self):
        return {
            **super()._get_remedies(),
            "undelivered_reminder": self.env._(
                "Put the address right and send the reminder again, or print it."
            ),
            "last_reminder": self.env._(
                "Decide what comes next: call, agree on instalments, or take legal "
                "steps."
            ),
            "base_rate": self.env._(
                "Enter the rate that the Bundesbank has published for this half-year."
            ),
        }
