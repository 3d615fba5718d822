from odoo import api, fields, models

BILLING_USER = "monthly_billing.monthly_billing_group_user"


class TimesheetsAnalysisReport(models.Model):
    """What the filters on timesheets ask for: the report shares their search view.

    A row of the report has the id of its timesheet entry.
    """

    _inherit = "timesheets.analysis.report"

    non_billable = fields.Boolean(readonly=True)
    is_billed = fields.Boolean(
        compute="_compute_billing", search="_search_is_billed", groups=BILLING_USER
    )
    is_withheld = fields.Boolean(
        compute="_compute_billing", search="_search_is_withheld", groups=BILLING_USER
    )
    is_written_off = fields.Boolean(
        compute="_compute_billing", search="_search_is_written_off", groups=BILLING_USER
    )

    def _compute_billing(self):
        for row in self:
            entry = self.env["account.analytic.line"].browse(row.id)
            row.is_billed = entry.is_billed
            row.is_withheld = entry.is_withheld
            row.is_written_off = entry.is_written_off

    def _search_is_billed(self, operator, value):
        return self.env["account.analytic.line"]._search_is_billed(operator, value)

    def _search_is_withheld(self, operator, value):
        return self.env["account.analytic.line"]._search_is_withheld(operator, value)

    def _search_is_written_off(self, operator, value):
        return self.env["account.analytic.line"]._search_is_written_off(operator, value)

    @api.model
    def _select(self):
        return f"{super()._select()}, A.non_billable AS non_billable"
