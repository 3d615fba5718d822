from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.misc import formatLang

from .res_company_policy import ESTIMATE_POLICIES, OVERRUN_POLICIES

MANAGERS = "helpdesk_mgmt.group_helpdesk_manager"
LIMITS = (
    "ticket_estimate_free_hours",
    "ticket_overrun_tolerance",
    "ticket_overrun_warning",
)
HIGHEST = 1000


class ResPartner(models.Model):
    """Rules of a customer's own, where they differ from the company's.

    A limit counts as soon as the policy it belongs to is chosen: so 0 % is a limit
    like any other, and an empty policy means the company's with all its limits.
    """

    _inherit = "res.partner"

    ticket_estimate_policy = fields.Selection(
        selection=ESTIMATE_POLICIES,
        string="Work Without Approval",
        company_dependent=True,
        groups=MANAGERS,
        help="Time on tickets of this customer without an approved estimate. Empty: as "
        "the company, with its free hours.",
    )
    ticket_estimate_free_hours = fields.Float(
        string="Hours Free of Approval",
        company_dependent=True,
        groups=MANAGERS,
        help="Hours a ticket may have before an estimate must be approved. 0 means "
        "that every job needs approval.",
    )
    ticket_overrun_policy = fields.Selection(
        selection=OVERRUN_POLICIES,
        string="Work Beyond Approval",
        company_dependent=True,
        groups=MANAGERS,
        help="Time on tickets of this customer beyond the approved hours and the "
        "tolerance. Empty: as the company, with its tolerance and warning.",
    )
    ticket_overrun_tolerance = fields.Float(
        string="Tolerance (%)",
        company_dependent=True,
        groups=MANAGERS,
        help="Percent of the approved hours by which a ticket may exceed them before "
        "the rule applies and the customer is asked again.",
    )
    ticket_overrun_warning = fields.Float(
        string="Warning At (%)",
        company_dependent=True,
        groups=MANAGERS,
        help="Percent of the approved hours at which the person in charge gets an "
        "activity. 0 means no warning.",
    )
    ticket_estimate_policy_hint = fields.Char(
        string="Work Without Approval as Company",
        compute="_compute_ticket_policy_hints",
        groups=MANAGERS,
    )
    ticket_overrun_policy_hint = fields.Char(
        string="Work Beyond Approval as Company",
        compute="_compute_ticket_policy_hints",
        groups=MANAGERS,
    )

    @api.constrains(*LIMITS)
    def _check_ticket_limits(self):
        for partner in self.sudo():
            if not all(0 <= partner[name] <= HIGHEST for name in LIMITS):
                raise ValidationError(
                    self.env._(
                        "Free hours, tolerance and warning of %(customer)s cannot be "
                        "negative, nor above 1,000.",
                        customer=partner.display_name,
                    )
                )

    @api.depends_context("company", "lang")
    def _compute_ticket_policy_hints(self):
        policy = self.env.company._get_ticket_policy()
        labels = dict(
            self._fields["ticket_overrun_policy"]._description_selection(self.env)
        )
        self.ticket_estimate_policy_hint = self.env._(
            "As company: %(policy)s, %(hours)s hours free of approval",
            policy=labels[policy.estimate],
            hours=formatLang(self.env, policy.free_hours),
        )
        self.ticket_overrun_policy_hint = self.env._(
            "As company: %(policy)s, %(tolerance)s %% tolerance, warning at "
            "%(warning)s %%",
            policy=labels[policy.overrun],
            tolerance=formatLang(self.env, policy.tolerance),
            warning=formatLang(self.env, policy.warning),
        )

    @api.onchange("ticket_estimate_policy")
    def _onchange_ticket_estimate_policy(self):
        """Rules of the customer's own start from the company's limits."""
        if not self._origin.sudo().ticket_estimate_policy:
            policy = self.env.company._get_ticket_policy()
            self.ticket_estimate_free_hours = policy.free_hours

    @api.onchange("ticket_overrun_policy")
    def _onchange_ticket_overrun_policy(self):
        """Rules of the customer's own start from the company's limits."""
        if not self._origin.sudo().ticket_overrun_policy:
            policy = self.env.company._get_ticket_policy()
            self.ticket_overrun_tolerance = policy.tolerance
            self.ticket_overrun_warning = policy.warning

    def _get_ticket_policy(self, company):
        """Return the rules for tickets of this customer, or of no customer.

        :param company: the company of the ticket
        :return: the customer's own rules where there are any, else the company's
        :rtype: Policy
        """
        policy = company._get_ticket_policy()
        customer = self.sudo().commercial_partner_id.with_company(company)
        if customer.ticket_estimate_policy:
            policy = policy._replace(
                estimate=customer.ticket_estimate_policy,
                free_hours=customer.ticket_estimate_free_hours,
            )
        if customer.ticket_overrun_policy:
            policy = policy._replace(
                overrun=customer.ticket_overrun_policy,
                tolerance=customer.ticket_overrun_tolerance,
                warning=customer.ticket_overrun_warning,
            )
        return policy
