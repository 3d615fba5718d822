"""The check of the ledger on a million entries; runs inside Odoo.

`seed` bills some customers with tier tables for two years, corrects a month of each,
and copies them: all their rows are written again in SQL, with new ids. `measure` checks
the whole ledger, hours and money.
"""

import time
from datetime import date, timedelta

from bench_scale import _drop_foreign_keys

SAMPLES = 4  # customers that are billed by the product
COPIES = 250  # of each
MONTHS = 24
ENTRIES = 42  # per customer and month
FIRST = date(2024, 1, 1)
#: tables that are copied; a column that refers to one of them refers to the copy
TABLES = (
    "res_partner",
    "project_project",
    "helpdesk_ticket",
    "account_analytic_line",
    "billing_agreement",
    "billing_period",
    "account_move",
    "account_move_line",
    "billing_allocation",
)
RELATIONS = ("account_move_line_account_tax_rel",)
#: columns that are unique
NAMES = {
    "account_move": "name",
    "billing_agreement": "name",
    "helpdesk_ticket": "number",
}
KINDS = (
    ("graduated", False, "line", "year"),
    ("volume", False, "line", "quarter"),
    ("volume", True, "summary", "month"),
    ("graduated", False, "summary", "month"),
)


def seed(env, copies: int = COPIES) -> int:
    """Make customers and their copies; returns the number of rows of billed time."""
    before = {table: _last_id(env.cr, table) for table in TABLES}
    customers = [_make_customer(env, number) for number in range(SAMPLES)]
    for customer in customers:
        _live(env, customer)
    env.flush_all()
    _copy_all(env.cr, before, copies)
    env.cr.commit()
    env.cr.execute("ANALYZE")
    env.cr.execute("SELECT count(*) FROM billing_allocation")
    return env.cr.fetchone()[0]


def _make_customer(env, number: int):
    """Return a running agreement with a tier table."""
    mode, best_price, presentation, window = KINDS[number % len(KINDS)]
    product = env["product.product"].search([("name", "=", "Service")], limit=1)
    table = env["volume.discount"].create(
        {
            "name": f"Table {number}",
            "mode": mode,
            "best_price": best_price,
            "presentation": presentation,
            "window": window,
            "tier_ids": [
                (
                    0,
                    0,
                    {"min_quantity": hours, "price_type": "price", "price_unit": rate},
                )
                for hours, rate in ((20, 95), (60, 90), (200, 85))
            ],
        }
    )
    partner = env["res.partner"].create(
        {
            "name": f"Ledger {number}",
            "is_company": True,
            "street": "Hauptstraße 1",
            "zip": "70173",
            "city": "Stuttgart",
            "country_id": env.ref("base.de").id,
        }
    )
    agreement = env["billing.agreement"].create(
        {
            "partner_id": partner.id,
            "product_id": product.id,
            "currency_id": env.company.currency_id.id,
            "volume_discount_id": table.id,
            "date_start": FIRST,
            "auto_post": True,
        }
    )
    agreement.action_activate()
    return agreement


