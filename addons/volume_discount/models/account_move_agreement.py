"""Whose table prices an invoice, and when its price is settled."""

import hashlib
import json
from dataclasses import replace

from odoo import models
from odoo.exceptions import UserError

from ..core import kinds
from ..core import terms as agreed
from ..core.calendar import window_of
from ..core.pricing import price
from ..invoice_lines import get_differences, in_order

PRICING = {
    "volume_discount_id",
    "volume_discount_presentation",
    "volume_discount_data",
}


class AccountMove(models.Model):
    _inherit = "account.move"

    def _get_discount_of_customer(self):
        """Return the customer's table if it can price this invoice, else none."""
        self.ensure_one()
        partner = self.commercial_partner_id.with_company(self.company_id).sudo()
        table = partner.volume_discount_id
        if table and (held := self._get_discount_of_window()):
            return held
        if not table.active or table.currency_id != self.currency_id:
            table = table.browse()
        return table.sudo(False)

    def _get_discount_to_apply(self):
        """Return what the customer has now; else what is on the invoice already."""
        self.ensure_one()
        if not self.volume_discount_id:
            return self._get_proposed_discount()
        return self._get_discount_of_customer() or self.volume_discount_id

    def _is_agreement_changed(self):
        """Return whether applying again would price by something else."""
        self.ensure_one()
        table = self._get_discount_to_apply()
        current, products = self._get_terms_to_apply(table)
        return (
            table != self.volume_discount_id
            or self._get_counted_products(table) != products
            or agreed.to_data(self._get_volume_discount_terms())
            != agreed.to_data(current)
        )

    def _drop_discount_of_others(self):
        """Remove the discount if it is not that of the (new) customer."""
        self.ensure_one()
        table = self._get_discount_of_customer()
        if self._has_open_volume_discount() and table != self.volume_discount_id:
            self._remove_volume_discount()

    def _lock_volume_discount_customers(self):
        """Let nobody else post hours of the same customers at the same time.

        A row that is written, not only locked, makes a transaction that began before
        fail and start again: it would not see the hours posted here.
        """
        ids = tuple(self.commercial_partner_id.ids)
        if ids:
            self.env.cr.execute(
                "SELECT id FROM res_partner WHERE id IN %s ORDER BY id "
                "FOR NO KEY UPDATE",
                [ids],
            )
            self.env.cr.execute(
                "UPDATE res_partner SET write_date = write_date WHERE id IN %s", [ids]
            )

    def _settle_volume_discount(self):
        """Remember what is posted: posted again unchanged, it keeps its price."""
        self.ensure_one()
        if self.volume_discount_data:
            settled = {"settled": self._get_volume_discount_digest()}
            self.volume_discount_data = self.volume_discount_data | settled

    def _is_volume_discount_settled(self, terms, past):
        """Return whether the invoice is as it was when it was posted before, and its
        window asks what it was charged with it.

        Hours posted after it came later in the window: its lines keep their prices. But
        what was posted or cancelled while it was a draft changes what is left for it.

        :param past: ``History`` of the window without this invoice
        """
        self.ensure_one()
        kept = (self.volume_discount_data or {}).get("settled")
        if not (self.posted_before and kept == self._get_volume_discount_digest()):
            return False
        table = self.volume_discount_id.sudo()
        own = [line._get_billed(table) for line in self._get_priced_lines()]
        whole = replace(past, rows=(*past.rows, *own))
        quantum = self._get_volume_discount_quantum()
        return not price(terms, [], whole, quantum)

    def _get_priced_lines(self):
        """Return the lines of hours that the table prices, and of amounts it adds."""
        return self.invoice_line_ids.filtered(
            lambda line: line.volume_discount_kind not in (False, kinds.SECTION)
        )

    def _get_volume_discount_digest(self):
        """Return a digest of all that decides on the price of the hours."""
        span = window_of(
            self._get_volume_discount_day(), self._get_volume_discount_terms().window
        )
        facts = [
            self.commercial_partner_id.id,
            self.currency_id.id,
            self.volume_discount_id.id,
            self.volume_discount_presentation,
            span.start.isoformat(),
        ]
        for line in in_order(self.invoice_line_ids):
            if line.volume_discount_kind or line._is_time():
                facts += [
                    line.volume_discount_kind,
                    line.product_id.id,
                    line.product_uom_id.id,
                    f"{line.quantity:.6f} {line.price_unit:.6f} {line.discount:.6f}",
                    sorted(line.tax_ids.ids),
                ]
        return hashlib.sha256(json.dumps(facts).encode()).hexdigest()

    def _check_posted_volume_discount(self, vals):
        """Refuse to change on a posted invoice how it was priced."""
        values = {name: vals[name] for name in PRICING & vals.keys()}
        posted = self.filtered(lambda move: move.state == "posted")
        if values and any(get_differences(move, values) for move in posted):
            posted._refuse_posted_volume_discount()

    def _refuse_posted_volume_discount(self):
        raise UserError(
            self.env._(
                "%s is posted: its volume discount can no longer be changed. Reset the "
                "invoice to draft or credit it.",
                ", ".join(self.mapped("display_name")),
            )
        )
