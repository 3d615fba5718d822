from odoo import api, fields, models
from odoo.exceptions import UserError


class AccountMoveReversalTime(models.TransientModel):
    _name = "account.move.reversal.time"
    _description = "Time to Become Billable Again"

    reversal_id = fields.Many2one(
        "account.move.reversal", required=True, ondelete="cascade"
    )
    allocation_id = fields.Many2one(
        "billing.allocation", required=True, ondelete="cascade"
    )
    ticket_id = fields.Many2one(related="allocation_id.ticket_id")
    date = fields.Date(related="allocation_id.date")
    employee_id = fields.Many2one(related="allocation_id.employee_id")
    price_unit = fields.Float(related="allocation_id.price_unit")
    name = fields.Char(related="allocation_id.name", string="Description")
    open_hours = fields.Float(
        string="Billed Hours",
        readonly=True,
        help="Worked hours on the invoice that no credit note has given back yet.",
    )
    hours = fields.Float(
        string="Give Back", help="Worked hours that become billable again."
    )

    @api.constrains("allocation_id")
    def _check_allocation_is_of_own_invoice(self):
        """The row shows a time entry: only to those who may read its invoice."""
        # constraints run as superuser
        moves = self.allocation_id.move_id
        moves.with_user(self.env.uid).check_access("read")

    def _check_hours(self):
        """Raise if more hours are chosen than are billed, or none at all."""
        for row in self:
            if not 0 <= row.hours <= row.open_hours:
                raise UserError(
                    self.env._(
                        "%(hours)s h of “%(entry)s” cannot be given back: %(open)s h "
                        "of it are billed.",
                        hours=row.hours,
                        entry=row.name,
                        open=row.open_hours,
                    )
                )
        if not any(self.mapped("hours")):
            raise UserError(
                self.env._("Choose tickets, or enter the hours to give back.")
            )
