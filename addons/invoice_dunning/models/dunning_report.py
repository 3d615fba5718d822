from odoo import fields, models
from odoo.tools import SQL

WEIGHTED = ("days_outstanding:avg", "paid_share:avg")


class DunningReport(models.Model):
    """One row per due amount of a posted customer invoice: how it was paid."""

    _name = "dunning.report"
    _description = "Payment Behaviour"
    _auto = False
    _order = "date_maturity desc"
    _rec_name = "move_id"

    move_id = fields.Many2one("account.move", string="Invoice", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    company_currency_id = fields.Many2one("res.currency", readonly=True)
    invoice_date = fields.Date(readonly=True)
    date_maturity = fields.Date(string="Due", readonly=True)
    date_paid = fields.Date(string="Paid On", readonly=True)
    amount = fields.Monetary(
        string="Invoiced", currency_field="company_currency_id", readonly=True
    )
    amount_open = fields.Monetary(
        string="Open", currency_field="company_currency_id", readonly=True
    )
    days_overdue = fields.Integer(aggregator="avg", readonly=True)
    days_to_pay = fields.Integer(
        string="Days Until Paid",
        aggregator="avg",
        readonly=True,
        help="From the date of the invoice to the last payment; of paid ones alone.",
    )
    days_late = fields.Integer(
        aggregator="avg",
        readonly=True,
        help="From the due day to the last payment, negative if it came before.",
    )
    days_outstanding = fields.Integer(
        aggregator="avg",
        readonly=True,
        help="From the date of the invoice to its last payment, or until today while a "
        "part of it is open. The mean of many counts each by its amount.",
    )
    paid_share = fields.Float(
        string="Paid (%)",
        aggregator="avg",
        readonly=True,
        help="The share that is paid; of many invoices the share of their sum.",
    )
    age = fields.Selection(
        [
            ("0", "Not due"),
            ("1", "1 to 30 days"),
            ("2", "31 to 60 days"),
            ("3", "61 to 90 days"),
            ("4", "More than 90 days"),
            ("5", "Paid"),
        ],
        readonly=True,
    )
    level_id = fields.Many2one("dunning.level", readonly=True)

    def _read_group_select(self, aggregate_spec, query):
        """Means of shares and of days outstanding count each invoice by its amount."""
        if aggregate_spec not in WEIGHTED:
            return super()._read_group_select(aggregate_spec, query)
        field, _aggregator = aggregate_spec.split(":")
        return SQL(
            "SUM(%(value)s * %(amount)s) / NULLIF(SUM(%(amount)s), 0)",
            value=self._field_to_sql(self._table, field, query),
            amount=self._field_to_sql(self._table, "amount", query),
        )

    @property
    def _table_query(self):
        return SQL("%s %s %s", self._select(), self._from(), self._where())

    def _select(self):
        return SQL(
            """
            SELECT line.id,
                   line.move_id,
                   line.company_id,
                   move.commercial_partner_id AS partner_id,
                   company.currency_id AS company_currency_id,
                   move.invoice_date,
                   line.date_maturity,
                   paid.day AS date_paid,
                   line.balance AS amount,
                   line.amount_residual AS amount_open,
                   CASE WHEN line.amount_residual <> 0
                        THEN GREATEST(CURRENT_DATE - line.date_maturity, 0)
                    END AS days_overdue,
                   paid.day - move.invoice_date AS days_to_pay,
                   paid.day - line.date_maturity AS days_late,
                   COALESCE(paid.day, CURRENT_DATE) - move.invoice_date
                       AS days_outstanding,
                   100 * (1 - line.amount_residual / NULLIF(line.balance, 0))
                       AS paid_share,
                   CASE WHEN line.amount_residual = 0 THEN '5'
                        WHEN line.date_maturity >= CURRENT_DATE THEN '0'
                        WHEN line.date_maturity >= CURRENT_DATE - 30 THEN '1'
                        WHEN line.date_maturity >= CURRENT_DATE - 60 THEN '2'
                        WHEN line.date_maturity >= CURRENT_DATE - 90 THEN '3'
                        ELSE '4' END AS age,
                   reminded.level_id
            """
        )

    def _from(self):
        return SQL(
            """
              FROM account_move_line line
              JOIN account_move move ON move.id = line.move_id
              JOIN res_company company ON company.id = line.company_id
              JOIN account_account account ON account.id = line.account_id
         LEFT JOIN LATERAL (
                    SELECT MAX(credit.date) AS day
                      FROM account_partial_reconcile part
                      JOIN account_move_line credit
                        ON credit.id = part.credit_move_id
                     WHERE part.debit_move_id = line.id
                       AND line.amount_residual = 0
                   ) paid ON TRUE
         LEFT JOIN LATERAL (
                    SELECT notice.level_id
                      FROM dunning_notice_line notice
                     WHERE notice.move_line_id = line.id
                       AND notice.state = 'sent'
                       AND notice.is_advanced
                  ORDER BY notice.date DESC, notice.id DESC
                     LIMIT 1
                   ) reminded ON TRUE
            """
        )

    def _where(self):
        return SQL(
            """
             WHERE move.state = 'posted'
               AND move.move_type IN ('out_invoice', 'out_receipt')
               AND account.account_type = 'asset_receivable'
            """
        )
