"""The addon beside OCA's direct debits, which change the accounts on all invoices."""

import os
import subprocess

import pytest

from environment import databases, prepare

(ADDON,) = databases.APART


@pytest.fixture
def database():
    """A database with all our addons, removed after the test."""
    name = f"monthly_billing_test_{os.getpid()}_debit"
    databases.copy_template(prepare(), name)
    yield name
    databases.drop(prepare(), name)


def test_invoices_announce_what_is_collected(database):
    environment = prepare()
    done = subprocess.run(
        [*environment.odoo, "-d", database, "-i", ADDON, "--test-tags", f"/{ADDON}"]
        + ["--stop-after-init", "--max-cron-threads=0", "--no-http"],
        env=environment.variables,
        capture_output=True,
        text=True,
        check=False,
    )
    assert not done.returncode, done.stderr[-4000:]
    assert "0 failed, 0 error(s) of 8 tests" in done.stderr
