"""A firm with many customers whose last month is due; runs inside Odoo processes.

Every function takes the name of the database and works in transactions of its own.
"""

from collections import defaultdict
from contextlib import contextmanager
from datetime import date, timedelta

from odoo import SUPERUSER_ID, api, fields
from odoo.fields import Command
from odoo.modules.registry import Registry

CHART = "de_skr03"
CRON = "monthly_billing.billing_agreement_cron_bill_due_periods"
#: how the names of projects begin whose invoices stay drafts
REVIEWED = "Reviewed"
QUIET = {"tracking_disable": True, "mail_create_nolog": True}
#: hours of the entries of a customer, by turns
HOURS = [(2.5, 7.25, 4.0), (9.0, 1.75, 3.5), (0.75, 12.0, 8.25)]


@contextmanager
def session(database: str, user_id: int = SUPERUSER_ID):
    """An environment on a real connection, committed at the end."""
    registry = Registry(database).check_signaling()
    with registry.cursor() as cursor:
        yield api.Environment(cursor, user_id, {})


def get_months() -> list[date]:
    """Return the first days of the last three months, the oldest first."""
    months = [fields.Date.today().replace(day=1)]
    for _count in range(3):
        months.append((months[-1] - timedelta(days=1)).replace(day=1))
    return months[:0:-1]


def build(database: str, customers: int) -> None:
    """Make the firm: customers with tickets, time and running agreements.

    By turns their invoices stay drafts, they pay by tiers of the month or of the year,
    withhold what was not approved, have two agreements, a minimum or no time at all.
    """
    with session(database) as env:
        Builder(env(context=dict(env.context, **QUIET))).build(customers)


class Builder:
    """Makes the records of the firm in its main company."""

    def __init__(self, env):
        self.env = env
        self.company = env.company
        self.months = get_months()

    def build(self, customers: int) -> None:
        """Make everything."""
        self.make_company()
        self.tables = {span: self.make_table(span) for span in ("month", "year")}
        for number in range(customers):
            self.make_customer(number)
        self.env["ir.cron"].search([]).active = False
        self.env.ref(CRON).active = True

    def make_company(self) -> None:
        """Give the company accounts, a service and somebody who works."""
        env, company = self.env, self.company
        company.partner_id.country_id = env.ref("base.de")
        if company.chart_template != CHART:
            env["account.chart.template"].try_loading(
                CHART, company, install_demo=False
            )
        self.product = env["product.product"].create(
            {
                "name": "Support",
                "type": "service",
                "uom_id": env.ref("uom.product_uom_hour").id,
                "list_price": 120,
                "taxes_id": [Command.set(company.account_sale_tax_id.ids)],
            }
        )
        self.employee = env["hr.employee"].create({"name": "Anna Fischer"})
        groups = "base.group_user", "monthly_billing.monthly_billing_group_user"
        env["res.users"].with_context(no_reset_password=True).create(
            {
                "name": "Biller",
                "login": "biller",
                "group_ids": [Command.set([env.ref(name).id for name in groups])],
            }
        )

    def make_table(self, window: str):
        """Make a graduated tier table."""
        tiers = [
            Command.create(
                {"min_quantity": hours, "price_type": "price", "price_unit": price}
            )
            for hours, price in ((5, 110), (12, 100))
        ]
        values = {"name": f"By {window}", "window": window, "tier_ids": tiers}
        values["currency_id"] = self.company.currency_id.id
        return self.env["volume.discount"].create(values)

    def make_customer(self, number: int) -> None:
        """Make a customer with what its turn brings."""
        turn = number % 7
        partner = self.env["res.partner"].create(
            {
                "name": f"Customer {number}",
                "is_company": True,
                "street": "Gartenweg 5",
                "zip": "70173",
                "city": "Stuttgart",
                "email": f"customer{number}@example.com",
                "country_id": self.env.ref("base.de").id,
                "invoice_sending_method": "email",
            }
        )
        project = self.make_project(partner, "Support" if turn else REVIEWED)
        terms = {
            0: {"auto_post": False},
            1: {"volume_discount_id": self.tables["month"].id},
            2: {"volume_discount_id": self.tables["year"].id},
            3: {"estimate_policy": "withhold"},  # tickets are not approved
            5: {"minimum_amount": 100000},
        }.get(turn, {})
        months = self.months[1:] if turn == 2 else self.months[2:]
        self.make_agreement(partner, project, months[0], **terms)
        if turn != 6:
            self.work(project, months, HOURS[number % 3])
        if turn == 4:
            second = self.make_project(partner, "Second")
            self.make_agreement(partner, second, months[0])
            self.work(second, months, HOURS[0])

    def make_project(self, partner, name: str):
        """Make a project of the customer."""
        return self.env["project.project"].create(
            {
                "name": f"{name} {partner.name}",
                "partner_id": partner.id,
                "company_id": self.company.id,
                "allow_timesheets": True,
            }
        )

    def make_agreement(self, partner, project, month, **terms) -> None:
        """Make a running agreement that bills and posts from a month on."""
        agreement = self.env["billing.agreement"].create(
            {
                "partner_id": partner.id,
                "company_id": self.company.id,
                "currency_id": self.company.currency_id.id,
                "product_id": self.product.id,
                "project_ids": [Command.set(project.ids)],
                "date_start": month,
                "estimate_policy": "bill_all",
                "auto_post": True,
                **terms,
            }
        )
        agreement.action_activate()

    def work(self, project, months, hours) -> None:
        """Book time on two tickets of the project, and beside them."""
        tickets = self.env["helpdesk.ticket"].create(
            [
                {
                    "name": f"{project.name}: {name}",
                    "description": name,
                    "partner_id": project.partner_id.id,
                    "project_id": project.id,
                    "company_id": self.company.id,
                }
                for name in ("login", "printer")
            ]
        )
        places = [*tickets.ids, False]
        self.env["account.analytic.line"].create(
            [
                {
                    "name": "Work",
                    "unit_amount": quantity,
                    "date": month + timedelta(days=3 * at),
                    "employee_id": self.employee.id,
                    "company_id": self.company.id,
                    "project_id": project.id,
                    "ticket_id": places[at],
                }
                for month in months
                for at, quantity in enumerate(hours)
            ]
        )


