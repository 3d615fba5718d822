"""Runs the neighbours' own tests without and with our addons; prints the difference.

What fails with ours and not without is a fault of ours. It takes an hour.
"""

import re
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from xml.etree import ElementTree

from environment import (
    ROOT,
    Environment,
    databases,
    neighbours,
    prepare,
    with_neighbours,
)
from environment.steps import Failure, last_line, say
from environment.table import render

PREFIX = "monthly_billing_neighbours"
#: addons that ours need or meet, whose tests run as a whole
WHOLE = (
    "account_edi_ubl_cii",
    "account_payment",
    "helpdesk_mgmt",
    "hr_timesheet",
    "portal",
    "purchase",
    "sale_timesheet",
)
#: those of Odoo's invoicing that concern what our addons touch
ACCOUNT = (
    "test_account_move_entry",
    "test_account_move_out_invoice",
    "test_account_move_out_refund",
    "test_account_move_reconcile",
    "test_account_move_send",
    "test_early_payment_discount",
    "test_invoice_taxes",
    "test_tax",
    "test_taxes_computation",
    "test_taxes_tax_totals_summary",
)
#: what the neighbours' tests refuse and ours do instead, on purpose
INTENDED = {
    "account_credit_control.tests.test_account_move.TestAccountInvoice"
    ".test_action_cancel": "who cancels what they reminded of comes to the credit note",
}
COLUMNS = {
    "addon": "Addon",
    "without": "Passed without ours",
    "with": "With ours",
    "lost": "Lost",
}


def main(arguments: list[str]) -> int:
    """Run the tests twice, side by side; 1 if ours make any of them fail."""
    environment = with_neighbours(prepare())
    paths = [Path(one) for one in arguments] or list(_find_tests(environment))
    kinds = {"without": [], "with": databases.together()}
    with ThreadPoolExecutor() as pool:
        # The second waits for the database that the first is copying.
        jobs = [
            pool.submit(_run_tests, environment, kind, ours, paths)
            for kind, ours in kinds.items()
        ]
        before, after = [job.result() for job in jobs]
    lost, intended = split_intended(find_lost(before, after))
    print(render(count(before, after), COLUMNS, ("without", "with", "lost")))
    for name in lost:
        print(f"fails with ours only: {name}")
    for name, reason in intended.items():
        print(f"other with ours on purpose: {name}: {reason}")
    failing = sum(not passed for passed in before.values())
    print(f"{len(lost)} tests fail because of ours, {failing} without them as well")
    return int(bool(lost))


def _find_tests(environment: Environment) -> Iterator[Path]:
    """The test files and folders of the neighbours."""
    folders = {
        path.name: path
        for addons in environment.addons_path
        for path in addons.iterdir()
        if (path / "tests").is_dir()
    }
    for name in ACCOUNT:
        path = folders["account"] / "tests" / f"{name}.py"
        if path.is_file():
            yield path
    for name in (*WHOLE, *neighbours.OCA):
        if name in folders:
            yield folders[name] / "tests"


def _run_tests(
    environment: Environment, kind: str, ours: list[str], paths: list[Path]
) -> dict[str, bool]:
    """Run pytest in a database of its own; return whether each test passed."""
    name = f"{PREFIX}_{kind}"
    databases.copy_template_below(environment, name)
    databases.install(environment, name, [*neighbours.ALL, *WHOLE])
    if ours:
        databases.install(environment, name, ours)
    say(f"testing the neighbours {kind} ours")
    report = environment.cache / "log" / f"{name}.xml"
    report.unlink(missing_ok=True)
    command = [environment.python, "-m", "pytest", "-q", "--odoo-http"]
    command += [f"--odoo-database={name}", "--odoo-extra=max-cron-threads=0"]
    # The root is above the neighbours, so that reports name their files.
    command += [f"--junitxml={report}", f"--rootdir={ROOT.anchor}", *paths]
    log = environment.cache / "log" / f"{name}.log"
    with log.open("wb") as output:
        subprocess.run(
            command,
            cwd=ROOT,
            env=environment.variables,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,  # what failed stands in the report
        )
    databases.drop(environment, name)
    if not report.is_file():
        raise Failure(f"{name} ended early: {last_line(log)}; see {log}")
    return dict(read(report))


def read(report: Path) -> Iterator[tuple[str, bool]]:
    """Yield (test, whether it passed), without those that were skipped."""
    for case in ElementTree.parse(report).iter("testcase"):
        if case.find("skipped") is None:
            name = f"{case.get('classname')}.{case.get('name')}"
            is_bad = case.find("failure") is not None or case.find("error") is not None
            yield name, not is_bad


def find_lost(before: dict[str, bool], after: dict[str, bool]) -> list[str]:
    """Names of the tests that pass without our addons only."""
    return sorted(name for name in before if before[name] and not after.get(name))


def split_intended(lost: list[str]) -> tuple[list[str], dict[str, str]]:
    """Part what fails because of ours from what is other on purpose, with reasons."""
    reasons = {
        name: reason
        for name in lost
        for end, reason in INTENDED.items()
        if name.endswith(end)
    }
    return [name for name in lost if name not in reasons], reasons


def count(before: dict, after: dict) -> list[dict]:
    """How many tests of each addon passed, without and with ours."""
    rows: dict = {}
    for name, passed in before.items():
        addon = re.search(r"(\w+)\.tests\.", name)[1]
        row = rows.setdefault(
            addon, {"addon": addon, "without": 0, "with": 0, "lost": 0}
        )
        row["without"] += passed
        row["with"] += bool(after.get(name))
        row["lost"] += bool(passed and not after.get(name))
    return [rows[addon] for addon in sorted(rows)]
