from odoo import fields, models


class DunningRemindLine(models.TransientModel):
    _name = "dunning.remind.line"
    _description = "Reminder to Be Written"

    wizard_id = fields.Many2one("dunning.remind", required=True, ondelete="cascade")
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    level_id = fields.Many2one("dunning.level", readonly=True)
    move_ids = fields.Many2many("account.move", string="Invoices", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    amount = fields.Monetary(readonly=True)
    reason = fields.Char(string="Why Not", readonly=True)
