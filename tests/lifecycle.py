"""A firm's database before, with and after the product; runs inside Odoo.

`live` goes through all of it in one process, as somebody who clicks in the list of
apps, and returns what it saw by step. Months are those before today.
"""

import base64
import time
from datetime import date, timedelta

from odoo import SUPERUSER_ID, api
from odoo.fields import Command
from odoo.modules.registry import Registry

from .lifecycle_readings import (
    MIGRATED,
    OURS,
    RULES,
    TEMPLATES,
    read_figures,
    read_first_day,
    read_left,
    read_migrated,
    read_native,
    read_versions,
    read_years,
)

CUSTOMERS = 4
YEARS = 3


def live(database: str, lines: int) -> dict:
    """Go through the life of the product in a database without it.

    :param lines: timesheet entries of the years before
    """
    seen = {}
    life = Life(database)
    life.do(seed, lines)
    seen["years"] = life.do(read_years)
    before = life.do(read_versions)
    started = time.monotonic()
    life.do(click, "button_immediate_install", "monthly_billing")
    seen["installation"] = {"seconds": time.monotonic() - started, "before": before}
    seen["installation"]["after"] = life.do(read_versions)
    seen["billed"] = life.do(bill)
    life.do(complicate)
    seen["figures"] = life.do(read_figures)
    life.do(forget_migrations)
    life.do(click, "button_immediate_upgrade", *OURS)
    seen["updated"] = life.do(read_figures)
    seen["migrated"] = life.do(read_migrated)
    seen["with"] = life.do(read_native)
    life.do(click, "button_immediate_uninstall", *OURS)
    seen["without"] = life.do(read_native)
    seen["left"] = life.do(read_left)
    life.do(click, "button_immediate_install", "monthly_billing")
    seen["again"] = life.do(bill_again)
    return seen


class Life:
    """Steps in one database, each in a transaction of its own."""

    def __init__(self, database):
        self.database = database

    def do(self, step, *arguments):
        with Registry(self.database).cursor() as cursor:
            env = api.Environment(cursor, SUPERUSER_ID, {"tracking_disable": True})
            result = step(env, *arguments)
            env.flush_all()
            cursor.commit()
        return result


def click(env, button, *names):
    """Install, update or remove addons as in the list of apps."""
    # Odoo does not wait for the server's own housekeeping and refuses the click.
    env.cr.execute("LOCK ir_module_module IN EXCLUSIVE MODE")
    env["ir.module.module"].update_list()
    modules = env["ir.module.module"].search([("name", "in", names)])
    getattr(modules, button)()


def month_before(months: int) -> date:
    """Return the first day of the month that many months ago."""
    first = date.today().replace(day=1)  # noqa: DTZ011
    for _month in range(months):
        first = (first - timedelta(1)).replace(day=1)
    return first


