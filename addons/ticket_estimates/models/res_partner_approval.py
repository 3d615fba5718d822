from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .res_company_approval import APPROVAL_POLICIES
from .res_partner_policy import MANAGERS


class ResPartner(models.Model):
    _inherit = "res.partner"

    # Kept on the commercial partner. Portal users read their own contact over RPC.
    estimate_approval = fields.Selection(
        selection=APPROVAL_POLICIES,
        string="Who May Approve",
        company_dependent=True,
        groups=MANAGERS,
        help="Who of this customer may approve estimates in the portal. Empty: as set "
        "for the company.",
    )
    estimate_approval_limit = fields.Float(
        string="Approval Limit",
        company_dependent=True,
        groups=MANAGERS,
        help="Total of an estimate, taxes included, in the currency of your company, "
        "up to which everyone of this customer may approve.",
    )
    estimate_approver_ids = fields.Many2many(
        comodel_name="res.partner",
        relation="helpdesk_ticket_estimate_approver_rel",
        column1="customer_id",
        column2="approver_id",
        string="Approvers",
        copy=False,  # people of the original, not of the copy
        groups=MANAGERS,
        help="Contacts who may approve where not everyone may. Each of them gets the "
        "estimate by e-mail, with a personal link.",
    )

    @api.constrains("estimate_approval_limit")
    def _check_estimate_approval_limit(self):
        for partner in self.sudo():
            if not 0 <= partner.estimate_approval_limit <= 1_000_000_000:
                raise ValidationError(
                    self.env._(
                        "The approval limit of %(customer)s must be between 0 and "
                        "1,000,000,000.",
                        customer=partner.display_name,
                    )
                )

    @api.constrains("estimate_approver_ids")
    def _check_estimate_approvers(self):
        for customer in self:
            strangers = customer.estimate_approver_ids.filtered(
                lambda approver, family=customer.commercial_partner_id: (
                    approver.commercial_partner_id != family
                )
            )
            if strangers:
                raise ValidationError(
                    self.env._(
                        "%(contact)s does not belong to %(customer)s and cannot "
                        "approve its estimates.",
                        contact=strangers[:1].display_name,
                        customer=customer.display_name,
                    )
                )

    def _get_estimate_approval(self, company):
        """Return (policy, limit in the company's currency) of this customer.

        What the commercial partner says wins over what the company says.
        """
        customer = self.commercial_partner_id.sudo().with_company(company)
        if customer.estimate_approval:
            return customer.estimate_approval, customer.estimate_approval_limit
        company = company.sudo()
        return company.ticket_estimate_approval, company.ticket_estimate_approval_limit

    def _get_estimate_approvers(self):
        """Return the contacts who are named to approve for this customer."""
        customer = self.commercial_partner_id.sudo()
        return customer.estimate_approver_ids.filtered(
            lambda approver: approver.commercial_partner_id == customer
        )
