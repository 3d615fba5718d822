"""Each addon installs without the others above it, and with its demo data."""

import os
import subprocess

import pytest

from environment import databases, prepare

INSTALLED = """
modules = env["ir.module.module"].search([("state", "=", "installed")])
print("INSTALLED", *modules.mapped("name"))
print("FAILED", env["ir.demo_failure"].search_count([]))
invoice = env.ref("volume_discount.account_move_support")
invoice.action_apply_volume_discount()
print("TOTAL", invoice.amount_untaxed)
"""

LEVELS = """
modules = env["ir.module.module"].search([("state", "=", "installed")])
print("INSTALLED", *modules.mapped("name"))
levels = env["dunning.level"]._get_levels(env.company)
print("DAYS", *levels.mapped("days"))
"""


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


def test_reminders_install_without_the_billing(database):
    environment = prepare()
    databases.install(environment, database, ["invoice_dunning"])
    found = facts(environment, database, LEVELS)
    assert "invoice_dunning" in found["INSTALLED"]
    assert not {"monthly_billing", "volume_discount"} & set(found["INSTALLED"])
    assert found["DAYS"] == ["7", "21", "35"]
