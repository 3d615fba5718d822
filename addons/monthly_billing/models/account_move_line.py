from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.volume_discount.core.numbers import to_decimal

from .account_move_facts import (
    LINE_PRINTED,
    LINE_RECORDS,
    RECORDING,
    get_changes,
    is_recording,
    refuse_changes,
)


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    ticket_id = fields.Many2one(
        "helpdesk.ticket",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    service_month = fields.Date(
        copy=False,
        help="First day of the month in which the work of the line was done.",
    )
    billing_kind = fields.Selection(
        [
            ("section", "Heading"),
            ("retainer", "Retainer"),
            ("time", "Time"),
            ("included", "Included time"),
            ("free", "Free of charge"),
            ("discount", "Volume discount"),
            ("best_price", "Best price"),
            ("difference", "Difference"),
            ("withheld", "Withheld hours"),
            ("typed", "Volume discount on hours typed by hand"),
        ],
        readonly=True,
        copy=False,
        help="Set on the lines that the monthly run wrote; “Recompute” replaces them.",
    )
    included_hours = fields.Float(
        readonly=True,
        digits="Product Unit",
        help="Hours of the month that this retainer pays for.",
    )
    volume_discount_id = fields.Many2one(
        "volume.discount",
        index="btree_not_null",
        readonly=True,
        copy=False,
        ondelete="restrict",
        help="The tier table that priced the line.",
    )
    source_line_id = fields.Many2one(
        "account.move.line",
        string="Corrected Line",
        index="btree_not_null",
        readonly=True,
        copy=False,
        ondelete="set null",
        help="The line of the monthly invoice that this one gives back or replaces.",
    )
    allocation_ids = fields.One2many(
        "billing.allocation",
        "move_line_id",
        string="Billed Time",
        readonly=True,
        groups="monthly_billing.monthly_billing_group_user",
    )

    def write(self, vals):
        names = (LINE_RECORDS | LINE_PRINTED) & vals.keys()
        if names and not is_recording(self.env):
            self._check_facts(vals, names)
        return super().write(vals)

    def _check_facts(self, vals, names):
        """Raise where a user changes what the billing records or the customer has."""
        for line in self:
            fixed = names if line.parent_state != "draft" else names & LINE_RECORDS
            if changes := get_changes(line.sudo(), vals, fixed):
                refuse_changes(line, changes)

    def _record(self, values):
        """Write what the billing records about these lines."""
        return self.with_context(billing_recording=RECORDING).write(values)

    @api.model
    def _get_counting_domain(self):
        """Return the domain of the lines that bill what stands on them.

        This is the only place that says what "billed" means: the invoice is not
        cancelled. (A deleted line takes its allocations with it.) For one line
        ``_is_counting`` says the same, for a query ``_get_counting_sql``.
        """
        return Domain("parent_state", "!=", "cancel")

    def _is_counting(self):
        """Return whether the line bills what stands on it."""
        self.ensure_one()
        return bool(self.filtered_domain(self._get_counting_domain()))

    @api.model
    def _get_counting_sql(self, alias):
        """Return the condition, as SQL, that lines in table ``alias`` bill what stands
        on them."""
        return SQL("%s.parent_state != 'cancel'", SQL.identifier(alias))

    def _get_discount_key(self):
        """Return which discount line has what the tiers save on this line: there is
        one per month and taxes."""
        self.ensure_one()
        return self.service_month, self.tax_ids._get_taxes_of_amounts()

    def _get_share_of_quantity(self, hours):
        """Return what of the quantity of the line stands for ``hours`` of its rows.

        The same, unless somebody changed the quantity by hand: then in proportion.

        :param Decimal hours: billed hours
        """
        self.ensure_one()
        known = sum(map(to_decimal, self.sudo().allocation_ids.mapped("billed_hours")))
        if not known:
            return float(hours)
        return float(hours * to_decimal(self.quantity) / known)

    def _copy_data_extend_business_fields(self, values):
        """Keep the month where the work stays the same: on credit notes."""
        result = super()._copy_data_extend_business_fields(values)
        values["service_month"] = self.service_month
        if self.move_id.billing_period_id:
            values["source_line_id"] = self.id
        return result

    def unlink(self):
        allocations = self.sudo().allocation_ids
        freed = allocations.timesheet_id
        allocations.unlink()
        result = super().unlink()
        freed._follow_again()
        return result
