"""The monthly run in a big firm; runs inside Odoo, on a database of `bench_billing`.

`seed` copies one of its customers ten thousand times, with a million time entries of
which 95 % were billed long ago. Rows are written in SQL: they are as Odoo would leave
them as far as the measured code reads them.
"""

import resource
import time
from datetime import date

from odoo.tools import split_every

from bench_billing import MONTH, _in_round

CUSTOMERS = 10_000
FEW = 1_000  # customers of the run that a big one is compared with
ENTRIES = 100  # per customer
NEW = 5  # of them not billed yet
TICKETS = 2
OLD_MONTHS = 26
FIRST = date(2024, 1, 1)
BATCH = 50
SEED = "Scale"
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


#: how many customers, as rows of SQL
ROWS = f"generate_series(1, {CUSTOMERS}) AS n"


def seed(env) -> int:
    """Make the customers and their time; returns the number of entries."""
    cursor = env.cr
    samples = _find_samples(env)
    ids = _get_next_ids(cursor)
    keys = _drop_foreign_keys(cursor)
    _seed_customers(cursor, samples, ids)
    _seed_time(cursor, samples, ids)
    _seed_months(cursor, samples, ids)
    _seed_invoices(cursor, samples, ids)
    _seed_ledger(cursor, ids)
    for table, name, definition in keys:  # checking each row takes minutes
        cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
    for table in TABLES:
        cursor.execute(f"SELECT setval('{table}_id_seq', max(id)) FROM {table}")
    cursor.commit()
    cursor.execute("ANALYZE")
    cursor.execute("SELECT count(*) FROM account_analytic_line")
    return cursor.fetchone()[0]


def _find_samples(env) -> dict:
    """Return a record of each table, by table: those of one customer."""
    partner = env["res.partner"].search([("name", "=", "Customer 0")])
    own = [("partner_id", "=", partner.id)]
    project = env["project.project"].search(own)
    in_project = [("project_id", "=", project.id)]
    invoice = env["account.move"].search(own, limit=1)
    return {
        "res_partner": partner,
        "project_project": project,
        "billing_agreement": env["billing.agreement"].search(own),
        "helpdesk_ticket": env["helpdesk.ticket"].search(in_project)[0],
        "account_analytic_line": env["account.analytic.line"].search(in_project)[0],
        "account_move": invoice,
        "account_move_line": invoice.invoice_line_ids[0],
    }


def _get_next_ids(cursor) -> dict:
    """Return the id of the nth customer's first row, as SQL by table."""
    last = {table: _last_id(cursor, table) for table in TABLES}
    many = {
        "helpdesk_ticket": TICKETS,
        "account_analytic_line": ENTRIES,
        "billing_period": OLD_MONTHS,
    }
    return {
        table: f"({last[table]} + (n - 1) * {many.get(table, 1)} + 1)"
        for table in TABLES
    }


def _seed_customers(cursor, samples, ids) -> None:
    """Make customers, each with a project, an agreement and tickets."""

    def make(table, rows=ROWS, **values):
        _copy(cursor, table, samples[table], rows, **values)

    partner, project = ids["res_partner"], ids["project_project"]
    name = f"'{SEED} ' || n"
    make(
        "res_partner",
        id=partner,
        commercial_partner_id=partner,
        name=name,
        complete_name=name,
    )
    make(
        "project_project",
        id=project,
        partner_id=partner,
        name=f"jsonb_build_object('en_US', {name})",
    )
    make(
        "billing_agreement",
        id=ids["billing_agreement"],
        partner_id=partner,
        name=f"'{SEED}/' || n",
        date_start=f"date '{FIRST}'",
        bill_from=f"date '{FIRST}'",
    )
    make(
        "helpdesk_ticket",
        f"{ROWS}, generate_series(0, {TICKETS - 1}) AS k",
        id=f"{ids['helpdesk_ticket']} + k",
        number=f"'{SEED}-' || n || '-' || k",
        partner_id=partner,
        project_id=project,
    )


