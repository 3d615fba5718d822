"""Our addons and their neighbours install in any order, and all views open."""

import os

import pytest

from environment import databases, neighbours, prepare, server, with_neighbours

MONTH = "2025-02"


@pytest.fixture
def database():
    """Name of a database that is removed after the test."""
    name = f"monthly_billing_test_{os.getpid()}_neighbours"
    yield name
    databases.drop(prepare(), name)


def find_problems(environment, name):
    """What is wrong with the views that ours concern."""
    return server.call(environment, name, "environment.views:find_problems")


def test_neighbours_come_after_all_of_ours_in_one_command(database):
    environment = with_neighbours(prepare())
    addons = ["l10n_de", "sale_timesheet", "monthly_billing"]
    databases.install(environment, database, addons)
    databases.install(environment, database, neighbours.CLOSE)
    assert find_problems(environment, database) == []


def test_neighbours_come_first(database):
    environment = with_neighbours(prepare())
    databases.copy_template_below(environment, database)
    databases.install(environment, database, neighbours.CLOSE)
    databases.install(environment, database, databases.together())
    assert find_problems(environment, database) == []


def test_firm_at_work_is_updated_with_all_addons(database):
    environment = prepare()
    databases.copy_template(environment, database)
    server.call(environment, database, "demo_firm:load", MONTH)
    databases.update_all(environment, database)
    assert find_problems(environment, database) == []
