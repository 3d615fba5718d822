from odoo import models


class IrModuleModule(models.Model):
    _inherit = "ir.module.module"

    def _update_translations(self, filter_lang=None, overwrite=False):
        """The usual levels speak a language that is added later, too."""
        result = super()._update_translations(filter_lang, overwrite)
        if "invoice_dunning" in self.mapped("name"):
            levels = self.env["dunning.level"].sudo().with_context(active_test=False)
            levels.search([("company_id.active", "=", True)])._translate_defaults()
        return result
