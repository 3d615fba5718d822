"""Which work an agreement bills, and how far beyond approved hours."""

from datetime import date

from odoo import models

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
