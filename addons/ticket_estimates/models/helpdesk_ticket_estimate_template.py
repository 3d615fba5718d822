from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .helpdesk_ticket_estimate_effort import HOURS_ARE_ORDERED


class HelpdeskTicketEstimateTemplate(models.Model):
    """A recurring job with the effort it usually takes."""

    _name = "helpdesk.ticket.estimate.template"
    _description = "Estimate Template"
    _order = "sequence, name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        comodel_name="res.company",
        default=lambda self: self.env.company,
        index=True,
        help="Empty: every company may use this template.",
    )
    category_ids = fields.Many2many(
        comodel_name="helpdesk.ticket.category",
        string="Ticket Categories",
        check_company=True,
        help="Offered on tickets of these categories. Empty: on all tickets.",
    )
    estimated_hours = fields.Float(required=True, digits="Product Unit")
    hours_min = fields.Float(
        string="At Least",
        digits="Product Unit",
        help="Hours if everything goes well. Never shown to the customer.",
    )
    hours_max = fields.Float(
        string="At Most",
        digits="Product Unit",
        help="Hours if nothing goes well. Never shown to the customer.",
    )
    product_id = fields.Many2one(
        comodel_name="product.product",
        string="Service",
        domain=[("type", "=", "service"), ("sale_ok", "=", True)],
        check_company=True,
        ondelete="restrict",
        help="Gives rate and taxes. Empty: the usual service of estimates.",
    )
    scope = fields.Html(
        translate=True,
        sanitize_style=True,
        help="What the estimate covers. The customer reads this text in the customer's "
        "language.",
    )
    internal_note = fields.Html(help="Never shown to the customer.")
    estimate_count = fields.Integer(
        string="Number of Estimates", compute="_compute_estimate_count"
    )

    _estimated_hours_positive = models.Constraint(
        "CHECK(estimated_hours > 0 AND estimated_hours <= 10000)",
        "An estimate needs more than zero hours, and 10,000 at most.",
    )
    _hours_ordered = models.Constraint(
        HOURS_ARE_ORDERED,
        "The estimated hours must lie between the least and the most hours.",
    )

    @api.constrains("product_id")
    def _check_product_is_time(self):
        hour = self.env.ref("uom.product_uom_hour")
        for product in self.product_id:
            if not product.uom_id._has_common_reference(hour):
                raise ValidationError(
                    self.env._(
                        "%(product)s is measured in %(uom)s. Choose a service measured "
                        "in time, such as hours or days.",
                        product=product.display_name,
                        uom=product.uom_id.name,
                    )
                )

    def _compute_estimate_count(self):
        counts = dict(
            self.env["helpdesk.ticket.estimate"]._read_group(
                [("template_id", "in", self.ids)], ["template_id"], ["__count"]
            )
        )
        for template in self:
            template.estimate_count = counts.get(template, 0)

    def copy_data(self, default=None):
        """Return the values of a copy, whose name says that it is one."""
        vals_list = super().copy_data(default)
        for template, vals in zip(self, vals_list, strict=True):
            if not (default or {}).get("name"):
                vals["name"] = self.env._("%s (copy)", template.name)
        return vals_list

    def action_view_estimates(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ticket_estimates.helpdesk_ticket_estimate_action"
        )
        return {**action, "domain": [("template_id", "=", self.id)], "context": {}}
