"""What the decision about reminders is made from: read in a handful of queries."""

from datetime import timedelta
from operator import itemgetter

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..core.money import to_decimal
from ..core.receivable import Receivable

#: of more items than that, everything is read at once
FEW = 1000


class DunningDecision(models.AbstractModel):
    _inherit = "dunning.decision"

    @api.model
    def _read_receivables(self, day, company, partners=None):
        """Read what is open and past its due day, or due soon if the firm sends a note
        before it, and what customers are owed.

        :return: list of ``Receivable``, by customer, due day and id
        """
        domain = self._get_receivables_domain(day, company, partners)
        query = self.env["account.move.line"]._search(domain)
        self.env.flush_all()
        rows = self.env.execute_query(query.select(*self._get_columns(query)))
        rows.sort(key=itemgetter(2, 4, 5, 0))
        last_days = {
            due: company._get_last_day_to_pay(due) for due in {row[5] for row in rows}
        }
        return [
            Receivable(
                *row[:6],
                to_decimal(row[6]),
                to_decimal(row[7]),
                *row[8:],
                last_days[row[5]],
            )
            for row in rows
        ]

    @api.model
    def _get_receivables_domain(self, day, company, partners):
        """Return the domain of open items past their due day, and of credit.

        Extension point: an addon that reminds of items itself takes them out.
        """
        lead = self.env["dunning.level"]._get_levels(company)._get_lead()
        until = day + timedelta(days=lead) if lead else day - timedelta(days=1)
        domain = Domain(
            [
                ("company_id", "=", company.id),
                ("account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
                ("partner_id", "!=", False),
                "|",
                ("amount_residual_currency", "<", 0),
                "&",
                ("date_maturity", "<=", until),
                ("move_id.move_type", "in", ("out_invoice", "out_receipt")),
            ]
        )
        if partners is not None:
            customers = Domain("move_id.commercial_partner_id", "in", partners.ids)
            domain &= customers
        return domain

    @api.model
    def _get_columns(self, query):
        """Return what is read of the items: the fields of ``Receivable`` in order, but
        the last."""
        line = query.table
        move = query.join(line, "move_id", "account_move", "id", "dunning_move")
        partner = query.join(line, "partner_id", "res_partner", "id", "dunning_partner")
        column = SQL.identifier
        commercial = column(partner, "commercial_partner_id")
        return (
            column(line, "id"),
            column(move, "id"),
            SQL("COALESCE(%s, %s)", commercial, column(partner, "id")),
            column(move, "partner_id"),
            column(line, "currency_id"),
            SQL(
                "COALESCE(%s, %s)", column(line, "date_maturity"), column(line, "date")
            ),
            column(line, "amount_currency"),
            column(line, "amount_residual_currency"),
            column(move, "move_type"),
            SQL("COALESCE(%s, '')", column(move, "payment_state")),
            SQL("COALESCE(%s, FALSE)", column(move, "is_move_sent")),
            SQL("COALESCE(%s, FALSE)", column(line, "no_followup")),
            column(move, "dunning_hold_until"),
            column(move, "dunning_hold_reason"),
            column(move, "invoice_user_id"),
        )

    @api.model
    def _read_reached(self, receivables):
        """Return the last level and its day by item id: of letters that count."""
        domain = Domain("is_advanced", "=", True) & Domain("state", "!=", "cancelled")
        if len(receivables) < FEW:
            ids = [one.line_id for one in receivables]
            domain &= Domain("move_line_id", "in", ids)
        rows = self.env["dunning.notice.line"]._read_group(
            domain,
            ["move_line_id", "level_id"],
            ["date:max"],
        )
        reached = {}
        for line, level, day in sorted(rows, key=lambda row: (row[2], row[1].days)):
            reached[line.id] = (level.id, day)
        return reached

    @api.model
    def _read_last(self, company, receivables):
        """Return the day of the last letter by customer and currency."""
        domain = Domain("company_id", "=", company.id)
        domain &= Domain("state", "!=", "cancelled")
        if len(receivables) < FEW:
            partner_ids = {one.partner_id for one in receivables}
            domain &= Domain("partner_id", "in", partner_ids)
        rows = self.env["dunning.notice"]._read_group(
            domain,
            ["partner_id", "currency_id"],
            ["date:max"],
        )
        return {(partner.id, currency.id): day for partner, currency, day in rows}
