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


def main(arguments: list[str]) -> None:
    """Measure, print the table, write the JSON."""
    parser = argparse.ArgumentParser(prog="setup/bench", description=__doc__)
    default = ROOT / "bench-out" / "billing.json"
    parser.add_argument("--out", type=Path, default=default, metavar="FILE")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args(arguments)
    environment = prepare()
    database = _seeded(environment)
    say("measuring: the machine should do nothing else")
    target = "bench_billing:measure"
    figures = server.call(environment, database, target, options.rounds)
    rows = [{"way": TITLES[way], **row} for way, row in figures["ways"].items()]
    print(render(rows, COLUMNS))
    print(f"run / native = {figures['ratio']}")
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


def _machine() -> dict:
    """What the figures were measured on."""
    return {
        "cores": os.cpu_count(),
        "machine": platform.machine(),
        "python": platform.python_version(),
        "measured": f"{datetime.datetime.now(datetime.timezone.utc):%Y-%m-%dT%H:%MZ}",
    }
