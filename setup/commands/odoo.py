"""Odoo's own command line in the project's environment."""

import os

from environment import prepare


def main(arguments: list[str]) -> None:
    """Become Odoo with `arguments`."""
    environment = prepare()
    command = [*environment.odoo, *arguments]
    os.execve(command[0], command, environment.variables)