def _live(env, agreement) -> None:
    """Book and bill two years, and give back a part of a month."""
    employee = env["hr.employee"].search([], limit=1)
    project = env["project.project"].create(
        {
            "name": agreement.partner_id.name,
            "partner_id": agreement.partner_id.id,
            "allow_timesheets": True,
        }
    )
    tickets = env["helpdesk.ticket"].create(
        [
            {
                "name": f"Job {number}",
                "description": "Job",
                "partner_id": agreement.partner_id.id,
                "project_id": project.id,
            }
            for number in range(3)
        ]
    )
    months = [date(FIRST.year + at // 12, at % 12 + 1, 1) for at in range(MONTHS)]
    env["account.analytic.line"].create(
        [
            {
                "name": "Work",
                "project_id": project.id,
                "ticket_id": tickets[number % 3].id,
                "employee_id": employee.id,
                "date": month + timedelta(days=number % 28),
                "unit_amount": 0.25 * (1 + number % 5),
            }
            for month in months
            for number in range(ENTRIES)
        ]
    )
    for month in months:
        period = agreement._bill_period(month)
        if period.error or not period.invoice_id:
            raise RuntimeError(period.error or "nothing was billed")
    _give_back(env, period.invoice_id)


def _give_back(env, invoice) -> None:
    """Credit an entry of the last month."""
    wizard = env["account.move.reversal"].with_context(
        active_model="account.move", active_ids=invoice.ids
    )
    wizard = wizard.create(
        {"journal_id": invoice.journal_id.id, "billing_release": "chosen"}
    )
    wizard.billing_time_ids[0].hours = wizard.billing_time_ids[0].open_hours
    wizard.refund_moves()
    wizard.new_move_ids.action_post()


def _copy_all(cursor, before: dict, copies: int) -> None:
    """Write the rows that came since ``before`` so many times again."""
    spans = {table: (before[table], _last_id(cursor, table)) for table in TABLES}
    references = _get_references(cursor)
    keys = _drop_foreign_keys(cursor)
    for table in (*TABLES, *RELATIONS):
        _copy(cursor, table, spans, references, copies)
    for table, name, definition in keys:  # checking each row takes minutes
        cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
    for table in TABLES:
        cursor.execute(f"SELECT setval('{table}_id_seq', max(id)) FROM {table}")


def _copy(cursor, table: str, spans: dict, references: dict, copies: int) -> None:
    """Copy the new rows of a table ``copies`` times."""
    cursor.execute(
        """SELECT column_name FROM information_schema.columns
            WHERE table_schema = 'public' AND table_name = %s""",
        [table],
    )
    columns = [name for (name,) in cursor.fetchall()]
    taken = []
    for name in columns:
        target = table if name == "id" else references.get((table, name))
        value = f'source."{name}"'
        if target in spans:
            value = _shift(value, *spans[target])
        elif name == NAMES.get(table):
            value = f"{value} || '/' || n"
        taken.append(value)
    key = "id" if table in spans else "account_move_line_id"
    first, last = spans.get(table, spans["account_move_line"])
    quoted = ", ".join(f'"{name}"' for name in columns)
    cursor.execute(
        f"""INSERT INTO {table} ({quoted}) SELECT {", ".join(taken)}
              FROM {table} AS source, generate_series(1, {copies - 1}) AS n
             WHERE source.{key} > {first} AND source.{key} <= {last}"""
    )


def _shift(value: str, first: int, last: int) -> str:
    """Return SQL for the id of the nth copy of a row, others as they are."""
    return (
        f"CASE WHEN {value} > {first} AND {value} <= {last} "
        f"THEN {value} + n * {last - first} ELSE {value} END"
    )


def _get_references(cursor) -> dict:
    """Return the table that a column refers to, by table and column."""
    cursor.execute(
        """SELECT conrelid::regclass::text, attname, confrelid::regclass::text
             FROM pg_constraint
             JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
            WHERE contype = 'f' AND conrelid::regclass::text = ANY(%s)""",
        [[*TABLES, *RELATIONS]],
    )
    return {(table, name): target for table, name, target in cursor.fetchall()}


def _last_id(cursor, table: str) -> int:
    cursor.execute(f"SELECT max(id) FROM {table}")
    return cursor.fetchone()[0] or 0


def measure(env) -> dict:
    """Return rows, seconds and how many deviations and open differences there are."""
    allocations = env["billing.allocation"]
    seconds = {}
    for kind in (
        "wrong_entries",
        "wrong_lines",
        "wrong_credits",
        "wrong_scopes",
        "wrong_discounts",
        "amounts_given_back",
        "invoices_given_back",
        "wrong_windows",
    ):
        start = time.perf_counter()
        found = list(getattr(allocations, f"_find_{kind}")())
        seconds[kind] = round(time.perf_counter() - start, 1)
        if found:
            raise RuntimeError(f"{kind}: {len(found)} deviations, {found[0].text}")
        env.invalidate_all()
    return {
        "rows": allocations.search_count([]),
        "ledger": round(sum(seconds.values()), 1),
        **seconds,
    }