def get_facts(database: str) -> dict:
    """Return everything that a run leaves, by what does not depend on its order."""
    with session(database) as env:
        return {
            "periods": _get_periods(env),
            "billed": _get_billed_hours(env),
        }


def _get_periods(env) -> dict:
    periods = env["billing.period"].search([])
    return {
        f"{period.agreement_id.name} {period.date_start}": {
            "state": period.state,
            "error": period.error,
            "withheld": period.withheld_hours,
            "invoice": _get_amounts(period.invoice_id),
            "lines": [
                (line.name, line.quantity, line.price_unit, line.price_subtotal)
                for line in period.invoice_id.invoice_line_ids
            ],
        }
        for period in periods
    }


def _get_amounts(invoice) -> list:
    return [
        invoice.state,
        invoice.amount_untaxed,
        invoice.amount_tax,
        invoice.amount_total,
    ]


def _get_billed_hours(env) -> dict:
    billed = defaultdict(float)
    for row in env["billing.allocation"].search([("is_counting", "=", True)]):
        billed[row.timesheet_id.id] += row.worked_hours
    return {key: round(hours, 6) for key, hours in sorted(billed.items())}


def get_problems(database: str) -> list[str]:
    """Return what must never be, whatever happened before."""
    with session(database) as env:
        problems = [one.text for one in env["billing.allocation"]._find_deviations()]
        problems += [f"{what}: {found}" for what, found in _find_wrong(env)]
    return problems


#: what must never be: a query that finds it
WRONG = {
    "entry billed beyond its hours": """
        SELECT entry.id, entry.unit_amount, SUM(ledger.worked_hours)
          FROM account_analytic_line AS entry
          JOIN billing_allocation AS ledger ON ledger.timesheet_id = entry.id
          JOIN account_move_line AS line ON line.id = ledger.move_line_id
         WHERE line.parent_state != 'cancel'
         GROUP BY entry.id
        HAVING SUM(ledger.worked_hours) NOT BETWEEN -1e-6 AND entry.unit_amount + 1e-6
    """,
    "two invoices of a month": """
        SELECT billing_period_id, count(*)
          FROM account_move
         WHERE billing_period_id IS NOT NULL AND state != 'cancel'
         GROUP BY billing_period_id HAVING count(*) > 1
    """,
    "month twice": """
        SELECT agreement_id, date_start
          FROM billing_period GROUP BY 1, 2 HAVING count(*) > 1
    """,
    "invoice without ledger": """
        SELECT move.id FROM account_move AS move
          JOIN account_move_line AS line
            ON line.move_id = move.id AND line.billing_kind = 'time'
         WHERE NOT EXISTS (SELECT FROM billing_allocation WHERE move_line_id = line.id)
    """,
    "gap in the numbers of invoices": """
        SELECT journal_id, sequence_prefix, count(*), max(sequence_number)
          FROM account_move
         WHERE state = 'posted' AND move_type = 'out_invoice'
         GROUP BY 1, 2 HAVING count(*) != max(sequence_number)
    """,
    "posted invoice without number": """
        SELECT id FROM account_move
         WHERE state = 'posted' AND COALESCE(name, '/') = '/'
    """,
    "journal entry out of balance": """
        SELECT move_id FROM account_move_line
         GROUP BY move_id HAVING ABS(SUM(balance)) > 1e-6
    """,
}


def _find_wrong(env):
    for what, query in WRONG.items():
        env.cr.execute(query)
        if rows := env.cr.fetchall():
            yield what, rows
