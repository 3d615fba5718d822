"""Each addon installs without the others above it, and with its demo data."""

import os
import subprocess

import pytest

from environment import ROOT, databases, prepare, server

INSTALLED = """
modules = env["ir.module.module"].search([("state", "=", "installed")])
print("INSTALLED", *modules.mapped("name"))
print("FAILED", env["ir.demo_failure"].search_count([]))
invoice = env.ref("volume_discount.account_move_support")
invoice.action_apply_volume_discount()
print("TOTAL", invoice.amount_untaxed)
"""

OURS = """
ours = [("author", "=", "Monthly Billing contributors"), ("state", "=", "installed")]
print("OURS", *env["ir.module.module"].search(ours).mapped("name"))
"""

LEVELS = """
modules = env["ir.module.module"].search([("state", "=", "installed")])
print("INSTALLED", *modules.mapped("name"))
levels = env["dunning.level"]._get_levels(env.company)
print("DAYS", *levels.mapped("days"))
"""

#: from the core outwards, with tests that need nothing above; each satellite is
#: installed without those beside it
CORE = ("monthly_billing", ("test_run", "test_credit"))
DOCUMENT = ("monthly_billing_document", ("test_invoice_document", "test_thank_you"))
STACKS = {
    "payment": (
        CORE,
        DOCUMENT,
        ("monthly_billing_payment", ("test_payment_methods",)),
    ),
    "cockpit": (
        CORE,
        DOCUMENT,
        ("monthly_billing_delivery", ("test_delivery_plan", "test_delivery")),
        ("monthly_billing_cockpit", ("test_cockpit",)),
    ),
}


@pytest.fixture
def database():
    """Name of a database that is removed after the test."""
    name = f"monthly_billing_test_{os.getpid()}_alone"
    yield name
    databases.drop(prepare(), name)


def facts(environment, database, script=INSTALLED):
    """What a script says about a database: words by their first word."""
    done = subprocess.run(
        [*environment.odoo, "shell", "-d", database, "--no-http", "--log-level=error"],
        env=environment.variables,
        input=script,
        capture_output=True,
        text=True,
        check=True,
    )
    lines = [line.split() for line in done.stdout.splitlines() if line]
    return {words[0]: words[1:] for words in lines}


@pytest.mark.parametrize("addon", ["volume_discount", "monthly_billing"])
def test_addon_installs_with_demo_data_and_without_neighbours(addon, database):
    environment = prepare()
    databases.install(environment, database, [addon], "--with-demo")
    found = facts(environment, database)
    unwanted = {"sale", "sale_timesheet"}
    if addon == "volume_discount":
        unwanted |= {"ticket_estimates", "monthly_billing", "hr_timesheet"}
    assert addon in found["INSTALLED"]
    assert not unwanted & set(found["INSTALLED"])
    assert found["FAILED"] == ["0"]
    assert found["TOTAL"] == ["2675.0"]  # pricing.md, on an invoice written by hand


@pytest.mark.parametrize("name", STACKS)
def test_core_bills_alone_and_carries_one_satellite_after_the_other(name, database):
    environment = prepare()
    databases.copy_template_below(environment, database)
    expected = {"ticket_estimates", "volume_discount", "mail_delivery_followup"}
    for addon, tests in STACKS[name]:
        databases.install(environment, database, [addon], "--skip-auto-install")
        expected.add(addon)
        found = facts(environment, database, OURS)
        assert set(found["OURS"]) == expected
        if addon == "monthly_billing":
            server.call(environment, database, "ready_companies:make")
        run_tests(environment, database, addon, tests)


def run_tests(environment, database, addon, names):
    """Run files of tests of an addon in a database."""
    command = [environment.python, "-m", "pytest", f"--odoo-database={database}"]
    command += ["--odoo-log-level=error", "--odoo-extra=max-cron-threads=0"]
    command += [f"addons/{addon}/tests/{name}.py" for name in names]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=environment.variables,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]
    assert " passed" in done.stdout


def test_reminders_install_without_the_billing(database):
    environment = prepare()
    databases.install(environment, database, ["invoice_dunning"])
    found = facts(environment, database, LEVELS)
    assert "invoice_dunning" in found["INSTALLED"]
    assert not {"monthly_billing", "volume_discount"} & set(found["INSTALLED"])
    assert found["DAYS"] == ["7", "21", "35"]
