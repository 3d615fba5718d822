from decimal import Decimal

from odoo import api, fields, models
from odoo.fields import Domain

from ..core import kinds
from ..core.history import Billed
from ..core.numbers import to_decimal, to_exact
from ..invoice_lines import get_differences

#: units of time are kept as floats: below this two numbers of hours are the same
EPSILON = Decimal("0.000001")
#: times the hours of a day it gives the price of the day back
FINE = Decimal("1E-12")
PRICING = {
    "volume_discount_exact",
    "volume_discount_kind",
    "volume_discount_list_price",
    "volume_discount_price",
    "volume_discount_split",
    "volume_discount_uom_id",
}


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    volume_discount_kind = fields.Selection(
        [
            ("time", "Time"),
            ("discount", "Volume discount"),
            ("best_price", "Best price"),
            ("difference", "Difference"),
            ("section", "Heading"),
        ],
        readonly=True,
        help="What the line is to the volume discount: time that it prices, or an "
        "amount that it adds.",
    )
    volume_discount_list_price = fields.Float(
        string="List Price", readonly=True, help="Price before the volume discount."
    )
    volume_discount_price = fields.Float(
        readonly=True,
        help="The price that the volume discount gave. If another price stands on the "
        "line, somebody typed it: it is the new list price.",
    )
    volume_discount_exact = fields.Float(
        readonly=True,
        help="What the volume discount saves before it was rounded to the currency.",
    )
    volume_discount_split = fields.Integer(
        readonly=True, help="Lines with the same number were one line once."
    )
    volume_discount_uom_id = fields.Many2one(
        "uom.uom",
        string="Original Unit",
        readonly=True,
        help="The unit before a part of it had to be told in hours.",
    )

    def write(self, vals):
        self._check_posted_volume_discount(vals)
        return super().write(vals)

    def _check_posted_volume_discount(self, vals):
        """Refuse to change on a posted invoice how its lines were priced."""
        values = {name: vals[name] for name in PRICING & vals.keys()}
        posted = self.filtered(lambda line: line.parent_state == "posted")
        if values and any(get_differences(line, values) for line in posted):
            posted.move_id._refuse_posted_volume_discount()

    def _is_discount_amount(self):
        """Return whether the line is an amount that the tiers add or take: one unit,
        whose quantity tells a reader nothing."""
        return self.volume_discount_kind in kinds.AMOUNTS

    @api.model
    def _get_billed_hours_domain(self, partners, company, span, also=None):
        """Return the domain of the lines whose hours count in a window.

        Extension point: another addon knows a better day of work than the invoice's.

        :param partners: commercial partners
        :param span: ``Window``, the window
        :param also: moves that are about to be posted, whatever their date
        """
        posted = self._get_charging_domain() & self._get_work_day_domain(span)
        if also:
            posted |= Domain("move_id", "in", also.ids)
        return posted & Domain(
            [
                ("company_id", "=", company.id),
                ("move_id.commercial_partner_id", "in", partners.ids),
                ("move_id.move_type", "in", ("out_invoice", "out_refund")),
                ("display_type", "=", "product"),
                "|",
                ("product_uom_id", "child_of", self._get_time_unit().ids),
                ("volume_discount_kind", "in", kinds.AMOUNTS),
            ]
        )

    @api.model
    def _get_charging_domain(self):
        """Return the domain of the lines that charge what stands on them.

        Extension point: another addon knows of drafts that count, and of credit notes
        that give money back but no hours.
        """
        return Domain("parent_state", "=", "posted")

    @api.model
    def _get_work_day_domain(self, span):
        """Return the domain of the lines with a day of work in ``span``, or near it:
        ``_get_work_day`` decides."""
        days = [
            f"move_id.{path}{name}"
            for path in ("", "reversed_entry_id.")
            for name in ("delivery_date", "invoice_date")
        ]
        return Domain.OR(
            Domain(day, ">=", span.start) & Domain(day, "<=", span.last_day)
            for day in days
        )

    @api.model
    def _get_time_unit(self):
        """Return the unit of which all units of time are multiples."""
        return self.env["uom.uom"]._get_time_unit()

    def _get_work_day(self):
        """Return the day of work of the line (date).

        Extension point: as ``_get_billed_hours_domain``.
        """
        self.ensure_one()
        return self.move_id._get_volume_discount_day()

    def _is_time(self):
        """Return whether the line is measured in a unit of time."""
        self.ensure_one()
        unit = self.product_uom_id
        return (
            self.display_type == "product"
            and bool(unit)
            and unit._is_time()
            and self.volume_discount_kind not in kinds.AMOUNTS
        )

    def _get_hours_per_unit(self, unit=None):
        """Return how many hours one unit is, by default the line's (``Decimal``)."""
        hour = self.env["uom.uom"]._get_hour()
        unit = unit or self.product_uom_id
        if unit == hour:
            return Decimal(1)
        factor = unit._compute_quantity(1.0, hour, round=False)
        return to_exact(factor)

    def _get_hours(self):
        """Return the hours of the line, negative on a credit note (``Decimal``)."""
        self.ensure_one()
        if not self._is_time():
            return Decimal(0)
        hours = to_decimal(self.quantity) * self._get_hours_per_unit()
        sign = -1 if self.move_id.move_type == "out_refund" else 1
        return sign * hours.quantize(EPSILON).normalize() + 0

    def _is_price_typed(self):
        """Return whether the price is the user's, not one of the table."""
        self.ensure_one()
        return (
            self.volume_discount_kind != kinds.TIME
            or abs(self.price_unit - self.volume_discount_price) > 1e-9
        )

    def _get_list_price(self):
        """Return the price per unit before the volume discount; a typed one wins."""
        self.ensure_one()
        typed = self._is_price_typed()
        return self.price_unit if typed else self.volume_discount_list_price

    def _get_list_price_per_hour(self):
        """Return the price per hour before the volume discount (``Decimal``)."""
        self.ensure_one()
        price = to_exact(self._get_list_price())
        per_unit = self._get_hours_per_unit()
        return price if per_unit == 1 else (price / per_unit).quantize(FINE)

    def _get_billed(self, table):
        """Return the line as a plain ``history.Billed``, seen by ``table``.

        The line's own discount in percent stays apart: that is no matter of the tiers
        and must not be made up for by them.
        """
        self.ensure_one()
        sign = -1 if self.move_id.move_type == "out_refund" else 1
        hours = self._get_hours()
        return Billed(
            self._get_work_day(),
            hours,
            self._get_list_price_per_hour() if hours else Decimal(0),
            sign * to_decimal(self.quantity) * self._get_exact_price(),
            bool(self.volume_discount_kind) and self._get_volume_discount() == table,
            self._get_discount_factor(),
            self._get_amount_tax_key(),
            self._get_tier_scale(),
            self.id,
            self.volume_discount_kind == kinds.DISCOUNT
            and not self.volume_discount_exact,
            self.product_id.id,
        )

    def _get_exact_price(self):
        """Return the price per unit before an amount was rounded (``Decimal``).

        An amount that somebody changed by hand is what it is.
        """
        self.ensure_one()
        exact = self.volume_discount_exact
        if exact and not self.currency_id.compare_amounts(exact, self.price_unit):
            return to_exact(exact)
        return to_exact(self.price_unit)

    def _get_amount_tax_key(self):
        """Return the taxes that an amount for the hours has, as a plain value."""
        self.ensure_one()
        return tuple(sorted(self.tax_ids._get_taxes_of_amounts().ids))

    def _get_tier_scale(self):
        """Return what the taxes of the line make of a price of the table (``Decimal``).

        A table reads its prices as the service does: with a tax that is included in
        them, or without.
        """
        self.ensure_one()
        return self.product_id._get_price_scale(self.company_id, self.tax_ids)

    def _get_discount_factor(self):
        """Return what the line's own discount in percent leaves (``Decimal``)."""
        self.ensure_one()
        return 1 - to_decimal(self.discount) / 100

    def _get_volume_discount(self):
        """Return the table that priced the line, none where there is none."""
        self.ensure_one()
        table = self.move_id.volume_discount_id
        return table if self.volume_discount_kind else table.browse()
