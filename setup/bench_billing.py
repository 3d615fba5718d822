"""The monthly run against the same invoices made natively; runs inside Odoo.

`seed` fills a database once; `measure` bills its month several times and takes each
time back, so that every round meets the same data. Times are milliseconds per
invoice, medians over the rounds; one round before them warms the caches. The ratio is
the median of the rounds' ratios, which a machine that slows down does not change.
"""

import time
from contextlib import closing
from datetime import date, timedelta
from statistics import median

CUSTOMERS = 100
TICKETS = 8  # a line of the invoice each
ENTRIES = 5  # per ticket
HISTORY = 1000  # posted invoices that lie there before
ROUNDS = 5
MONTH = date(2026, 3, 1)


def seed(env) -> int:
    """Make customers with a month of time, and invoices of the past.

    Returns the number of timesheet entries.
    """
    env = env(context={**env.context, "tracking_disable": True})
    company = env.company
    company.country_id = env.ref("base.de")
    env["account.chart.template"].try_loading("de_skr03", company, install_demo=False)
    product = env["product.product"].create(
        {
            "name": "Service",
            "type": "service",
            "uom_id": env.ref("uom.product_uom_hour").id,
            "list_price": 100.0,
            "taxes_id": [(6, 0, company.account_sale_tax_id.ids)],
        }
    )
    customers = env["res.partner"].create(
        [_customer(env, number) for number in range(CUSTOMERS)]
    )
    entries = _seed_time(env, customers)
    _seed_agreements(env, customers, product)
    _seed_history(env, customers, product)
    env.cr.commit()
    env.cr.execute("ANALYZE")
    return entries


def _customer(env, number: int) -> dict:
    return {
        "name": f"Customer {number}",
        "is_company": True,
        "street": "Hauptstraße 1",
        "zip": "70173",
        "city": "Stuttgart",
        "country_id": env.ref("base.de").id,
        "email": f"customer{number}@example.com",
    }


def _seed_time(env, customers) -> int:
    employees = env["hr.employee"].create([{"name": f"Employee {n}"} for n in range(5)])
    projects = env["project.project"].create(
        [
            {"name": partner.name, "partner_id": partner.id, "allow_timesheets": True}
            for partner in customers
        ]
    )
    tickets = env["helpdesk.ticket"].create(
        [
            {
                "name": f"Job {number}",
                "description": "Job",
                "partner_id": project.partner_id.id,
                "project_id": project.id,
            }
            for project in projects
            for number in range(TICKETS)
        ]
    )
    entries = [
        {
            "name": "Work",
            "ticket_id": ticket.id,
            "project_id": ticket.project_id.id,
            "employee_id": employees[number % len(employees)].id,
            "date": MONTH + timedelta(days=3 * number),
            "unit_amount": 0.25 * (number + 1),
        }
        for ticket in tickets
        for number in range(ENTRIES)
    ]
    return len(env["account.analytic.line"].create(entries))


def _seed_agreements(env, customers, product) -> None:
    agreements = env["billing.agreement"].create(
        [
            {
                "partner_id": partner.id,
                "product_id": product.id,
                "currency_id": env.company.currency_id.id,
                "date_start": MONTH,
                "auto_post": True,
            }
            for partner in customers
        ]
    )
    agreements.action_activate()


def _seed_history(env, customers, product) -> None:
    line = {"product_id": product.id, "quantity": 1.5, "price_unit": 100.0}
    for month in range(HISTORY // CUSTOMERS):
        invoices = env["account.move"].create(
            [
                {
                    "move_type": "out_invoice",
                    "partner_id": partner.id,
                    "invoice_date": date(2025, 3 + month, 1),
                    "invoice_line_ids": [
                        (0, 0, {**line, "name": f"Job {number}"})
                        for number in range(TICKETS)
                    ],
                }
                for partner in customers
            ]
        )
        invoices.action_post()


def measure(env, rounds: int = ROUNDS) -> dict:
    """Measure the run, the native way and the preview, in turns."""
    agreements = env["billing.agreement"].search([])
    values = _in_round(env, lambda: _native_values(agreements))["result"]
    ways = {
        "native": lambda: _bill_natively(env, values),
        "run": lambda: _bill(agreements),
        "preview": lambda: _preview(agreements),
    }
    taken: dict = {way: [] for way in ways}
    for number in range(rounds + 1):
        for way, action in ways.items():
            done = _in_round(env, action)
            if number:
                taken[way].append(done)
    pairs = zip(taken["run"], taken["native"], strict=True)
    ratios = [run["seconds"] / native["seconds"] for run, native in pairs]
    return {
        "invoices": len(values),
        "lines": len(values[0]["invoice_line_ids"]),
        "entries": TICKETS * ENTRIES,
        "rounds": rounds,
        "ways": {way: _summary(done) for way, done in taken.items()},
        "ratio": round(median(ratios), 3),
    }


def _in_round(env, action) -> dict:
    """Time an action from a cold record cache and take back what it did."""
    env.flush_all()
    env.invalidate_all()
    queries, start = env.cr.sql_log_count, time.perf_counter()
    with closing(env.cr.savepoint()) as savepoint:
        result = action()
        env.flush_all()
        seconds = time.perf_counter() - start
        queries = env.cr.sql_log_count - queries
        env.invalidate_all(flush=False)
        savepoint.rollback()
    return {"seconds": seconds, "queries": queries, "result": result}


def _summary(done: list[dict]) -> dict:
    seconds = [one["seconds"] for one in done]
    return {
        "ms": round(1000 * median(seconds) / CUSTOMERS, 1),
        "fastest": round(1000 * min(seconds) / CUSTOMERS, 1),
        "slowest": round(1000 * max(seconds) / CUSTOMERS, 1),
        "queries": round(median(one["queries"] for one in done) / CUSTOMERS, 1),
    }


def _bill(agreements) -> None:
    periods = agreements._bill_period(MONTH)
    states = set(periods.invoice_id.mapped("state"))
    if states != {"posted"} or len(periods.invoice_id) != len(agreements):
        raise RuntimeError(f"the run is incomplete: {periods.mapped('error')}")


def _preview(agreements) -> None:
    agreements._preview_period(MONTH)


def _native_values(agreements) -> list[dict]:
    """Values of the invoices of a run, as a program would give them to Odoo."""
    invoices = agreements._bill_period(MONTH).invoice_id
    return [
        {
            "move_type": "out_invoice",
            "partner_id": invoice.partner_id.id,
            "invoice_date": invoice.invoice_date,
            "invoice_payment_term_id": invoice.invoice_payment_term_id.id,
            "invoice_line_ids": [
                (0, 0, _line_values(line)) for line in invoice.invoice_line_ids
            ],
        }
        for invoice in invoices
    ]


def _line_values(line) -> dict:
    values = {"name": line.name, "display_type": line.display_type}
    if line.display_type != "product":
        return values
    return {
        **values,
        "product_id": line.product_id.id,
        "product_uom_id": line.product_uom_id.id,
        "quantity": line.quantity,
        "price_unit": line.price_unit,
        "discount": line.discount,
        "tax_ids": [(6, 0, line.tax_ids.ids)],
    }


def _bill_natively(env, values: list[dict]) -> None:
    invoices = env["account.move"].create(values)
    invoices.action_post()
