from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..core.errors import MiteError
from ..core.months import get_first
from ..core.records import read_entry


class MitePreview(models.TransientModel):
    _name = "mite.preview"
    _description = "What Will Come from mite"

    account_id = fields.Many2one("mite.account", required=True, ondelete="cascade")
    line_ids = fields.One2many("mite.preview.line", "preview_id", readonly=True)
    entries = fields.Integer(readonly=True)
    running = fields.Integer(string="Running Timers", readonly=True)

    def _fill(self):
        """Count what mite has by customer and month; nothing is written.

        :raise UserError: if mite cannot be read
        """
        self.ensure_one()
        account = self.account_id
        counts, minutes = Counter(), Counter()
        try:
            client = account._get_client()
            account._check_role(client)
            for entry in self._read(client, account.date_from):
                if entry.running:
                    self.running += 1
                key = get_first(entry.day), entry.customer.name
                counts[key] += 1
                minutes[key] += entry.minutes
        except MiteError as error:
            raise UserError(account._get_problem_text(error.kind)) from error
        self.entries = sum(counts.values())
        self.line_ids = self._prepare_lines(counts, minutes)

    @api.model
    def _read(self, client, first):
        query = {"from": first.isoformat(), "sort": "date", "direction": "asc"}
        for page in client.pages("/time_entries.json", **query):
            for data in page:
                yield read_entry(data)

    @api.model
    def _prepare_lines(self, counts, minutes):
        """Return commands for the lines of a preview.

        :param counts: number of entries by (month, customer)
        :param minutes: the same of minutes
        """
        return [
            Command.create(
                {
                    "month": month,
                    "customer": customer or self.env._("(no customer)"),
                    "entries": count,
                    "hours": minutes[month, customer] / 60,
                }
            )
            for (month, customer), count in counts.items()
        ]

    def action_start(self):
        self.ensure_one()
        self.account_id.action_start()
        return {"type": "ir.actions.act_window_close"}
