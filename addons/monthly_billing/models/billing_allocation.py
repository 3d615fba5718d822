from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..core import kinds


class BillingAllocation(models.Model):
    """The ledger: how much of a timesheet entry stands on which invoice line.

    "Billed" is nothing but the sum of the counting allocations of an entry.
    """

    _name = "billing.allocation"
    _description = "Billed Time"
    _order = "id"
    _rec_name = "timesheet_id"

    timesheet_id = fields.Many2one(
        "account.analytic.line",
        required=True,
        index=True,
        readonly=True,
        ondelete="restrict",
    )
    move_line_id = fields.Many2one(
        "account.move.line",
        string="Invoice Line",
        required=True,
        index=True,
        readonly=True,
        ondelete="cascade",
    )
    period_id = fields.Many2one(
        "billing.period",
        string="Month",
        required=True,
        index=True,
        readonly=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(related="period_id.company_id")
    currency_id = fields.Many2one(related="period_id.currency_id")
    partner_id = fields.Many2one(related="period_id.partner_id")
    move_id = fields.Many2one(related="move_line_id.move_id", string="Invoice")
    ticket_id = fields.Many2one(related="move_line_id.ticket_id")
    name = fields.Char(related="timesheet_id.name", string="Description")
    date = fields.Date(related="timesheet_id.date")
    employee_id = fields.Many2one(related="timesheet_id.employee_id")
    worked_hours = fields.Float(
        readonly=True, required=True, help="Part of the entry, in hours as worked."
    )
    billed_hours = fields.Float(
        readonly=True,
        required=True,
        digits="Product Unit",
        help="Hours on the invoice line for this part, after rounding of time.",
    )
    list_price = fields.Float(
        readonly=True,
        digits=(16, 6),
        help="Hourly rate before volume discount.",
    )
    rounding_hours = fields.Float(
        string="Rounding",
        compute="_compute_rounding_hours",
        digits="Product Unit",
        help="Billed minus worked hours: what rounding of time added or took away.",
    )
    billing_kind = fields.Selection(related="move_line_id.billing_kind")
    price_unit = fields.Float(
        string="Rate",
        readonly=True,
        digits=(16, 6),
        help="Hourly rate after volume discount.",
    )
    discount = fields.Float(
        readonly=True,
        digits="Discount",
        string="Discount (%)",
        help="How much the rate is below the rate before volume discount.",
    )
    tier_id = fields.Many2one(
        "volume.discount.tier", readonly=True, ondelete="set null"
    )
    service_month = fields.Date(
        readonly=True,
        required=True,
        index=True,
        help="First day of the month in which the work was done.",
    )

    is_counting = fields.Boolean(
        compute="_compute_is_counting",
        search="_search_is_counting",
        help="The invoice is not cancelled, so the time is billed.",
    )

    @api.depends("worked_hours", "billed_hours")
    def _compute_rounding_hours(self):
        for allocation in self:
            allocation.rounding_hours = (
                allocation.billed_hours - allocation.worked_hours
            )

    @api.depends("move_line_id.parent_state")
    def _compute_is_counting(self):
        counting = self._filter_counting()
        for allocation in self:
            allocation.is_counting = allocation in counting

    def _search_is_counting(self, operator, value):
        if operator != "in":
            return NotImplemented
        counting = self._get_counting_domain()
        return counting if True in value else ~counting

    @api.model
    def _get_counting_domain(self):
        """Return the domain of the allocations that make time billed.

        Time that is given back counts once its credit note is posted: a draft is
        nothing that the customer has.
        """
        lines = self.env["account.move.line"]
        counting = Domain("move_line_id", "any", lines._get_counting_domain())
        issued = Domain("move_line_id.parent_state", "=", "posted")
        return counting & (Domain("worked_hours", ">=", 0) | issued)

    @api.model
    def _get_paid_domain(self):
        """Return the domain of the time that the customer pays for, by its price or
        by the retainer; the rest is shown as free of charge."""
        return Domain("move_line_id.billing_kind", "!=", kinds.FREE)

    @api.model
    def _get_priced_domain(self):
        """Return the domain of the time that has a price, which tiers count."""
        return Domain("move_line_id.billing_kind", "not in", kinds.UNPRICED)

    def _filter_counting(self):
        """Return the allocations that make time billed."""
        return self.filtered_domain(self._get_counting_domain())

    @api.model
    def _create_for(self, planned):
        """Write the ledger of new invoice lines.

        :param planned: list of (invoice, ``Plan``)
        """
        values = []
        for move, plan in planned:
            written = move._get_planned_lines()
            for line, move_line in zip(plan.lines, written, strict=True):
                values += self._prepare_shares(
                    line, move_line.id, move.billing_period_id
                )
        self._touch_timesheets([row["timesheet_id"] for row in values])
        return self.create(values)

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse what would bill an entry twice, or leave it below zero."""
        allocations = super().create(vals_list)
        allocations.timesheet_id._check_billed_once()
        return allocations

    def write(self, vals):
        """As ``create``."""
        result = super().write(vals)
        if {"timesheet_id", "move_line_id", "worked_hours"} & vals.keys():
            self.timesheet_id._check_billed_once()
        return result

    def unlink(self):
        """As ``create``."""
        entries = self.timesheet_id
        result = super().unlink()
        entries.exists()._check_billed_once()
        return result

    @api.model
    def _prepare_shares(self, line, move_line_id, period):
        """Return the values of the allocations of one line.

        :param line: ``plan.Line``
        """
        return [
            {
                "timesheet_id": share.timesheet_id,
                "move_line_id": move_line_id,
                "period_id": period.id,
                "worked_hours": float(share.worked),
                "billed_hours": float(share.billed),
                "list_price": float(line.list_price),
                "price_unit": float(share.price_unit),
                "discount": self._get_discount(line.list_price, share.price_unit),
                "tier_id": share.tier and share.tier.key,
                "service_month": line.month,
            }
            for share in line.shares
        ]

    @api.model
    def _get_discount(self, list_price, price_unit):
        """Return by how many percent ``price_unit`` is below ``list_price``."""
        return float(100 - 100 * price_unit / list_price) if list_price else 0.0

    @api.model
    def _touch_timesheets(self, timesheet_ids):
        """Make whoever changes these entries at the same time start again.

        An unchanged write is enough: PostgreSQL reports a serialization failure to
        the later of two transactions, and Odoo repeats it on the new state.
        """
        if timesheet_ids:
            self.env.cr.execute(
                SQL(
                    """UPDATE account_analytic_line SET write_date = write_date
                        WHERE id IN %s""",
                    tuple(timesheet_ids),
                ),
                log_exceptions=False,  # a sign to start again, no error
            )
