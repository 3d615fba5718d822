from odoo import fields, models


class MitePreviewLine(models.TransientModel):
    _name = "mite.preview.line"
    _description = "Time That Will Come, of a Customer and Month"
    _order = "month desc, customer, id"

    preview_id = fields.Many2one("mite.preview", ondelete="cascade")
    import_id = fields.Many2one("mite.import", ondelete="cascade")
    month = fields.Date()
    customer = fields.Char()
    entries = fields.Integer()
    hours = fields.Float()
