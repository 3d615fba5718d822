from odoo import api, fields, models
from odoo.exceptions import UserError


class DunningNoticeLine(models.Model):
    _name = "dunning.notice.line"
    _description = "Amount in a Reminder"
    _order = "date_maturity, id"
    _check_company_auto = True

    notice_id = fields.Many2one(
        "dunning.notice", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="notice_id.company_id", store=True)
    currency_id = fields.Many2one(related="notice_id.currency_id", store=True)
    partner_id = fields.Many2one(related="notice_id.partner_id", store=True)
    state = fields.Selection(related="notice_id.state", store=True, index=True)
    date = fields.Date(related="notice_id.date", store=True)
    move_line_id = fields.Many2one(
        "account.move.line",
        string="Receivable",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    move_id = fields.Many2one(
        "account.move", string="Invoice", required=True, index=True, ondelete="restrict"
    )
    level_id = fields.Many2one(
        "dunning.level",
        index="btree_not_null",
        ondelete="restrict",
        help="The level this amount stands at.",
    )
    is_advanced = fields.Boolean(
        string="New Level", help="Whether the amount reached its level by this letter."
    )
    is_current = fields.Boolean(
        default=True,
        help="Whether the claims of this line are what is asked for now. A later "
        "letter replaces them.",
    )
    date_maturity = fields.Date(string="Due", required=True)
    days_overdue = fields.Integer(string="Days")
    amount = fields.Monetary(help="As invoiced.")
    amount_paid = fields.Monetary(string="Paid")
    amount_disputed = fields.Monetary(
        string="In Question",
        help="Not asked for while the customer's question is open.",
    )
    amount_open = fields.Monetary(string="Open", help="What is asked for.")
    interest_from = fields.Date(help="The first day that bears interest.")
    interest_until = fields.Date(help="The last day up to which interest was counted.")
    interest = fields.Monetary()
    flat = fields.Monetary(string="Flat Sum")
    waived = fields.Monetary(help="Interest and flat sum that we do not insist on.")
    waive_reason = fields.Char(size=200)
    claim_move_id = fields.Many2one(
        "account.move",
        string="Booked As",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
    )
    amount_claim = fields.Monetary(
        string="Claims", compute="_compute_amount_claim", store=True
    )

    _advanced_once = models.UniqueIndex(
        "(move_line_id, level_id) WHERE is_advanced AND state != 'cancelled'",
        "This invoice was reminded of at this level already.",
    )
    _flat_once = models.UniqueIndex(
        "(move_id) WHERE flat > 0 AND is_current AND state != 'cancelled'",
        "The flat sum can be claimed once for an invoice.",
    )

    @api.depends("interest", "flat", "waived", "is_current", "state")
    def _compute_amount_claim(self):
        for line in self:
            counts = line.is_current and line.state != "cancelled"
            claim = line.interest + line.flat - line.waived
            line.amount_claim = claim if counts else 0.0

    def _make_current(self):
        """The claims of these lines replace those of earlier letters."""
        former = self.search(
            [
                ("move_line_id", "in", self.move_line_id.ids),
                ("is_current", "=", True),
                ("id", "not in", self.ids),
            ]
        )
        former.is_current = False

    def _restore_former(self):
        """The claims of the letters before these count again."""
        current = self.filtered("is_current")
        current.is_current = False
        for line in current:
            former = self.search(
                [
                    ("move_line_id", "=", line.move_line_id.id),
                    ("state", "!=", "cancelled"),
                    ("id", "!=", line.id),
                ],
                order="date desc, id desc",
                limit=1,
            )
            former.is_current = True

    def _waive(self, reason):
        """Give up the claims beside the principal, for a reason that is kept.

        :raise UserError: if they are booked already
        """
        if booked := self.filtered("claim_move_id"):
            raise UserError(
                self.env._(
                    "The claims on %s are booked. Reverse their entry first.",
                    booked[0].move_id.display_name,
                )
            )
        for line in self:
            line.write({"waived": line.interest + line.flat, "waive_reason": reason})
