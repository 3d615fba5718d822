from odoo import api, models

from odoo.addons.base.models.ir_actions_report import _wkhtml


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    @api.model
    def _get_shielded_models(self):
        return super()._get_shielded_models() | {"account.move"}

    @api.model
    def _prints_heads(self):
        """Return whether pages have head and foot, and tables go on below their head.

        Only a wkhtmltopdf with patched Qt does it; any other also cuts through rows.
        """
        return _wkhtml().is_patched_qt
