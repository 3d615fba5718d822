"""Hours that wait for the customer's approval: which they are and who is told."""

from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import formatLang

from ..hours import ZERO, withhold
from ..periods import window_of


class BillingAgreement(models.Model):
    _inherit = "billing.agreement"

    show_withheld = fields.Boolean(
        string="Name Withheld Hours",
        default=True,
        tracking=True,
        help="A line of text on the invoice names the hours per ticket that wait for "
        "the customer's approval.",
    )

    def _get_withheld(self, end):
        """Return what a run of these agreements would withhold.

        :param end: first day that is too late (date)
        :return: dict of agreement to list of ``Entry`` with the withheld hours
        """
        withholding = self.filtered(lambda one: one.estimate_policy == "withhold")
        usage = withholding._get_usage(end)
        allowed = withholding._get_allowed_hours(usage)
        found = {}
        for agreement, entries in usage.items():
            billable = [
                entry for entry in entries if entry.worked > 0 and entry.kind != "free"
            ]
            agreed, found[agreement] = withhold(billable, allowed)
            for entry in agreed:
                if entry.job in allowed:
                    allowed[entry.job] -= entry.worked
        return found

    @api.model
    def _get_end_of_booked_time(self):
        """Return the first day whose time no view of today looks at."""
        return window_of(self._get_today()).end

    def _prepare_invoice_lines(self, plan, window, hints=False):
        values = super()._prepare_invoice_lines(plan, window, hints)
        return values + self._localize()._prepare_withheld_notes(plan)

    def _prepare_withheld_notes(self, plan):
        """Return the values of the lines that name the withheld hours, by ticket."""
        if not (self.show_withheld and plan.withheld):
            return []
        hours = defaultdict(lambda: ZERO)
        for entry in plan.withheld:
            hours[entry.job] += entry.worked
        order = self._get_job_order(plan.withheld)
        # below the lines of the plan and above what is typed by hand
        sequence = len(plan.lines) * 10 + 5
        return [
            {
                "display_type": "line_note",
                "billing_kind": "withheld",
                "name": self._get_withheld_text(job, hours[job]),
                "sequence": sequence,
            }
            for job in sorted(hours, key=order.get)
        ]

    def _get_withheld_text(self, job, hours):
        """Return the text that names the withheld hours of a ticket."""
        return self.env._(
            "%(hours)s h on %(job)s wait for your approval and are not on this "
            "invoice.",
            hours=formatLang(self.env, float(hours), digits=2),
            job=self.env[self._get_job_model(job[0])].browse(job[1]).number,
        )
