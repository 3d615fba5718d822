from odoo import fields, models


class BillingCockpit(models.TransientModel):
    """Whether the jobs run by which months are billed and sent."""

    _inherit = "billing.cockpit"

    job_problem = fields.Text(compute="_compute_job_problem", compute_sudo=True)

    def _compute_job_problem(self):
        self.job_problem = "\n".join(self.env["ir.cron"]._get_problems())
