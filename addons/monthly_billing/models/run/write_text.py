"""What people read on an invoice: lines, headings, notes."""

from collections import defaultdict

from odoo import api, models
from odoo.tools import formatLang
from odoo.tools.misc import format_date

from odoo.addons.volume_discount.core.calendar import window_of
from odoo.addons.volume_discount.core.numbers import ZERO
from odoo.addons.volume_discount.formats import format_number

from ...core import kinds
from ...core.layout import get_headings, get_place


class BillingRunWrite(models.AbstractModel):
    _inherit = "billing.run.write"

    @api.model
    def _get_line_text(self, agreement, line):
        """Return the text of an invoice line in the language of the environment.

        German law wants kind and time of the service on it (UStG 14(4)): ticket
        number and title, and the days of work.
        """
        if line.kind == kinds.RETAINER:
            return self._get_retainer_text(agreement, line)
        if not line.shares:
            return self._get_difference_text(agreement, line)
        days = [format_date(self.env, day) for day in dict.fromkeys(line.days)]
        details = " – ".join(days)
        if line.tier:
            hours = format_number(self.env, float(line.tier.min_quantity))
            details = self.env._(
                "%(days)s (rate from %(hours)s h)", days=details, hours=hours
            )
        parts = [details, *self._get_line_notes(agreement, line)]
        return f"{self._get_job_text(agreement, *line.job)}\n{', '.join(parts)}"

    @api.model
    def _get_retainer_text(self, agreement, line):
        """Return the text of the fixed amount of a month, or of a part of it."""
        hours = format_number(self.env, float(line.included))
        span = agreement._get_retainer_span(line.month)
        if span != window_of(line.month):
            return self.env._(
                "Retainer %(first)s – %(last)s, %(hours)s h included",
                first=format_date(self.env, span.start),
                last=format_date(self.env, span.last_day),
                hours=hours,
            )
        return self.env._(
            "Retainer %(month)s, %(hours)s h included",
            month=format_date(self.env, line.month, date_format="LLLL yyyy"),
            hours=hours,
        )

    @api.model
    def _get_line_notes(self, agreement, line):
        """Return what else there is to say about the hours of a line."""
        notes = []
        if line.group and line.group[0] == "entry":
            entry = self.env["account.analytic.line"].browse(line.group[1])
            person = agreement._show_person(entry._get_worker())
            notes += [text for text in (person, entry._get_report_text()) if text]
        if line.product and line.product != agreement.product_id.id:
            notes.append(self.env["product.product"].browse(line.product).name)
        if line.kind == kinds.INCLUDED:
            notes.append(self.env._("included in the retainer"))
        if line.kind == kinds.FREE:
            notes.append(self.env._("free of charge"))
        return notes

    @api.model
    def _fetch_entry_texts(self, agreement, plan):
        """Read the entries at once that have lines of their own."""
        if agreement.grouping == "entry":
            ids = [line.group[1] for line in plan.lines if line.group]
            entries = self.env["account.analytic.line"].browse(ids)
            entries.fetch(["name", "employee_id", "user_id"])

    @api.model
    def _get_job_text(self, agreement, kind, key):
        """Return ticket number and title, or the name of the task or project."""
        record = self.env[agreement._get_job_model(kind)].browse(key)
        if kind == "ticket":
            return f"{record.number} {record.name}"
        if kind == "task":
            return f"{record.project_id.name}: {record.name}"
        return record.name

    @api.model
    def _get_difference_text(self, agreement, line):
        """Return the text of a line that stands for no time of its own."""
        table = self.env["volume.discount"].browse(line.table).name
        if line.kind == kinds.DISCOUNT:
            return self.env._("Volume discount (%(table)s)", table=table)
        if line.kind == kinds.BEST_PRICE:
            return self.env._("Best price adjustment (%(table)s)", table=table)
        text = self.env._(
            "Adjustment of hours billed before to the reached tier (%(table)s)",
            table=table,
        )
        return f"{text}\n{line.reason}" if line.reason else text

    @api.model
    def _prepare_headings(self, agreement, plan, window):
        """Return for each line of ``plan`` the values of the headings above it.

        :param window: the billed month
        """
        return [
            [
                self._prepare_heading(
                    agreement,
                    heading,
                    plan.lines[position].month,
                    window,
                    get_place(position, len(above) - place),
                )
                for place, heading in enumerate(above)
            ]
            for position, above in enumerate(get_headings(plan.lines, window.start))
        ]

    @api.model
    def _prepare_heading(self, agreement, heading, month, window, sequence):
        """Return the values of a heading.

        :param heading: see ``layout.get_headings``
        :param month: first day of the month of the lines below it
        """
        return {
            "display_type": f"line_{heading[0]}",
            "billing_kind": kinds.SECTION,
            "name": self._get_heading_text(agreement, heading, window),
            "service_month": month,
            "sequence": sequence,
        }

    @api.model
    def _get_heading_text(self, agreement, heading, window):
        """Return the text of a heading in the language of the environment."""
        _level, kind, key = heading
        if kind == "rest":
            return self.env._("Discounts and adjustments")
        if kind != "month":
            return self._get_group_heading(agreement, (kind, key))
        text = format_date(self.env, key, date_format="LLLL yyyy")
        if key != window.start:
            text = self.env._("Supplement %(month)s", month=text)
        return text

    @api.model
    def _get_group_heading(self, agreement, group):
        """Return the heading of a project, or of a person as the customer reads it."""
        name = agreement._get_group_name(group, self.env.lang)
        if group[0] == "person":
            return agreement._show_person(name) or self.env._("Our Team")
        return name

    @api.model
    def _prepare_withheld_notes(self, agreement, plan):
        """Return the values of the lines that name the withheld hours, by ticket."""
        if not (agreement.show_withheld and plan.withheld):
            return []
        hours = defaultdict(lambda: ZERO)
        for entry in plan.withheld:
            hours[entry.job] += entry.worked
        order = self.env["billing.run.plan"]._get_job_order(plan.withheld)
        # below the lines of the plan and above what is typed by hand
        sequence = get_place(len(plan.lines), above=5)
        return [
            {
                "display_type": "line_note",
                "billing_kind": kinds.WITHHELD,
                "name": self._get_withheld_text(agreement, job, hours[job]),
                "sequence": sequence,
            }
            for job in sorted(hours, key=order.get)
        ]

    @api.model
    def _get_withheld_text(self, agreement, job, hours):
        """Return the text that names the withheld hours of a ticket."""
        return self.env._(
            "%(hours)s h on %(job)s wait for your approval and are not on this "
            "invoice.",
            hours=formatLang(self.env, float(hours), digits=2),
            job=self.env[agreement._get_job_model(job[0])].browse(job[1]).number,
        )
