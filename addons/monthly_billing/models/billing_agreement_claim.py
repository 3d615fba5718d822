"""Which work an agreement bills, for whom, and how far beyond approved hours."""

from datetime import date
from decimal import Decimal

from odoo import models

from odoo.addons.volume_discount.core.numbers import EPSILON

from ..core.entries import Claim, to_bounded


class BillingAgreement(models.Model):
    _inherit = "billing.agreement"

    def _get_claim(self):
        """Return the days and projects whose work is billed by this one."""
        self.ensure_one()
        return Claim(
            self.bill_from, self.date_end or date.max, frozenset(self.project_ids.ids)
        )

    def _get_tolerance(self):
        """Return the factor on approved hours up to which time is billed."""
        self.ensure_one()
        return 1 + to_bounded(self.estimate_tolerance) / 100

    def _is_last_month(self, window):
        """Return whether no month after ``window`` is billed."""
        self.ensure_one()
        return bool(self.date_end) and self.date_end <= window.last_day

    def _get_customer_key(self):
        """Return whose window the hours of the agreement count in, as a value."""
        self.ensure_one()
        return (self.company_id.id, self.partner_id.id, self.currency_id.id)

    def _get_quantum(self):
        """Return what the amount of an invoice line is rounded to (currency).

        Where the company rounds no line but the sum ("Round per Tax"), the saving of
        a summary stays exact: else it would differ from the lines by cents.
        """
        if self.company_id.tax_calculation_rounding_method == "round_per_line":
            return Decimal(str(self.currency_id.rounding))
        return EPSILON

    def _get_job_model(self, kind):
        """Return the model of a kind of job."""
        return {
            "ticket": "helpdesk.ticket",
            "task": "project.task",
            "project": "project.project",
        }[kind]
