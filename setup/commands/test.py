"""Checks source and translations, then runs every test.

`SKIP_LINT=1` leaves out the checks of the source.
"""

import os
import subprocess

from environment import ROOT, Environment, databases, prepare, tools
from environment.steps import say

from . import lint

PREFIX = "monthly_billing_test"


def main(arguments: list[str]) -> int:
    """Run lint, then pytest with `arguments`; pytest's closing line comes last."""
    environment = prepare()
    tools.require_browser(environment.cache)
    lint_failed = not os.environ.get("SKIP_LINT") and lint.main([])
    tests_failed = _run_tests(environment, arguments)
    return int(tests_failed or lint_failed)


def _run_tests(environment: Environment, arguments: list[str]) -> int:
    database = f"{PREFIX}_{os.getpid()}"
    databases.copy_template(environment, database)
    say(f"testing in {database}")
    command = [environment.python, "-m", "pytest", "--odoo-http"]
    command += [f"--odoo-database={database}", "--odoo-log-level=error"]
    command += ["--odoo-extra=max-cron-threads=0", *arguments]
    try:
        done = subprocess.run(command, cwd=ROOT, env=environment.variables, check=False)
    finally:
        databases.drop(environment, database)
    return done.returncode
