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
    say(f"billing {options.month}")
    rows = server.call(environment, options.database, "demo_firm:bill", options.month)
    with server.running(environment, options.database, port) as web:
        _write_documents(environment, options, rows, web.address)
        print(f"\nInvoices of {options.month}\n\n{render(rows, COLUMNS, SUMS)}\n")
        if not options.serve:
            return
        _show_logins(environment, options.database, web.address)
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


def _write_documents(environment, options, rows: list[dict], address: str) -> None:
    say(f"writing PDFs and e-invoices to {options.out}")
    ids = [row["invoice_id"] for row in rows if row.get("invoice_id")]
    folder = str(options.out.absolute())
    target = "environment.documents:write_all"
    names = server.call(environment, options.database, target, ids, folder, address)
    say(f"{len(names)} files: {', '.join(names)}")


def _show_logins(environment: Environment, database: str, address: str) -> None:
    logins = server.call(environment, database, "demo_firm:logins")
    columns = {"role": "Who", "login": "Login", "password": "Password"}
    rows = [dict(zip(columns, login, strict=True)) for login in logins]
    print(f"Open {address} (Ctrl-C ends it)\n\n{render(rows, columns)}\n", flush=True)
