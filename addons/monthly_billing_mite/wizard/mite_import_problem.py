from odoo import api, fields, models


class MiteImportProblem(models.TransientModel):
    _name = "mite.import.problem"
    _description = "Row of a File That Cannot Be Read"
    _order = "line, id"

    import_id = fields.Many2one("mite.import", required=True, ondelete="cascade")
    line = fields.Integer()
    kind = fields.Char()
    value = fields.Char()
    text = fields.Char(compute="_compute_text")

    @api.depends("kind")
    def _compute_text(self):
        texts = {
            "day": self.env._("This is no date."),
            "duration": self.env._("This is no duration."),
            "user": self.env._("Nobody is named who did the work."),
            "billable": self.env._("This is neither yes nor no."),
            "key": self.env._("The number is missing, odd or there twice."),
        }
        for problem in self:
            problem.text = texts.get(problem.kind)
