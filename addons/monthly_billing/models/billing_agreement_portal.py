from odoo import api, fields, models
from odoo.fields import Domain


class BillingAgreement(models.Model):
    """What the customer sees in the portal beside the invoices."""

    _inherit = "billing.agreement"

    timesheet_portal = fields.Selection(
        [("show", "Show"), ("hide", "Hide")],
        string="Time Entries in the Portal",
        tracking=True,
        help="Whether the customer sees each time entry on the own tickets. Empty: as "
        "the team of the ticket says.",
    )

    @api.model
    def _get_portal_ticket_domain(self, customer, choice):
        """Return the domain of the tickets for which ``choice`` was agreed today.

        :param customer: commercial partner
        :param str choice: ``show`` or ``hide``
        """
        today = fields.Date.context_today(self)
        agreements = self.sudo().search(
            [
                ("state", "=", "active"),
                ("partner_id", "in", customer.ids),
                ("timesheet_portal", "=", choice),
                ("date_start", "<=", today),
                "|",
                ("date_end", "=", False),
                ("date_end", ">=", today),
            ]
        )
        return Domain.OR(agreement._get_ticket_domain() for agreement in agreements)

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
