from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class DunningRemind(models.TransientModel):
    _name = "dunning.remind"
    _description = "Write Reminders"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    day = fields.Date(
        required=True,
        default=lambda self: self.env.company._get_dunning_today(),
        help="Levels are reached and interest is counted as of this day.",
    )
    partner_ids = fields.Many2many(
        "res.partner", string="Customers", help="Empty: all customers."
    )
    line_ids = fields.One2many(
        "dunning.remind.line",
        "wizard_id",
        compute="_compute_line_ids",
        compute_sudo=False,  # the preview asks what the user may see
        store=True,
        readonly=True,
    )
    letter_count = fields.Integer(compute="_compute_letter_count")

    @api.depends("company_id", "day", "partner_ids")
    def _compute_line_ids(self):
        for wizard in self:
            notices = self.env["dunning.notice"]
            letters, obstacles = notices._preview_day(
                wizard.day, wizard.company_id, wizard.partner_ids or None
            )
            lines = [wizard._prepare_letter_line(letter) for letter in letters]
            lines += [
                wizard._prepare_obstacle_line(receivable, obstacle)
                for receivable, obstacle in obstacles.items()
            ]
            wizard.line_ids = [Command.clear(), *map(Command.create, lines)]

    @api.depends("line_ids")
    def _compute_letter_count(self):
        for wizard in self:
            wizard.letter_count = len(wizard.line_ids.filtered("level_id"))

    @api.model
    def _prepare_letter_line(self, letter):
        moves = [line["move_id"] for line in letter["line_ids"]]
        return {
            "partner_id": letter["partner_id"],
            "level_id": letter["level_id"],
            "currency_id": letter["currency_id"],
            "amount": letter["amount_total"],
            "move_ids": [Command.set(list(dict.fromkeys(moves)))],
        }

    @api.model
    def _prepare_obstacle_line(self, receivable, obstacle):
        return {
            "partner_id": receivable.partner_id,
            "currency_id": receivable.currency_id,
            "amount": float(receivable.amount_open),
            "move_ids": [Command.set([receivable.move_id])],
            "reason": obstacle.reason,
        }

    def action_remind(self):
        """Write the reminders that are shown, and send them as their levels say."""
        self.ensure_one()
        notices = self.env["dunning.notice"]._remind(
            self.day, self.company_id, self.partner_ids or None
        )
        if not notices:
            raise UserError(
                self.env._(
                    "Nobody is to be reminded on this day. The list says why for each "
                    "open invoice."
                )
            )
        notices.action_send()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "invoice_dunning.dunning_notice_action"
        )
        return {**action, "domain": [("id", "in", notices.ids)]}
