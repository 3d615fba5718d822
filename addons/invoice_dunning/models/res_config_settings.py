from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    dunning_is_active = fields.Boolean(
        related="company_id.dunning_is_active", readonly=False
    )
    dunning_law = fields.Selection(related="company_id.dunning_law", readonly=False)
    dunning_percent = fields.Float(related="company_id.dunning_percent", readonly=False)
    dunning_flat = fields.Boolean(related="company_id.dunning_flat", readonly=False)
    dunning_due_is_agreed = fields.Boolean(
        related="company_id.dunning_due_is_agreed", readonly=False
    )
    dunning_warns_consumers = fields.Boolean(
        related="company_id.dunning_warns_consumers", readonly=False
    )
    dunning_scope = fields.Selection(related="company_id.dunning_scope", readonly=False)
    dunning_pause_days = fields.Integer(
        related="company_id.dunning_pause_days", readonly=False
    )
    dunning_tolerance = fields.Monetary(
        related="company_id.dunning_tolerance", readonly=False
    )
    dunning_account_id = fields.Many2one(
        related="company_id.dunning_account_id", readonly=False
    )
    dunning_journal_id = fields.Many2one(
        related="company_id.dunning_journal_id", readonly=False
    )
