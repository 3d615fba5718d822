from odoo import models


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _get_translation_frontend_modules_name(cls):
        """Conversations are shown in the portal: their words in the visitor's language,
        too."""
        names = super()._get_translation_frontend_modules_name()
        return [*names, "mail", "portal", "ticket_estimates"]