def seed(env, lines):
    """Make customers with years of time on tasks, and an invoice by hand."""
    company = env.company
    company.country_id = env.ref("base.de")
    env["account.chart.template"].try_loading("de_skr03", company, install_demo=False)
    service = make_service(env)
    employee = env["hr.employee"].create({"name": "Anna Fischer"})
    for number in range(CUSTOMERS):
        task = make_task(env, make_customer(env, f"Customer {number}"))
        env["account.analytic.line"].create(
            {
                "name": "Work",
                "unit_amount": 0.75,
                "date": month_before(12 * YEARS),
                "employee_id": employee.id,
                "project_id": task.project_id.id,
                "task_id": task.id,
            }
        )
    env.flush_all()
    multiply(env, lines // CUSTOMERS)
    invoice = env["account.move"].create(
        {
            "move_type": "out_invoice",
            "partner_id": find_customers(env)[0].id,
            "invoice_date": month_before(3),
            "delivery_date": month_before(3),
            "invoice_line_ids": [
                Command.create({"product_id": service.id, "quantity": 20})
            ],
        }
    )
    invoice.action_post()


def make_service(env):
    return env["product.product"].create(
        {
            "name": "Support by the hour",
            "type": "service",
            "uom_id": env.ref("uom.product_uom_hour").id,
            "list_price": 120,
            "taxes_id": [Command.set(env.company.account_sale_tax_id.ids)],
        }
    )


def make_customer(env, name):
    return env["res.partner"].create(
        {
            "name": name,
            "is_company": True,
            "ref": "lifecycle",
            "street": "Gartenweg 5",
            "zip": "70173",
            "city": "Stuttgart",
            "country_id": env.ref("base.de").id,
            "email": "customer@example.com",
        }
    )


def make_task(env, customer):
    project = env["project.project"].create(
        {
            "name": customer.name,
            "partner_id": customer.id,
            "company_id": env.company.id,
            "allow_timesheets": True,
        }
    )
    return env["project.task"].create({"name": "Care", "project_id": project.id})


def multiply(env, count):
    """Copy each entry, so that they fill the days up to yesterday evenly."""
    table = env["account.analytic.line"]
    names = [
        name
        for name, field in table._fields.items()
        if field.store and field.column_type and name not in ("id", "date")
    ]
    columns = ", ".join(f'"{name}"' for name in names)
    days = (date.today() - month_before(12 * YEARS)).days  # noqa: DTZ011
    env.cr.execute(
        f"""INSERT INTO account_analytic_line ({columns}, date)
            SELECT {columns}, date + (number * %s / %s)::int
              FROM account_analytic_line, generate_series(1, %s) AS number
             WHERE project_id IS NOT NULL""",
        (days - 1, count, count),
    )
    env.invalidate_all()


def find_customers(env):
    return env["res.partner"].search([("ref", "=", "lifecycle")], order="id")


def find_project(env, customer):
    return env["project.project"].search([("partner_id", "=", customer.id)])


def agree(env, customer, bill_from):
    table = env["volume.discount"].search([("name", "=", "Staffel")]) or env[
        "volume.discount"
    ].create(
        {
            "name": "Staffel",
            "tier_ids": [
                Command.create(
                    {"min_quantity": 10, "price_type": "price", "price_unit": 110}
                )
            ],
        }
    )
    agreement = env["billing.agreement"].create(
        {
            "partner_id": customer.id,
            "company_id": env.company.id,
            "product_id": env["product.product"]
            .search([("name", "=", "Support by the hour")], limit=1)
            .id,
            "volume_discount_id": table.id,
            "date_start": bill_from,
            "auto_post": True,
        }
    )
    agreement.action_activate()
    return agreement


def bill(env):
    """Agree with all customers and bill the last two months, with time on tickets."""
    agreements = env["billing.agreement"]
    for customer in find_customers(env):
        agreements += agree(env, customer, month_before(2))
        ticket = make_ticket(env, find_project(env, customer))
        env["account.analytic.line"].create(
            {
                "name": "Repair",
                "unit_amount": 3.5,
                "date": month_before(1),
                "employee_id": env["hr.employee"].search([], limit=1).id,
                "ticket_id": ticket.id,
            }
        )
    for months in (2, 1):
        agreements._bill_period(month_before(months))
    periods = agreements.period_ids
    return {
        "states": periods.mapped("state"),
        "hours": {
            str(day): sum(months.mapped("worked_hours"))
            for day, months in periods.grouped("date_start").items()
        },
        "first_day": read_first_day(env),
    }


def make_ticket(env, project):
    ticket = env["helpdesk.ticket"].create(
        {
            "name": "Printer jams",
            "description": "It jams",
            "partner_id": project.partner_id.id,
            "project_id": project.id,
        }
    )
    estimate = env["helpdesk.ticket.estimate"].create(
        {"ticket_id": ticket.id, "estimated_hours": 5}
    )
    estimate._mark_sent()
    estimate._approve("Customer")
    return ticket


def complicate(env):
    """Pay one invoice, credit a part of another, and keep the PDF of all."""
    periods = env["billing.period"].search([], order="id")
    paid, credited = periods.invoice_id[:2]
    env["account.payment.register"].with_context(
        active_model="account.move", active_ids=paid.ids
    ).create({}).action_create_payments()
    wizard = env["account.move.reversal"].with_context(
        active_model="account.move", active_ids=credited.ids
    )
    wizard = wizard.create(
        {"journal_id": credited.journal_id.id, "billing_release": "chosen"}
    )
    wizard.billing_time_ids[0].hours = wizard.billing_time_ids[0].open_hours
    wizard.refund_moves()
    wizard.new_move_ids.action_post()
    for invoice in periods.invoice_id:
        invoice.invoice_pdf_report_file = base64.b64encode(
            f"%PDF-1.7 {invoice.name}".encode()
        )


def forget_migrations(env):
    """Bring back the state that the migration scripts were written for."""
    for name, path in RULES.items():
        env.ref(
            f"volume_discount.{name}"
        ).domain_force = f'["|", ("{path}", "=", False), ("{path}", "in", company_ids)]'
    stages = env["helpdesk.ticket.stage"].search([("is_cancellation", "=", True)])
    stages.is_cancellation = False
    for name, user in TEMPLATES.items():
        template = env.ref(f"ticket_estimates.mail_template_estimate_{name}")
        template.with_user(user).body_html = "<p>Old text</p>"
    env.flush_all()
    env.cr.execute(
        "UPDATE ir_module_module SET latest_version = '19.0.1.0.0' WHERE name IN %s",
        [MIGRATED],
    )


def bill_again(env):
    """Agree anew, from this month on, and bill the months that were billed before."""
    agreements = env["billing.agreement"]
    for customer in find_customers(env):
        agreements += agree(env, customer, month_before(0))
        env["account.analytic.line"].create(
            {
                "name": "Today",
                "unit_amount": 1,
                "date": date.today(),  # noqa: DTZ011
                "employee_id": env["hr.employee"].search([], limit=1).id,
                "project_id": find_project(env, customer).id,
            }
        )
    before = env["account.move"].search_count([])
    periods = agreements._bill_period(month_before(1))
    periods += agreements._bill_period(month_before(0))
    return {
        "months": sorted({str(period.date_start) for period in periods}),
        "states": sorted(set(periods.mapped("state"))),
        "invoices": env["account.move"].search_count([]) - before,
        "first_day": read_first_day(env),
    }
