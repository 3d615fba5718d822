"""Odoo's own command line in the project's environment."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from environment import prepare
from environment.steps import one_line_errors

with one_line_errors():
    environment = prepare()
command = [*environment.odoo, *sys.argv[1:]]
os.execve(command[0], command, environment.variables)
