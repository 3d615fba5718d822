"""The daily job, and what people do beside it; runs inside Odoo processes."""

import os
import resource
import signal
import time
from contextlib import closing

import psycopg2
from fault_firm import CRON, session

from odoo import sql_db
from odoo.modules.neutralize import neutralize_database

from odoo.addons.base.models import ir_cron, ir_mail_server
from odoo.addons.base.models.ir_cron import IrCron
from odoo.addons.monthly_billing.models import billing_agreement_run

BATCH_SIZE = 7
#: seconds until a worker comes by again, and until a job is given up
PAUSE, PATIENCE = 0.2, 600


def pass_a_night(database: str) -> None:
    """Let everything that was tried have been tried yesterday, and the jobs be due."""
    with session(database) as env:
        for table in ("billing_period", "billing_agreement"):
            env.cr.execute(f"UPDATE {table} SET last_run = last_run - interval '1 day'")
        for table in ("account_move", "mail_delivery"):
            env.cr.execute(
                f"UPDATE {table} SET delivery_at = delivery_at - interval '1 day'"
            )
        env.cr.execute("UPDATE ir_cron SET nextcall = now() at time zone 'utc'")


def add_job(database: str) -> None:
    """Have a second scheduled action do the same."""
    with session(database) as env:
        env.ref(CRON).copy({"active": True})


def run_jobs(database: str, fault: str = "", at: int = 0) -> int:
    """Do as a worker for scheduled actions does: run jobs as long as one is due.

    :param fault: name of one in ``FAULTS``
    :param at: before which statement or commit
    :return: how many statements and commits there were
    """
    assert billing_agreement_run.BATCH_SIZE > BATCH_SIZE
    billing_agreement_run.BATCH_SIZE = BATCH_SIZE
    steps = Steps(at, lambda: FAULTS[fault](database))
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        IrCron._process_jobs(database)
        if not is_job_due(database):
            return steps.count
        time.sleep(PAUSE)
    raise AssertionError("The job does not come to its end.")


def is_job_due(database: str) -> bool:
    """Return whether a worker has something to do."""
    with sql_db.db_connect(database).cursor() as cursor:
        return bool(IrCron._get_all_ready_jobs(cursor))


def kill(_database: str) -> None:
    """End this process as a power failure does."""
    os.kill(os.getpid(), signal.SIGKILL)


def disconnect(database: str) -> None:
    """End all connections and refuse new ones, as a server does that goes down."""
    with closing(psycopg2.connect(dbname="postgres")) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(f'ALTER DATABASE "{database}" WITH ALLOW_CONNECTIONS false')
            cursor.execute(
                """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                    WHERE datname = %s AND backend_type = 'client backend'""",
                [database],
            )


def hurry(_database: str) -> None:
    """Let every job have a single turn, and no time for it."""
    ir_cron.MIN_RUNS_PER_JOB, ir_cron.MIN_TIME_PER_JOB = 1, 0


def lose_patience(_database: str) -> None:
    """Wait for mail servers no longer than a second."""
    ir_mail_server.SMTP_TIMEOUT = 1


def neutralize(database: str) -> None:
    """Make the database a copy for tests, as ``odoo neutralize`` does."""
    with session(database) as env:
        neutralize_database(env.cr)


def send_everything(database: str) -> None:
    """Try to send all that there is, whatever jobs are switched off."""
    with session(database) as env:
        moves = env["account.move"].search([("delivery_state", "!=", False)])
        moves.action_deliver()
        env.cr.commit()
        env["account.move"]._cron_deliver()
        env["mail.delivery"]._cron_deliver_everything()
        env["mail.mail"].process_email_queue()


def fill_disk(_database: str) -> None:
    """Let no file of this process and its programs grow beyond a page."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))


FAULTS = {
    "kill": kill,
    "disconnect": disconnect,
    "fill_disk": fill_disk,
    "hurry": hurry,
    "lose_patience": lose_patience,
}


class Steps:
    """Counts the statements and commits of this process and acts before one."""

    def __init__(self, at: int, act):
        self.at, self.act, self.count = at, act, 0
        for name in ("execute", "commit"):
            self.watch(name, getattr(sql_db.Cursor, name))

    def watch(self, name, method):
        """Count the calls of a method of cursors."""

        def counted(*arguments, **options):
            self.count += 1
            if self.count == self.at:
                self.act()
            return method(*arguments, **options)

        setattr(sql_db.Cursor, name, counted)
