from odoo import api, fields, models
from odoo.tools import SQL


class VolumeDiscountSimulationLine(models.TransientModel):
    _name = "volume.discount.simulation.line"
    _description = "Simulated Month"
    _order = "scenario, partner_id, month"
    _rec_name = "scenario"

    simulation_id = fields.Many2one(
        "volume.discount.simulation", required=True, ondelete="cascade", index=True
    )
    currency_id = fields.Many2one(related="simulation_id.currency_id", store=True)
    scenario = fields.Char(string="Table", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    month = fields.Date(readonly=True)
    hours = fields.Float(readonly=True)
    list_amount = fields.Monetary(string="At List Price", readonly=True)
    amount = fields.Monetary(string="Revenue", readonly=True)
    billed_amount = fields.Monetary(string="Billed", readonly=True)
    discount_amount = fields.Monetary(
        string="Cost of the Discount", compute="_compute_amounts", store=True
    )
    difference = fields.Monetary(
        string="Against Billed", compute="_compute_amounts", store=True
    )
    effective_rate = fields.Float(
        compute="_compute_amounts",
        store=True,
        aggregator="avg",
        help="Revenue per hour.",
    )

    @api.depends("hours", "list_amount", "amount", "billed_amount")
    def _compute_amounts(self):
        for line in self:
            line.discount_amount = line.list_amount - line.amount
            line.difference = line.amount - line.billed_amount
            line.effective_rate = line.amount / line.hours if line.hours else 0.0

    def _read_group_select(self, aggregate_spec, query):
        """Return the rate of a group as its revenue by its hours."""
        if aggregate_spec != "effective_rate:avg":
            return super()._read_group_select(aggregate_spec, query)
        return SQL(
            "SUM(%s) / NULLIF(SUM(%s), 0.0)",
            self._field_to_sql(self._table, "amount", query),
            self._field_to_sql(self._table, "hours", query),
        )
