"""Checks and formats the source with the pinned tools."""

import subprocess

from environment import ROOT
from environment.lint import lint_variables


def main(arguments: list[str]) -> int:
    """Run pre-commit with `arguments`, on all files when there are none."""
    arguments = arguments or ["run", "--all-files", "--show-diff-on-failure"]
    command = ["pre-commit", *arguments]
    variables = lint_variables()
    return subprocess.run(command, cwd=ROOT, env=variables, check=False).returncode
