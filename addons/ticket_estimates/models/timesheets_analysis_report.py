from odoo import api, fields, models


class TimesheetsAnalysisReport(models.Model):
    """Time by ticket. The report's search view is that of the timesheets with our
    filters, so what they ask for is known here too."""

    _inherit = "timesheets.analysis.report"

    ticket_id = fields.Many2one("helpdesk.ticket", readonly=True)

    @api.model
    def _select(self):
        return f"{super()._select()}, A.ticket_id AS ticket_id"
