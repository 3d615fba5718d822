from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html
from odoo.tools.misc import format_date

from ..core import kinds


class BillingPeriod(models.Model):
    _name = "billing.period"
    _description = "Billing Month"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _mail_post_access = "read"
    _order = "date_start desc, partner_id, id"
    _check_company_auto = True

    agreement_id = fields.Many2one(
        "billing.agreement",
        required=True,
        index=True,
        readonly=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(
        related="agreement_id.company_id", store=True, precompute=True, index=True
    )
    partner_id = fields.Many2one(
        related="agreement_id.partner_id", store=True, precompute=True, index=True
    )
    user_id = fields.Many2one(related="agreement_id.user_id")
    currency_id = fields.Many2one(related="agreement_id.currency_id")
    date_start = fields.Date(string="From", required=True, readonly=True, index=True)
    date_end = fields.Date(
        string="To", required=True, readonly=True, help="Last day of the month."
    )
    month_name = fields.Char(string="Month", compute="_compute_month_name")
    move_ids = fields.One2many("account.move", "billing_period_id", readonly=True)
    invoice_id = fields.Many2one(
        "account.move",
        compute="_compute_invoice_id",
        store=True,
        index="btree_not_null",
        help="The invoice of the month that counts; a cancelled one does not, nor one "
        "whose whole time a credit note gave back.",
    )
    outcome = fields.Selection(
        [("empty", "Nothing to bill"), ("carried", "Carried forward")],
        readonly=True,
        copy=False,
        help="Why the last run created no invoice.",
    )
    error = fields.Text(readonly=True, copy=False)
    deviation = fields.Text(
        readonly=True,
        copy=False,
        help="Where invoice and billed time disagree, as the last check found it.",
    )
    is_held = fields.Boolean(
        string="Left to a Person",
        readonly=True,
        copy=False,
        help="An invoice of this month was cancelled or deleted. The daily job leaves "
        "the month alone; bill it by hand.",
    )
    withheld_hours = fields.Float(
        readonly=True,
        copy=False,
        help="Worked hours beyond the approved estimates when the month was last "
        "billed. They wait for the customer's approval.",
    )
    state = fields.Selection(
        [
            ("open", "Open"),
            ("draft", "In Review"),
            ("invoiced", "Invoiced"),
            ("empty", "Nothing to Bill"),
            ("carried", "Carried Forward"),
            ("error", "Error"),
        ],
        compute="_compute_state",
        store=True,
        index=True,
        group_expand=True,
    )
    last_run = fields.Datetime(readonly=True, copy=False)
    allocation_ids = fields.One2many(
        "billing.allocation", "period_id", string="Billed Time", readonly=True
    )
    worked_hours = fields.Float(
        compute="_compute_hours", help="Hours on the invoice as they were worked."
    )
    billed_hours = fields.Float(
        compute="_compute_hours",
        help="Hours on the invoice after rounding, with those of the retainer and "
        "those that are free of charge.",
    )
    rounding_hours = fields.Float(
        string="Rounding",
        compute="_compute_hours",
        digits="Product Unit",
        help="Billed minus worked hours: what rounding of time added or took away.",
    )
    included_hours = fields.Float(
        compute="_compute_hours", help="Billed hours that the retainer pays for."
    )
    free_hours = fields.Float(
        string="Free of Charge",
        compute="_compute_hours",
        help="Hours that the invoice shows at no charge.",
    )
    amount_untaxed = fields.Monetary(related="invoice_id.amount_untaxed")
    amount_total = fields.Monetary(related="invoice_id.amount_total")
    payment_state = fields.Selection(related="invoice_id.payment_state")

    _agreement_month_unique = models.Constraint(
        "UNIQUE(agreement_id, date_start)",
        "This month of the agreement exists already.",
    )

    @api.depends(
        "move_ids.state",
        "move_ids.move_type",
        "move_ids.billing_release",
        "move_ids.reversed_entry_id",
    )
    def _compute_invoice_id(self):
        for period in self:
            undone = period.move_ids.filtered(
                lambda move: move.state == "posted" and move.billing_release == "all"
            )
            counting = period.move_ids.filtered(
                lambda move: move._is_monthly_invoice() and move._is_counting()
            )
            counting -= undone.reversed_entry_id
            period.invoice_id = counting.sorted("id")[-1:]

    @api.depends("invoice_id.state", "error", "outcome")
    def _compute_state(self):
        for period in self:
            if period.invoice_id:
                posted = period.invoice_id.state == "posted"
                period.state = "invoiced" if posted else "draft"
            elif period.error:
                period.state = "error"
            else:
                period.state = period.outcome or "open"

    @api.depends("allocation_ids.worked_hours", "allocation_ids.billed_hours")
    def _compute_hours(self):
        allocation = self.env["billing.allocation"]
        domain = allocation._get_counting_domain()
        domain &= fields.Domain("period_id", "in", self.ids)
        totals = allocation._read_group(
            domain, ["period_id"], ["worked_hours:sum", "billed_hours:sum"]
        )
        hours = {period: values for period, *values in totals}
        included = self._get_billed_hours_of(kinds.INCLUDED)
        free = self._get_billed_hours_of(kinds.FREE)
        for period in self:
            worked, billed = hours.get(period, (0.0, 0.0))
            period.worked_hours = worked
            period.billed_hours = billed
            period.rounding_hours = billed - worked
            period.included_hours = included.get(period, 0.0)
            period.free_hours = free.get(period, 0.0)

    def _get_billed_hours_of(self, kind):
        """Return the billed hours on lines of a kind, by month."""
        allocation = self.env["billing.allocation"]
        return dict(
            allocation._read_group(
                allocation._get_counting_domain()
                & fields.Domain("period_id", "in", self.ids)
                & fields.Domain("move_line_id.billing_kind", "=", kind),
                ["period_id"],
                ["billed_hours:sum"],
            )
        )

    @api.depends("date_start")
    @api.depends_context("lang")
    def _compute_month_name(self):
        for period in self:
            day = period.date_start
            period.month_name = format_date(self.env, day, date_format="LLLL yyyy")

    @api.depends("agreement_id", "month_name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for period in self:
            agreement = period.agreement_id.display_name
            period.display_name = f"{agreement}, {period.month_name}"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_billed(self):
        if self.filtered("allocation_ids"):
            raise UserError(
                self.env._(
                    "A month with billed time cannot be deleted. Cancel its invoice "
                    "to make the time billable again."
                )
            )

    def _is_billable(self):
        """Return whether a run may create the invoice of this month, or still has to
        complete its draft."""
        self.ensure_one()
        return self.state not in ("draft", "invoiced") or self._is_early_draft()

    def action_bill(self):
        """Bill these months now; say who bills what is left over."""
        messages = []
        for day, periods in self.grouped("date_start").items():
            _periods, message = periods.agreement_id._bill_by_hand(day)
            messages += [message] if message else []
        if messages:
            return self.agreement_id._get_message_action("\n".join(messages))
        return True

    def action_recompute(self):
        """Rebuild the draft invoices of these months from the timesheets."""
        for period in self:
            if period.state != "draft":
                raise UserError(
                    self.env._(
                        "%s has no draft invoice to recompute. Reset the invoice to "
                        "draft first, or bill the month.",
                        period.display_name,
                    )
                )
            period.agreement_id._check_can_bill()
            period.sudo()._recompute_draft()
        return True

    def action_view_invoice(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account.action_move_out_invoice_type"
        )
        action.update(
            views=[(False, "form")], res_id=self.invoice_id.id, view_mode="form"
        )
        return action

    def action_view_allocations(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "monthly_billing.billing_allocation_action"
        )
        action["domain"] = [("period_id", "=", self.id)]
        return action

    def action_view_withheld(self):
        """Show what of the customer's time is withheld now."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "monthly_billing.billing_withheld_action"
        )
        action["domain"] = [("agreement_id", "=", self.agreement_id.id)]
        action["context"] = {}
        return action

    def _record_error(self, message):
        """Keep ``message`` as the reason why the month is not billed and ask the
        responsible person for action; the other months go on."""
        for period in self:
            period.write({"error": message, "outcome": False})
            period.activity_unlink(["mail.mail_activity_data_warning"])
            period.activity_schedule(
                "mail.mail_activity_data_warning",
                summary=self.env._("Month cannot be billed"),
                note=plaintext2html(message),
                user_id=period.user_id.id or self.env.uid,
            )

    def _record_outcome(self, outcome):
        """Keep why the months have no invoice (``empty``, ``carried``) or, with
        False, that they have one; an earlier error is settled by that."""
        failed = self.filtered("error")
        failed.activity_unlink(["mail.mail_activity_data_warning"])
        self.filtered(lambda period: period.error or period.outcome != outcome).write(
            {"error": False, "outcome": outcome}
        )

    def _hold(self):
        """Leave these months to a person. A draft that was opened early may go: the
        run bills its month in its time."""
        early = self.filtered("is_early")
        early.is_early = False
        (self - early).is_held = True
