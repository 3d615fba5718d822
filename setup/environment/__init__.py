"""The environment that all commands share: Odoo, Python packages, a database server.

`prepare()` installs what is missing below `$XDG_CACHE_HOME/monthly-billing`, starts
the database server and says how to run Odoo. On a second start it only looks.
"""

import os
from dataclasses import dataclass, replace
from pathlib import Path

from . import debian, postgres, requirements, tools
from .steps import Failure, cache_folder, digest, only_one, write_whole

ROOT = Path(__file__).parent.parent.parent
SERIES = "19.0"


@dataclass(frozen=True)
class Environment:
    """Where things are, and the variables under which Odoo runs."""

    cache: Path
    python: Path
    source: Path
    addons_path: tuple[Path, ...]
    data: Path
    variables: dict

    @property
    def odoo(self) -> list[str]:
        """The start of every Odoo command line."""
        return [str(self.python), str(ROOT / "setup" / "launch" / "start_odoo.py")]


def prepare() -> Environment:
    """Install what is missing, start the server, return the environment."""
    cache = cache_folder()
    with only_one(cache / "lock", "another command is installing: waiting for it"):
        source = _user_source() or debian.unpack_odoo(cache)
        home = requirements.virtual_environment(cache, "requirements")
        python = home / "bin" / "python"
        oca = requirements.oca_addons(cache, python)
        rules = requirements.rules(cache, python)
        server = postgres.start(cache, home)
        addons_path = (ROOT / "addons", oca, *_odoo_addons(source))
        configuration = _configure(cache, addons_path, server.data)
        programs = tools.pdf_folder(cache, home)
    variables = {
        **os.environ,
        **server.variables,
        "ODOO_RC": str(configuration),
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": os.pathsep.join([str(source), str(rules)]),
    }
    return Environment(cache, python, source, addons_path, server.data, variables)


def with_neighbours(environment: Environment) -> Environment:
    """The same environment with the addons of OCA that ours do not need but meet."""
    cache = environment.cache
    with only_one(cache / "lock", "another command is installing: waiting for it"):
        folder = requirements.neighbours(cache, environment.python)
        addons_path = (*environment.addons_path, folder)
        configuration = _configure(cache, addons_path, environment.data)
    variables = {**environment.variables, "ODOO_RC": str(configuration)}
    return replace(environment, addons_path=addons_path, variables=variables)


def _user_source() -> Path | None:
    """The Odoo checkout named by ODOO_SOURCE, if any."""
    named = os.environ.get("ODOO_SOURCE")
    if not named:
        return None
    source = Path(named).expanduser().absolute()
    release = source / "odoo" / "release.py"
    if not release.is_file():
        raise Failure(f"ODOO_SOURCE={named} is no Odoo checkout: odoo/release.py lacks")
    facts: dict = {}
    exec(release.read_text(), facts)  # Odoo's own way to read it
    if facts["series"] != SERIES:
        raise Failure(f"ODOO_SOURCE={named} is Odoo {facts['series']}, needs {SERIES}")
    return source


def _odoo_addons(source: Path) -> tuple[Path, ...]:
    folders = (source / "addons", source / "odoo" / "addons")
    return tuple(folder for folder in folders if folder.is_dir())


def _configure(cache: Path, addons_path: tuple, data: Path) -> Path:
    """Write Odoo's configuration of this checkout and server; return its path.

    The connection is not in it: it stands in the PG* variables.
    """
    options = {
        "addons_path": ",".join(str(path) for path in addons_path),
        "admin_passwd": "admin",
        "data_dir": data,
        "http_interface": "127.0.0.1",
        "limit_time_cpu": 1200,
        "limit_time_real": 2400,
        "list_db": False,
    }
    lines = [f"{name} = {value}\n" for name, value in options.items()]
    path = cache / "conf" / f"{digest(*lines)}.conf"
    path.parent.mkdir(exist_ok=True)
    write_whole(path, "".join(["[options]\n", *lines]))
    return path
