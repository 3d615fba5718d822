"""Addons of ours beside addons of OCA that change invoices and companies for all.

OCA's direct debits change the accounts on all invoices, its credit control follows the
first company of the database: both need a database without the other tests.
"""

import os
import subprocess
import tempfile

import polib
import pytest

from environment import ROOT, databases, prepare

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
    for addon in TESTS:
        template = ROOT / "addons" / addon / "i18n" / f"{addon}.pot"
        if template.is_file():
            assert terms(exported(environment, database, addon)) == terms(
                polib.pofile(str(template))
            )


def exported(environment, database, addon) -> polib.POFile:
    """The template of translations that the addon's code and data give."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, f"{addon}.pot")
        command = [*environment.odoo, "i18n", "export", "-d", database, "-o", path]
        subprocess.run(
            [*command, addon],
            env=environment.variables,
            capture_output=True,
            check=True,
        )
        return polib.pofile(path)


def terms(catalogue) -> dict:
    """What a catalogue says, without dates and order."""
    return {
        entry.msgid: frozenset(path for path, _line in entry.occurrences)
        for entry in catalogue
    }
