from odoo import fields, models


class BillingRunDetail(models.TransientModel):
    _name = "billing.run.detail"
    _description = "Preview of an Invoice Line"

    line_id = fields.Many2one("billing.run.line", required=True, ondelete="cascade")
    currency_id = fields.Many2one(related="line_id.currency_id")
    name = fields.Text(string="Description")
    ticket_id = fields.Many2one("helpdesk.ticket", ondelete="cascade")
    quantity = fields.Float(digits="Product Unit")
    price_unit = fields.Float(string="Price", digits="Product Price")
    price_subtotal = fields.Monetary(string="Amount")
