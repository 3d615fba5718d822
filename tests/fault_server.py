"""A database server of a test's own, which it may crash."""

import dataclasses
import subprocess
import tempfile
from pathlib import Path

from environment import databases, postgres
from environment.cluster import Cluster, give
from environment.steps import run

#: The machine stays up when the server crashes: what it wrote is there.
SETTINGS = {"fsync": "off"}
#: Ends the server and removes its folder as soon as nobody holds standard input any
#: more, however the tests ended.
GUARD = """
read -r _
server=$(head -n 1 "$1/postmaster.pid" 2>/dev/null) && kill -QUIT "$server"
for _ in $(seq 100); do
    kill -0 "$server" 2>/dev/null || break
    sleep 0.1
done
rm -rf "$0"
"""


class OwnServer:
    """Runs while the block does; what it confirmed is kept, as in a real firm."""

    def __init__(self, environment):
        self.folder = Path(tempfile.mkdtemp(prefix="server"))
        data, sockets = self.folder / "data", self.folder / "run"
        programs = postgres.programs(environment.cache, environment.python)
        log = self.folder / "commands.log"
        self.cluster = Cluster(programs, data, sockets, log, SETTINGS)
        self.environment = dataclasses.replace(
            environment,
            variables={
                name: value
                for name, value in environment.variables.items()
                if name not in postgres.NAMES
            }
            | self.cluster.variables,
        )

    def __enter__(self):
        command = ["sh", "-c", GUARD, self.folder, self.cluster.files]
        self.guard = subprocess.Popen(
            command, stdin=subprocess.PIPE, start_new_session=True, cwd="/"
        )
        try:
            give(self.folder)
            self.cluster.data.mkdir()
            self.cluster.create()
            self.cluster.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_error):
        self.guard.stdin.close()
        self.guard.wait()

    def carry(self, environment, source: str, target: str) -> None:
        """Copy a database and its files from another server.

        :raise Failure: if the other server has what this one lacks
        """
        dump, log = self.folder / "dump", self.folder / "carry.log"
        programs = self.cluster.programs
        title = f"copying {source} to a server of the tests' own"
        command = [programs / "pg_dump", "-Fc", "--compress=0", "-f", dump, source]
        run(command, title, log, env=environment.variables)
        variables = self.environment.variables
        run([programs / "createdb", target], title, log, env=variables)
        command = [programs / "pg_restore", "--no-owner", "--jobs=2", "-d", target]
        run([*command, dump], title, log, env=variables)
        dump.unlink()
        databases.copy_files(environment, source, target)

    def recover(self) -> None:
        """Start the server if a test left it stopped."""
        if not self.cluster.is_running():
            self.cluster.start()

    def count_recoveries(self) -> int:
        """Return how often the server began with what a crash had left."""
        return self.cluster.output.read_text().count("automatic recovery in progress")
