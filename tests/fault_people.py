"""What people do while the run goes on; runs inside Odoo processes.

Like requests to the web server: repeated when another transaction was first.
"""

import time
from contextlib import suppress

from fault_firm import REVIEWED, get_months, session

from odoo import SUPERUSER_ID
from odoo.exceptions import UserError
from odoo.service.model import retrying

#: seconds until nobody seems to wait any more
PATIENCE = 60
BLOCKED = """
    SELECT count(*) FROM pg_stat_activity
     WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


def do(database: str, action, login: str = "admin") -> None:
    """Call ``action`` with the environment of a user, who may be refused."""
    with session(database) as env:
        user_id = env["res.users"].search([("login", "=", login)]).id
    with session(database, user_id) as env, suppress(UserError):
        retrying(lambda: action(env), env)


def bill(database: str, times: int) -> None:
    """Bill the last month of all customers by hand, again and again."""

    def run(env):
        env["billing.run"].create({"month": get_months()[2]}).action_bill()

    for _time in range(times):
        do(database, run, "biller")


def work(database: str, times: int) -> None:
    """Correct time of the last month and book more of it."""
    with session(database) as env:
        entry_ids = find_entries(env).ids
    for number in range(times):
        entry_id = entry_ids[number % len(entry_ids)]
        do(database, lambda env, key=entry_id: add_hours(env, key, 1))
        do(database, lambda env, key=entry_id: book_again(env, key))


def find_entries(env):
    """Return the time of the customers whose invoices people review."""
    domain = [("project_id.name", "=like", f"{REVIEWED}%")]
    return env["account.analytic.line"].search(domain, order="id")


def add_hours(env, entry_id: int, hours: float) -> None:
    """Correct an entry; refused if it is billed."""
    env["account.analytic.line"].browse(entry_id).unit_amount += hours


def book_again(env, entry_id: int) -> None:
    """Book half an hour more of the same work."""
    env["account.analytic.line"].browse(entry_id).copy({"unit_amount": 0.5})


def post(database: str, times: int) -> None:
    """Post a draft that is there, again and again."""

    def post_one(env):
        domain = [("billing_period_id", "!=", False), ("state", "=", "draft")]
        env["account.move"].search(domain, limit=1).action_post()

    for _time in range(times):
        do(database, post_one)
        time.sleep(0.05)


def open_drafts(database: str) -> None:
    """Open drafts of the last month early, for every other customer with reviews."""
    with session(database) as env:
        domain = [("project_ids.name", "=like", f"{REVIEWED}%")]
        for agreement in env["billing.agreement"].search(domain)[::2]:
            agreement._open_draft(get_months()[2])


def post_all(database: str) -> None:
    """Post all drafts and bill the running month, for what came late."""
    with session(database) as env:
        domain = [("billing_period_id", "!=", False), ("state", "=", "draft")]
        env["account.move"].search(domain).action_post()
        domain = [("project_ids.name", "=like", f"{REVIEWED}%")]
        today = env["billing.agreement"]._get_today()
        periods = env["billing.agreement"].search(domain)._bill_period(today)
        periods.invoice_id.action_post()


def get_reviewed(database: str) -> dict:
    """Return worked hours, billed hours and net amounts by customer with reviews."""
    with session(database) as env:
        return {
            partner.name: [
                sum(entries.mapped("unit_amount")),
                sum(entries.allocation_ids.mapped("worked_hours")),
                sum(entries.allocation_ids.move_id.mapped("amount_untaxed")),
            ]
            for partner, entries in find_entries(env).grouped("partner_id").items()
        }


def disturb(database: str, entry_ids: list[int]) -> None:
    """Change entries one after the other, each while somebody waits for it."""
    with session(database) as env:
        for entry_id in entry_ids:
            add_hours(env, entry_id, 1)
            env.flush_all()
            wait_for_blocked(database)
            env.cr.commit()


def open_month(database: str, agreement_id: int) -> None:
    """Make the last month of an agreement while somebody waits for it."""
    with session(database) as env:
        agreement = env["billing.agreement"].browse(agreement_id)
        agreement._open_draft(get_months()[2])
        env.flush_all()
        wait_for_blocked(database)


def wait_for_blocked(database: str) -> None:
    """Wait until another process waits for what this one holds."""
    end = time.monotonic() + PATIENCE
    with session(database, SUPERUSER_ID) as env:
        while time.monotonic() < end:
            env.cr.execute(BLOCKED)
            if env.cr.fetchone()[0]:
                return
            env.cr.rollback()
            time.sleep(0.02)
    raise AssertionError("Nobody waits.")
