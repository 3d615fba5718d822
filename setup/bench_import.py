"""The import of time from mite, against a server on this machine; runs inside Odoo.

`measure` reads many entries, books them on collecting tickets and compares the sums; it
takes back what it writes. CPU seconds are those of Odoo and of its database session.
"""

import resource
import time
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from unittest.mock import patch

ENTRIES = 100_000
CUSTOMERS, PROJECTS, PEOPLE = 50, 60, 10
FIRST, DAYS = date(2025, 1, 1), 600


def measure(env, entries: int = ENTRIES) -> dict:
    """Return entries per second, per CPU second, and megabytes that were added."""
    from odoo.addons.monthly_billing_mite.models.mite_account import MiteAccount
    from odoo.addons.monthly_billing_mite.tests.mite_server import MiteServer

    mite = MiteServer()
    address = patch.object(MiteAccount, "_get_base_url", lambda account: mite.url)
    with closing(mite), address, closing(env.cr.savepoint()) as savepoint:
        _fill(env, mite, entries)
        account = _connect(env)
        result = _import(env, account, entries)
        env.invalidate_all(flush=False)
        savepoint.rollback()
    return result


def _fill(env, mite, entries: int) -> None:
    """Have the same customers, projects and people on both sides, and time in mite."""
    company = env.company.id
    names = [f"Import {number}" for number in range(CUSTOMERS)]
    partners = env["res.partner"].create([{"name": name} for name in names])
    customers = [mite.add("customer", name=name) for name in names]
    people = [f"Person {number}" for number in range(PEOPLE)]
    env["hr.employee"].create(
        [{"name": name, "company_id": company} for name in people]
    )
    users = [mite.add("user", name=name, email="") for name in people]
    jobs = [f"Project {number}" for number in range(PROJECTS)]
    env["project.project"].create(
        [
            {
                "name": job,
                "partner_id": partners[number % CUSTOMERS].id,
                "company_id": company,
                "allow_timesheets": True,
            }
            for number, job in enumerate(jobs)
        ]
    )
    projects = [
        mite.add("project", name=job, customer_id=customers[number % CUSTOMERS])
        for number, job in enumerate(jobs)
    ]
    service = mite.add("service", name="Service")
    for number in range(entries):
        mite.add_entry(
            (FIRST + timedelta(days=number * DAYS // entries)).isoformat(),
            5 + number % 115,
            users[number % PEOPLE],
            project_id=projects[number % PROJECTS],
            service_id=service,
            note=f"Work {number}",
        )


def _connect(env):
    """Return the account; everything in it is assigned."""
    from odoo.addons.monthly_billing_mite.tests.mite_server import KEY

    account = env["mite.account"].create(
        {
            "name": "mite",
            "subdomain": "bench",
            "api_key": KEY,
            "date_from": FIRST,
            "state": "running",
        }
    )
    account._read_masters(account._get_client())
    links = env["mite.link"].search([("account_id", "=", account.id)])
    links.action_decide()
    env.flush_all()
    return account


def _import(env, account, entries: int) -> dict:
    def commit() -> float:
        env.flush_all()
        env.invalidate_all()
        return 1.0

    begun, cpu, memory = time.perf_counter(), _cpu(env), _memory()
    run = account._synchronise(commit)
    seconds, cpu = time.perf_counter() - begun, _cpu(env) - cpu
    if (run.state, run.created) != ("done", entries):
        raise RuntimeError(f"the import is incomplete: {run.state}, {run.created}")
    return {
        "import": round(entries / seconds),
        "import_cpu": round(entries / cpu),
        "import_mb": round(_memory() - memory),
    }


def _cpu(env) -> float:
    """Return the CPU seconds of this process and of its database session."""
    env.cr.execute("SELECT pg_backend_pid()")
    stat = Path(f"/proc/{env.cr.fetchone()[0]}/stat")
    fields = stat.read_text().rpartition(")")[2].split() if stat.exists() else []
    ticks = sum(int(fields[index]) for index in (11, 12)) if fields else 0
    return time.process_time() + ticks / 100


def _memory() -> float:
    """Return the most memory that this process had so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
