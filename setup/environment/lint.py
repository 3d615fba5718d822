"""The pinned tools that check the source, for pre-commit's local hooks."""

import os
from pathlib import Path

from . import npm
from .requirements import virtual_environment
from .steps import cache_folder, only_one, write_whole


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
    home = npm.packages(cache, python_home, "prettier")
    modules = home / "node_modules"
    plugin = modules / "@prettier/plugin-xml/src/plugin.js"
    main = modules / "prettier/bin/prettier.cjs"
    wrapper = home / "bin" / "prettier"
    if not wrapper.exists():
        wrapper.parent.mkdir(exist_ok=True)
        node = npm.node(python_home)
        write_whole(
            wrapper, f'#!/bin/sh\nexec "{node}" "{main}" --plugin "{plugin}" "$@"\n'
        )
        wrapper.chmod(0o755)
    return home / "bin"
