from odoo import api, models
from odoo.fields import Domain


class ResPartner(models.Model):
    _inherit = "res.partner"

    @api.model
    def _get_unmailable_domain(self):
        """Return the domain of customers whose invoice address has no e-mail."""
        addresses = Domain("type", "=", "invoice")
        nowhere = Domain("email", "in", [False, ""])
        return (~Domain("child_ids", "any", addresses) & nowhere) | Domain(
            "child_ids", "any", addresses & nowhere
        )
