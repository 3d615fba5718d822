"""A database of its own, and real Odoo processes on it that a test may kill."""

import json
import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from contextlib import closing
from pathlib import Path

import psycopg2

from environment import databases

HERE = Path(__file__).parent
#: seconds until a process that does not come on is given up
PATIENCE = 600
#: those of a database, without the server's own work
CLIENTS = "FROM pg_stat_activity WHERE datname = %s AND backend_type = 'client backend'"


class Process:
    """A running function; a process of the operating system."""

    def __init__(self, workshop: "Workshop", number: int, target: str):
        self.workshop, self.number, self.target = workshop, number, target

    @property
    def pid(self) -> int:
        """Its id, as soon as it has begun."""
        return self.workshop.wait_for(lambda: self.workshop.started.get(self.number))

    @property
    def is_running(self) -> bool:
        """Whether it has not ended yet."""
        return self.pid not in self.workshop.ended

    def kill(self) -> None:
        """End it as a power failure does; it may have ended by itself."""
        if self.is_running:
            os.kill(self.pid, signal.SIGKILL)

    def wait(self) -> int:
        """Wait until it and its work in the database have ended; return its status."""
        status = self.workshop.wait_for(lambda: self.workshop.ended.get(self.pid))
        if status < 0:
            self.workshop.wait_for_server()
        return status

    def result(self):
        """What the function returned.

        :raise AssertionError: if it failed or was killed
        """
        status = self.wait()
        assert not status, f"{self.target} ended with {status}: {self.workshop.log}"
        path = self.workshop.folder / f"{self.number}.json"
        return json.loads(path.read_text())


class Workshop:
    """Makes processes on one database, which can be put back to what it was.

    The database is there; it is removed in the end.
    """

    def __init__(self, environment, database: str):
        self.environment, self.database = environment, database
        self.saved = f"{database}_saved"
        self.folder = Path(tempfile.mkdtemp(prefix="faults"))
        self.log = environment.cache / "log" / f"{database}.log"
        self.started, self.ended, self.orders = {}, {}, 0
        self.changed = threading.Condition()
        self._start()

    def _start(self) -> None:
        """Start the process that forks the others."""
        path = f"{HERE}{os.pathsep}{self.environment.variables['PYTHONPATH']}"
        with self.log.open("w") as log:
            self.forker = subprocess.Popen(
                [
                    self.environment.python,
                    HERE / "fault_worker.py",
                    self.database,
                    self.folder,
                ],
                env={**self.environment.variables, "PYTHONPATH": path},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        threading.Thread(target=self._listen, daemon=True).start()
        self.wait_for(lambda: self.started.get("ready"))

    def _listen(self) -> None:
        for line in self.forker.stdout:
            word, *facts = json.loads(line)
            with self.changed:
                if word == "ready":
                    self.started["ready"] = facts[0]
                elif word == "started":
                    self.started[facts[0]] = facts[1]
                else:
                    self.ended[facts[0]] = facts[1]
                self.changed.notify_all()

    def wait_for(self, get):
        """Return what ``get`` returns as soon as that is not None."""
        with self.changed:
            found = self.changed.wait_for(lambda: get() is not None, PATIENCE)
            assert found, f"A process does not come on: {self.log}"
            return get()

    def start(self, target: str, *arguments) -> Process:
        """Start ``module:function`` with the database's name and the arguments."""
        self.orders += 1
        order = {"number": self.orders, "target": target, "arguments": arguments}
        self.forker.stdin.write(f"{json.dumps(order)}\n")
        self.forker.stdin.flush()
        return Process(self, self.orders, target)

    def call(self, target: str, *arguments):
        """Run ``module:function`` in a process of its own; return what it returns."""
        return self.start(target, *arguments).result()

    def save(self) -> None:
        """Keep the database as it is now."""
        databases.copy(self.environment, self.database, self.saved)

    def drop_saved(self) -> None:
        """Forget the database as it was saved."""
        databases.drop(self.environment, self.saved)

    def restore(self) -> None:
        """Make the database what it was when it was saved."""
        databases.copy(self.environment, self.saved, self.database)

    def execute(self, query: str, *parameters, database: str | None = None) -> list:
        """Run a statement beside Odoo; return its rows."""
        connection = psycopg2.connect(
            dbname=database or self.database, **self._get_address()
        )
        connection.autocommit = True
        with closing(connection), connection.cursor() as cursor:
            cursor.execute(query, parameters or None)
            return cursor.fetchall() if cursor.description else []

    def _get_address(self) -> dict:
        names = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER"}
        names["password"] = "PGPASSWORD"
        variables = self.environment.variables
        return {
            name: variables[variable]
            for name, variable in names.items()
            if variables.get(variable)
        }

    def wait_until(self, query: str, *parameters, database: str = "postgres") -> None:
        """Wait until a query finds something."""
        end = time.monotonic() + PATIENCE
        while not self.execute(query, *parameters, database=database)[0][0]:
            assert time.monotonic() < end, f"never true: {query}"
            time.sleep(0.05)

    def wait_for_server(self) -> None:
        """Wait until the server has noticed that the clients are gone."""
        self.wait_until(f"SELECT count(*) = 0 {CLIENTS}", self.database)

    def wait_for_idle(self) -> None:
        """Wait until a process has begun a transaction and pauses in it."""
        self.wait_until(
            f"SELECT count(*) {CLIENTS} AND state = 'idle in transaction'",
            self.database,
        )

    def open(self) -> None:
        """Let the server accept connections to the database again."""
        self.execute(
            f'ALTER DATABASE "{self.database}" WITH ALLOW_CONNECTIONS true',
            database="postgres",
        )

    def check_completed(self, undisturbed) -> None:
        """Run once more; then everything is as if nothing had happened."""
        self.call("fault_run:pass_a_night")
        self.call("fault_run:run_jobs")
        self.check_sound()
        self.check_same(undisturbed)

    def check_same(self, undisturbed) -> None:
        """Months and billed time are as without disturbance."""
        found = self.call("fault_firm:get_facts")
        differences = list_differences(found, undisturbed.facts)
        assert not differences, differences

    def check_sound(self) -> None:
        """Nothing is billed twice, and ledger and invoices agree."""
        problems = self.call("fault_firm:get_problems")
        assert not problems, problems

    def close(self) -> None:
        """End the processes and remove what was made."""
        self.forker.stdin.close()
        self.forker.wait(PATIENCE)
        for name in (self.database, self.saved):
            databases.drop(self.environment, name)
        shutil.rmtree(self.folder)


def list_differences(found: dict, expected: dict) -> list[tuple]:
    """Return what differs between two sets of facts, as (key, found, expected)."""
    return [
        (key, found[part].get(key), expected[part].get(key))
        for part in expected
        for key in found[part].keys() | expected[part].keys()
        if found[part].get(key) != expected[part].get(key)
    ]
