"""Runs one command of the environment: `python setup NAME ARG...`."""

import importlib
import os
import sys

from environment.steps import one_line_errors

os.umask(0o022)  # the database server may run as another user and must read its files
with one_line_errors():
    command = importlib.import_module(f"commands.{sys.argv[1]}")
    sys.exit(command.main(sys.argv[2:]))
