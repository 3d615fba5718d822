from odoo import fields, models

APPROVAL_POLICIES = [
    ("approvers_or_link", "Named Approvers, or by the Personal Link"),
    ("everyone", "Everyone with Portal Access"),
    ("approvers", "Named Approvers Only"),
    ("limit", "Everyone up to an Amount"),
]


class ResCompany(models.Model):
    _inherit = "res.company"

    ticket_estimate_approval = fields.Selection(
        selection=APPROVAL_POLICIES,
        string="Who May Approve Estimates",
        default="approvers_or_link",
        required=True,
        groups="base.group_user",
    )
    ticket_estimate_approval_limit = fields.Monetary(
        string="Approval Limit",
        groups="base.group_user",
        help="Total of an estimate, taxes included, up to which everyone may approve.",
    )
    mail_signup_link = fields.Boolean(
        string="Sign-Up Link in E-Mails",
        groups="base.group_user",
        help="E-mails with an invoice, about a ticket or an estimate let a contact "
        "without login sign up. Whoever is forwarded such an e-mail can do so, too, "
        "and is the customer then.",
    )
    ticket_estimate_reminder_days = fields.Integer(
        string="Reminder of Estimates", default=5, groups="base.group_user"
    )

    _ticket_estimate_approval_limit_positive = models.Constraint(
        "CHECK(ticket_estimate_approval_limit BETWEEN 0 AND 1000000000)",
        "The approval limit of estimates must be between 0 and 1,000,000,000.",
    )
    _ticket_estimate_reminder_days_positive = models.Constraint(
        "CHECK(ticket_estimate_reminder_days BETWEEN 0 AND 365)",
        "The days until the reminder must be between 0 and 365. 0 means no reminder.",
    )
