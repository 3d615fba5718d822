from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from odoo.addons.volume_discount.core.numbers import to_decimal

from ..models.account_move_credit import RELEASES
from ..models.account_move_facts import RECORDING


class AccountMoveReversal(models.TransientModel):
    """Asks which time of a monthly invoice becomes billable again."""

    _inherit = "account.move.reversal"

    has_billed_time = fields.Boolean(compute="_compute_has_billed_time")
    billing_release = fields.Selection(RELEASES, string="Time Billable Again")
    billing_line_ids = fields.Many2many(
        "account.move.line",
        string="Tickets",
        domain="[('id', 'in', available_line_ids)]",
        help="All hours of these invoice lines become billable again.",
    )
    available_line_ids = fields.Many2many(
        "account.move.line",
        relation="account_move_reversal_available_line_rel",
        compute="_compute_available_line_ids",
    )
    billing_time_ids = fields.One2many(
        "account.move.reversal.time",
        "reversal_id",
        compute="_compute_billing_time_ids",
        store=True,
        readonly=False,
        string="Hours",
    )

    @api.depends("move_ids")
    def _compute_has_billed_time(self):
        for wizard in self:
            wizard.has_billed_time = bool(wizard._get_billed_moves())

    @api.depends("move_ids")
    def _compute_available_line_ids(self):
        for wizard in self:
            lines = wizard._get_billed_moves().invoice_line_ids
            wizard.available_line_ids = lines.filtered(
                lambda line: line.sudo().allocation_ids
            )

    @api.depends("billing_release", "move_ids")
    def _compute_billing_time_ids(self):
        for wizard in self:
            wizard.billing_time_ids = [Command.clear()]
            if wizard.billing_release == "chosen":
                wizard.billing_time_ids = [
                    Command.create(values) for values in wizard._prepare_time()
                ]

    @api.onchange("billing_line_ids")
    def _onchange_billing_line_ids(self):
        """The hours of the chosen lines are given back whole."""
        chosen = self.billing_line_ids._origin
        for row in self.billing_time_ids:
            if row.allocation_id.sudo().move_line_id in chosen:
                row.hours = row.open_hours

    def _get_billed_moves(self):
        """Return the monthly invoices among those that are to be reversed."""
        return self.move_ids._origin.filtered(lambda move: move._is_monthly_invoice())

    def _prepare_time(self):
        rows = self._get_billed_moves().sudo().invoice_line_ids.allocation_ids
        return [
            {"allocation_id": row.id, "open_hours": float(worked)}
            for row, (worked, _billed) in rows._get_open_hours().items()
            if worked
        ]

    def _prepare_default_reversal(self, move):
        values = super()._prepare_default_reversal(move)
        if move._is_monthly_invoice():
            values["billing_period_id"] = move.billing_period_id.id
            values["billing_release"] = self.billing_release
        return values

    def _modify_default_reverse_values(self, origin_move):
        values = super()._modify_default_reverse_values(origin_move)
        if origin_move._is_monthly_invoice():
            values["billing_period_id"] = origin_move.billing_period_id.id
            values["volume_discount_data"] = origin_move.volume_discount_data
        return values

    def reverse_moves(self, is_modify=False):
        if is_modify and self._get_billed_moves():
            self.billing_release = "all"
        self._check_release()
        recording = self.with_context(billing_recording=RECORDING)
        action = super(AccountMoveReversal, recording).reverse_moves(is_modify)
        for invoice in self._get_billed_moves():
            self._write_ledger(invoice, is_modify)
        return action

    def _check_release(self):
        """Raise where it is not said which time becomes billable again."""
        if not self._get_billed_moves():
            return
        if not self.billing_release:
            raise UserError(
                self.env._(
                    "Which time becomes billable again? Choose none for goodwill, all "
                    "of it, or the tickets and entries."
                )
            )
        if self.billing_release == "chosen":
            if len(self.move_ids) > 1:
                raise UserError(
                    self.env._("Hours can be chosen for one invoice at a time.")
                )
            self.billing_time_ids._check_hours()

    def _write_ledger(self, invoice, is_modify):
        """Give back the time of ``invoice``; its replacement takes it over."""
        credit = invoice.reversal_move_ids.sorted("id")[-1:]
        shares = invoice._get_time_to_take_over() if is_modify else {}
        hours = {
            row.allocation_id: to_decimal(row.hours) for row in self.billing_time_ids
        }
        credit._release_time(self.billing_release, hours)
        if is_modify:
            replacement = self.new_move_ids.filtered(
                lambda move: invoice in move.invoice_line_ids.source_line_id.move_id
            )
            replacement._take_over_time(shares)
        if credit.state == "posted":
            credit._follow_released_time()
