"""Calls a function in a database: `inside.py DATABASE MODULE:FUNCTION ARGUMENTS`.

The function gets Odoo's `env` and the arguments, a JSON list. What it returns is
printed as JSON on the last line. Its changes are committed when it succeeds.
"""

import importlib
import json
import logging
import sys
from pathlib import Path

import odoo
import odoo.cli.server  # Odoo's set-up of threads and files
from odoo.modules.registry import Registry
from odoo.tools import config


def main(database: str, target: str, arguments: str) -> None:
    """Call `target` with `env` and the arguments; print its result."""
    options = ["-d", database, "--no-http", "--max-cron-threads=0"]
    config.parse_config([*options, "--log-level=warn"], setup_logging=True)
    logging.getLogger("odoo.sql_db").setLevel(logging.CRITICAL)
    module, function = target.split(":")
    sys.path.insert(0, str(Path(__file__).parent.parent))
    call = getattr(importlib.import_module(module), function)
    with Registry(database).cursor() as cursor:
        env = odoo.api.Environment(cursor, odoo.api.SUPERUSER_ID, {})
        result = call(env, *json.loads(arguments))
        cursor.commit()
    print(json.dumps(result, default=str))


if __name__ == "__main__":
    main(*sys.argv[1:])
