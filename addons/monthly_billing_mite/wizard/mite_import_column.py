from odoo import fields, models

FIELDS = [
    ("key", "Number of the entry"),
    ("date", "Date"),
    ("duration", "Duration"),
    ("user", "Person"),
    ("last_name", "Last name"),
    ("customer", "Customer"),
    ("project", "Project"),
    ("service", "Service"),
    ("note", "Text"),
    ("billable", "Billable"),
]


class MiteImportColumn(models.TransientModel):
    _name = "mite.import.column"
    _description = "Column of a File"
    _order = "index, id"

    import_id = fields.Many2one("mite.import", required=True, ondelete="cascade")
    index = fields.Integer(string="Column", readonly=True)
    heading = fields.Char(readonly=True)
    sample = fields.Char(string="Example", readonly=True)
    field = fields.Selection(FIELDS, string="Is")
