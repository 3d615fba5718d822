from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.volume_discount.bounded import BoundedMonetary

from ..core.months import EARLIEST, LATEST
from ..core.rounding import Rounding

#: condition in SQL that a column is empty or a sensible date
DATES = ("date_start", "date_end", "bill_from")
IN_REACH = f"({{0}} IS NULL OR {{0}} BETWEEN '{EARLIEST}' AND '{LATEST}')".format

#: what says which time an agreement bills
CLAIM_FIELDS = {
    "bill_from",
    "company_id",
    "date_end",
    "date_start",
    "partner_id",
    "project_ids",
    "state",
}


class BillingAgreement(models.Model):
    _name = "billing.agreement"
    _description = "Billing Agreement"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "partner_id, name, id"
    _check_company_auto = True
    _rec_names_search = ["name", "partner_id.name", "customer_reference"]

    name = fields.Char(
        string="Number", required=True, readonly=True, copy=False, default="/"
    )
    active = fields.Boolean(default=True)
    state = fields.Selection(
        [("draft", "Draft"), ("active", "Running"), ("closed", "Closed")],
        required=True,
        default="draft",
        copy=False,
        tracking=True,
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        tracking=True,
        check_company=True,
        domain="[('parent_id', '=', False)]",
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        tracking=True,
        help="The person the customer may ask: sends the invoices and is told when a "
        "month cannot be billed.",
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
        tracking=True,
    )
    product_id = fields.Many2one(
        "product.product",
        string="Hourly Service",
        check_company=True,
        tracking=True,
        ondelete="restrict",
        domain="[('type', '=', 'service')]",
        help="The service on the invoice lines: its taxes and account, and its price "
        "unless a pricelist is set.",
    )
    pricelist_id = fields.Many2one(
        "product.pricelist",
        check_company=True,
        tracking=True,
        help="Gives the hourly rate at the date of the work. Without a pricelist the "
        "sales price of the service holds.",
    )
    hourly_rate = fields.Monetary(
        compute="_compute_hourly_rate",
        help="Today's rate per hour before volume discount.",
    )
    volume_discount_id = fields.Many2one(
        "volume.discount",
        compute="_compute_volume_discount_id",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        tracking=True,
        domain="[('currency_id', '=', currency_id)]",
        ondelete="restrict",
    )
    project_ids = fields.Many2many(
        "project.project",
        string="Only Projects",
        check_company=True,
        context={"active_test": False},  # an archived project must not widen it
        ondelete="restrict",
        help="Bill only time on these projects. Empty: all time of the customer.",
    )
    date_start = fields.Date(
        string="Valid From",
        required=True,
        default=lambda self: self.env.company._get_today().replace(day=1),
        tracking=True,
    )
    date_end = fields.Date(
        string="Valid Until",
        tracking=True,
        help="The last day of work that is billed under this agreement.",
    )
    bill_from = fields.Date(
        compute="_compute_bill_from",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        tracking=True,
        help="Work before this day is never billed by this agreement, for instance "
        "because it was invoiced elsewhere.",
    )
    billing_day = fields.Integer(
        required=True,
        default=1,
        tracking=True,
        help="Day of the following month on which a month is billed: 1 to 31, in a "
        "shorter month its last day. 0: on the last day of the month itself.",
    )
    next_billing_date = fields.Date(compute="_compute_next_billing_date")
    payment_term_id = fields.Many2one(
        "account.payment.term",
        string="Payment Terms",
        check_company=True,
        tracking=True,
        help="Empty: the payment terms of the customer.",
    )
    rounding_scope = fields.Selection(
        [
            ("none", "No rounding"),
            ("entry", "Per entry"),
            ("day", "Per ticket and day"),
            ("month", "Per ticket and month"),
        ],
        string="Round Time",
        required=True,
        default="none",
        tracking=True,
    )
    rounding_direction = fields.Selection(
        [("up", "Up"), ("nearest", "To the nearest")],
        required=True,
        default="up",
        tracking=True,
    )
    rounding_minutes = fields.Integer(
        string="Rounding Step", required=True, default=15, tracking=True
    )
    is_rounding_unfair = fields.Boolean(compute="_compute_is_rounding_unfair")
    minimum_amount = BoundedMonetary(
        tracking=True,
        help="A month below this net amount is not invoiced; its time is carried to "
        "the next invoice.",
    )
    auto_post = fields.Boolean(
        string="Post Automatically",
        tracking=True,
        help="Post the invoice at once. Otherwise it waits as a draft for review.",
    )
    customer_reference = fields.Char(
        tracking=True, help="The customer's order number, shown on every invoice."
    )
    note = fields.Html(string="Internal Notes")
    last_run = fields.Datetime(
        readonly=True,
        copy=False,
        help="When a month was last billed. Two runs at the same time both write it, "
        "so the database lets only one of them through.",
    )
    period_ids = fields.One2many("billing.period", "agreement_id", string="Months")
    period_count = fields.Integer(compute="_compute_period_count")

    _billing_day_in_month = models.Constraint(
        "CHECK(billing_day BETWEEN 0 AND 31)",
        "The billing day must be between 1 and 31, or 0 for the last day of the month.",
    )
    _rounding_minutes_in_hour = models.Constraint(
        "CHECK(rounding_minutes BETWEEN 1 AND 480)",
        "The rounding step must be between 1 and 480 minutes.",
    )
    _date_end_after_start = models.Constraint(
        "CHECK(date_end IS NULL OR date_end >= date_start)",
        "An agreement cannot end before it starts.",
    )
    _dates_in_reach = models.Constraint(
        f"CHECK({' AND '.join(IN_REACH(name) for name in DATES)})",
        "The dates of an agreement lie between 2000 and 2099. Leave the end empty if "
        "there is none.",
    )
    _minimum_amount_positive = models.Constraint(
        "CHECK(minimum_amount IS NULL OR minimum_amount BETWEEN 0 AND 100000000)",
        "The minimum amount of an invoice must be between 0 and 100,000,000.",
    )
    _customer_reference_short = models.Constraint(
        "CHECK(customer_reference IS NULL OR length(customer_reference) <= 200)",
        "The reference of the customer has 200 characters at most. Shorten it.",
    )

    @api.depends("partner_id", "company_id")
    def _compute_volume_discount_id(self):
        for agreement in self:
            partner = agreement.partner_id.with_company(agreement.company_id)
            agreement.volume_discount_id = partner.volume_discount_id

    @api.depends("date_start")
    def _compute_bill_from(self):
        for agreement in self:
            agreement.bill_from = agreement.bill_from or agreement.date_start

    @api.depends("product_id", "pricelist_id", "currency_id", "company_id")
    def _compute_hourly_rate(self):
        for agreement in self:
            today = agreement._get_today()
            agreement.hourly_rate = agreement._get_list_price(today)

    @api.depends("state", "billing_day", "bill_from", "date_end", "period_ids.state")
    def _compute_next_billing_date(self):
        for agreement in self:
            agreement.next_billing_date = agreement._get_next_billing_date()

    @api.model
    def _get_running_domain(self):
        """Return the domain of the running agreements, as ``_is_running``. Which days
        they are about, ``_get_claim`` says."""
        return Domain("state", "=", "active")

    def _is_running(self):
        """Return whether the agreement was started and is not closed."""
        self.ensure_one()
        return self.state == "active"

    @api.depends("partner_id", "rounding_scope", "rounding_direction")
    def _compute_is_rounding_unfair(self):
        for agreement in self:
            agreement.is_rounding_unfair = (
                agreement.rounding_scope != "none"
                and agreement.rounding_direction == "up"
                and bool(agreement.partner_id)
                and not agreement.partner_id.is_company
            )

    def _compute_period_count(self):
        counts = dict(
            self.env["billing.period"]._read_group(
                [("agreement_id", "in", self.ids)], ["agreement_id"], ["__count"]
            )
        )
        for agreement in self:
            agreement.period_count = counts.get(agreement, 0)

    @api.depends("name", "partner_id")
    def _compute_display_name(self):
        for agreement in self:
            partner = agreement.partner_id.display_name
            agreement.display_name = (
                f"{agreement.name} {partner}" if partner else agreement.name
            )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("name", "/") == "/":
                company = vals.get("company_id") or self.env.company.id
                sequence = self.env["ir.sequence"].with_company(company)
                vals["name"] = sequence.next_by_code("billing.agreement") or "/"
        agreements = super().create(vals_list)
        agreements._check_time_is_billed_once({})
        return agreements

    def write(self, vals):
        self._check_can_write_terms(vals)
        if not CLAIM_FIELDS & vals.keys():
            return super().write(vals)
        known = self._get_known_rivals()
        result = super().write(vals)
        self._check_time_is_billed_once(known)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_billed(self):
        if billed := self.filtered("period_ids.allocation_ids"):
            raise UserError(
                self.env._(
                    "%s has billed time and cannot be deleted. Close it instead.",
                    billed[0].name,
                )
            )

    def action_activate(self):
        for agreement in self:
            problems = agreement._get_terms_problems() or agreement._get_rate_problems()
            if problems:
                raise UserError("\n".join(problems))
        self.state = "active"

    def action_close(self):
        self.check_access("write")
        self._check_can_close()
        self.state = "closed"

    def action_draft(self):
        self.state = "draft"

    def action_view_periods(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "monthly_billing.billing_period_action"
        )
        action["domain"] = [("agreement_id", "=", self.id)]
        action["context"] = {"default_agreement_id": self.id}
        return action

    def _get_rounding(self):
        """Return the agreed rounding of time as a plain value."""
        self.ensure_one()
        return Rounding(
            self.rounding_scope, self.rounding_direction, self.rounding_minutes
        )

    def _get_unit(self, name):
        """Return the unit of measure ``uom.product_uom_<name>``.

        By its cached id: asking for it once per line costs no query.
        """
        xmlid = f"uom.product_uom_{name}"
        return self.env["uom.uom"].browse(
            self.env["ir.model.data"]._xmlid_to_res_id(xmlid, raise_if_not_found=True)
        )
