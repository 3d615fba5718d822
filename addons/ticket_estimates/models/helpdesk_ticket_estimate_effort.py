from odoo import api, fields, models

from ..bounded import BoundedFloat
from ..core.accuracy import expect_hours

#: Zero means that a bound is not given.
HOURS_ARE_ORDERED = """CHECK(
    COALESCE(hours_min, 0) >= 0
    AND COALESCE(hours_max, 0) >= 0
    AND COALESCE(hours_min, 0) <= estimated_hours
    AND (COALESCE(hours_max, 0) = 0 OR hours_max >= estimated_hours)
)"""
INTERNAL = "helpdesk_mgmt.group_helpdesk_user_own"


class HelpdeskTicketEstimate(models.Model):
    """Where the hours come from: a template, and bounds that only the team sees."""

    _inherit = "helpdesk.ticket.estimate"

    template_id = fields.Many2one(
        comodel_name="helpdesk.ticket.estimate.template",
        check_company=True,
        ondelete="set null",
        index="btree_not_null",
        domain="[('category_ids', 'in', [ticket_category_id, False])]",
        groups=INTERNAL,
        help="Fills hours, service, scope and note of a draft; all may be changed.",
    )
    ticket_category_id = fields.Many2one(related="ticket_id.category_id")
    estimated_hours = BoundedFloat(
        compute="_compute_estimated_hours", store=True, readonly=False, precompute=True
    )
    hours_min = fields.Float(
        string="At Least",
        compute="_compute_hours_min",
        store=True,
        readonly=False,
        precompute=True,
        digits="Product Unit",
        groups=INTERNAL,
        help="Hours if everything goes well. Never shown to the customer.",
    )
    hours_max = fields.Float(
        string="At Most",
        compute="_compute_hours_max",
        store=True,
        readonly=False,
        precompute=True,
        digits="Product Unit",
        groups=INTERNAL,
        help="Hours if nothing goes well. Never shown to the customer.",
    )
    expected_hours = fields.Float(
        compute="_compute_expected_hours",
        digits="Product Unit",
        groups=INTERNAL,
        help="One sixth of the least, four sixths of the estimated and one sixth of "
        "the most hours: what such work takes on average.",
    )
    scope = fields.Html(
        compute="_compute_scope", store=True, readonly=False, precompute=True
    )
    internal_note = fields.Html(
        compute="_compute_internal_note", store=True, readonly=False, precompute=True
    )

    _hours_ordered = models.Constraint(
        HOURS_ARE_ORDERED,
        "The estimated hours must lie between the least and the most hours.",
    )

    @api.depends("template_id")
    def _compute_estimated_hours(self):
        self._fill_from_template("estimated_hours")

    @api.depends("template_id")
    def _compute_hours_min(self):
        self._fill_from_template("hours_min")

    @api.depends("template_id")
    def _compute_hours_max(self):
        self._fill_from_template("hours_max")

    @api.depends("template_id")
    def _compute_scope(self):
        self._fill_from_template("scope")

    @api.depends("template_id")
    def _compute_internal_note(self):
        self._fill_from_template("internal_note")

    @api.depends("estimated_hours", "hours_min", "hours_max")
    def _compute_expected_hours(self):
        for estimate in self:
            estimate.expected_hours = expect_hours(
                estimate.estimated_hours, estimate.hours_min, estimate.hours_max
            )

    def _fill_from_template(self, name):
        """Drafts with a template have its value of the field ``name``.

        Texts are in the language of the customer, who reads them.
        """
        for estimate in self._filter_editable().filtered("template_id"):
            lang = estimate.partner_id.lang or self.env.lang
            estimate[name] = estimate.template_id.with_context(lang=lang)[name]
