"""The product arrives in a firm with years of time, is updated, leaves and returns."""

import json
import os
import subprocess
from datetime import date
from pathlib import Path

import pytest

from environment import databases, prepare

from .lifecycle import CUSTOMERS, month_before
from .lifecycle_readings import MIGRATED

LINES = 4000
SCRIPT = """
import json, sys
env.cr.rollback()
sys.path.insert(0, {folder!r})
from tests import lifecycle
print("SEEN", json.dumps(lifecycle.live({database!r}, {lines}), default=str))
"""


@pytest.fixture(scope="module")
def seen():
    """What `lifecycle.live` saw, by step."""
    environment = prepare()
    database = f"monthly_billing_test_{os.getpid()}_life"
    databases.copy_template_below(environment, database)
    folder = str(Path(__file__).parents[1])
    try:
        done = subprocess.run(
            [*environment.odoo, "shell", "-d", database, "--no-http"]
            + ["--max-cron-threads=0", "--log-level=error"],
            env=environment.variables,
            input=SCRIPT.format(folder=folder, database=database, lines=LINES),
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        databases.drop(environment, database)
    results = [line for line in done.stdout.splitlines() if line.startswith("SEEN ")]
    assert results, done.stdout[-2000:] + done.stderr[-4000:]
    return json.loads(results[-1].removeprefix("SEEN "))


def test_installation_writes_no_existing_row(seen):
    assert seen["installation"]["after"] == seen["installation"]["before"]
    assert seen["installation"]["before"]["account_analytic_line"][0] > LINES


def test_no_time_before_the_agreed_day_is_billed(seen):
    first = month_before(2)
    assert min(map(date.fromisoformat, seen["years"])).year < first.year
    assert date.fromisoformat(seen["billed"]["first_day"]) >= first


def test_all_time_from_the_agreed_day_on_is_billed(seen):
    first, second = str(month_before(2)), str(month_before(1))
    booked = {
        first: seen["years"][first],
        second: seen["years"][second] + 3.5 * CUSTOMERS,
    }
    assert set(seen["billed"]["states"]) == {"invoiced"}
    assert seen["billed"]["hours"] == pytest.approx(booked)


def test_update_changes_no_figure(seen):
    assert len(seen["figures"]["billing_allocation"]) > 100
    for name, rows in seen["figures"].items():
        assert seen["updated"][name] == rows, name


def test_ledger_is_sound_after_the_update(seen):
    assert seen["updated"]["deviations"] == []


def test_migration_scripts_bring_the_old_state_up_to_date(seen):
    found = seen["migrated"]
    for name in MIGRATED:
        latest, installed = found["versions"][name]
        assert latest == installed > "19.0.1.0.0"
    assert all("parent_of" in domain for domain in found["rules"])
    assert found["cancellations"] == [
        "helpdesk_mgmt.helpdesk_ticket_stage_cancelled",
        "helpdesk_mgmt.helpdesk_ticket_stage_rejected",
    ]


def test_migration_leaves_a_mail_that_somebody_rewrote(seen):
    mails = seen["migrated"]["mails"]
    assert "Old text" not in mails["sent"]
    assert "Old text" in mails["reminder"]


@pytest.mark.parametrize("kind", ["invoices", "lines", "entries", "files", "pdfs"])
def test_removal_leaves_invoices_and_time_as_they_are(seen, kind):
    assert len(seen["with"][kind]) >= 2 * CUSTOMERS
    assert seen["without"][kind] == seen["with"][kind]


def test_removal_leaves_nothing_of_the_product(seen):
    assert seen["left"] == {"columns": [], "records": []}


def test_return_bills_from_the_new_day_on_only(seen):
    """The ledger left with the product; the day in the new agreement separates."""
    this_month = str(month_before(0))
    assert seen["again"]["months"] == [this_month]
    assert seen["again"]["invoices"] == CUSTOMERS
    assert seen["again"]["first_day"] >= this_month
