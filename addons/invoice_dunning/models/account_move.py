from odoo import api, fields, models

STAFF = "account.group_account_readonly,account.group_account_invoice"


class AccountMove(models.Model):
    _inherit = "account.move"

    dunning_hold_until = fields.Date(
        string="No Reminders Until",
        copy=False,
        tracking=True,
        groups=STAFF,
        help="No reminder is written up to and including this day.",
    )
    dunning_hold_reason = fields.Char(
        string="Why No Reminders",
        copy=False,
        size=200,
        tracking=True,
        groups=STAFF,
        help="For instance: promised to pay on Friday.",
    )
    dunning_line_ids = fields.One2many(
        "dunning.notice.line", "move_id", string="Reminders", groups=STAFF
    )
    dunning_level_id = fields.Many2one(
        "dunning.level",
        string="Reminder Level",
        compute="_compute_dunning_level_id",
        search="_search_dunning_level_id",
        compute_sudo=True,
        groups=STAFF,
    )
    dunning_next = fields.Char(
        string="Next Reminder",
        compute="_compute_dunning_next",
        groups=STAFF,
        help="What comes next, or why nothing does.",
    )
    dunning_notice_count = fields.Integer(
        compute="_compute_dunning_level_id", compute_sudo=True, groups=STAFF
    )

    @api.depends("dunning_line_ids.state")
    def _compute_dunning_level_id(self):
        self.dunning_level_id = False
        self.dunning_notice_count = 0
        for move, lines in self.dunning_line_ids.grouped("move_id").items():
            sent = lines.filtered(lambda line: line.state == "sent")
            reached = sent.filtered("is_advanced").level_id
            move.dunning_level_id = reached.sorted("days")[-1:]
            move.dunning_notice_count = len(sent.notice_id)

    @api.model
    def _search_dunning_level_id(self, operator, value):
        """Find the invoices whose highest reminder is of these levels."""
        if operator not in ("in", "not in"):
            return NotImplemented
        lines = self.env["dunning.notice.line"].sudo()
        reached = {}
        domain = [("state", "=", "sent"), ("is_advanced", "=", True)]
        for move, level in lines._read_group(domain, ["move_id", "level_id"]):
            highest = reached.setdefault(move.id, level)
            reached[move.id] = max(highest, level, key=lambda one: (one.days, one.id))
        found = [move for move, level in reached.items() if level.id in value]
        if False in value:
            others = [("id", "not in", list(reached))]
            domain = ["|", ("id", "in", found), *others]
        else:
            domain = [("id", "in", found)]
        return domain if operator == "in" else ["!", *domain]

    def _compute_dunning_next(self):
        self.dunning_next = False
        decisions = self.env["dunning.decision"]
        overdue = self.filtered(
            lambda move: (
                move.is_sale_document(include_receipts=True)
                and move.state == "posted"
                and move.payment_state in ("not_paid", "partial", "blocked")
            )
        )
        for move in overdue:
            move.dunning_next = decisions._describe_next(move)

    def _get_dunning_delivered_on(self):
        """Return the day on which the debtor got this invoice, as far as it is known.

        Extension point: an addon that knows the day says it. Without one the date of
        the invoice is the best there is.
        """
        self.ensure_one()
        return self.invoice_date

    def action_open_dunning_notices(self):
        """Show the reminders in which this invoice stands."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "invoice_dunning.dunning_notice_action"
        )
        return {
            **action,
            "domain": [("line_ids.move_id", "=", self.id)],
            "context": {"create": False},
        }
