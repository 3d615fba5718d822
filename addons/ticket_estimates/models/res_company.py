from odoo import fields, models

from ..core.today import local_today


class ResCompany(models.Model):
    _inherit = "res.company"

    ticket_estimate_product_id = fields.Many2one(
        comodel_name="product.product",
        string="Service for Estimates",
        domain=[("type", "=", "service"), ("sale_ok", "=", True)],
        check_company=True,
        groups="base.group_user",
    )
    ticket_estimate_validity_days = fields.Integer(
        string="Validity of Estimates", default=30, groups="base.group_user"
    )

    _ticket_estimate_validity_days_positive = models.Constraint(
        "CHECK(ticket_estimate_validity_days BETWEEN 0 AND 3650)",
        "The validity of estimates must be between 0 and 3,650 days. 0 means no end.",
    )

    def _get_timezone(self):
        """Return the name of the time zone where the company is: that of its address,
        else that of its working hours."""
        self.ensure_one()
        company = self.sudo()
        return company.partner_id.tz or company.resource_calendar_id.tz or "UTC"

    def _get_today(self):
        """Return the day it is where the company is: its months and promises end there.

        The only place that says so: neither the server's time zone nor that of who
        looks at it, or of the customer, makes them shorter.
        """
        return local_today(fields.Datetime.now(), self._get_timezone())
