"""Hours that wait for the customer's approval: which they are and who is told."""

from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import formatLang

from odoo.addons.volume_discount.core.calendar import window_of
from odoo.addons.volume_discount.core.numbers import ZERO

from ..core import kinds
from ..core.layout import get_place


class BillingAgreement(models.Model):
    _inherit = "billing.agreement"

    show_withheld = fields.Boolean(
        string="Name Withheld Hours",
        default=True,
        tracking=True,
        help="A line of text on the invoice names the hours per ticket that wait for "
        "the customer's approval.",
    )

    @api.model
    def _get_end_of_booked_time(self):
        """Return the first day whose time no view of today looks at."""
        return window_of(self._get_today()).end

    def _prepare_withheld_notes(self, plan):
        """Return the values of the lines that name the withheld hours, by ticket."""
        if not (self.show_withheld and plan.withheld):
            return []
        hours = defaultdict(lambda: ZERO)
        for entry in plan.withheld:
            hours[entry.job] += entry.worked
        order = self._get_job_order(plan.withheld)
        # below the lines of the plan and above what is typed by hand
        sequence = get_place(len(plan.lines), above=5)
        return [
            {
                "display_type": "line_note",
                "billing_kind": kinds.WITHHELD,
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
