"""A PostgreSQL server: the one the user has, else an embedded one that we start."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from .cluster import Cluster, owner
from .requirements import embedded_postgres
from .steps import Failure, build_once, digest, say

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
    home = _home(cache)
    sockets = _sockets(cache)
    if len(str(sockets)) > SOCKET_LIMIT:
        raise Failure(f"{sockets} is too long: set XDG_CACHE_HOME to a shorter path")
    programs = embedded_postgres(home, python_home)
    data, log = home / "data", cache / "log" / "postgres.log"
    cluster = Cluster(programs, data, sockets, log, SETTINGS)
    if cluster.files.is_dir() and not cluster.is_running() and cluster.was_cut_off():
        _put_aside(data)
    build_once(data, "18", "creating the database server", cluster.create)
    if not cluster.is_running():
        say("starting the database server")
        process = cluster.start(f"if its data is broken, remove {data}; see")
        say(f"it stays for the next command; `kill {process}` ends it")
    return Server(cluster.variables, cache / "data")


def _put_aside(data: Path) -> None:
    """Make room for a new server when the machine stopped under the old one.

    Without `fsync` nobody knows which of its last changes reached the disk: a template
    may be half of what it was. Its files stay until this happens again.
    """
    aside = data.with_name(f"{data.name}-cut-off")
    say(f"the database server was cut off: starting anew, the old files are in {aside}")
    shutil.rmtree(aside, ignore_errors=True)
    data.rename(aside)


def programs(cache: Path, python: Path) -> Path:
    """Return the folder of the embedded server's programs, unpacked when needed."""
    return embedded_postgres(_home(cache), python.parents[1])


def is_embedded(cache: Path, variables: dict) -> bool:
    """Return whether the variables lead to the embedded server, not to the user's."""
    return variables.get("PGHOST") == str(_sockets(cache))


def _sockets(cache: Path) -> Path:
    return _home(cache) / "run"


def _home(cache: Path) -> Path:
    """Return the folder of the embedded server.

    As root it runs as somebody else, who needs a folder outside root's home.
    """
    if not owner():
        return cache / "postgres"
    home = ROOTS_HOME / digest(cache)
    home.mkdir(parents=True, exist_ok=True)
    return home
