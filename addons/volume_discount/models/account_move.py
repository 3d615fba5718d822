from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import formatLang

from ..core import terms as agreed
from ..core.calendar import Window
from ..formats import format_number

TRIGGERS = {
    "currency_id",
    "delivery_date",
    "invoice_date",
    "invoice_line_ids",
    "line_ids",
    "partner_id",
    "volume_discount_presentation",
}

#: advice is for the firm: a customer reads invoices in the portal
READERS = "account.group_account_readonly,account.group_account_invoice"


class AccountMove(models.Model):
    _inherit = "account.move"

    volume_discount_id = fields.Many2one(
        "volume.discount",
        index="btree_not_null",
        readonly=True,
        ondelete="restrict",
        check_company=True,
        help="The table that prices the hours of the invoice.",
    )
    volume_discount_presentation = fields.Selection(
        [("line", "Reduced price on each line"), ("summary", "One discount line")],
        string="Presentation",
        help="How the invoice shows the discount; the total is the same.",
    )
    volume_discount_data = fields.Json(
        copy=False,
        readonly=True,
        help="The terms as they were when the invoice was priced, and the proof. "
        "Editing the table later does not change it.",
    )
    volume_discount_proposal_id = fields.Many2one(
        "volume.discount",
        string="Proposed Volume Discount",
        compute="_compute_volume_discount_proposal",
        compute_sudo=True,
        groups=READERS,
    )
    volume_discount_message = fields.Char(
        compute="_compute_volume_discount_proposal", compute_sudo=True, groups=READERS
    )
    is_volume_discount_outdated = fields.Boolean(
        compute="_compute_is_volume_discount_outdated", compute_sudo=True
    )

    @api.depends(
        "move_type",
        "state",
        "partner_id",
        "currency_id",
        "company_id",
        "volume_discount_id",
        "invoice_date",
        "delivery_date",
        "invoice_line_ids.product_id",
        "invoice_line_ids.product_uom_id",
        "invoice_line_ids.quantity",
        "invoice_line_ids.price_unit",
    )
    @api.depends_context("lang")
    def _compute_volume_discount_proposal(self):
        for move in self:
            table = move._get_proposed_discount()
            move.volume_discount_proposal_id = table
            move.volume_discount_message = table and move._get_proposal_text(table)

    @api.depends(
        "volume_discount_id", "volume_discount_data", "state", "commercial_partner_id"
    )
    def _compute_is_volume_discount_outdated(self):
        for move in self:
            move.is_volume_discount_outdated = (
                move._has_open_volume_discount() and move._is_agreement_changed()
            )

    def copy(self, default=None):
        copies = super().copy(default)
        for move, copied in zip(self, copies, strict=True):
            if copied.commercial_partner_id != move.commercial_partner_id:
                copied._drop_discount_of_others()
        return copies

    def write(self, vals):
        self._check_posted_volume_discount(vals)
        customers = {}
        if "partner_id" in vals:
            customers = {move: move.commercial_partner_id for move in self}
        result = super().write(vals)
        for move, customer in customers.items():
            if move.commercial_partner_id != customer:
                move._drop_discount_of_others()
        # who writes the proof has brought the lines in line with it; who posts, too
        if (
            TRIGGERS & vals.keys()
            and "volume_discount_data" not in vals
            and not self.env.context.get("volume_discount_is_settled")
        ):
            for move in self.filtered(lambda move: move._has_open_volume_discount()):
                move._refresh_volume_discount()
        return result

    def _post(self, soft=True):
        """Price the hours a last time: with what was posted since, in their order."""
        today = fields.Date.context_today(self)
        posted_now = self.filtered(
            lambda move: (
                move.move_type in ("out_invoice", "out_refund")
                and not (soft and move.date > today)
            )
        )
        open_ones = posted_now.filtered(lambda move: move._has_open_volume_discount())
        if not open_ones:
            return super()._post(soft)
        open_ones._lock_volume_discount_customers()
        earlier = self.browse()
        for move in posted_now.sorted(lambda m: (m._get_volume_discount_day(), m.id)):
            if move in open_ones:
                move._refresh_volume_discount(also=earlier)
                move._settle_volume_discount()
            earlier |= move
        settled = self.with_context(volume_discount_is_settled=True)
        return super(AccountMove, settled)._post(soft).with_env(self.env)

    def action_apply_volume_discount(self):
        """Price the hours of these draft invoices by the customer's table.

        Doing it again changes nothing, unless hours or the table have changed.
        """
        for move in self:
            table = move._get_discount_to_apply()
            if not table or not move._can_have_volume_discount():
                raise UserError(
                    self.env._(
                        "There is no volume discount to apply to %s. It needs a draft "
                        "customer invoice with lines measured in time, and a table on "
                        "the customer in the currency of the invoice.",
                        move.display_name,
                    )
                )
            presentation = move.volume_discount_presentation or table.presentation
            move.write(
                {
                    "volume_discount_id": table.id,
                    "volume_discount_presentation": presentation,
                    "volume_discount_data": False,
                }
            )
            move._refresh_volume_discount()
        return True

    def action_remove_volume_discount(self):
        """Give the lines of these draft invoices their list prices back."""
        for move in self.filtered(lambda move: move._has_open_volume_discount()):
            move._remove_volume_discount()
        return True

    def _can_have_volume_discount(self):
        """Return whether a table can price the hours on this invoice.

        Extension point: False for invoices that are priced elsewhere.
        """
        self.ensure_one()
        return self.move_type == "out_invoice" and self.state == "draft"

    def _has_open_volume_discount(self):
        """Return whether the invoice has a discount that still follows its hours."""
        self.ensure_one()
        return bool(self.volume_discount_id) and self._can_have_volume_discount()

    def _get_proposed_discount(self):
        """Return the customer's table if it can price something here, else none."""
        self.ensure_one()
        none = self.env["volume.discount"]
        if self.volume_discount_id or not self._can_have_volume_discount():
            return none
        table = self._get_discount_of_customer()
        if not table:
            return none
        products = self._get_counted_products(table.sudo())
        lines = self.invoice_line_ids.filtered(
            lambda line: table.sudo()._is_line_counted(line, products)
        )
        return table if any(line.quantity for line in lines) else none

    def _get_proposal_text(self, table):
        """Return what the table would save or cost, in the user's language."""
        terms, _products = self._get_terms_to_apply(table)
        past = self._get_window_history(table, terms)
        repricing = self._get_repricing(table, terms, past)
        usages = self._get_discount_usages(table)
        at_list_price = sum(
            usage.quantity * usage.list_price * usage.factor for usage in usages
        )
        asked = sum(charge.amount for charge in repricing.charges)
        saved = float(at_list_price - asked)
        values = {
            "table": table.name,
            "hours": format_number(
                self.env, float(sum(usage.quantity for usage in usages))
            ),
            "amount": formatLang(self.env, abs(saved), currency_obj=self.currency_id),
        }
        if saved < 0:
            return self.env._(
                "“%(table)s” is agreed with this customer. Applied to the %(hours)s h "
                "of this invoice it costs %(amount)s more than the list price.",
                **values,
            )
        return self.env._(
            "“%(table)s” is agreed with this customer. Applied to the %(hours)s h of "
            "this invoice it saves %(amount)s.",
            **values,
        )

    def _get_document_language(self):
        """Return the code of the one language that everything on the document is in."""
        self.ensure_one()
        partner = self.partner_id.with_company(self.company_id)
        return partner._get_document_language()

    def _get_volume_discount_day(self):
        """Return the day that decides in which window the hours lie (date).

        A credit note takes away from the window of the invoice that it credits.
        """
        self.ensure_one()
        move = self.reversed_entry_id or self
        today = fields.Date.context_today(self)
        return move.delivery_date or move.invoice_date or today

    def _get_volume_discount_quantum(self):
        """Return to which unit the amount of a line is rounded (``Decimal``).

        Odoo can also round nothing but the sum of the lines.
        """
        self.ensure_one()
        return self.company_id._get_volume_discount_quantum(self.currency_id)

    def _get_volume_discount_period(self):
        """Return the days that the invoice bills (``Window``).

        Extension point: without a known period it is the day of the service.
        """
        day = self._get_volume_discount_day()
        return Window.of_days(day, day)

    def _get_volume_discount_terms(self):
        """Return the terms the invoice was priced with, else those of its table."""
        self.ensure_one()
        kept = self.volume_discount_data
        if not kept:
            return self.volume_discount_id._get_terms(self.volume_discount_presentation)
        presentation = self.volume_discount_presentation
        return agreed.from_data(kept["terms"] | {"presentation": presentation})
