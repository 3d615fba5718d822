"""What monthly invoices know better: their period, and the month of each line."""

from odoo import api, models
from odoo.fields import Domain

from odoo.addons.volume_discount.core.calendar import Window

from ..core import kinds


class AccountMove(models.Model):
    _inherit = "account.move"

    def _can_have_volume_discount(self):
        """A monthly invoice is priced by its run."""
        return super()._can_have_volume_discount() and not self.billing_period_id

    def _get_volume_discount_period(self):
        if self.service_period_start and self.service_period_end:
            return Window.of_days(self.service_period_start, self.service_period_end)
        return super()._get_volume_discount_period()

    def _get_by_hand_domain(self):
        """Monthly invoices have the table of their agreement."""
        by_hand = Domain("move_id.billing_period_id", "=", False)
        return super()._get_by_hand_domain() & by_hand

    def _get_window_data(self, table):
        """What a person let hold in the window comes before its first invoice."""
        window = self.env["billing.window"]._find_window(
            self.company_id,
            self.commercial_partner_id,
            self.currency_id,
            table,
            self._get_volume_discount_day(),
        )
        if window.terms:
            return {"terms": window.terms}
        return super()._get_window_data(table)


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    @api.model
    def _get_charging_domain(self):
        """Hours typed into the draft of a month count. A credit note of a monthly
        invoice that gives no time back (goodwill) is money: the hours keep their
        place."""
        is_month = Domain("move_id.billing_period_id", "!=", False)
        draft = is_month & Domain("parent_state", "=", "draft")
        draft &= Domain("move_id.move_type", "=", "out_invoice")
        releases = ("all", "chosen")
        is_gift = Domain("move_id.reversed_entry_id.billing_period_id", "!=", False)
        is_gift &= ~Domain("move_id.billing_release", "in", releases)
        return (super()._get_charging_domain() | draft) & ~is_gift

    @api.model
    def _get_work_day_domain(self, span):
        month = Domain("service_month", ">=", span.start)
        month &= Domain("service_month", "<=", span.last_day)
        return super()._get_work_day_domain(span) | month

    def _get_work_day(self):
        return self.service_month or super()._get_work_day()

    def _is_time(self):
        return super()._is_time() and self.billing_kind not in kinds.UNPRICED
