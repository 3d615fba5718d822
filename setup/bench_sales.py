"""The monthly run against Odoo's sale_timesheet; runs inside Odoo, on a database of
`bench_billing`. As many customers, lines and time entries are billed either way."""

from datetime import timedelta
from statistics import median

from bench_billing import ENTRIES, MONTH, TICKETS, _bill, _in_round

CUSTOMERS = 50


def measure(env, rounds: int = 3) -> dict:
    """Measure both ways in turns; takes back what it writes."""
    agreements = env["billing.agreement"].search([], limit=CUSTOMERS, order="id")
    return _in_round(env, lambda: _measure(env, agreements, rounds))["result"]


def _measure(env, agreements, rounds: int) -> dict:
    orders = _seed(env, agreements.partner_id)
    ways = {"sales": lambda: _invoice(orders), "run": lambda: _bill(agreements)}
    taken: dict = {way: [] for way in ways}
    for number in range(rounds + 1):
        for way, action in ways.items():
            done = _in_round(env, action)
            if number:
                taken[way].append(1000 * done["seconds"] / len(agreements))
    pairs = zip(taken["sales"], taken["run"], strict=True)
    return {
        **{way: round(median(times), 1) for way, times in taken.items()},
        "ratio": round(median(sales / run for sales, run in pairs), 2),
    }


def _seed(env, partners):
    """Return confirmed orders with time on each line, as sale_timesheet has it."""
    product = env["product.product"].create(
        {
            "name": "Service by order",
            "type": "service",
            "service_policy": "delivered_timesheet",
            "uom_id": env.ref("uom.product_uom_hour").id,
            "list_price": 100.0,
            "taxes_id": [(6, 0, env.company.account_sale_tax_id.ids)],
        }
    )
    line = {"product_id": product.id, "product_uom_qty": 1.0}
    orders = env["sale.order"].create(
        [
            {
                "partner_id": partner.id,
                "order_line": [
                    (0, 0, {**line, "name": f"Job {number}"})
                    for number in range(TICKETS)
                ],
            }
            for partner in partners
        ]
    )
    orders.action_confirm()
    employees = env["hr.employee"].search([], limit=5)
    projects = {
        project.partner_id: project
        for project in env["project.project"].search(
            [("partner_id", "in", partners.ids)]
        )
    }
    env["account.analytic.line"].create(
        [
            {
                "name": "Work",
                "project_id": projects[line.order_id.partner_id].id,
                "employee_id": employees[number % len(employees)].id,
                "date": MONTH + timedelta(days=3 * number),
                "unit_amount": 0.25 * (number + 1),
                "so_line": line.id,
                "is_so_line_edited": True,
            }
            for line in orders.order_line
            for number in range(ENTRIES)
        ]
    )
    env.flush_all()
    env.cr.execute("ANALYZE account_analytic_line, sale_order, sale_order_line")
    return orders


def _invoice(orders) -> None:
    invoices = orders._create_invoices()
    invoices.action_post()
    if len(invoices) != len(orders) or len(invoices.invoice_line_ids) != len(
        orders.order_line
    ):
        raise RuntimeError("the orders are not invoiced in full")
