"""What the lines of an invoice are separated by, and their headings."""

from odoo import fields, models


class BillingAgreement(models.Model):
    _inherit = "billing.agreement"

    grouping = fields.Selection(
        [
            ("ticket", "By ticket"),
            ("project", "By project and ticket"),
            ("person", "By person and ticket"),
            ("entry", "By entry"),
        ],
        string="Invoice Lines",
        required=True,
        default="ticket",
        tracking=True,
        help="What gets a line of its own. Projects and people get a heading with a "
        "line per ticket below it. The ticket stays on the line in any case.",
    )

    def _get_group(self, entry):
        """Return what separates an ``Entry`` from others of its job, None for nothing:
        (``project``, ``person`` or ``entry``, id)."""
        key = {
            "project": entry.project,
            "person": entry.employee,
            "entry": entry.timesheet_id,
        }.get(self.grouping)
        return (self.grouping, key or 0) if self.grouping != "ticket" else None

    def _get_group_order(self, entries):
        """Return the sort key of each group with a heading: by name."""
        return {
            group: (self._get_group_name(group, lang=None), group[1])
            for group in {entry.group for entry in entries}
            if group and group[0] in ("project", "person")
        }

    def _get_group_name(self, group, lang):
        """Return the name of a project or person."""
        kind, key = group
        model = "project.project" if kind == "project" else "hr.employee"
        return self.env[model].with_context(lang=lang).browse(key).name or ""
