"""Hours typed by hand into the draft of a month: they take part in its tiers."""

import sys
from dataclasses import replace

from odoo import models
from odoo.fields import Command

from odoo.addons.volume_discount.core import proof as proofs
from odoo.addons.volume_discount.core import terms as agreed
from odoo.addons.volume_discount.core.calendar import window_of
from odoo.addons.volume_discount.core.invoicing import reprice
from odoo.addons.volume_discount.core.tiers import Charge, Usage

from ..core import kinds
from ..core.taxes import get_main_products


class AccountMove(models.Model):
    _inherit = "account.move"

    def _price_typed_hours(self):
        """Bring the discount on hours typed into these monthly drafts up to date.

        The lines stay as they were typed, their price is the list price. They come
        after the timesheets of the month and after what the window has already; what
        the tiers save on them stands on a line of its own.
        """
        for move in self:
            if move.state == "draft" and move._has_typed_hours():
                move._lock_volume_discount_customers()
                move._write_typed_discount()

    def _has_typed_hours(self):
        """Return whether there are typed hours for the tiers, or were before."""
        self.ensure_one()
        if not (self._is_monthly_invoice() and self.volume_discount_id):
            return False
        if self.move_type != "out_invoice":
            return False
        return bool(self._get_typed_hours() or self._get_typed_discounts())

    def _get_typed_hours(self):
        """Return the lines of typed hours that the table counts."""
        table = self.volume_discount_id
        products = self._get_counted_products(table)
        return self.invoice_line_ids.filtered(
            lambda line: (
                not line.billing_kind
                and table._is_line_counted(line, products)
                and line._get_hours()
            )
        ).sorted(lambda line: (line.sequence, line.id))

    def _get_typed_discounts(self):
        """Return the lines that hold what the tiers save on typed hours."""
        typed = self.invoice_line_ids.filtered(
            lambda line: line.billing_kind == kinds.TYPED
        )
        return typed.sorted(lambda line: (line.sequence, line.id))

    def _write_typed_discount(self):
        """Write what the tiers save on typed hours, and the proof."""
        lines = self._get_typed_hours()
        period = self.billing_period_id.sudo()
        terms, past = period.agreement_id._get_window_of(
            period.date_start, self._get_kept_terms()
        )
        window = window_of(period.date_start, terms.window)
        repricing = reprice(
            replace(terms, presentation="summary"),
            [line._get_typed_usage() for line in lines],
            past,
            self._get_volume_discount_quantum(),
        )
        data = dict(self.volume_discount_data or {})
        data.setdefault("billed_proofs", data.get("proofs", []))
        data["proofs"] = self._get_proofs_with_typed_hours(
            data["billed_proofs"], terms, window, past, repricing.charges
        )
        data["terms"] = agreed.to_data(terms)
        data["product_ids"] = sorted(terms.products)
        commands = [
            Command.update(line.id, values)
            for line in lines
            if (values := line._prepare_typed_price()) is not None
        ]
        products = get_main_products([row.usage for row in past.own], past.own)
        commands += self._prepare_typed_discounts(repricing.extras, lines, products)
        self.write({"invoice_line_ids": commands, "volume_discount_data": data})

    def _get_kept_terms(self):
        """Return the terms that the draft was opened with (``Terms``)."""
        self.ensure_one()
        table, kept = self.volume_discount_id, self.volume_discount_data or {}
        if not kept:
            return table._get_own_terms()
        return table._restore_terms(kept["terms"], kept.get("product_ids"))

    def _prepare_typed_discounts(self, extras, lines, products):
        """Return the commands that make the discount lines those of ``extras``, none
        if they are.

        Where the invoice has sections they get their own: they reduce all of them.

        :param dict products: services of the window (ids) by taxes
        """
        wanted = [
            self._prepare_typed_discount(extra, lines, products)
            for extra in extras
            if extra.amount
        ]
        if wanted and self._has_other_sections():
            wanted.insert(0, self._prepare_typed_heading())
        present = self._get_typed_discounts()
        if [line._get_typed_key() for line in present] == [
            (values["name"], values.get("price_unit", 0.0)) for values in wanted
        ]:
            return []
        last = max((self.invoice_line_ids - present).mapped("sequence"), default=0)
        return [
            *(Command.delete(line.id) for line in present),
            *(
                Command.create(values | {"sequence": last + position})
                for position, values in enumerate(wanted, 1)
            ),
        ]

    def _has_other_sections(self):
        """Return whether the invoice has sections of its own."""
        self.ensure_one()
        return any(
            line.display_type == "line_section" and line.billing_kind != kinds.TYPED
            for line in self.invoice_line_ids
        )

    def _prepare_typed_heading(self):
        """Return the values of the heading above the discount lines."""
        table = self.volume_discount_id
        return {
            "display_type": "line_section",
            "name": table._get_line_text(kinds.SECTION, self._get_document_language()),
            "billing_kind": kinds.TYPED,
        }

    def _prepare_typed_discount(self, extra, lines, products):
        """Return the values of the line that holds what the tiers save, or what they
        change about hours that other invoices billed with other taxes."""
        table = self.volume_discount_id
        same = lines.filtered(lambda line: line._get_amount_tax_key() == extra.taxes)
        product = table.discount_product_id or same[:1].product_id
        if not (product or same):
            service = self.billing_period_id.sudo().agreement_id.product_id
            product = product.browse(products.get(extra.taxes) or service.id)
        account = {} if product else {"account_id": same[:1].account_id.id}
        return {
            **account,
            "name": table._get_line_text(extra.kind, self._get_document_language()),
            "product_id": product.id,
            "product_uom_id": self.env.ref("uom.product_uom_unit").id,
            "quantity": 1.0,
            "price_unit": float(extra.amount),
            "tax_ids": [Command.set(extra.taxes)],
            "billing_kind": kinds.TYPED,
            "service_month": self.billing_period_id.sudo().date_start,
            "volume_discount_id": table.id,
            "volume_discount_kind": extra.kind,
            "volume_discount_exact": float(extra.exact),
        }

    def _get_proofs_with_typed_hours(self, billed, terms, window, past, charges):
        """Return the proofs of the invoice, with typed hours in that of ``window``.

        :param billed: proofs of the timesheets, as JSON keeps them
        """
        if not charges:
            return billed
        known = [proofs.from_data(data) for data in billed]
        same = next((proof for proof in known if proof.window == window), None)
        merged = proofs.prove(
            terms,
            window,
            same.consumed if same else past.hours,
            [*(_get_charge(row) for row in (same.rows if same else ())), *charges],
            self._get_volume_discount_period(),
        )
        others = [proof for proof in known if proof.window != window]
        ordered = sorted([*others, merged], key=lambda proof: proof.window.start)
        return [proofs.to_data(proof) for proof in ordered]


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _get_typed_usage(self):
        """Return typed hours as the tier table takes them: last of the month."""
        self.ensure_one()
        return Usage(
            self._get_hours(),
            self._get_list_price_per_hour(),
            self.id,
            self._get_discount_factor(),
            self._get_amount_tax_key(),
            self._get_tier_scale(),
            self.move_id.billing_period_id.sudo().date_end,
            sys.maxsize,
        )

    def _get_typed_key(self):
        """Return what tells whether a discount line on typed hours is up to date."""
        self.ensure_one()
        return self.name, self.price_unit

    def _prepare_typed_price(self):
        """Return what marks the hours as priced by the table, None if they are."""
        self.ensure_one()
        if not self._is_price_typed():
            return None
        return {
            "volume_discount_kind": kinds.TIME,
            "volume_discount_list_price": self.price_unit,
            "volume_discount_price": self.price_unit,
        }


def _get_charge(row):
    """Return the charge of a row of a proof."""
    return Charge(
        row.hours,
        row.list_price,
        row.price_unit / row.factor if row.factor else row.price_unit,
        row.tier,
        None,
        row.kind,
        row.amount,
        row.factor,
    )
