from odoo import fields, models


class ProjectProject(models.Model):
    _inherit = "project.project"

    non_billable = fields.Boolean(
        help="The monthly billing asks nothing for time on this project."
    )