def _seed_time(cursor, samples, ids) -> None:
    """Make the time of all months, the last of which is not billed."""
    _copy(
        cursor,
        "account_analytic_line",
        samples["account_analytic_line"],
        f"{ROWS}, generate_series(0, {ENTRIES - 1}) AS k",
        id=f"{ids['account_analytic_line']} + k",
        partner_id=ids["res_partner"],
        project_id=ids["project_project"],
        ticket_id=f"{ids['helpdesk_ticket']} + mod(k, {TICKETS})",
        unit_amount="0.25 * (1 + mod(k, 5))",
        date=f"""CASE WHEN k < {ENTRIES - NEW} THEN date '{FIRST}' + 7 * k
                 ELSE date '{MONTH}' + 5 * ({ENTRIES - 1} - k) END""",
    )


def _seed_months(cursor, samples, ids) -> None:
    """Make the months of the past."""
    month = f"(date '{FIRST}' + make_interval(months => k))::date"
    cursor.execute(
        f"""INSERT INTO billing_period (id, agreement_id, company_id, partner_id,
                                        date_start, date_end, outcome, state)
            SELECT {ids["billing_period"]} + k, {ids["billing_agreement"]},
                   {samples["account_move"].company_id.id}, {ids["res_partner"]},
                   {month}, ({month} + interval '1 month - 1 day')::date,
                   'empty', 'empty'
              FROM {ROWS}, generate_series(0, {OLD_MONTHS - 1}) AS k"""
    )


def _seed_invoices(cursor, samples, ids) -> None:
    """Make an invoice with a line for each customer."""

    def make(table, **values):
        _copy(cursor, table, samples[table], ROWS, id=ids[table], **values)

    partner, name = ids["res_partner"], f"'{SEED}/' || n"
    make(
        "account_move",
        name=name,
        sequence_prefix=f"'{SEED}/'",
        sequence_number="n",
        partner_id=partner,
        commercial_partner_id=partner,
        billing_period_id=ids["billing_period"],
    )
    make(
        "account_move_line",
        move_id=ids["account_move"],
        move_name=name,
        partner_id=partner,
        billing_kind="'time'",
    )


def _seed_ledger(cursor, ids) -> None:
    """Have the invoices bill the time of the past."""
    cursor.execute(
        f"""INSERT INTO billing_allocation (timesheet_id, move_line_id, period_id,
                   worked_hours, billed_hours, list_price, price_unit, service_month)
            SELECT {ids["account_analytic_line"]} + k, {ids["account_move_line"]},
                   {ids["billing_period"]}, 0.25 * (1 + mod(k, 5)),
                   0.25 * (1 + mod(k, 5)), 100, 100,
                   date_trunc('month', date '{FIRST}' + 7 * k)::date
              FROM {ROWS}, generate_series(0, {ENTRIES - NEW - 1}) AS k"""
    )


def _drop_foreign_keys(cursor) -> list[tuple]:
    """Drop what checks each row; return it as table, name and definition."""
    cursor.execute(
        """SELECT conrelid::regclass::text, conname,
                  pg_get_constraintdef(oid) || ' NOT VALID'
             FROM pg_constraint
            WHERE contype = 'f' AND conrelid::regclass::text = ANY(%s)""",
        [list(TABLES)],
    )
    keys = cursor.fetchall()
    for table, name, _definition in keys:
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    return keys


def _last_id(cursor, table: str) -> int:
    cursor.execute(f"SELECT max(id) FROM {table}")
    return cursor.fetchone()[0] or 0


