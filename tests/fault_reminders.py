"""Overdue invoices, the job that reminds of them, and who pays; runs inside Odoo
processes."""

from datetime import timedelta

import fault_run
from fault_firm import QUIET, session

from odoo.fields import Command

from odoo.addons.base.models.res_company import ResCompany
from odoo.addons.invoice_dunning.models import dunning_notice_job

CRON = "invoice_dunning.dunning_notice_cron_remind"
#: the jobs that write reminders and send them
JOBS = (
    CRON,
    "mail.ir_cron_mail_scheduler_action",
    "mail_delivery_followup.mail_delivery_cron_deliver",
)
BATCH_SIZE = 3


def prepare(database: str, customers: int, port: int) -> None:
    """Make customers with two invoices each that have been overdue for ten days."""
    with session(database) as env:
        for number in range(customers):
            _make_debtor(env(context=dict(env.context, **QUIET)), number)
        env.company.write({"dunning_is_active": True, "dunning_scope": "all"})
        env.company.email = "firm@example.com"
        env["ir.mail_server"].create(
            {"name": "Here", "smtp_host": "127.0.0.1", "smtp_port": port}
        )
        parameters = env["ir.config_parameter"]
        parameters.set_param("report.url", "http://127.0.0.1:9")  # nobody is there
        parameters.set_param("report.print_delay", "0")
        env["dunning.level"].search([]).is_invoice_attached = False
        env["ir.cron"].search([]).active = False
        for name in JOBS:
            env.ref(name).active = True


def _make_debtor(env, number: int) -> None:
    partner = env["res.partner"].create(
        {
            "name": f"Debtor {number}",
            "is_company": True,
            "email": f"debtor{number}@example.com",
        }
    )
    due = env.company._get_dunning_today() - timedelta(days=12)
    line = {"name": "Work", "quantity": 1, "price_unit": 100, "tax_ids": []}
    env["account.move"].create(
        [
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "invoice_date": due,
                "invoice_date_due": due,
                "invoice_payment_term_id": False,
                "invoice_line_ids": [Command.create(line)],
            }
            for _time in range(2)
        ]
    ).action_post()


def run_jobs(database: str, fault: str = "", at: int = 0) -> int:
    """Do as a worker for scheduled actions does, on a working day."""
    ResCompany._is_dunning_day = lambda _company, _day: True
    assert dunning_notice_job.BATCH_SIZE > BATCH_SIZE
    dunning_notice_job.BATCH_SIZE = BATCH_SIZE
    return fault_run.run_jobs(database, fault, at)


def add_job(database: str) -> None:
    """Have a second scheduled action do the same."""
    with session(database) as env:
        env.ref(CRON).copy({"active": True})


def pass_a_night(database: str) -> None:
    """Let everything that was tried have been tried yesterday, and the jobs be due."""
    fault_run.pass_a_night(database)
    with session(database) as env:
        env.cr.execute(
            "UPDATE dunning_notice SET delivery_at = delivery_at - interval '1 day'"
        )


def pay(database: str, number: int) -> None:
    """Record that a debtor has paid all that is open."""
    with session(database) as env:
        domain = [("partner_id.name", "=", f"Debtor {number}")]
        moves = env["account.move"].search(domain)
        wizard = env["account.payment.register"].with_context(
            active_model="account.move", active_ids=moves.ids
        )
        wizard.create({"group_payment": True})._create_payments()


def get_notices(database: str) -> list:
    """Return debtor, state, delivery and sum of each reminder."""
    with session(database) as env:
        notices = env["dunning.notice"].search([], order="partner_id, id")
        return [
            [
                notice.partner_id.name,
                notice.state,
                notice.delivery_state,
                notice.amount_total,
            ]
            for notice in notices
        ]
