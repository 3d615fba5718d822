"""Hours per month that a fixed amount pays for."""

from decimal import ROUND_HALF_UP

from odoo import api, fields, models

from odoo.addons.volume_discount.bounded import BoundedFloat, BoundedMonetary
from odoo.addons.volume_discount.core.calendar import add_months, window_of
from odoo.addons.volume_discount.core.numbers import to_decimal

from ..core.plan import CENT
from ..core.retainer import get_share, get_span


class BillingAgreement(models.Model):
    _inherit = "billing.agreement"

    included_hours = BoundedFloat(
        digits="Product Unit",
        tracking=True,
        help="Hours per month that the retainer pays for. Each month is billed the "
        "amount of the retainer, also without time; the first hours of the month cost "
        "nothing more and count towards no tier. 0: no retainer.",
    )
    included_price = BoundedMonetary(
        string="Retainer per Month",
        tracking=True,
        help="The fixed amount of a month. 0: the hours are included at no charge.",
    )
    included_product_id = fields.Many2one(
        "product.product",
        string="Retainer Service",
        check_company=True,
        tracking=True,
        ondelete="restrict",
        domain="[('type', '=', 'service')]",
        help="The service of the retainer: its taxes and account. Empty: the hourly "
        "service of the agreement.",
    )
    included_rollover = fields.Integer(
        string="Roll-over Months",
        tracking=True,
        help="Months in which hours that a month did not use may still be used; the "
        "oldest are used first. 0: they expire with their month.",
    )
    included_from = fields.Date(
        string="Retainer From",
        compute="_compute_included_from",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
        help="The first month with a retainer. By default it is the first month "
        "without an invoice.",
    )

    included_prorata = fields.Boolean(
        string="Retainer by Days",
        tracking=True,
        help="A month in which the retainer begins or the agreement ends gets hours "
        "and amount in proportion to its days. Otherwise it counts in full.",
    )

    _included_positive = models.Constraint(
        "CHECK((included_hours IS NULL OR included_hours BETWEEN 0 AND 10000) AND "
        "(included_price IS NULL OR included_price BETWEEN 0 AND 100000000) AND "
        "(included_rollover IS NULL OR included_rollover BETWEEN 0 AND 120))",
        "A retainer has between 0 and 10,000 hours, an amount between 0 and "
        "100,000,000 and a roll-over of 0 to 120 months.",
    )

    @api.depends("included_hours")
    def _compute_included_from(self):
        for agreement in self:
            if agreement.included_hours and not agreement.included_from:
                agreement.included_from = agreement._get_first_open_day()

    def _get_retainer_months(self, window):
        """Return the first days of the months with a retainer up to ``window``."""
        self.ensure_one()
        if not self.included_hours:
            return []
        last = min(window.start, self.date_end or window.start)
        month, months = self._get_retainer_start().replace(day=1), []
        while month <= last:
            months.append(month)
            month = add_months(month, 1)
        return months

    def _get_retainer_start(self):
        """Return the first day with a retainer: none before the agreement begins."""
        return max(self.included_from, self.date_start)

    def _get_retainer_span(self, month):
        """Return the days of ``month`` that the retainer is for (``Window``)."""
        self.ensure_one()
        if not (self.included_prorata and self.included_from):
            return window_of(month)
        return get_span(month, self._get_retainer_start(), self.date_end)

    def _get_included_hours(self, month):
        """Return the hours that ``month`` grants, in hundredths."""
        hours = to_decimal(self.included_hours)
        share = get_share(self._get_retainer_span(month))
        return hours if share == 1 else (hours * share).quantize(CENT, ROUND_HALF_UP)

    def _get_retainer_part(self, product, month):
        """Return what is due for ``month`` (currency, decimal)."""
        span = self._get_retainer_span(month)
        price = self._map_price(self.included_price, product, span.last_day)
        price, share = to_decimal(price), get_share(span)
        if share == 1:
            return price
        return to_decimal(self.currency_id.round(float(price * share)))
