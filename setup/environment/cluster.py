"""An embedded PostgreSQL server: made, started and stopped in a folder of its own."""

import os
import pwd
import re
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from .steps import run, write_whole

ROLE = "odoo"
PORT = "5432"  # names the socket alone: nothing listens on the network


@dataclass(frozen=True)
class Cluster:
    """A server whose files are below `data`, reached through the folder `sockets`.

    :param programs: the folder of PostgreSQL's programs
    :param log: what the programs say that make and start it
    :param settings: PostgreSQL's settings beside its own defaults
    """

    programs: Path
    data: Path
    sockets: Path
    log: Path
    settings: dict = field(default_factory=dict)

    @property
    def variables(self) -> dict:
        """How to reach it, as libpq's variables."""
        return {"PGHOST": str(self.sockets), "PGPORT": PORT, "PGUSER": ROLE}

    @property
    def files(self) -> Path:
        """The folder that PostgreSQL calls its data directory."""
        return self.data / "cluster"

    @property
    def output(self) -> Path:
        """What the server says while it runs."""
        return self.files / "server.log"

    @property
    def control(self) -> list:
        """The start of every command that starts or stops the server."""
        return [self.programs / "pg_ctl", "-D", self.files]

    def create(self) -> None:
        """Make the files, with a role for Odoo, which refuses to be `postgres`.

        The folder `data` is there. Whoever reaches the socket is trusted: its folder
        is closed to other users.
        """
        shutil.rmtree(self.sockets, ignore_errors=True)
        self.sockets.mkdir(mode=0o700)
        for folder in (self.data, self.sockets):
            give(folder)
        options = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]
        command = [self.programs / "initdb", "-D", self.files, "--no-sync", *options]
        self._run(command, "creating the database server")
        role = f"CREATE ROLE {ROLE} LOGIN CREATEDB"
        single = [self.programs / "postgres", "--single", "-D", self.files, "postgres"]
        self._run(single, "creating a role", stdin=_pipe(role))

    def is_running(self) -> bool:
        """Return whether the server runs."""
        command = [*self.control, "status"]
        done = subprocess.run(command, capture_output=True, check=False, **self._owner)
        return done.returncode == 0

    def was_cut_off(self) -> bool:
        """Return whether a server that does not run any more never ended in order."""
        command = [self.programs / "pg_controldata", "-D", self.files]
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "LC_ALL": "C"},
            **self._owner,
        )
        states = re.findall(r"^Database cluster state: +(.+)$", done.stdout, re.M)
        return states not in (["shut down"], ["shut down in recovery"])

    def start(self, hint: str = "") -> int:
        """Start the server; it answers when this returns its process id."""
        self._write_settings()
        command = [*self.control, "--wait", "--log", self.output, "start"]
        self._run(command, "starting PostgreSQL", hint, start_new_session=True)
        return int((self.files / "postmaster.pid").read_text().split()[0])

    def stop(self, mode: str = "fast") -> None:
        """End the server.

        :param mode: `fast` ends it in order, `immediate` as a crash does
        """
        command = [*self.control, "--wait", "--mode", mode, "stop"]
        self._run(command, "stopping PostgreSQL")

    @property
    def _owner(self) -> dict:
        return {"cwd": self.data.parent, **owner()}

    def _run(self, command: list, title: str, hint: str = "", **options) -> None:
        run(command, title, self.log, hint, **self._owner, **options)

    def _write_settings(self) -> None:
        settings = {
            **self.settings,
            "listen_addresses": "''",
            "unix_socket_directories": f"'{self.sockets}'",
        }
        lines = [f"{name} = {value}\n" for name, value in settings.items()]
        configuration = self.files / "postgresql.auto.conf"
        write_whole(configuration, "".join(lines))
        give(configuration)


def owner() -> dict:
    """As whom PostgreSQL runs, as options of `subprocess.run`: it refuses root."""
    if os.geteuid():
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def give(path: Path) -> None:
    """Make the server's user the owner of a file or folder."""
    if options := owner():
        os.chown(path, options["user"], options["group"])


def _pipe(text: str) -> int:
    """A file descriptor from which `text` can be read once."""
    reading, writing = os.pipe()
    os.write(writing, text.encode())
    os.close(writing)
    return reading
