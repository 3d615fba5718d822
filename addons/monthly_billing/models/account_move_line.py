from odoo import fields, models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    ticket_id = fields.Many2one(
        "helpdesk.ticket",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    service_month = fields.Date(
        help="First day of the month in which the work of the line was done."
    )
    billing_kind = fields.Selection(
        [
            ("section", "Heading"),
            ("time", "Time"),
            ("discount", "Volume discount"),
            ("best_price", "Best price"),
            ("difference", "Difference"),
        ],
        readonly=True,
        copy=False,
        help="Set on the lines that the monthly run wrote; “Recompute” replaces them.",
    )
    allocation_ids = fields.One2many(
        "billing.allocation", "move_line_id", string="Billed Time", readonly=True
    )
