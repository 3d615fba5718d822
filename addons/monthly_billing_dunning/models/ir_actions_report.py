from odoo import api, models


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    @api.model
    def _get_shielded_models(self):
        return super()._get_shielded_models() | {"dunning.notice"}
