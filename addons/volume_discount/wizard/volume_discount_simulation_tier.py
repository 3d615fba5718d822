from odoo import fields, models

from ..core.numbers import to_decimal
from ..core.tiers import Tier


class VolumeDiscountSimulationTier(models.TransientModel):
    _name = "volume.discount.simulation.tier"
    _description = "Tier to Try"
    _order = "min_quantity, id"

    draft_id = fields.Many2one(
        "volume.discount.simulation.draft", required=True, ondelete="cascade"
    )
    min_quantity = fields.Float(
        string="From Hours", digits="Product Unit", required=True
    )
    price_type = fields.Selection(
        [("discount", "Discount"), ("price", "Price per Hour")],
        string="Kind",
        required=True,
        default="discount",
    )
    discount = fields.Float(string="Discount (%)", digits="Discount")
    price_unit = fields.Float(string="Price per Hour", digits="Product Price")

    _range = models.Constraint(
        "CHECK(min_quantity BETWEEN 0 AND 1000000 AND discount BETWEEN 0 AND 100 AND "
        "price_unit BETWEEN 0 AND 1000000)",
        "A tier starts between 0 and 1,000,000 hours, takes off 0 % to 100 % and has a "
        "price between 0 and 1,000,000. Enter such numbers.",
    )

    def _get_tier(self):
        """Return the row as a plain value."""
        self.ensure_one()
        return Tier(
            min_quantity=to_decimal(self.min_quantity),
            price_type=self.price_type,
            discount=to_decimal(self.discount or 0.0),
            price_unit=to_decimal(self.price_unit or 0.0),
        )
