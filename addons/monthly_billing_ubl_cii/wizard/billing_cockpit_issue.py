from odoo import fields, models

#: what keeps e-invoices from being made; the row opens who lacks it
KINDS = [
    ("e_invoice", "Customer Without Data for the E-Invoice"),
    ("e_invoice_seller", "Company Without Data for the E-Invoice"),
]


class BillingCockpitIssue(models.TransientModel):
    _inherit = "billing.cockpit.issue"

    kind = fields.Selection(
        selection_add=KINDS, ondelete={kind: "cascade" for kind, _label in KINDS}
    )
