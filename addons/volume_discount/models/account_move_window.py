"""Which terms hold for hours on an invoice: those of the first one of its window."""

from odoo import models
from odoo.fields import Domain

from ..core import kinds
from ..core import terms as agreed
from ..core.calendar import window_of


class AccountMove(models.Model):
    _inherit = "account.move"

    def _get_terms_to_apply(self, table):
        """Return what ``table`` prices this invoice with: ``Terms`` and the services
        that count (none are all).

        An edited table holds from the next window on (pricing.md).
        """
        self.ensure_one()
        presentation = self.volume_discount_presentation or table.presentation
        kept = self._get_window_data(table)
        if not kept:
            return table._get_terms(presentation), table.product_ids
        terms = agreed.from_data(kept["terms"] | {"presentation": presentation})
        products = table.product_ids
        if kept.get("product_ids") is not None:
            products = products.browse(kept["product_ids"])
        return terms, products

    def _adopt_window_terms(self):
        """Keep the terms of the window, where it has some, with this draft."""
        self.ensure_one()
        table = self.volume_discount_id
        if not self._get_window_data(table):
            return
        terms, products = self._get_terms_to_apply(table)
        held = {"terms": agreed.to_data(terms), "product_ids": sorted(products.ids)}
        kept = self.volume_discount_data or {}
        if any(kept.get(name) != value for name, value in held.items()):
            self.volume_discount_data = kept | held

    def _get_window_data(self, table):
        """Return what holds for ``table`` in the window of this invoice, as an invoice
        keeps it (``volume_discount_data``); None if nothing does yet.

        Extension point: another addon knows what was decided about a window.
        """
        self.ensure_one()
        domain = Domain("move_id.volume_discount_id", "=", table.id)
        return self._find_first_of_window(domain).volume_discount_data or None

    def _get_discount_of_window(self):
        """Return the table that invoices written by hand have in the window of this
        one, none if it is the first of them: a replaced table holds from the next
        window on."""
        self.ensure_one()
        first = self._find_first_of_window(self._get_by_hand_domain())
        return first.volume_discount_id.with_env(self.env)

    def _get_by_hand_domain(self):
        """Return the domain of the invoice lines of which a person applied the table.

        Extension point: another addon writes invoices by itself.
        """
        return Domain.TRUE

    def _find_first_of_window(self, domain):
        """Return the first other invoice that counts in the window of this one, as
        superuser.

        :param domain: which of the lines with hours that tables priced to look at
        """
        self.ensure_one()
        day = self._get_volume_discount_day()
        lines = self.env["account.move.line"].sudo()
        year = window_of(day, "year")
        customer, company = self.commercial_partner_id, self.company_id
        domain &= lines._get_billed_hours_domain(customer, company, year)
        domain &= Domain(
            [
                ("currency_id", "=", self.currency_id.id),
                ("volume_discount_kind", "=", kinds.TIME),
                ("move_id.volume_discount_id", "!=", False),
                ("move_id.move_type", "=", "out_invoice"),
                ("move_id", "not in", self._origin.ids),
            ]
        )
        groups = lines._read_group(domain, ["move_id"])
        found = self.browse(move.id for (move,) in groups).sudo()
        first = (move for move in found.sorted("id") if move._is_in_window(day))
        return next(first, found.browse())

    def _is_in_window(self, day):
        """Return whether the table priced hours of the window of ``day`` here."""
        self.ensure_one()
        kept = self.volume_discount_data
        if not kept:
            return False
        span = window_of(day, kept["terms"]["window"])
        return any(line._get_work_day() in span for line in self._get_priced_lines())
