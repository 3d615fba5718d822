"""What people do while the run goes on; runs inside Odoo processes.

Like requests to the web server: repeated when another transaction was first.
"""

import time
from contextlib import suppress
from datetime import timedelta
from email import message_from_string
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

from fault_firm import CRON, REVIEWED, get_months, session

from odoo import SUPERUSER_ID
from odoo.exceptions import UserError
from odoo.service.model import retrying

#: the jobs that send mails
SENDING = (
    "mail.ir_cron_mail_scheduler_action",
    "mail_delivery_followup.mail_delivery_cron_deliver",
    "monthly_billing.account_move_cron_deliver",
    "monthly_billing.account_move_cron_send_receipts",
)
#: seconds until nobody seems to wait any more
PATIENCE = 300
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


def get_agreements(env, customer: int):
    """Return the agreements of a customer by its number."""
    domain = [("partner_id.name", "=", f"Customer {customer}")]
    return env["billing.agreement"].search(domain)


def archive_account(database: str, customer: int) -> None:
    """Give the service of a customer an account that is not in use any more."""
    with session(database) as env:
        agreement = get_agreements(env, customer)
        account = env["account.account"].create(
            {"name": "Gone", "code": "449999", "account_type": "income"}
        )
        agreement.product_id = agreement.product_id.copy(
            {"name": agreement.product_id.name}
        )
        agreement.product_id.property_account_income_id = account
        account.active = False


def refuse_invoices(database: str, customer: int) -> None:
    """Let the database refuse posted invoices of a customer."""
    with session(database) as env:
        partner = get_agreements(env, customer).partner_id
        env.cr.execute(
            """ALTER TABLE account_move ADD CONSTRAINT refused
                     CHECK (partner_id != %s OR state != 'posted')""",
            [partner.id],
        )


def heal(database: str) -> None:
    """Put both right."""
    with session(database) as env:
        env.cr.execute("ALTER TABLE account_move DROP CONSTRAINT refused")
        account = env["account.account"].with_context(active_test=False)
        account.search([("code", "=", "449999")]).active = True


def close_books(database: str, until: str) -> None:
    """Close the books until ``today`` or until the end of the ``last month``."""
    with session(database) as env:
        today = env["billing.agreement"]._get_today()
        days = {"today": today, "last month": today.replace(day=1) - timedelta(days=1)}
        env.company.fiscalyear_lock_date = days[until]


def want_mails(database: str, customers: list[int], port: int) -> None:
    """Send invoices to customers by mail, through a server on this machine."""
    with session(database) as env:
        for customer in customers:
            get_agreements(env, customer).auto_send = True
        env.company.email = "firm@example.com"
        env["ir.mail_server"].create(
            {"name": "Here", "smtp_host": "127.0.0.1", "smtp_port": port}
        )
        parameters = env["ir.config_parameter"]
        parameters.set_param("report.url", "http://127.0.0.1:9")  # nobody is there
        parameters.set_param("report.print_delay", "0")
        env.company.send_payment_receipt = True
        for name in SENDING:
            env.ref(name).active = True


def pay(database: str, customers: list[int]) -> None:
    """Record that customers have paid their invoices."""
    with session(database) as env:
        periods = env["billing.period"]
        for customer in customers:
            periods |= get_agreements(env, customer).period_ids
        for invoice in periods.invoice_id.filtered(lambda one: one.state == "posted"):
            wizard = env["account.payment.register"].with_context(
                active_model="account.move", active_ids=invoice.ids
            )
            wizard.create({})._create_payments()


def bounce(database: str, address: str, message_id: str) -> None:
    """Bring back a mail that the server had taken."""
    notice = MIMEMultipart("report", report_type="delivery-status")
    notice["From"], notice["To"] = "MAILER-DAEMON@example.com", "bounce@example.com"
    notice["Subject"], notice["Message-Id"] = "Undelivered", "<1.bounce@example.com>"
    notice.attach(MIMEText("No such mailbox."))
    status = f"Final-Recipient: rfc822; {address}\nAction: failed\nStatus: 5.1.1\n"
    notice.attach(MIMEMessage(message_from_string(f"{status}\n"), "delivery-status"))
    sent = f"Message-Id: {message_id}\nTo: {address}\n\nHello\n"
    notice.attach(MIMEMessage(message_from_string(sent)))
    with session(database) as env:
        env["mail.thread"].message_process(None, notice.as_string())


def get_deliveries(database: str, customers: list[int]) -> list:
    """Return what became of the invoices of customers: state, and how many people are
    asked about it."""
    with session(database) as env:
        found = []
        for customer in customers:
            period = get_agreements(env, customer).period_ids[:1]
            mail = env.ref("mail.mail_activity_data_email")
            asked = period.activity_ids.filtered(
                lambda one, kind=mail: one.activity_type_id == kind
            )
            invoice = period.invoice_id
            found.append([invoice.delivery_state, invoice.receipt_state, len(asked)])
        return found


def hold_billing(database: str) -> None:
    """Bill, and take some seconds for it, while months that are due are there."""
    with session(database) as env:
        env["billing.agreement"]._ensure_due_periods()
    with session(database) as env:
        env["billing.agreement"]._ensure_due_periods()
        env["billing.agreement"].search([])._bill_period(get_months()[2])
        env.flush_all()
        time.sleep(8)


def press_bill(database: str) -> str:
    """Return what a user reads who bills while somebody else does."""
    with session(database) as env:
        user_id = env["res.users"].search([("login", "=", "biller")]).id
    with session(database, user_id) as env:
        run = env["billing.run"].create({"month": get_months()[2]})
        return run.action_bill().get("params", {}).get("message", "")


def archive_user_of_job(database: str, archived: bool) -> None:
    """Let the job belong to somebody who has left the firm, or come back."""
    with session(database) as env:
        users = env["res.users"].with_context(active_test=False)
        user = users.search([("login", "=", "leaver")]) or env["res.users"].create(
            {
                "name": "Leaver",
                "login": "leaver",
                "group_ids": [(4, env.ref("base.group_system").id)],
            }
        )
        if archived:
            env.ref(CRON).user_id = user
            user.active = False
        else:
            env.ref(CRON).user_id = SUPERUSER_ID


def get_mail_errors(database: str) -> int:
    """Return how many mails of invoices people see as failed."""
    with session(database) as env:
        domain = [
            ("notification_status", "=", "exception"),
            ("mail_message_id.model", "=", "account.move"),
        ]
        return env["mail.notification"].search_count(domain)
