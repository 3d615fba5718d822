from odoo import api, fields, models


class HelpdeskTicketCategory(models.Model):
    _inherit = "helpdesk.ticket.category"

    non_billable = fields.Boolean(
        compute="_compute_non_billable",
        store=True,
        readonly=False,
        precompute=True,
        recursive=True,
        help="The monthly billing asks nothing for time on tickets of this category, "
        "such as warranty. Categories below it follow.",
    )

    @api.depends("parent_id.non_billable")
    def _compute_non_billable(self):
        for category in self:
            parent = category.parent_id
            category.non_billable = (
                parent.non_billable if parent else category.non_billable
            )
