from odoo import fields, models

from ..core.consent import Policy

ESTIMATE_POLICIES = [
    ("allow", "Allowed"),
    ("warn", "Allowed with a warning"),
    ("block", "Blocked"),
]
OVERRUN_POLICIES = [
    *ESTIMATE_POLICIES,
    ("withhold", "Allowed but withheld from billing"),
]


class ResCompany(models.Model):
    """The rules for work the customer has not approved."""

    _inherit = "res.company"

    ticket_estimate_policy = fields.Selection(
        selection=ESTIMATE_POLICIES,
        string="Work Without Approval",
        required=True,
        default="allow",
        groups="base.group_user",
    )
    ticket_estimate_free_hours = fields.Float(
        string="Hours Free of Approval",
        groups="base.group_user",
    )
    ticket_overrun_policy = fields.Selection(
        selection=OVERRUN_POLICIES,
        string="Work Beyond Approval",
        required=True,
        default="warn",
        groups="base.group_user",
    )
    ticket_overrun_tolerance = fields.Float(
        string="Tolerance (%)", default=15.0, groups="base.group_user"
    )
    ticket_overrun_warning = fields.Float(
        string="Warning At (%)", default=80.0, groups="base.group_user"
    )
    ticket_overrun_notice = fields.Selection(
        selection=[
            ("send", "Ask the customer at once"),
            ("prepare", "Prepare a draft for the person in charge"),
        ],
        string="When an Estimate Will Not Hold",
        required=True,
        default="send",
        groups="base.group_user",
    )

    _ticket_estimate_free_hours_positive = models.Constraint(
        "CHECK(ticket_estimate_free_hours BETWEEN 0 AND 10000)",
        "The hours free of approval must be between 0 and 10,000.",
    )
    _ticket_overrun_tolerance_positive = models.Constraint(
        "CHECK(ticket_overrun_tolerance BETWEEN 0 AND 1000)",
        "The tolerance beyond an estimate must be between 0 % and 1,000 %.",
    )
    _ticket_overrun_warning_positive = models.Constraint(
        "CHECK(ticket_overrun_warning BETWEEN 0 AND 1000)",
        "The share to warn at must be between 0 % and 1,000 %. 0 means no warning.",
    )

    def _get_ticket_policy(self):
        """Return the rules for customers without rules of their own."""
        company = self.sudo()
        return Policy(
            estimate=company.ticket_estimate_policy,
            free_hours=company.ticket_estimate_free_hours,
            overrun=company.ticket_overrun_policy,
            tolerance=company.ticket_overrun_tolerance,
            warning=company.ticket_overrun_warning,
        )
