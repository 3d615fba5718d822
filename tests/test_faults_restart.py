"""The database server crashes or restarts in the run: one more run completes it."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from environment import ROOT, postgres, prepare
from environment.steps import Failure

from .fault_processes import Workshop
from .fault_server import OwnServer

#: seconds until what should have ended is found running
PATIENCE = 20
#: starts a server, says where and its process, and waits
SCRIPT = """
from environment import prepare
from tests.fault_server import OwnServer
with OwnServer(prepare()) as server:
    process = (server.cluster.files / "postmaster.pid").read_text().split()[0]
    print(server.folder, process, flush=True)
    input()
"""
BILLED = "SELECT count(*) >= %s FROM billing_period WHERE invoice_id IS NOT NULL"


@pytest.fixture(scope="module")
def server(workshop):
    """A running server that the tests may stop."""
    with OwnServer(workshop.environment) as server:
        yield server


@pytest.fixture(scope="module")
def restartable(server, workshop, undisturbed):
    """The firm of all tests of faults, on that server, before its run."""
    there = workshop.environment
    database = workshop.database.replace("faults", "restart")
    try:
        server.carry(there, workshop.saved, database)
    except Failure as error:
        if postgres.is_embedded(there.cache, there.variables):
            raise
        pytest.skip(f"the embedded server cannot take over from yours: {error}")
    made = Workshop(server.environment, database)
    try:
        made.save()
        yield made
    finally:
        server.recover()
        made.close()


def stop_during_run(server, workshop, mode: str, billed: int) -> None:
    """Stop the server as soon as so many months are billed, and start it again."""
    workshop.restore()
    run = workshop.start("fault_run:run_jobs")
    workshop.wait_until(BILLED, billed, database=workshop.database)
    server.cluster.stop(mode)
    assert run.wait(), "The run was over before the server stopped."
    server.cluster.start()


@pytest.mark.parametrize("billed", [1, 15])
def test_run_is_completed_after_a_crash_of_the_server(
    server, restartable, undisturbed, billed
):
    before = server.count_recoveries()
    stop_during_run(server, restartable, "immediate", billed)
    assert server.count_recoveries() == before + 1
    restartable.check_sound()
    restartable.check_completed(undisturbed)


def test_run_is_completed_after_a_restart_of_the_server(
    server, restartable, undisturbed
):
    before = server.count_recoveries()
    stop_during_run(server, restartable, "fast", 8)
    assert server.count_recoveries() == before
    restartable.check_sound()
    restartable.check_completed(undisturbed)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_server_ends_with_the_tests_whatever_ends_them(number):
    tests = subprocess.Popen(
        [sys.executable, "-c", SCRIPT],
        cwd=ROOT,
        env={**prepare().variables, "PYTHONPATH": str(ROOT / "setup")},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    folder, process = tests.stdout.readline().split()
    assert is_alive(process)
    tests.send_signal(number)
    tests.wait(PATIENCE)
    end = time.monotonic() + PATIENCE
    while Path(folder).exists() and time.monotonic() < end:
        time.sleep(0.05)
    assert not Path(folder).exists()
    assert not is_alive(process)


def is_alive(process: str) -> bool:
    """Return whether a process runs; one that nobody has taken note of has ended."""
    command = Path("/proc", process, "cmdline")
    return command.exists() and bool(command.read_bytes())
