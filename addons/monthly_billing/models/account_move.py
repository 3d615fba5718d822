from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.ticket_estimates.models.helpdesk_ticket_estimate import (
    without_defaults,
)

from ..core import kinds
from .account_move_facts import RECORDS, is_recording, refuse_changes


class AccountMove(models.Model):
    _inherit = "account.move"

    billing_period_id = fields.Many2one(
        "billing.period",
        string="Billing Month",
        index="btree_not_null",
        readonly=True,
        copy=False,
        ondelete="restrict",
        check_company=True,
    )
    service_period_start = fields.Date(
        help="First day of the service period that the invoice bills."
    )
    service_period_end = fields.Date(
        help="Last day of the service period that the invoice bills."
    )
    billing_difference = fields.Text(
        compute="_compute_billing_difference",
        compute_sudo=True,
        groups="account.group_account_readonly,account.group_account_invoice",
        help="Lines whose hours or rate were changed by hand and differ from the "
        "billed time.",
    )

    @api.depends(
        "invoice_line_ids.quantity",
        "invoice_line_ids.product_uom_id",
        "invoice_line_ids.price_unit",
        "invoice_line_ids.discount",
    )
    def _compute_billing_difference(self):
        monthly = self.filtered("billing_period_id")
        (self - monthly).billing_difference = False
        for move in monthly:
            move.billing_difference = move._get_ledger_difference_text()

    @api.constrains("state")
    def _check_time_billed_once(self):
        monthly = self.filtered("billing_period_id")
        if monthly:
            allocations = self.env["billing.allocation"].sudo()
            rows = allocations.search([("move_line_id.move_id", "in", monthly.ids)])
            rows.timesheet_id._check_billed_once()
            rows._check_given_back()

    @api.model_create_multi
    def create(self, vals_list):
        if is_recording(self.env):
            return super().create(vals_list)
        for vals in vals_list:
            if given := {name for name in RECORDS & vals.keys() if vals[name]}:
                refuse_changes(self.new({}), sorted(given))
        moves = without_defaults(self, RECORDS)
        return super(AccountMove, moves).create(vals_list).with_env(self.env)

    def write(self, vals):
        """Write nothing where Odoo marks new invoices as not modified by hand, which
        they are already: it would compute each of them again for that."""
        if vals == {"is_manually_modified": False}:
            changed = self.filtered("is_manually_modified")
            return super(AccountMove, changed).write(vals) if changed else True
        self._check_facts(vals)
        return super().write(vals)

    def _post(self, soft=True):
        self._price_typed_hours()
        posted = super()._post(soft)
        posted._follow_released_time()
        return posted

    def button_draft(self):
        for move in self:
            if move._is_monthly_invoice() and not move._is_counting():
                raise UserError(
                    self.env._(
                        "The time of the cancelled invoice %s became billable again, "
                        "so the invoice cannot come back. Bill the month again.",
                        move.display_name,
                    )
                )
        result = super().button_draft()
        # what a draft says follows its records again
        self.sudo().filtered("posted_facts").posted_facts = False
        return result

    def button_cancel(self):
        result = super().button_cancel()
        self._free_time()
        return result

    def unlink(self):
        invoices = self.filtered(lambda move: move._is_monthly_invoice())
        periods = invoices.sudo().billing_period_id
        result = super().unlink()
        periods._hold()
        return result

    def _free_time(self):
        """Let the time of cancelled invoices follow its tickets again and leave the
        months to a person: the daily job does not bill them anew."""
        invoices = self.filtered(lambda move: move._is_monthly_invoice()).sudo()
        invoices.line_ids.allocation_ids.timesheet_id._follow_again()
        invoices.billing_period_id._hold()

    def _is_counting(self):
        """Return whether what stands on the lines is billed, as each of them says."""
        self.ensure_one()
        return self.state != "cancel"

    def _is_monthly_invoice(self):
        """Return whether this bills a month: its invoice, or the credit note that pays
        out what the last month of an agreement is too much below zero to ask."""
        self.ensure_one()
        return bool(self.billing_period_id) and (
            self.move_type == "out_invoice"
            or (self.move_type == "out_refund" and not self.reversed_entry_id)
        )

    def _get_planned_lines(self):
        """Return the lines that the plan of the month became, in its order.

        They were written in that order, whatever sequence anybody gives them.
        """
        self.ensure_one()
        lines = self.invoice_line_ids.filtered_domain(
            [("billing_kind", "in", kinds.PLANNED)]
        )
        return lines.sorted("id")

    def _post_and_send_as_agreed(self):
        """Post the invoices whose agreement wants it and queue those to be sent.

        Sending is left to a scheduled action, so a failing mail server cannot undo a
        posted invoice.
        """
        to_post = self.filtered("billing_period_id.agreement_id.auto_post")
        if not to_post:
            return
        to_post.action_post()
        to_send = to_post.filtered("billing_period_id.agreement_id.auto_send")
        by_moment = to_send.grouped(
            lambda move: move.billing_period_id.agreement_id._get_delivery_time()
        )
        for moment, moves in by_moment.items():
            moves._plan_delivery(moment)

    def action_view_billing_period(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "billing.period",
            "res_id": self.billing_period_id.id,
            "view_mode": "form",
        }
