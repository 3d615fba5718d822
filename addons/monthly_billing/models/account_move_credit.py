from odoo import fields, models
from odoo.exceptions import UserError

RELEASES = [
    (
        "none",
        "None: goodwill. Money goes back, the hours stay billed and keep their place "
        "in the tiers.",
    ),
    ("all", "All time of the invoice"),
    ("chosen", "Chosen tickets or entries"),
]


class AccountMove(models.Model):
    """Credit notes of monthly invoices: which time they make billable again."""

    _inherit = "account.move"

    billing_release = fields.Selection(
        RELEASES,
        string="Time Billable Again",
        readonly=True,
        copy=False,
        help="Which time of the credited monthly invoice becomes billable again once "
        "this credit note is posted.",
    )

    def action_switch_move_type(self):
        """The ledger knows the hours as billed, or as given back: that stays."""
        for move in self.filtered("billing_period_id"):
            raise UserError(
                self.env._(
                    "%s belongs to the monthly billing and keeps its type. Delete it "
                    "instead, or credit the invoice.",
                    move.display_name,
                )
            )
        return super().action_switch_move_type()

    def _reverse_moves(self, default_values_list=None, cancel=False):
        """Time that was given back goes on an invoice by the run alone."""
        for move in self.filtered(lambda move: move._gives_time_back()):
            raise UserError(
                self.env._(
                    "The credit note %s made time billable again. Bill the month "
                    "again to invoice it, or cancel the credit note.",
                    move.display_name,
                )
            )
        return super()._reverse_moves(default_values_list, cancel)

    def _gives_time_back(self):
        """Return whether this is a credit note that makes time billable again."""
        self.ensure_one()
        return self.billing_release in ("all", "chosen")

    def _follow_released_time(self):
        """Let the time that posted credit notes give back follow its tickets again;
        the daily job leaves months that were given back whole to a person."""
        credits = self.filtered(lambda move: move._gives_time_back())
        entries = credits.sudo().line_ids.allocation_ids.timesheet_id
        entries.filtered(lambda line: not line._is_billed())._follow_again()
        whole = credits.filtered(lambda move: move.billing_release == "all")
        whole.sudo().billing_period_id._hold()

    def _get_credited_lines(self):
        """Return the lines of this copy by the line of the invoice they come from."""
        self.ensure_one()
        return {
            line.source_line_id: line
            for line in self.invoice_line_ids
            if line.source_line_id
        }

    def _mark_credited_lines(self):
        """Make the lines of this copy lines of the monthly billing.

        :return: as ``_get_credited_lines``
        """
        lines, alike = self._get_credited_lines(), {}
        for source, line in lines.items():
            key = source.billing_kind, source.volume_discount_id.id
            alike[key] = alike.get(key, line.browse()) | line
        for (kind, table), members in alike.items():
            if kind or table:
                members._record({"billing_kind": kind, "volume_discount_id": table})
        return lines

    def _release_time(self, release, hours=None):
        """Write into the ledger which time this new credit note gives back.

        With everything still open it stays the mirror image of the invoice. Else its
        lines are reduced to the hours that are given back, at their original prices.

        :param str release: ``none``, ``all`` or ``chosen``
        :param dict hours: worked hours to give back, by allocation; for ``chosen``
        """
        self.ensure_one()
        if release == "none":
            return
        rows = self.reversed_entry_id.sudo().invoice_line_ids.allocation_ids
        if release == "all":
            opened = rows._get_open_hours()
            hours = {row: worked for row, (worked, _billed) in opened.items()}
        shares = rows._get_shares(hours)
        self._check_something_released(shares)
        if release == "chosen" or rows.credit_ids:
            self.sudo()._reduce_to(shares, rows._get_open_hours(), release == "all")
        rows._give_back(shares, self._mark_credited_lines())

    def _check_something_released(self, shares):
        if not shares:
            raise UserError(
                self.env._(
                    "No hours of %s are left to give back. Choose “None”, or the hours "
                    "of another invoice.",
                    self.reversed_entry_id.display_name,
                )
            )

    def _get_time_to_take_over(self):
        """Return the open hours of this invoice, by allocation: (worked, billed).

        :raise UserError: if a part of it is credited already
        """
        self.ensure_one()
        rows = self.sudo().invoice_line_ids.allocation_ids
        if rows.credit_ids:
            raise UserError(
                self.env._(
                    "A part of %s is credited already. Credit the rest of it with all "
                    "its time, and bill the month again.",
                    self.display_name,
                )
            )
        return rows._get_open_hours()

    def _take_over_time(self, shares):
        """Write the ledger of the draft that replaces an invoice, line by line, once
        that one is credited.

        :param shares: result of ``_get_time_to_take_over``
        """
        self.ensure_one()
        rows = self.env["billing.allocation"].sudo()
        rows._copy_to(shares, self._mark_credited_lines())
