import base64
from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..core import backup, columns, rows, tables
from ..core.errors import FileError
from ..core.months import get_first

STEPS = [("file", "File"), ("columns", "Columns"), ("preview", "Preview")]
PRESETS = [
    ("any", "mite or any table"),
    ("toggl", "Toggl Track"),
    ("clockify", "Clockify"),
    ("kimai", "Kimai"),
    ("harvest", "Harvest"),
]
ENCODINGS = [
    ("utf-8-sig", "Unicode (UTF-8)"),
    ("utf-16", "Unicode (UTF-16)"),
    ("cp1252", "Windows (CP1252)"),
]
DELIMITERS = [(";", "Semicolon"), (",", "Comma"), ("\t", "Tab"), ("|", "Bar")]
MAX_PROBLEMS = 200


class MiteImport(models.TransientModel):
    """Takes time from a file, step by step."""

    _name = "mite.import"
    _description = "Import Time from a File"

    account_id = fields.Many2one(
        "mite.account", string="Source", required=True, ondelete="cascade"
    )
    step = fields.Selection(STEPS, default="file", required=True)
    file = fields.Binary(required=True, attachment=False)
    filename = fields.Char()
    preset = fields.Selection(
        PRESETS, string="Comes From", default="any", required=True
    )
    encoding = fields.Selection(ENCODINGS, help="Empty: found by itself.")
    delimiter = fields.Selection(DELIMITERS, help="Empty: found by itself.")
    unit = fields.Selection(
        [("hours", "Hours"), ("minutes", "Minutes")],
        string="Numbers Are",
        help="1:30 is always an hour and a half. Empty: the heading says it.",
    )
    date_order = fields.Selection(
        [("dmy", "Day first (31/12/2026)"), ("mdy", "Month first (12/31/2026)")],
        help="Empty: the dates say it.",
    )
    is_complete = fields.Boolean(
        string="All Time of These Days",
        default=True,
        help="The file has all time of its days and people: what it does not have any "
        "more was deleted. Otherwise that holds for its customers only.",
    )
    is_backup = fields.Boolean(readonly=True)
    column_ids = fields.One2many("mite.import.column", "import_id")
    problem_ids = fields.One2many("mite.import.problem", "import_id", readonly=True)
    line_ids = fields.One2many("mite.preview.line", "import_id", readonly=True)
    entries = fields.Integer(string="Readable Rows", readonly=True)
    problems = fields.Integer(string="Unreadable Rows", readonly=True)
    new_entries = fields.Integer(string="New", readonly=True)
    gone_entries = fields.Integer(string="To Remove", readonly=True)
    early_entries = fields.Integer(string="Too Early", readonly=True)

    def action_read(self):
        """Look at the file: which columns it has, or what a backup brings."""
        self.ensure_one()
        self.account_id._check_can_import()
        content = self._get_content()
        self.is_backup = backup.is_xml(content)
        if self.is_backup:
            return self.action_preview()
        if self.account_id.source == "api":
            raise UserError(
                self.env._(
                    "A table has no numbers of mite, so its time would come twice. "
                    "Take mite's XML backup, or a source of its own for files."
                )
            )
        table = self._call(tables.read_table, content, self.encoding, self.delimiter)
        found = self._guess(table)
        facts = {index: field for field, index in found.items()}
        self.column_ids = [Command.clear()] + [
            Command.create(
                {
                    "index": index,
                    "heading": heading,
                    "sample": self._get_sample(table, index),
                    "field": facts.get(index, False),
                }
            )
            for index, heading in enumerate(table.header)
        ]
        self.step = "columns"
        return self._show()

    def action_preview(self):
        """Show what the file brings, row by row what is wrong; nothing is written."""
        self.ensure_one()
        self.account_id._check_can_import()
        reading, _masters = self._read()
        first = self.account_id.date_from
        found = [entry for _line, entry in reading.entries]
        entries = [entry for entry in found if entry.day >= first]
        kept, gone = self.account_id.sudo()._plan_file(
            entries, self.is_complete, self._has_ids()
        )
        known = self.account_id.sudo()._find_entries([entry.key for entry in kept])
        counts, minutes = Counter(), Counter()
        for entry in entries:
            key = get_first(entry.day), entry.customer.name
            counts[key] += 1
            minutes[key] += entry.minutes
        lines = self.env["mite.preview"]._prepare_lines(counts, minutes)
        self.write(
            {
                "step": "preview",
                "entries": len(found),
                "early_entries": len(found) - len(entries),
                "new_entries": len(entries) - len(known),
                "gone_entries": len(gone),
                "problems": len(reading.problems),
                "line_ids": [Command.clear(), *lines],
                "problem_ids": [
                    Command.clear(),
                    *(
                        Command.create(problem._asdict())
                        for problem in reading.problems[:MAX_PROBLEMS]
                    ),
                ],
            }
        )
        return self._show()

    def action_import(self):
        """Import the readable rows."""
        self.ensure_one()
        self.account_id._check_can_import()
        self.account_id.check_access("write")
        reading, masters = self._read()
        entries = [entry for _line, entry in reading.entries]
        run = self.account_id.sudo()._import_file(
            entries, masters, self.is_complete, self._has_ids()
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": "mite.run",
            "res_id": run.id,
            "view_mode": "form",
        }

    def action_back(self):
        """Choose another file, or how it is read."""
        self.ensure_one()
        self.step = "file"
        return self._show()

    def _has_ids(self):
        """Return whether each row has the number that its program gave it."""
        return self.is_backup or "key" in self.column_ids.mapped("field")

    def _read(self):
        """Return (``Reading``, list of ``Master``) of the file.

        :raise UserError: if it cannot be read at all
        """
        content = self._get_content()
        if backup.is_xml(content):
            return self._call(backup.read_backup, content)
        table = self._call(tables.read_table, content, self.encoding, self.delimiter)
        chosen = self.column_ids.filtered("field")
        twice = [name for name, n in Counter(chosen.mapped("field")).items() if n > 1]
        if twice:
            raise UserError(self.env._("Two columns are the same. Choose one of them."))
        found = {column.field: column.index for column in chosen}
        if missing := columns.get_missing(found):
            labels = dict(chosen._fields["field"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "Say which columns these are: %s",
                    ", ".join(labels[name] for name in missing),
                )
            )
        order = self.date_order
        if not order and self.preset in columns.MONTH_FIRST:
            order = self._guess_order(table, found)
        return self._call(rows.read_rows, table, found, self.unit, order), []

    @api.model
    def _guess_order(self, table, found):
        """Return the order that the dates show, else that of the program."""
        cells = [rows.get_cell(cells, found["date"]) for _line, cells in table.rows]
        return rows.guess_order(cells) or "mdy"

    def _guess(self, table):
        preset = None if self.preset == "any" else self.preset
        return columns.guess_columns(table.header, preset)

    def _get_content(self):
        return base64.b64decode(self.file or b"")

    @api.model
    def _get_sample(self, table, index):
        cells = (rows.get_cell(cells, index) for _line, cells in table.rows[:50])
        return next((str(cell)[:80] for cell in cells if cell not in (None, "")), "")

    def _call(self, read, *arguments):
        """Return what ``read`` returns.

        :raise UserError: with what is wrong with the file
        """
        try:
            return read(*arguments)
        except FileError as error:
            raise UserError(self._get_file_text(error)) from error

    def _get_file_text(self, error):
        texts = {
            "too_big": self.env._("The file is too big. Export fewer months at once."),
            "format": self.env._(
                "The file is neither CSV nor Excel nor a backup of mite."
            ),
            "encoding": self.env._("Choose the encoding of the file."),
            "empty": self.env._(
                "The file has no heading and rows. Choose what separates its columns."
            ),
            "dates": self.env._(
                "The dates may be read in two ways. Choose their order."
            ),
        }
        return texts.get(error.kind, error.kind)

    def _show(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import Time from a File"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }
