"""Odoo at work: functions called inside a database, and its web server."""

import contextlib
import json
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from . import ROOT, Environment
from .steps import Failure, last_line

START_SECONDS = 120


def call(environment: Environment, database: str, target: str, *arguments):
    """Call `module:function` with `env` and `arguments`; return what it returns.

    Arguments and result are plain values, as JSON has them.
    """
    script = Path(__file__).with_name("inside.py")
    log = environment.cache / "log" / f"{target.replace(':', '-')}-{database}.log"
    with log.open("w") as errors:
        done = subprocess.run(
            [environment.python, script, database, target, json.dumps(arguments)],
            env=environment.variables,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            check=False,
        )
    if done.returncode:
        raise Failure(f"{target} failed: {last_line(log)}; see {log}")
    return json.loads(done.stdout.splitlines()[-1])


def free_port() -> int:
    """A port that nobody uses at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def check_port(port: int) -> None:
    """Raise Failure when somebody uses the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise Failure(
                f"port {port} is in use: end what uses it, or choose another --port"
            ) from None


@dataclass
class Running:
    """A started web server."""

    address: str
    process: subprocess.Popen

    def wait(self) -> None:
        """Wait until the server ends or the user interrupts."""
        with contextlib.suppress(KeyboardInterrupt):
            self.process.wait()


@contextlib.contextmanager
def running(environment: Environment, database: str, port: int) -> Iterator[Running]:
    """Run Odoo's web server for one database; it answers when the block starts."""
    log = environment.cache / "log" / f"server-{database}.log"
    command = [*environment.odoo, "-d", database, f"--db-filter=^{database}$"]
    command += [f"--http-port={port}", "--max-cron-threads=0", "--workers=0"]
    with log.open("w") as output:
        process = subprocess.Popen(
            command,
            env=environment.variables,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,  # Ctrl-C reaches us alone, we end it in order
        )
    server = Running(f"http://127.0.0.1:{port}", process)
    try:
        _wait_for(server, log)
        yield server
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=20)
        process.kill()


def _wait_for(server: Running, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.process.poll() is None:
        with (
            contextlib.suppress(urllib.error.URLError, ConnectionError),
            urllib.request.urlopen(f"{server.address}/web/health", timeout=30),
        ):
            return
        time.sleep(0.3)
    raise Failure(f"the web server does not answer: {last_line(log)}; see {log}")
