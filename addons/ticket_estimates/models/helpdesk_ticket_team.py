from odoo import fields, models


class HelpdeskTicketTeam(models.Model):
    _inherit = "helpdesk.ticket.team"

    show_timesheet_portal = fields.Boolean(
        string="Show Time Entries to Customers",
        groups="base.group_user",
        help="Customers see each entry on their tickets with its date, person and "
        "text. The hours in total they see in any case.",
    )
