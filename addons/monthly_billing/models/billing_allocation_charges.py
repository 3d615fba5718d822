"""What the ledger charges, as plain values for the windows of tier tables."""

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.volume_discount.core.history import Billed
from odoo.addons.volume_discount.core.numbers import ONE, ZERO, to_decimal

from ..core import kinds
from ..core.past import Row


class BillingAllocation(models.Model):
    _inherit = "billing.allocation"

    @api.model
    def _fetch_charges(self, domain, by_entry=False):
        """Return what the counting rows of ``domain`` charge (list of ``past.Row``).

        :param by_entry: entry by entry; else what has one rate is added up by month
        """
        self.flush_model()
        self.env["account.move.line"].flush_model()
        query = self._search(
            domain & self._get_counting_domain() & self._get_priced_domain(),
            bypass_access=True,
        )
        # joined once, whatever the statistics say of a table that is just filled
        ledger = query.table
        period = query.left_join(
            ledger, "period_id", "billing_period", "id", "period_id"
        )
        line = query.left_join(
            ledger, "move_line_id", "account_move_line", "id", "move_line_id"
        )
        tables = {name: SQL.identifier(name) for name in (ledger, period, line)}
        place = SQL("%s.service_month, 0", tables[ledger])
        if by_entry:
            entry = query.left_join(
                ledger, "timesheet_id", "account_analytic_line", "id", "timesheet_id"
            )
            place = SQL("%(entry)s.date, %(entry)s.id", entry=SQL.identifier(entry))
        columns = SQL(
            """
            %(period)s.company_id, %(period)s.partner_id, %(line)s.currency_id,
            %(line)s.product_id, %(line)s.volume_discount_id, %(place)s,
            %(ledger)s.list_price, %(ledger)s.price_unit,
            1 - COALESCE(%(line)s.discount, 0) / 100, %(taxes)s,
            SUM(%(ledger)s.billed_hours)
            """,
            period=tables[period],
            line=tables[line],
            ledger=tables[ledger],
            place=place,
            taxes=self._get_taxes_sql(tables[line]),
        )
        groups = SQL("GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11")
        rows = self.env.execute_query(SQL("%s %s", query.select(columns), groups))
        return self._get_charges(rows, not by_entry)

    @api.model
    def _get_taxes_sql(self, line):
        """Return the ids of the taxes of an invoice line as SQL, an array or NULL."""
        return SQL(
            """(SELECT array_agg(account_tax_id ORDER BY account_tax_id)
                  FROM account_move_line_account_tax_rel
                 WHERE account_move_line_id = %s.id)""",
            line,
        )

    @api.model
    def _get_charges(self, rows, is_sum):
        """Return the rows of the ledger as ``past.Row``."""
        keys, scales, charges = {}, {}, []
        for (
            *customer,
            product,
            table,
            day,
            order,
            listed,
            unit,
            factor,
            ids,
            sum_,
        ) in rows:
            taxes = tuple(ids or ())
            hours, price = to_decimal(sum_), to_decimal(unit)
            if taxes not in keys:
                keys[taxes] = self._get_amount_tax_key(taxes)
            scale = self._get_cached_scale(product, customer[0], taxes, scales)
            billed = Billed(
                day,
                hours,
                to_decimal(listed),
                hours * price,
                factor=to_decimal(factor),
                taxes=keys[taxes],
                scale=scale,
                order=order,
                product=product,
            )
            charges.append(Row(tuple(customer), table, billed, is_sum))
        return charges

    @api.model
    def _get_amount_tax_key(self, tax_ids):
        """Return the taxes of an amount for hours with these taxes, as a value."""
        taxes = self.env["account.tax"].browse(tax_ids)
        return tuple(sorted(taxes._get_taxes_of_amounts().ids))

    @api.model
    def _get_cached_scale(self, product_id, company_id, tax_ids, scales):
        """Return what taxes make of a tier's price, see ``tiers.Tier.price``."""
        key = product_id, company_id, tax_ids
        if key not in scales:
            product = self.env["product.product"].browse(product_id)
            company = self.env["res.company"].browse(company_id)
            taxes = self.env["account.tax"].browse(tax_ids)
            scales[key] = product._get_price_scale(company, taxes) if product else ONE
        return scales[key]


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    @api.model
    def _get_issued_domain(self):
        """Return the domain of the lines that a customer has to reckon with.

        Those that bill something; what gives money back once it is posted: a draft
        credit note is nothing that the customer has.
        """
        is_credit = Domain("move_id.billing_release", "!=", False)
        issued = ~is_credit | Domain("parent_state", "=", "posted")
        return self._get_counting_domain() & issued

    @api.model
    def _fetch_corrections(self, domain):
        """Return what the lines of ``domain`` without time charge, as ``past.Row``."""
        corrections = Domain("billing_kind", "in", kinds.CORRECTIONS)
        lines = self.search(domain & self._get_issued_domain() & corrections)
        return [line._get_correction() for line in lines]

    def _get_correction(self):
        """Return what a line without time charges, as ``past.Row``."""
        self.ensure_one()
        sign = -self.move_id.direction_sign
        billed = Billed(
            self.service_month,
            ZERO,
            ZERO,
            sign * to_decimal(self.quantity) * to_decimal(self.price_unit),
            taxes=self._get_amount_tax_key(),
            product=self.product_id.id,
        )
        agreement = self.move_id.billing_period_id.agreement_id
        table = self.volume_discount_id.id or None
        return Row(agreement._get_customer_key(), table, billed)
