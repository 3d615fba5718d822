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
            "e_invoice": self.env._(
                "Enter what the format of the customer's e-invoices needs."
            ),
            "e_invoice_seller": self.env._(
                "Enter it at the company: it stands on every e-invoice."
            ),
        }
