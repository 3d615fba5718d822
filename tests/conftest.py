"""The firm that the tests of faults share: its months are due in every test anew."""

import os
import time
from typing import NamedTuple

import pytest

from environment import databases, prepare

from .fault_processes import Workshop

CUSTOMERS = 28


class Undisturbed(NamedTuple):
    """A whole run: its statements and commits, how long it took, what it leaves."""

    steps: int
    seconds: float
    facts: dict


@pytest.fixture(scope="session")
def workshop():
    """A firm whose months are due, and the processes to bill them."""
    environment, database = prepare(), f"monthly_billing_test_{os.getpid()}_faults"
    databases.copy_template(environment, database)
    made = Workshop(environment, database)
    try:
        made.call("fault_firm:build", CUSTOMERS)
        made.call("fault_run:pass_a_night")
        made.save()
        yield made
    finally:
        made.close()


@pytest.fixture(scope="session")
def undisturbed(workshop):
    """What a run leaves that nothing disturbs."""
    workshop.restore()
    begun = time.monotonic()
    steps = workshop.call("fault_run:run_jobs")
    seconds = time.monotonic() - begun
    assert not workshop.call("fault_firm:get_problems")
    return Undisturbed(steps, seconds, workshop.call("fault_firm:get_facts"))


@pytest.fixture
def firm(workshop, undisturbed):
    """The processes, on the firm before its run."""
    workshop.restore()
    return workshop