def _copy(cursor, table: str, source, rows: str, **values: str) -> None:
    """Copy one row for each of `rows`, with other `values` (SQL) in some columns."""
    cursor.execute(
        """SELECT column_name FROM information_schema.columns
            WHERE table_schema = 'public' AND table_name = %s""",
        [table],
    )
    columns = [f'"{name}"' for (name,) in cursor.fetchall()]
    taken = [values.get(name.strip('"'), f"source.{name}") for name in columns]
    cursor.execute(
        f"""INSERT INTO {table} ({", ".join(columns)})
            SELECT {", ".join(taken)}
              FROM {table} AS source, {rows} WHERE source.id = %s""",
        [source.id],
    )


def measure(env) -> dict:
    """Measure what is only read; takes back what it writes."""
    agreements = _agreements(env)
    end = date(MONTH.year, MONTH.month + 1, 1)
    ways = {
        "collect": lambda: _check_collected(
            agreements.env["billing.run.collect"]._get_usage(agreements, end)
        ),
        "preview": lambda: agreements[7]._preview_period(MONTH),
        "due": lambda: agreements._get_missing_months(end),
    }
    seconds = {}
    for way, action in ways.items():
        _in_round(env, action)
        seconds[way] = round(_in_round(env, action)["seconds"], 3)
    seconds["cockpit"] = round(_measure_cockpit(env, agreements), 3)
    return seconds


def _agreements(env):
    return env["billing.agreement"].search([("name", "like", f"{SEED}/")], order="id")


def _check_collected(usage) -> None:
    if sum(map(len, usage.values())) != CUSTOMERS * NEW:
        raise RuntimeError("the time that is due is incomplete")


def _measure_cockpit(env, agreements) -> float:
    """Return the seconds to open the cockpit of a month in the midst of its run: 5 %
    in error, 10 % in review, and a fifth of the customers approve estimates."""
    period = env["billing.period"]

    def prepare():
        agreements[::5].estimate_policy = "withhold"
        period.create(
            [
                {
                    "agreement_id": agreement.id,
                    "date_start": MONTH,
                    "date_end": date(MONTH.year, MONTH.month, 31),
                }
                for agreement in agreements
            ]
        )
        env.flush_all()
        env.cr.execute(
            """UPDATE billing_period
                  SET state = CASE WHEN mod(id, 20) = 0 THEN 'error'
                                   WHEN mod(id, 10) = 1 THEN 'draft'
                                   ELSE 'invoiced' END,
                      error = CASE WHEN mod(id, 20) = 0 THEN 'No address' END
                WHERE date_start = %s""",
            [MONTH],
        )
        env.cr.execute("ANALYZE billing_period, billing_agreement")
        env.invalidate_all()
        seconds = []
        for _round in range(3):
            start = time.perf_counter()
            cockpit = env["billing.cockpit"].create({"month": MONTH})
            cockpit.read(["progress", "open_count", "total_count"])
            cockpit.summary_ids.read()
            seconds.append(time.perf_counter() - start)
            env.flush_all()
            env.invalidate_all()
        return min(seconds)

    return _in_round(env, prepare)["result"]


def run(env) -> dict:
    """Bill the month of all customers as the scheduled action does, for good."""
    agreements = _agreements(env)
    few, others = agreements[:FEW], agreements[FEW:]
    seconds_few = _bill(env, few)
    seconds_all = seconds_few + _bill(env, others)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "few_ms": round(1000 * seconds_few / len(few), 1),
        "all_ms": round(1000 * seconds_all / len(agreements), 1),
        "ratio": round(seconds_all / len(agreements) / (seconds_few / len(few)), 3),
        "peak_mb": round(peak),
    }


def _bill(env, agreements) -> float:
    """Bill and commit in batches; return the seconds."""
    start = time.perf_counter()
    periods = agreements._create_due_periods(date(MONTH.year, MONTH.month + 1, 2))
    env.cr.commit()
    for batch in split_every(BATCH, periods.ids, periods.browse):
        agreements._bill_batch_in_cron(batch)
        env.cr.commit()
    seconds = time.perf_counter() - start
    if set(periods.mapped("state")) != {"invoiced"}:
        raise RuntimeError("the run is incomplete")
    return seconds
