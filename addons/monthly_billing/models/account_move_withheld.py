from odoo import models

from ..core import kinds


class AccountMove(models.Model):
    _inherit = "account.move"

    def copy_data(self, default=None):
        """Leave what waits for approval off credit notes: they are about the past."""
        values_list = super().copy_data(default)
        for move, values in zip(self, values_list, strict=True):
            if values.get("move_type") != "out_refund":
                continue
            notes = move.line_ids.filtered(
                lambda line: line.billing_kind == kinds.WITHHELD
            )
            values["line_ids"] = [
                command
                for command in values["line_ids"]
                if command[2].get("source_line_id") not in notes.ids
            ]
        return values_list
