from odoo import api, models
from odoo.fields import Domain


class ResPartner(models.Model):
    """What a customer needs to get an invoice."""

    _inherit = "res.partner"

    @api.model
    def _get_incomplete_address_domain(self):
        """Return the domain of partners without the address an invoice needs."""
        return Domain.OR(
            Domain(name, "in", [False, ""]) for name in ("street", "city")
        ) | Domain("country_id", "=", False)
