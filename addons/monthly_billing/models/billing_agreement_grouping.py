"""What the lines of an invoice are separated by, and their headings."""

from odoo import fields, models
from odoo.tools.misc import format_date

from ..core import kinds
from ..core.layout import get_headings, get_place


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

    def _get_group_heading(self, group):
        """Return the heading of a project, or of a person as the customer reads it."""
        name = self._get_group_name(group, self.env.lang)
        if group[0] == "person":
            return self._show_person(name) or self.env._("Our Team")
        return name

    def _prepare_headings(self, plan, window):
        """Return for each line of ``plan`` the values of the headings above it.

        :param window: the billed month
        """
        return [
            [
                self._prepare_heading(
                    heading,
                    plan.lines[position].month,
                    window,
                    get_place(position, len(above) - place),
                )
                for place, heading in enumerate(above)
            ]
            for position, above in enumerate(get_headings(plan.lines, window.start))
        ]

    def _prepare_heading(self, heading, month, window, sequence):
        """Return the values of a heading.

        :param heading: see ``layout.get_headings``
        :param month: first day of the month of the lines below it
        """
        return {
            "display_type": f"line_{heading[0]}",
            "billing_kind": kinds.SECTION,
            "name": self._get_heading_text(heading, window),
            "service_month": month,
            "sequence": sequence,
        }

    def _get_heading_text(self, heading, window):
        """Return the text of a heading in the language of the environment."""
        _level, kind, key = heading
        if kind == "rest":
            return self.env._("Discounts and adjustments")
        if kind != "month":
            return self._get_group_heading((kind, key))
        text = format_date(self.env, key, date_format="LLLL yyyy")
        if key != window.start:
            text = self.env._("Supplement %(month)s", month=text)
        return text
