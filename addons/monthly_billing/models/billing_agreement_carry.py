from odoo import fields, models

from ..core.months import is_carried_too_long


class BillingAgreement(models.Model):
    """How long time below the minimum amount may wait."""

    _inherit = "billing.agreement"

    carry_months = fields.Integer(
        string="Carry At Most",
        tracking=True,
        help="How many times time below the minimum amount may be carried to the next "
        "month. Then the month is billed whatever its amount. 0: without limit.",
    )

    _carry_months_positive = models.Constraint(
        "CHECK(carry_months IS NULL OR carry_months BETWEEN 0 AND 120)",
        "Time may be carried for 0 to 120 months.",
    )

    def _is_past_carrying(self, plan, window):
        """Return whether the oldest time of ``plan`` was carried as often as agreed."""
        self.ensure_one()
        oldest = min(line.month for line in plan.lines)
        return is_carried_too_long(oldest, window.start, self.carry_months)
