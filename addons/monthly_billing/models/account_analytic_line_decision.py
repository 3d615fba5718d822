from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.volume_discount.core.numbers import EPSILON, ZERO, to_decimal


class AccountAnalyticLine(models.Model):
    """Withheld hours of an entry, and what was decided about them."""

    _inherit = "account.analytic.line"

    billing_decision_ids = fields.One2many(
        "billing.decision",
        "timesheet_id",
        string="Decisions",
        readonly=True,
        groups="monthly_billing.monthly_billing_group_user",
    )
    is_withheld = fields.Boolean(
        compute="_compute_is_withheld",
        search="_search_is_withheld",
        groups="monthly_billing.monthly_billing_group_user",
        help="A part of the entry waits for the customer's approval.",
    )
    is_written_off = fields.Boolean(
        compute="_compute_is_written_off",
        search="_search_is_written_off",
        groups="monthly_billing.monthly_billing_group_user",
        help="A part of the entry will never be billed, by decision.",
    )

    def _compute_is_withheld(self):
        withheld = self.env["billing.withheld"].search([("id", "in", self.ids)])
        for line in self:
            line.is_withheld = line.id in withheld._ids

    def _search_is_withheld(self, operator, value):
        if operator != "in":
            return NotImplemented
        rows = self.env["billing.withheld"].search([("withheld_hours", ">", 0)])
        withheld = Domain("id", "in", rows.ids)
        return withheld if True in value else ~withheld

    @api.depends("billing_decision_ids.revoked_on")
    def _compute_is_written_off(self):
        for line in self:
            standing = line.billing_decision_ids._filter_standing()
            line.is_written_off = "write_off" in standing.mapped("kind")

    def _search_is_written_off(self, operator, value):
        if operator != "in":
            return NotImplemented
        decisions = self.env["billing.decision"].sudo()
        standing = decisions._get_standing_domain() & Domain("kind", "=", "write_off")
        decisions = decisions._search(standing)
        entries = SQL("(%s)", decisions.select("timesheet_id"))
        written_off = Domain("id", "in", entries)  # for the analysis, too
        return written_off if True in value else ~written_off

    def _is_decided(self):
        """Return whether a release or write-off of hours of the entry stands."""
        self.ensure_one()
        return bool(self.sudo().billing_decision_ids._filter_standing())

    def _check_not_decided(self):
        """Raise if a release or write-off of hours of one of the entries stands: what
        was decided must stay true."""
        for line in self:
            if line._is_decided():
                raise UserError(
                    self.env._(
                        "Hours of “%(entry)s” of %(date)s were released or written "
                        "off, so it cannot change. A billing manager can revoke that.",
                        entry=line.sudo().name,
                        date=line.sudo().date,
                    )
                )

    def _check_withheld(self, hours, withheld):
        """Raise unless ``hours`` are a part of the ``withheld`` ones."""
        self.ensure_one()
        if not 0 < hours <= withheld + float(EPSILON):
            raise UserError(
                self.env._(
                    "%(hours)s h of “%(entry)s” of %(date)s cannot be decided on: "
                    "%(withheld)s h of it are withheld.",
                    hours=round(hours, 2),
                    entry=self.name,
                    date=self.date,
                    withheld=round(withheld, 2),
                )
            )

    def _get_billed_hours(self):
        """Return the worked hours of the entry that are billed."""
        self.ensure_one()
        counting = self.sudo().allocation_ids._filter_counting()
        return sum(map(to_decimal, counting.mapped("worked_hours")), ZERO)

    def _get_written_off_hours(self):
        """Return the hours of these entries that are written off, by id."""
        decisions = self.env["billing.decision"].sudo()
        sums = decisions._read_group(
            decisions._get_standing_domain()
            & Domain("timesheet_id", "in", self.ids)
            & Domain("kind", "=", "write_off"),
            ["timesheet_id"],
            ["hours:sum"],
        )
        return defaultdict(float, {entry.id: hours for entry, hours in sums})

    def _get_hours_left_by_write_offs(self):
        """Return the worked hours of the entry that are not written off."""
        self.ensure_one()
        factors = self.env["billing.run.collect"]._get_hours_by_uom()
        worked = self.unit_amount * factors[self.product_uom_id.id]
        return worked - self._get_written_off_hours()[self.id]
