"""Measures the monthly run against the same invoices made natively.

Prints a table of milliseconds and queries per invoice and writes the figures as JSON.
"""

import argparse
import datetime
import json
import os
import platform
from pathlib import Path

from environment import ROOT, Environment, databases, prepare, server
from environment.steps import digest, say
from environment.table import render

PREFIX = "monthly_billing_bench"
SCRIPT = ROOT / "setup" / "bench_billing.py"
SCALE_SCRIPT = ROOT / "setup" / "bench_scale.py"
LEDGER_SCRIPT = ROOT / "setup" / "bench_ledger.py"
TITLES = {
    "native": "native create and post",
    "run": "monthly run",
    "preview": "preview of the run",
}
COLUMNS = {
    "way": "Per invoice",
    "ms": "ms (median)",
    "fastest": "fastest",
    "slowest": "slowest",
    "queries": "queries",
}
#: what, unit, goal; a figure is to stay below its goal, or above with "at least"
SCALE = {
    "ratio": ("10,000 against 1,000 customers, per invoice", "times", "1.1"),
    "peak_mb": ("peak memory of a run of 10,000 customers", "MB", "600"),
    "collect": ("collect the due of 10,000 agreements", "s", "3"),
    "due": ("which months of 10,000 agreements are due", "s", ""),
    "preview": ("preview of one customer", "s", "0.3"),
    "cockpit": ("cockpit of 10,000 months", "s", "1"),
    "ledger": ("check of the ledger, hours and money", "s", "600"),
    "sales": ("sale_timesheet against the run", "times", "at least 2.5"),
    "import": ("import of 100,000 entries of mite", "entries/s", "at least 300"),
    "import_mb": ("memory that the import adds", "MB", "100"),
}
SCALE_COLUMNS = {
    "what": "Big firm, 1,000,000 time entries",
    "figure": "Figure",
    "unit": "",
    "goal": "Goal",
}


def main(arguments: list[str]) -> None:
    """Measure, print the tables, write the JSON."""
    parser = argparse.ArgumentParser(prog="setup/bench", description=__doc__)
    default = ROOT / "bench-out" / "billing.json"
    parser.add_argument("--out", type=Path, default=default, metavar="FILE")
    parser.add_argument("--rounds", type=int, default=5)
    text = "also bill 10,000 customers, and as sale_timesheet does (half an hour)"
    parser.add_argument("--scale", action="store_true", help=text)
    options = parser.parse_args(arguments)
    environment = prepare()
    database = _seeded(environment)
    say("measuring: the machine should do nothing else")
    target = "bench_billing:measure"
    figures = server.call(environment, database, target, options.rounds)
    rows = [{"way": TITLES[way], **row} for way, row in figures["ways"].items()]
    print(render(rows, COLUMNS))
    print(f"run / native = {figures['ratio']}")
    if options.scale:
        figures["scale"] = _measure_scale(environment, database)
        rows = [
            {"what": what, "figure": figures["scale"][key], "unit": unit, "goal": goal}
            for key, (what, unit, goal) in SCALE.items()
        ]
        print(render(rows, SCALE_COLUMNS))
    options.out.parent.mkdir(parents=True, exist_ok=True)
    facts = {**figures, **_machine()}
    options.out.write_text(json.dumps(facts, indent=2) + "\n")
    say(f"written to {options.out}")


def _seeded(environment: Environment) -> str:
    """A database with customers, time and history, made once per state of addons."""
    keys = databases.template_keys(environment)
    name = f"{PREFIX}_{digest(*keys, SCRIPT)}"
    present = databases.admin(environment, "names", PREFIX)
    if name in present:
        return name
    for stale in present:
        databases.drop(environment, stale)
    say("seeding a database for the benchmark (some minutes)")
    partial = f"{PREFIX}_partial"
    databases.copy_template(environment, partial)
    server.call(environment, partial, "bench_billing:seed")
    databases.rename(environment, partial, name)
    return name


def _measure_scale(environment: Environment, database: str) -> dict:
    """What a big firm has to wait for; each part in a process of its own."""
    sales = server.call(environment, database, "bench_sales:measure")
    name = f"{database}_scale_{digest(SCALE_SCRIPT)}"
    if name not in databases.admin(environment, "names", name):
        say("seeding 10,000 customers with 1,000,000 time entries")
        partial = f"{PREFIX}_partial"
        databases.copy(environment, database, partial)
        server.call(environment, partial, "bench_scale:seed")
        databases.rename(environment, partial, name)
    seconds = server.call(environment, name, "bench_scale:measure")
    say("billing 10,000 customers")
    billed = f"{PREFIX}_billed"
    databases.copy(environment, name, billed)
    run = server.call(environment, billed, "bench_scale:run")
    databases.drop(environment, billed)
    return {
        **seconds,
        **run,
        "sales": sales["ratio"],
        "sales_ms": sales["sales"],
        "ledger": _measure_ledger(environment, database)["ledger"],
        **server.call(environment, database, "bench_import:measure"),
    }


def _measure_ledger(environment: Environment, database: str) -> dict:
    """How long the check of a ledger with a million rows takes."""
    name = f"{database}_ledger_{digest(LEDGER_SCRIPT)}"
    if name not in databases.admin(environment, "names", name):
        say("seeding 1,000 customers with 1,000,000 rows of billed time")
        partial = f"{PREFIX}_partial"
        databases.copy(environment, database, partial)
        server.call(environment, partial, "bench_ledger:seed")
        databases.rename(environment, partial, name)
    return server.call(environment, name, "bench_ledger:measure")


def _machine() -> dict:
    """What the figures were measured on."""
    return {
        "cores": os.cpu_count(),
        "machine": platform.machine(),
        "python": platform.python_version(),
        "measured": f"{datetime.datetime.now(datetime.timezone.utc):%Y-%m-%dT%H:%MZ}",
    }
