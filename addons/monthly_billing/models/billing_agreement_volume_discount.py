"""The tier table of an agreement: its terms and its proof on an invoice."""

from odoo import fields, models
from odoo.fields import Command

from odoo.addons.volume_discount.core import proof as proofs
from odoo.addons.volume_discount.core import terms as agreed
from odoo.addons.volume_discount.core.calendar import window_of


class BillingAgreement(models.Model):
    _inherit = "billing.agreement"

    def _prepare_volume_discount(self, plan):
        """Return the values that keep the terms of an invoice and its proof."""
        terms = plan.terms
        if not (terms and self._has_counted_service(terms)):
            return {}
        table = self._localize().env["volume.discount"].browse(terms.key)
        return {
            "volume_discount_id": table.id,
            "volume_discount_presentation": terms.presentation,
            "volume_discount_data": {
                "name": table.name,
                "terms": agreed.to_data(terms),
                "product_ids": sorted(terms.products),
                "proofs": [proofs.to_data(proof) for proof in plan.proofs],
            },
        }

    def _has_counted_service(self, terms=None):
        """Return whether a tier table prices the hours of the agreement.

        :param terms: others than those of today
        """
        self.ensure_one()
        tables = self.env["volume.discount"]
        table = tables.browse(terms.key) if terms else self.volume_discount_id
        if not table:
            return False
        products = self.product_id | self.rate_ids.product_id
        return any(map(table._is_product_counted, products))

    def _prepare_tier_values(self, line):
        """Return what an invoice line keeps of the table that priced it, and the
        product of an amount without hours."""
        if not line.table:
            return {}
        values = {"volume_discount_kind": line.kind}
        product = self.env["volume.discount"].browse(line.table).discount_product_id
        if line.shares:
            values["volume_discount_list_price"] = float(line.list_price)
            values["volume_discount_price"] = float(line.price_unit)
        elif product:
            values["product_id"] = product.id
        return values

    def _prepare_amount_taxes(self, line, found):
        """Return the taxes of a line that is only an amount, no hours, as values.

        They are those of the hours whose price it changes, without fixed amounts, which
        are due per hour; nothing where the invoice finds them by itself.

        :param line: ``plan.Line``
        :param dict found: taxes by service, which are looked up once
        """
        if self._get_tax_days():
            return self._prepare_taxes_of_amount(line)
        product = line.product or self.product_id.id
        taxes = self._get_line_taxes({"product_id": product}, found)
        table = self.env["volume.discount"].browse(line.table)
        if tuple(sorted(taxes.ids)) == line.taxes and not table.discount_product_id:
            return {}
        return {"tax_ids": [Command.set(line.taxes)]}

    def _prepare_taxes_of_amount(self, line):
        """Return taxes and account of a line that only is an amount, where taxes
        change: those of its hours.

        They are in its month, or where a window is longer in one of the others.
        """
        table = self.env["volume.discount"].browse(line.table)
        hours = line.product or self.product_id.id
        product = table.discount_product_id
        product = product or self.env["product.product"].browse(hours)
        changes = self._get_tax_days()
        eras = [fields.Date.add(changes[0], days=-1), *changes]
        days = [line.month, *(day for day in eras if day in window_of(line.month))]
        day = next(
            day
            for day in (*days, *eras, line.month)
            if self._get_tax_key(hours, day) == line.taxes or day is eras[-1]
        )
        return self._prepare_taxes_of_day(product, day) | {
            "tax_ids": [Command.set(line.taxes)]
        }
