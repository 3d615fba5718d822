from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command, Domain
from odoo.tools import formatLang

from ..core.calendar import Window, window_of
from ..core.numbers import to_decimal
from ..core.simulation import Month, Work, count, simulate
from ..formats import format_number


class VolumeDiscountSimulation(models.TransientModel):
    _name = "volume.discount.simulation"
    _description = "Simulate Volume Discounts"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    partner_ids = fields.Many2many(
        "res.partner",
        string="Customers",
        domain="[('parent_id', '=', False)]",
        help="Whose past hours to price again.",
    )
    date_start = fields.Date(
        string="From",
        required=True,
        default=lambda self: fields.Date.add(
            fields.Date.context_today(self).replace(day=1), months=-6
        ),
        help="Any day of the first month.",
    )
    date_end = fields.Date(
        string="To",
        required=True,
        default=lambda self: fields.Date.add(
            fields.Date.context_today(self).replace(day=1), months=-1
        ),
        help="Any day of the last month.",
    )
    table_ids = fields.Many2many("volume.discount", string="Tables", check_company=True)
    draft_ids = fields.One2many(
        "volume.discount.simulation.draft", "simulation_id", string="Tables to Try"
    )
    currency_id = fields.Many2one(
        "res.currency", compute="_compute_currency_id", store=True
    )
    line_ids = fields.One2many(
        "volume.discount.simulation.line", "simulation_id", readonly=True
    )
    summary = fields.Html(compute="_compute_summary", sanitize=False)

    @api.depends("table_ids", "company_id")
    def _compute_currency_id(self):
        for simulation in self:
            company = simulation.company_id
            currency = simulation.table_ids.currency_id[:1] or company.currency_id
            simulation.currency_id = currency

    @api.depends("line_ids")
    @api.depends_context("lang")
    def _compute_summary(self):
        for simulation in self:
            simulation.summary = simulation.line_ids and self.env["ir.qweb"]._render(
                "volume_discount.simulation_summary",
                {"rows": simulation._get_summary_rows()},
            )

    @api.depends_context("lang")
    def _compute_display_name(self):
        self.display_name = self.env._("Simulate Volume Discounts")

    @api.constrains("date_start", "date_end")
    def _check_dates(self):
        for simulation in self:
            if simulation.date_start > simulation.date_end:
                raise ValidationError(
                    self.env._("The first month must not come after the last one.")
                )

    @api.constrains("table_ids")
    def _check_currency(self):
        for simulation in self:
            if len(simulation.table_ids.currency_id) > 1:
                raise ValidationError(
                    self.env._(
                        "The tables are in different currencies. Compare tables of "
                        "one currency."
                    )
                )

    def action_simulate(self):
        """Compute the months anew."""
        self.ensure_one()
        self._check_company_access()
        if not self.partner_ids:
            raise UserError(self.env._("Choose at least one customer."))
        scenarios = self._get_scenarios()
        if not scenarios:
            raise UserError(self.env._("Choose at least one table, or add one to try."))
        works = self._get_works(self._get_reading_span())
        billed = self._get_billed_amounts(self._get_span())
        self.line_ids = [
            Command.clear(),
            *(
                Command.create(values)
                for name, terms, is_counted in scenarios
                for values in self._prepare_lines(
                    name, terms, count(works, is_counted), billed
                )
            ),
        ]
        return True

    def _check_company_access(self):
        """Refuse to read the invoices of a company that the user is not in."""
        if self.company_id not in self.env.companies:
            raise AccessError(
                self.env._(
                    "You have no access to %s. Choose one of your companies.",
                    self.company_id.sudo().name,
                )
            )

    def action_view_lines(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "domain": [("simulation_id", "=", self.id)],
            "name": self.env._("Revenue per Month"),
            "res_model": "volume.discount.simulation.line",
            "view_mode": "graph,pivot,list",
        }

    def _get_scenarios(self):
        """Return (name, ``Terms``, which services count) of each table."""
        tables = [
            (table.name, table._get_terms(), _counts_products(table.product_ids.ids))
            for table in self.table_ids
        ]
        drafts = [
            (draft.name, draft._get_terms(), _counts_products(draft.product_ids.ids))
            for draft in self.draft_ids
        ]
        return tables + drafts

    def _get_span(self):
        """Return the days of the chosen months (``Window``)."""
        return Window(self.date_start.replace(day=1), window_of(self.date_end).end)

    def _get_reading_span(self):
        """Return the days to read: hours before the first month count in its window."""
        span = self._get_span()
        return Window(window_of(span.start, "year").start, span.end)

    def _get_commercial_partners(self):
        return self.partner_ids.commercial_partner_id

    def _get_works(self, span):
        """Return the hours of the customers in ``span``, in the order of allocation.

        Extension point: here they are those of posted invoices; another addon knows
        the work behind them. ``customer`` and ``service`` are record ids.

        :return: list of ``simulation.Work``
        """
        hour = self.env["uom.uom"]._get_hour()
        lines = self._search_worked_lines(span).sorted(
            lambda line: (
                line._get_work_day(),
                line.move_id.id,
                line.sequence,
                line.id,
            )
        )
        issued = self._get_dates_in_order(lines.move_id)
        return [
            Work(
                line.move_id.commercial_partner_id.id,
                line._get_work_day(),
                line._get_hours(),
                line._get_list_price_per_hour(),
                (line.move_id.id, line.volume_discount_split or line.id),
                line.product_id.id,
                factor=line._get_discount_factor(),
                taxes=self._require_taxes(
                    line.tax_ids, line.product_uom_id == hour, line.move_id
                ),
                document=line.move_id.id,
                issued=issued[line.move_id],
                credited=line.move_id.reversed_entry_id.id,
                scale=line._get_tier_scale(),
            )
            for line in lines
        ]

    def _get_dates_in_order(self, moves):
        """Return the dates of invoices, none before that of one written earlier.

        :return: dict of move to date
        """
        dates, latest = {}, {}
        for move in moves.sorted("id"):
            customer = move.commercial_partner_id
            last = max(move.invoice_date, latest.get(customer, move.invoice_date))
            dates[move] = latest[customer] = last
        return dates

    def _get_billed_amounts(self, span):
        """Return what was billed, by customer (id) and month (its first day).

        :return: dict of (id, date) to ``Decimal``
        """
        amounts = defaultdict(Decimal)
        for line in self._search_invoice_lines(span):
            key = (
                line.move_id.commercial_partner_id.id,
                line._get_work_day().replace(day=1),
            )
            # what rounding the whole invoice leaves is in it, unlike in the subtotal
            amounts[key] -= to_decimal(line.amount_currency)
        return amounts

    def _search_invoice_lines(self, span):
        """Return the posted lines of hours, and of corrections of their price."""
        lines = self.env["account.move.line"].sudo()
        partners = self._get_commercial_partners()
        domain = lines._get_billed_hours_domain(partners, self.company_id, span)
        domain &= Domain("currency_id", "=", self.currency_id.id)
        found = lines.search(domain, order="id")
        return found.filtered(lambda line: line._get_work_day() in span)

    def _search_worked_lines(self, span):
        """Return the lines of hours.

        Extension point: without those whose work another addon knows.
        """
        return self._search_invoice_lines(span).filtered(lambda line: line._is_time())

    def _prepare_lines(self, name, terms, works, billed):
        """Return the values of the lines of one table, one per customer and month."""
        span = self._get_span()
        company = self.company_id
        quantum = company._get_volume_discount_quantum(self.currency_id)
        months = simulate(
            terms, works, quantum, self._get_total, company._get_slack(self.currency_id)
        )
        keys = {key for key in {*months, *billed} if key[1] in span}
        return [
            self._prepare_line(name, key, months.get(key, Month()), billed.get(key, 0))
            for key in sorted(keys)
        ]

    def _prepare_line(self, name, key, month, billed):
        customer, first = key
        money = self.currency_id.round
        return {
            "scenario": name,
            "partner_id": customer,
            "month": first,
            "hours": float(month.hours),
            "list_amount": money(float(month.list_amount)),
            "amount": money(float(month.amount)),
            "billed_amount": float(billed),
        }

    def _get_summary_rows(self):
        """Return one dict of text per table: totals and rate per hour."""
        rows = []
        for name, lines in self.line_ids.grouped("scenario").items():
            hours = sum(lines.mapped("hours"))
            amount = sum(lines.mapped("amount"))
            listed = sum(lines.mapped("list_amount"))
            billed = sum(lines.mapped("billed_amount"))
            rows.append(
                {
                    "name": name,
                    "hours": format_number(self.env, hours),
                    "list_amount": self._format_money(listed),
                    "amount": self._format_money(amount),
                    "discount": self._format_money(listed - amount),
                    "billed": self._format_money(billed),
                    "difference": self._format_money(amount - billed),
                    "rate": self._format_money(amount / hours) if hours else "",
                }
            )
        return rows

    def _format_money(self, amount):
        return formatLang(self.env, amount, currency_obj=self.currency_id)


def _counts_products(product_ids):
    """Return the predicate of the services that a table counts, empty for all."""
    return lambda product_id: not product_ids or product_id in product_ids
