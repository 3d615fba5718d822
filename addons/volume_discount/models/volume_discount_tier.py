from odoo import api, fields, models
from odoo.tools import formatLang

from ..bounded import BoundedFloat
from ..core.numbers import to_decimal
from ..core.tiers import Tier
from ..formats import format_number


class VolumeDiscountTier(models.Model):
    _name = "volume.discount.tier"
    _description = "Volume Discount Tier"
    _order = "min_quantity, id"

    discount_id = fields.Many2one(
        "volume.discount", required=True, ondelete="cascade", index=True
    )
    currency_id = fields.Many2one(related="discount_id.currency_id")
    min_quantity = BoundedFloat(
        string="From Hours",
        digits="Product Unit",
        required=True,
        help="The tier holds from this many hours on, these included.",
    )
    price_type = fields.Selection(
        [("discount", "Discount"), ("price", "Price per Hour")],
        string="Kind",
        required=True,
        default="discount",
        help="A discount is taken off the list price and so serves several rates; "
        "a price per hour replaces the list price.",
    )
    discount = BoundedFloat(string="Discount (%)", digits="Discount")
    price_unit = BoundedFloat(string="Price per Hour", digits="Product Price")

    _unique_bound = models.Constraint(
        "UNIQUE(discount_id, min_quantity)",
        "Two tiers start at the same number of hours. Change or remove one of them.",
    )
    _min_quantity_range = models.Constraint(
        "CHECK(min_quantity BETWEEN 0 AND 1000000)",
        "A tier starts between 0 and 1,000,000 hours. Enter such a number.",
    )
    _discount_range = models.Constraint(
        "CHECK(discount >= 0 AND discount <= 100)",
        "The discount of a tier lies between 0 % and 100 %. Enter such a percentage.",
    )
    _price_unit_range = models.Constraint(
        "CHECK(price_unit BETWEEN 0 AND 1000000)",
        "The price of a tier lies between 0 and 1,000,000. Enter such a price.",
    )

    @api.depends("min_quantity", "price_type", "discount", "price_unit", "currency_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for tier in self:
            tier.display_name = tier._get_sentence()

    def _get_sentence(self):
        """Return the tier as a sentence in the user's language."""
        hours = format_number(self.env, self.min_quantity)
        if self.price_type == "discount":
            discount = format_number(self.env, self.discount)
            return self.env._(
                "from %(hours)s h: %(discount)s %% off", hours=hours, discount=discount
            )
        price = formatLang(self.env, self.price_unit, currency_obj=self.currency_id)
        return self.env._(
            "from %(hours)s h: %(price)s per hour", hours=hours, price=price
        )

    def _get_long_sentence(self):
        """Return the tier as a sentence that also names the price it gives."""
        sentence = self._get_sentence()
        sentence = sentence[:1].upper() + sentence[1:]
        list_price = to_decimal(self.discount_id.list_price)
        if self.price_type == "discount" and list_price:
            price = float(self._get_tier().price(list_price))
            return self.env._(
                "%(sentence)s, now %(price)s per hour.",
                sentence=sentence,
                price=formatLang(self.env, price, currency_obj=self.currency_id),
            )
        return f"{sentence}."

    def _get_term(self):
        """Return the tier in figures and signs, alike in every language."""
        if self.price_type == "discount":
            return f"≥ {self.min_quantity:.10g} h: −{self.discount:.10g} %"
        return f"≥ {self.min_quantity:.10g} h: {self.price_unit:.10g}/h"

    def _get_tier(self):
        """Return the row as a plain value; its key is the record's id."""
        return Tier(
            min_quantity=to_decimal(self.min_quantity),
            price_type=self.price_type,
            discount=to_decimal(self.discount),
            price_unit=to_decimal(self.price_unit),
            key=self.id,
        )
