from odoo import fields, models


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

    def _get_local_date(self):
        """Return the date it is where the company works: its promises end there.

        Neither the server's nor the customer's time zone makes them shorter.
        """
        self.ensure_one()
        tz = self.sudo().resource_calendar_id.tz or "UTC"
        return fields.Date.context_today(self.with_context(tz=tz))
