"""Forks Odoo processes on command: `fault_worker.py DATABASE FOLDER`.

The registry is loaded once, then every line on standard input forks a process that
calls one function, as Odoo's own server forks its workers. It is a process like any
other: it may be killed. What its function returns is left as JSON in FOLDER.
"""

import importlib
import json
import logging
import os
import signal
import sys
import threading
from pathlib import Path

from odoo import sql_db
from odoo.modules.registry import Registry
from odoo.tools import config


def main(database: str, folder: str) -> None:
    """Fork a process per order until standard input ends."""
    options = ["-d", database, "--no-http", "--max-cron-threads=0", "--log-level=warn"]
    config.parse_config(options, setup_logging=True)
    Registry(database)
    sql_db.close_all()
    signal.signal(signal.SIGCHLD, _report_ended)
    _tell("ready", os.getpid())
    for line in sys.stdin:
        order = json.loads(line)
        process = os.fork()
        if not process:
            _work(database, folder, order)
        _tell("started", order["number"], process)


def _work(database: str, folder: str, order: dict) -> None:
    """Do what the order says and end the process; a failure is its exit status."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    threading.current_thread().dbname = database
    failed = 1
    try:
        module, function = order["target"].split(":")
        call = getattr(importlib.import_module(module), function)
        result = call(database, *order["arguments"])
        Path(folder, f"{order['number']}.json").write_text(json.dumps(result))
        failed = 0
    except Exception:
        logging.getLogger(__name__).exception("%s failed", order["target"])
    finally:
        os._exit(failed)


def _report_ended(_signal, _frame) -> None:
    """Tell which processes have ended, and how."""
    while True:
        try:
            process, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not process:
            return
        _tell("ended", process, os.waitstatus_to_exitcode(status))


def _tell(*words) -> None:
    """Write one line at once, so that lines never mix."""
    os.write(1, f"{json.dumps(words)}\n".encode())


if __name__ == "__main__":
    main(*sys.argv[1:])
