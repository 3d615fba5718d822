from odoo import api, fields, models


class BillingAgreement(models.Model):
    """What of the work the customer has not approved is billed."""

    _inherit = "billing.agreement"

    estimate_policy = fields.Selection(
        [
            ("bill_all", "Bill all time"),
            ("withhold", "Withhold time beyond the approved estimate"),
        ],
        string="Estimates",
        compute="_compute_estimate_policy",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        tracking=True,
        help="With withholding, time on a ticket is billed up to the approved hours. "
        "The rest stays visible as withheld until the customer approves it. New "
        "agreements withhold where the rule for work beyond approval of the customer, "
        "or else of the company, says so; that rule decides what may be booked, this "
        "one what is billed.",
    )
    estimate_tolerance = fields.Float(
        string="Tolerance (%)",
        compute="_compute_estimate_policy",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
        help="Share of the approved hours by which a ticket may be exceeded before "
        "time is withheld. New agreements take it from the rules of the customer, or "
        "else of the company.",
    )

    _estimate_tolerance_positive = models.Constraint(
        "CHECK(estimate_tolerance IS NULL OR estimate_tolerance BETWEEN 0 AND 1000)",
        "The tolerance beyond an estimate must be between 0 % and 1,000 %.",
    )

    @api.depends("partner_id", "company_id")
    def _compute_estimate_policy(self):
        for agreement in self:
            policy = agreement.partner_id._get_ticket_policy(agreement.company_id)
            withhold = policy.overrun == "withhold"
            agreement.estimate_policy = "withhold" if withhold else "bill_all"
            agreement.estimate_tolerance = policy.tolerance
