"""Addons of ours beside addons of OCA that change invoices and companies for all.

OCA's direct debits change the accounts on all invoices, its credit control follows the
first company of the database: both need a database without the other tests.
"""

import os
import subprocess

import pytest

from environment import databases, prepare

#: how many tests each addon has
TESTS = {"invoice_dunning_credit_control": 12, "monthly_billing_sepa_direct_debit": 8}


@pytest.fixture
def database():
    """A database with all our addons, removed after the test."""
    name = f"monthly_billing_test_{os.getpid()}_apart"
    databases.copy_template(prepare(), name)
    yield name
    databases.drop(prepare(), name)


def test_addons_beside_those_of_oca_pass_their_tests(database):
    environment = prepare()
    assert set(TESTS) == set(databases.APART)
    tags = ",".join(f"/{addon}" for addon in TESTS)
    done = subprocess.run(
        [*environment.odoo, "-d", database, "-i", ",".join(TESTS)]
        + ["--test-tags", tags]
        + ["--stop-after-init", "--max-cron-threads=0", "--no-http"],
        env=environment.variables,
        capture_output=True,
        text=True,
        check=False,
    )
    assert not done.returncode, done.stderr[-4000:]
    assert f"0 failed, 0 error(s) of {sum(TESTS.values())} tests" in done.stderr
