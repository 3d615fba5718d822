from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.ticket_estimates.models.helpdesk_ticket_intake import Intake


class BillingAgreement(models.Model):
    """What the customer sees and does in the portal beside the invoices."""

    _inherit = "billing.agreement"

    timesheet_portal = fields.Selection(
        [("show", "Show"), ("hide", "Hide")],
        string="Time Entries in the Portal",
        tracking=True,
        help="Whether the customer sees each time entry on the own tickets. Empty: as "
        "the team of the ticket says.",
    )

    ticket_team_id = fields.Many2one(
        "helpdesk.ticket.team",
        string="Team for New Tickets",
        check_company=True,
        tracking=True,
        help="Gets the tickets that the customer opens. Empty: the team of the latest "
        "ticket.",
    )
    ticket_user_id = fields.Many2one(
        "res.users",
        string="In Charge of New Tickets",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        tracking=True,
        help="Is in charge of the tickets that the customer opens, as a member of the "
        "team. Empty: whoever is responsible for the agreement.",
    )

    @api.model
    def _get_portal_ticket_domain(self, customer, choice):
        """Return the domain of the tickets for which ``choice`` was agreed today.

        :param customer: commercial partner
        :param str choice: ``show`` or ``hide``
        """
        agreements = self.sudo().search(
            self._get_current_domain(customer) & Domain("timesheet_portal", "=", choice)
        )
        return Domain.OR(agreement._get_ticket_domain() for agreement in agreements)

    @api.model
    def _get_current_domain(self, customer):
        """Return the domain of the agreements with ``customer`` that run on the day it
        is in their company."""
        running = self._get_running_domain() & Domain("partner_id", "in", customer.ids)
        groups = self.sudo()._read_group(running, ["company_id"])
        return running & Domain.OR(
            Domain(
                [
                    ("company_id", "=", company.id),
                    ("date_start", "<=", today),
                    "|",
                    ("date_end", "=", False),
                    ("date_end", ">=", today),
                ]
            )
            for company, today in ((one, one._get_today()) for (one,) in groups)
        )

    def _get_intakes(self):
        """Return who takes new tickets as a list of ``Intake``, one for each project
        of the agreement."""
        self.ensure_one()
        user = self.ticket_user_id or self.user_id
        projects = list(self.project_ids) or [self.project_ids]
        return [Intake(self.ticket_team_id, project, user) for project in projects]

    def _get_ticket_domain(self):
        """Return the domain of the customer's tickets that the agreement is about."""
        self.ensure_one()
        company = Domain("company_id", "=", self.company_id.id)
        if not self.project_ids:
            return company
        by_team = Domain("project_id", "=", False) & Domain(
            "team_id.default_project_id", "in", self.project_ids.ids
        )
        return company & (Domain("project_id", "in", self.project_ids.ids) | by_team)
