from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command

from ..core.terms import Terms


class VolumeDiscountSimulationDraft(models.TransientModel):
    _name = "volume.discount.simulation.draft"
    _description = "Volume Discount to Try"

    simulation_id = fields.Many2one(
        "volume.discount.simulation", required=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="simulation_id.currency_id")
    name = fields.Char(required=True)
    mode = fields.Selection(
        [("graduated", "Graduated"), ("volume", "Volume")],
        required=True,
        default="graduated",
    )
    best_price = fields.Boolean()
    window = fields.Selection(
        [("month", "Month"), ("quarter", "Quarter"), ("year", "Year")],
        required=True,
        default="month",
    )
    product_ids = fields.Many2many(
        "product.product",
        string="Services",
        domain=lambda self: self.env["volume.discount"]._get_product_domain(),
        help="The services whose hours count. Empty: all services measured in time.",
    )
    tier_ids = fields.One2many(
        "volume.discount.simulation.tier", "draft_id", string="Tiers"
    )

    @api.constrains("tier_ids", "name")
    def _check_tiers(self):
        for draft in self:
            bounds = draft.tier_ids.mapped("min_quantity")
            if not bounds or len(set(bounds)) < len(bounds):
                raise ValidationError(
                    self.env._(
                        "“%s” needs at least one tier, and each must start at another "
                        "number of hours.",
                        draft.name,
                    )
                )

    def _get_terms(self):
        """Return what is tried as plain ``terms.Terms``."""
        self.ensure_one()
        tiers = tuple(tier._get_tier() for tier in self.tier_ids)
        best_price = self.best_price and self.mode == "volume"
        return Terms(self.mode, tiers, self.window, best_price=best_price)

    def action_create_table(self):
        """Keep what was tried as a table that customers can have."""
        self.ensure_one()
        names = ("min_quantity", "price_type", "discount", "price_unit")
        table = self.env["volume.discount"].create(
            {
                "name": self.name,
                "mode": self.mode,
                "best_price": self.best_price and self.mode == "volume",
                "window": self.window,
                "currency_id": self.currency_id.id,
                "company_id": self.simulation_id.company_id.id,
                "product_ids": [Command.set(self.product_ids.ids)],
                "tier_ids": [
                    Command.create({name: tier[name] for name in names})
                    for tier in self.tier_ids
                ],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": table._name,
            "res_id": table.id,
            "view_mode": "form",
        }
