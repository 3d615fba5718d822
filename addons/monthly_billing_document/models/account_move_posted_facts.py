"""What a document of a month says of ours, kept as it was on the day of posting."""

from odoo import api, fields, models
from odoo.orm.models import NO_ACCESS
from odoo.tools.sql import column_exists, create_column


class AccountMove(models.Model):
    """Page, PDF, CSV, Excel and XML of a posted document read the same kept values.

    They are plain values without language; words and formats are the reader's. What
    becomes known later is not in them: it is named as later, or not at all.
    """

    _inherit = "account.move"

    posted_facts = fields.Json(
        compute="_compute_posted_facts",
        store=True,
        copy=False,
        prefetch=False,
        groups=NO_ACCESS,
        help="What page, PDF, CSV, Excel and XML of the posted invoice say.",
    )

    def _auto_init(self):
        """Make the column first: Odoo would compute it for every entry there is."""
        if not column_exists(self.env.cr, self._table, "posted_facts"):
            create_column(self.env.cr, self._table, "posted_facts", "jsonb")
        return super()._auto_init()

    @api.depends("state")
    def _compute_posted_facts(self):
        """Keep the facts when a document is posted; a draft has none."""
        documents = self.filtered(
            lambda move: move.state != "draft" and move._is_billing_document()
        )
        (self - documents).posted_facts = False
        new = documents.filtered(
            lambda move: move.state == "posted" and not move.posted_facts
        )
        facts = new._prepare_facts()
        for move in documents:
            move.posted_facts = facts.get(move) or move.posted_facts

    def button_draft(self):
        """What a draft says follows its records again."""
        result = super().button_draft()
        self.sudo().filtered("posted_facts").posted_facts = False
        return result

    def _prepare_facts(self):
        """Return {document: {name: value}} of what these documents say as of now."""
        values = {
            name: prepare() for name, prepare in self._get_fact_preparers().items()
        }
        return {
            move: {name: found.get(move) for name, found in values.items()}
            for move in self
        }

    def _get_fact_preparers(self):
        """Return {name: method} of the facts of these documents.

        Extension point: another addon may add facts. A method returns {document: plain
        value for JSON}; it asks the database for all documents at once, and keys of
        dicts are texts.
        """
        return {
            "head": self._prepare_head_facts,
            "report": self._prepare_report_facts,
            "lines": self._prepare_line_facts,
            "entries": self._prepare_entry_facts,
            "estimates": self._prepare_estimate_facts,
            "thank_you": self._prepare_thank_you_facts,
        }

    def _get_fact(self, name):
        """Return what the document says: as kept when posted, of a draft as of now.

        :param str name: one of ``_get_fact_preparers``
        """
        self.ensure_one()
        move = self.sudo()
        kept = move.posted_facts or {}
        if name in kept:
            return kept[name]
        return move._get_fact_preparers()[name]().get(move)
