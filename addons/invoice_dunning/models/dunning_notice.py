"""Record: the reminders of a day, with all that they say as it was on that day."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command

from ..followup import check_alone

#: what people may write; all else is recorded by the steps of this model alone
WRITABLE = {"recipient_id"}


class DunningNotice(models.Model):
    _name = "dunning.notice"
    _description = "Reminder"
    _inherit = [
        "portal.mixin",
        "mail.thread",
        "mail.activity.mixin",
        "mail.delivery.mixin",
    ]
    _order = "date desc, id desc"
    _check_company_auto = True
    _mail_post_access = "read"

    name = fields.Char(string="Number", readonly=True, copy=False, index="trigram")
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    recipient_id = fields.Many2one(
        "res.partner",
        required=True,
        tracking=True,
        ondelete="restrict",
        help="Gets the letter: the customer's contact for invoices.",
    )
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    level_id = fields.Many2one(
        "dunning.level",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    date = fields.Date(required=True, readonly=True, index=True)
    state = fields.Selection(
        [("draft", "To Be Sent"), ("sent", "Sent"), ("cancelled", "Cancelled")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    cancel_reason = fields.Char(readonly=True, copy=False, tracking=True)
    user_id = fields.Many2one(
        "res.users", string="Person in Charge", readonly=True, index="btree_not_null"
    )
    line_ids = fields.One2many("dunning.notice.line", "notice_id", readonly=True)
    amount_open = fields.Monetary(
        string="Open", compute="_compute_amounts", store=True, help="Invoices alone."
    )
    amount_interest = fields.Monetary(
        string="Interest", compute="_compute_amounts", store=True
    )
    amount_flat = fields.Monetary(
        string="Flat Sum", compute="_compute_amounts", store=True
    )
    amount_fee = fields.Monetary(string="Fee", readonly=True)
    fee_move_id = fields.Many2one(
        "account.move",
        string="Fee Booked As",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    amount_total = fields.Monetary(
        string="Total", compute="_compute_amounts", store=True
    )
    is_handed_over = fields.Boolean(
        readonly=True,
        copy=False,
        help="Whether the person in charge was asked what comes after the last level.",
    )

    @api.constrains("recipient_id")
    def _check_recipient(self):
        for notice in self:
            if notice.recipient_id.commercial_partner_id != notice.partner_id:
                raise ValidationError(
                    self.env._(
                        "Reminders go to the customer or one of his contacts, and %s "
                        "is not.",
                        notice.recipient_id.display_name,
                    )
                )

    @api.depends(
        "amount_fee", "line_ids.amount_open", "line_ids.interest", "line_ids.flat"
    )
    def _compute_amounts(self):
        for notice in self:
            lines = notice.line_ids
            notice.amount_open = sum(lines.mapped("amount_open"))
            notice.amount_interest = sum(lines.mapped("interest"))
            notice.amount_flat = sum(lines.mapped("flat"))
            notice.amount_total = (
                notice.amount_open
                + notice.amount_interest
                + notice.amount_flat
                + notice.amount_fee
            )

    @api.depends("name", "level_id")
    def _compute_display_name(self):
        for notice in self:
            parts = (notice.level_id.name, notice.name)
            notice.display_name = " ".join(part for part in parts if part)

    def _compute_access_url(self):
        result = super()._compute_access_url()
        for notice in self:
            notice.access_url = f"/my/reminders/{notice.id}"
        return result

    def write(self, vals):
        if not self.env.su:
            self._check_may_write(vals)
        return super().write(vals)

    def _check_may_write(self, vals):
        """Raise if a user changes what a reminder says or what became of it."""
        if vals.keys() - WRITABLE:
            raise AccessError(
                self.env._(
                    "A reminder records what was asked for. Only its recipient can be "
                    "changed, before it is sent."
                )
            )
        if sent := self.filtered(lambda notice: notice.state != "draft"):
            raise UserError(
                self.env._(
                    "%s is not waiting to be sent any more.", sent[0].display_name
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent(self):
        if any(notice.state == "sent" for notice in self):
            raise UserError(
                self.env._("The customer has this reminder. Cancel it instead.")
            )

    @api.model
    def _remind(self, day, company, partners=None):
        """Write the reminders of a day; sends nothing and never commits.

        A second call for the day finds nothing left to write.

        :param day: the day of the reminders (date), in the company's own time
        :param company: one ``res.company``
        :param partners: commercial partners to write to, everybody if None
        :return: the new ``dunning.notice`` records, to be sent
        :raise AccessError: if the user may not write reminders
        :raise UserError: if Odoo Enterprise's follow-up is installed
        """
        self.check_access("write")
        check_alone(self.env)
        self._check_may_see(company)
        claims = self.env["dunning.claim"].sudo().with_company(company)
        prepared, _obstacles = claims._prepare_letters(day, company, partners)
        values = [
            {
                **values,
                "name": self._get_next_number(company, day),
                "line_ids": [Command.create(line) for line in values["line_ids"]],
            }
            for values in prepared
        ]
        notices = self.sudo().with_company(company).create(values)
        notices.line_ids._make_current()
        return notices.with_env(self.env)

    @api.model
    def _check_may_see(self, company):
        """Raise if the company is none of the user's."""
        if not self.env.su and company not in self.env.user.company_ids:
            raise AccessError(
                self.env._("You have no access to the reminders of this company.")
            )

    @api.model
    def _preview(self, day, company, partners=None):
        """Return what ``_remind`` would write, and write nothing.

        :return: a list of dicts, one a reminder, with the names of the fields of
            ``dunning.notice``; ``line_ids`` is a list of such dicts
        :raise AccessError: if the user may not read reminders
        """
        return self._preview_day(day, company, partners)[0]

    @api.model
    def _preview_day(self, day, company, partners=None):
        """Return the reminders of a day as ``_preview`` does, and why others get none.

        :return: list of dicts, and ``Obstacle`` by ``Receivable``
        """
        self.check_access("read")
        self._check_may_see(company)
        claims = self.env["dunning.claim"].sudo().with_company(company)
        prepared, obstacles = claims._prepare_letters(day, company, partners)
        for values in prepared:
            values.update(self._sum_up(values))
        return prepared, obstacles

    @api.model
    def _sum_up(self, values):
        """Return the totals of a prepared reminder, as ``_compute_amounts`` does."""
        sums = {
            total: sum(line[field] for line in values["line_ids"])
            for total, field in (
                ("amount_open", "amount_open"),
                ("amount_interest", "interest"),
                ("amount_flat", "flat"),
            )
        }
        total = sum(sums.values()) + values["amount_fee"]
        currency = self.env["res.currency"].browse(values["currency_id"])
        sums = {name: currency.round(amount) for name, amount in sums.items()}
        return {**sums, "amount_total": currency.round(total)}

    @api.model
    def _get_next_number(self, company, day):
        sequence = self.env["ir.sequence"].sudo().with_company(company)
        return sequence.next_by_code("dunning.notice", sequence_date=day)

    def action_cancel(self):
        """Cancel these reminders: their levels and claims count no more."""
        self.check_access("write")
        self._check_may_cancel()
        self._cancel(self.env._("Cancelled by %s", self.env.user.name))
        return True

    def _check_may_cancel(self):
        """Raise if cancelling would take back claims that the customer knows."""
        claiming = self.filtered(
            lambda notice: (
                notice.state == "sent"
                and (notice.amount_interest or notice.amount_flat or notice.amount_fee)
            )
        )
        if claiming and not self._is_claims_manager():
            raise AccessError(
                self.env._("Only billing administrators may give up claims.")
            )
        if booked := claiming.filtered(
            lambda notice: notice.fee_move_id or notice.line_ids.claim_move_id
        ):
            raise UserError(
                self.env._(
                    "The claims on %s are booked. Reverse their entry first.",
                    booked[0].display_name,
                )
            )

    def _cancel(self, reason):
        """Cancel, with the reason that the history keeps."""
        notices = self.filtered(lambda notice: notice.state != "cancelled")
        notices.sudo().write({"state": "cancelled", "cancel_reason": reason})
        notices.sudo().line_ids._restore_former()
        notices.sudo().filtered(
            lambda notice: notice.delivery_state in ("waiting", "sending", "failed")
        )._call_off_delivery()
