from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..bounded import BoundedFloat

ESTIMATE_STATES = [
    ("draft", "Draft"),
    ("sent", "Awaiting Approval"),
    ("approved", "Approved"),
    ("rejected", "Rejected"),
    ("expired", "Expired"),
    ("superseded", "Superseded"),
]

# What the customer agrees to: fixed as soon as the customer has seen it.
TERMS = {
    "company_id",
    "currency_id",
    "estimated_hours",
    "hours_max",
    "hours_min",
    "partner_id",
    "price_unit",
    "product_id",
    "scope",
    "tax_ids",
    "template_id",
    "validity_date",
}
# What only a transition sets.
CONSENT = {
    "access_token",
    "amount_tax",
    "amount_total",
    "amount_untaxed",
    "approved_by_id",
    "overrun_told_on",
    "overrun_warned_on",
    "reject_reason",
    "reminded_on",
    "revision",
    "sent_on",
    "signature",
    "signed_by",
    "signed_ip",
    "signed_on",
    "signed_partner_id",
    "signed_user_id",
    "signed_via",
    "state",
}
# Put into the context by a transition: an object cannot come in over RPC.
TRANSITION = object()


def without_defaults(records, names):
    """Return ``records`` with a context that presets none of the fields ``names``.

    The client presets the state in a kanban column; over RPC anybody presets anything.
    """
    protected = {f"default_{name}" for name in names}
    context = records.env.context
    if not protected & context.keys():
        return records
    kept = {key: value for key, value in context.items() if key not in protected}
    return records.with_env(records.env(context=kept))


class HelpdeskTicketEstimate(models.Model):
    _name = "helpdesk.ticket.estimate"
    _description = "Ticket Effort Estimate"
    _inherit = ["portal.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "ticket_id desc, revision desc"
    _rec_names_search = ["ticket_id.number", "ticket_id.name"]
    _check_company_auto = True

    ticket_id = fields.Many2one(
        comodel_name="helpdesk.ticket",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    revision = fields.Integer(
        compute="_compute_revision",
        store=True,
        precompute=True,
        copy=False,
        aggregator=None,
    )
    company_id = fields.Many2one(
        related="ticket_id.company_id", store=True, index=True, precompute=True
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        compute="_compute_partner_id",
        store=True,
        precompute=True,
        index="btree_not_null",
        copy=False,
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        check_company=True,
        tracking=True,
        index="btree_not_null",
    )
    estimated_hours = BoundedFloat(required=True, digits="Product Unit", tracking=True)
    validity_date = fields.Date(
        string="Valid Until",
        default=lambda self: self._default_validity_date(),
        copy=False,
        tracking=True,
    )
    scope = fields.Html(
        sanitize_style=True,
        help="What the estimate covers. The customer reads this text.",
    )
    internal_note = fields.Html(
        groups="helpdesk_mgmt.group_helpdesk_user_own",
        help="Never shown to the customer.",
    )
    state = fields.Selection(
        selection=ESTIMATE_STATES,
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
        group_expand=True,
    )
    signed_by = fields.Char(string="Answered By", readonly=True, copy=False)
    signed_on = fields.Datetime(string="Answered On", readonly=True, copy=False)
    signature = fields.Image(readonly=True, copy=False, max_width=1024, max_height=1024)
    reject_reason = fields.Text(readonly=True, copy=False, tracking=True)
    approved_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Recorded By",
        readonly=True,
        copy=False,
        help="Who recorded the customer's answer on the customer's behalf.",
    )

    _revision_unique = models.Constraint(
        "UNIQUE(ticket_id, revision)",
        "Another estimate of this ticket was saved at the same time. Try again.",
    )
    _estimated_hours_positive = models.Constraint(
        "CHECK(estimated_hours > 0 AND estimated_hours <= 10000)",
        "An estimate needs more than zero hours, and 10,000 at most.",
    )

    def _default_validity_date(self):
        company = self.env.company
        days = company.ticket_estimate_validity_days
        return days and company._get_today() + timedelta(days=days)

    @api.depends("ticket_id.number", "revision")
    def _compute_display_name(self):
        for estimate in self:
            estimate.display_name = self.env._(
                "%(ticket)s, estimate %(revision)s",
                ticket=estimate.ticket_id.sudo().number or "",
                revision=estimate.revision or "",
            )

    @api.depends("ticket_id")
    def _compute_revision(self):
        latest = dict(
            self.env["helpdesk.ticket.estimate"]._read_group(
                [("ticket_id", "in", self.ticket_id.ids)],
                ["ticket_id"],
                ["revision:max"],
            )
        )
        for estimate in self:
            ticket = estimate.ticket_id._origin
            estimate.revision = latest[ticket] = latest.get(ticket, 0) + 1

    @api.depends("ticket_id.partner_id")
    def _compute_partner_id(self):
        for estimate in self._filter_editable():
            estimate.partner_id = estimate.ticket_id.partner_id

    @api.model_create_multi
    def create(self, vals_list):
        if not self._is_in_transition():
            for vals in vals_list:
                if vals.get("state", "draft") != "draft":
                    self._raise_consent_is_protected()
                self._check_consent_untouched(vals.keys() - {"state"})
            estimates = without_defaults(self, CONSENT)
            return super(HelpdeskTicketEstimate, estimates).create(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        if not self._is_in_transition():
            self._check_consent_untouched(vals.keys())
            self._check_ticket_stays(vals)
            if TERMS & vals.keys():
                self._check_terms_editable()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_seen_by_customer(self):
        for estimate in self:
            if estimate.state != "draft":
                raise UserError(
                    self.env._(
                        "%(estimate)s is no longer a draft and stays as a record of "
                        "what was agreed. Only drafts can be deleted.",
                        estimate=estimate.display_name,
                    )
                )

    def _filter_editable(self):
        return self.filtered(lambda estimate: estimate.state == "draft")

    def _is_in_transition(self):
        return self.env.context.get("estimate_transition") is TRANSITION

    def _raise_consent_is_protected(self):
        raise UserError(
            self.env._(
                "State and signature of an estimate are set by its buttons: send, "
                "approve, reject, withdraw or revise it."
            )
        )

    def _check_consent_untouched(self, names):
        if CONSENT & names:
            self._raise_consent_is_protected()

    def _check_ticket_stays(self, vals):
        if "ticket_id" in vals and any(
            e.ticket_id.id != vals["ticket_id"] for e in self
        ):
            raise UserError(
                self.env._(
                    "An estimate stays with its ticket. Create a new one on the other "
                    "ticket."
                )
            )

    def _check_terms_editable(self):
        for estimate in self - self._filter_editable():
            if estimate.state == "sent":
                message = self.env._(
                    "%(estimate)s is with the customer. Withdraw it before you change "
                    "it.",
                    estimate=estimate.display_name,
                )
            else:
                message = self.env._(
                    "%(estimate)s is closed and cannot change. Create a new revision.",
                    estimate=estimate.display_name,
                )
            raise UserError(message)
