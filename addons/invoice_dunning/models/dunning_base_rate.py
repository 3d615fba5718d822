from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.misc import format_date

from ..core.rates import BaseRate, half_year_of, next_half_year


class DunningBaseRate(models.Model):
    _name = "dunning.base.rate"
    _description = "Base Rate of Interest"
    _order = "date desc"
    _rec_name = "date"

    date = fields.Date(
        string="Valid From",
        required=True,
        help="The first day of a half-year: 1 January or 1 July.",
    )
    percent = fields.Float(
        string="Base Rate (%)",
        digits=(6, 2),
        required=True,
        help="Percent a year, may be negative.",
    )
    source = fields.Char(
        required=True, help="Where the rate was published, so that it can be checked."
    )

    _date_unique = models.Constraint(
        "UNIQUE(date)", "There is a base rate for this half-year already. Change that."
    )

    @api.constrains("date")
    def _check_date(self):
        for rate in self:
            if rate.date != half_year_of(rate.date):
                raise ValidationError(
                    self.env._(
                        "A base rate holds from 1 January or 1 July. Choose the first "
                        "day of the half-year instead of %s.",
                        format_date(self.env, rate.date),
                    )
                )

    @api.constrains("percent")
    def _check_percent(self):
        if any(not -10 <= rate.percent <= 50 for rate in self):
            raise ValidationError(
                self.env._("A base rate lies between -10 and 50 percent a year.")
            )

    @api.model
    def _get_rate(self, points):
        """Return the law's rate of interest: the known base rates and the points.

        :param points: Decimal, percentage points above the base rate (BGB 288)
        """
        rates = {
            row.date: Decimal(str(round(row.percent, 2)))
            for row in self.sudo().search([])
        }
        return BaseRate(rates, points)

    @api.model
    def _is_known_on(self, day):
        """Return whether the base rate of the half-year of ``day`` is known."""
        return bool(self.sudo().search_count([("date", "=", half_year_of(day))]))

    @api.model
    def _get_known_until(self):
        """Return the first day whose base rate is not known, None without any rate."""
        last = self.sudo().search([], limit=1)
        return next_half_year(last.date) if last else None
