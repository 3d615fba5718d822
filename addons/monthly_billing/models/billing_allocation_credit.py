from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.volume_discount.core.numbers import ZERO, to_decimal

from ..core.rounding import share_of


class BillingAllocation(models.Model):
    """Time that a credit note gives back: negative parts of the ledger."""

    _inherit = "billing.allocation"

    origin_id = fields.Many2one(
        "billing.allocation",
        string="Gives Back",
        index="btree_not_null",
        readonly=True,
        ondelete="restrict",
        help="The billed part that this row of a credit note gives back.",
    )
    credit_ids = fields.One2many("billing.allocation", "origin_id", readonly=True)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_given_back(self):
        """What a credit note gives back must stay; the database would say so, too."""
        if given := (self.credit_ids - self)[:1]:
            raise UserError(
                self.env._(
                    "The time “%(entry)s” is given back by the credit note %(credit)s, "
                    "so its line stays on %(invoice)s. Delete the credit note while it "
                    "is a draft. Else cancel credit note and invoice and bill the "
                    "month again.",
                    entry=given.timesheet_id.name,
                    credit=given.move_id.display_name,
                    invoice=given.origin_id.move_id.display_name,
                )
            )

    def _check_given_back(self):
        """Raise if a posted credit note gives back time of a cancelled invoice.

        The hours may stand on another invoice by now: they would be below zero once
        that one goes.
        """
        credits = self.credit_ids | self.filtered("origin_id")
        given = credits.filtered(
            lambda row: (
                row.move_line_id.parent_state == "posted"
                and not row.origin_id.move_line_id._is_counting()
            )
        )
        if given:
            raise UserError(
                self.env._(
                    "%(credit)s gives back time of %(invoice)s, so that invoice must "
                    "count. Cancel the credit note first, or delete it while it is a "
                    "draft.",
                    credit=given[0].move_id.display_name,
                    invoice=given[0].origin_id.move_id.display_name,
                )
            )

    def _get_open_hours(self):
        """Return what of these parts no credit note has given back.

        A draft credit note counts here, so that two of them do not give the same
        hours back.

        :return: dict of allocation to (worked, billed) hours (``Decimal``)
        """
        given = self.credit_ids.filtered(lambda row: row.move_line_id._is_counting())
        worked, billed = defaultdict(lambda: ZERO), defaultdict(lambda: ZERO)
        for row in given:
            worked[row.origin_id] += to_decimal(row.worked_hours)
            billed[row.origin_id] += to_decimal(row.billed_hours)
        return {
            row: (
                to_decimal(row.worked_hours) + worked[row],
                to_decimal(row.billed_hours) + billed[row],
            )
            for row in self
        }

    def _get_shares(self, hours):
        """Return the parts that are given back when ``hours`` of the entries are.

        :param dict hours: worked hours to give back, by allocation
        :return: dict of allocation to (worked, billed) hours (``Decimal``), without
            the parts of which nothing is given back
        :raise ValueError: if more is given back than is open
        """
        opened = self._get_open_hours()
        return {
            row: (hours[row], share_of(hours[row], *opened[row]))
            for row in self
            if hours.get(row)
        }

    @api.model
    def _give_back(self, shares, lines):
        """Write the rows of a credit note.

        :param shares: result of ``_get_shares``
        :param lines: dict of invoice line to the line that credits it
        """
        return self._copy_to(
            {row: (-worked, -billed) for row, (worked, billed) in shares.items()},
            lines,
            is_credit=True,
        )

    @api.model
    def _copy_to(self, shares, lines, is_credit=False):
        """Write rows like those of ``shares`` on other invoice lines.

        :param shares: dict of allocation to (worked, billed) hours
        :param lines: dict of invoice line to the line that gets its rows
        :param is_credit: the rows give back what the others bill
        """
        return self.create(
            [
                {
                    "timesheet_id": row.timesheet_id.id,
                    "move_line_id": lines[row.move_line_id].id,
                    "period_id": row.period_id.id,
                    "worked_hours": float(worked),
                    "billed_hours": float(billed),
                    "list_price": row.list_price,
                    "price_unit": row.price_unit,
                    "discount": row.discount,
                    "tier_id": row.tier_id.id,
                    "service_month": row.service_month,
                    "origin_id": row.id if is_credit else False,
                }
                for row, (worked, billed) in shares.items()
            ]
        )
