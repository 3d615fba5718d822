from odoo import fields, models


class BillingCockpit(models.TransientModel):
    """Whether the jobs run by which months are billed and sent."""

    _inherit = "billing.cockpit"

    job_problem = fields.Text(compute="_compute_job_problem", compute_sudo=True)

    def _compute_job_problem(self):
        jobs = self.env["ir.cron"].with_context(active_test=False)._get_watched()
        problems = [job._get_problem_text() for job in jobs]
        self.job_problem = "\n".join(filter(None, problems))
