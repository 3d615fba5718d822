"""Builds the demo firm, bills a month, shows the invoices, serves the web client."""

import argparse
import datetime
import re
from pathlib import Path

from environment import ROOT, Environment, databases, prepare, server
from environment.steps import Failure, digest, say, write_whole
from environment.table import render

FIRM = ("demo_firm.py", "demo_firm")
COLUMNS = {
    "customer": "Customer",
    "tickets": "Tickets",
    "hours": "Hours",
    "tier": "Tier",
    "net": "Net",
    "tax": "Tax",
    "total": "Total",
    "state": "State",
}
SUMS = ("tickets", "hours", "net", "tax", "total")


def main(arguments: list[str]) -> None:
    """Show the demo as asked for on the command line."""
    options = _parse(arguments)
    if options.serve:
        server.check_port(options.port)
    port = options.port if options.serve else server.free_port()
    environment = prepare()
    _build(environment, options.database, options.month)
    with server.running(environment, options.database, port) as web:
        shown = _bill(environment, options, web.address)
        table = render(shown["rows"], COLUMNS, SUMS)
        print(f"\nInvoices of {options.month}\n\n{table}\n")
        if not options.serve:
            return
        print(f"Open {web.address} (Ctrl-C ends it)\n\n{_logins(shown)}\n", flush=True)
        web.wait()


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="setup/demo", description=__doc__)
    parser.add_argument(
        "--month", type=_month, default=_last_month(), metavar="YYYY-MM"
    )
    parser.add_argument("--database", default="monthly_billing_demo", metavar="NAME")
    parser.add_argument("--no-serve", dest="serve", action="store_false")
    parser.add_argument("--out", type=Path, default=ROOT / "demo-out", metavar="DIR")
    parser.add_argument("--port", type=int, default=8069)
    options = parser.parse_args(arguments)
    if not re.fullmatch(r"[a-z][a-z0-9_-]{0,50}", options.database):
        parser.error("--database takes small letters, digits, - and _")
    return options


def _month(text: str) -> str:
    """Check a month on the command line."""
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", text):
        raise argparse.ArgumentTypeError(f"{text!r} is no month like 2026-05")
    if text > f"{datetime.date.today():%Y-%m}":  # noqa: DTZ011 - the user's own day
        raise argparse.ArgumentTypeError(f"{text} lies in the future")
    return text


def _last_month() -> str:
    first = datetime.date.today().replace(day=1)  # noqa: DTZ011 - the user's own day
    return f"{first - datetime.timedelta(days=1):%Y-%m}"


def _build(environment: Environment, database: str, month: str) -> None:
    """Make the firm's database, unless it stands there for the same addons and month.

    A database that is not a demo is never touched.
    """
    mark = environment.data / "demo" / database
    key = digest(*databases.template_keys(environment), month, *_firm_files())
    exists = database in databases.admin(environment, "names", database)
    if exists and not mark.is_file():
        raise Failure(f"{database} exists and is no demo: choose another --database")
    if exists and mark.read_text() == key:
        return
    mark.parent.mkdir(parents=True, exist_ok=True)
    write_whole(mark, "half-finished")
    say(f"building the demo firm in {database}")
    databases.copy_template(environment, database)
    server.call(environment, database, "demo_firm:load", month)
    write_whole(mark, key)


def _firm_files() -> list[Path]:
    paths = [ROOT / "setup" / name for name in FIRM]
    found = [path for path in paths if path.is_file()]
    for folder in paths:
        found += sorted(path for path in folder.rglob("*") if path.suffix != ".pyc")
    return found


def _bill(environment: Environment, options, address: str) -> dict:
    """Bill the month and write its documents, which takes a running server."""
    say(f"billing {options.month}, writing PDFs and e-invoices to {options.out}")
    values = (options.month, str(options.out.absolute()), address)
    target = "environment.documents:show"
    shown = server.call(environment, options.database, target, *values)
    say(f"{len(shown['files'])} files: {', '.join(shown['files'])}")
    return shown


def _logins(shown: dict) -> str:
    columns = {"role": "Who", "login": "Login", "password": "Password"}
    rows = [dict(zip(columns, login, strict=True)) for login in shown["logins"]]
    return render(rows, columns)
