import logging

from odoo import api, fields, models
from odoo.tools import SQL, plaintext2html
from odoo.tools.misc import format_datetime

_logger = logging.getLogger(__name__)

#: the job that bills, and those without which nobody gets what was billed
WATCHED = (
    "monthly_billing.billing_agreement_cron_bill_due_periods",
    "monthly_billing.account_move_cron_deliver",
    "monthly_billing.account_move_cron_send_receipts",
    "mail_delivery_followup.mail_delivery_cron_deliver",
    "mail.ir_cron_mail_scheduler_action",
)
MANAGERS = "monthly_billing.monthly_billing_group_manager"
#: a daily job that has not been looked at for so long is late
LATE = {"days": 2}
#: its next run is never further away than that, or somebody has turned the clock
FAR = {"months": 2}


class IrCron(models.Model):
    """A job that fails is told to people and is tried again as long as it fails."""

    _inherit = "ir.cron"

    @api.model
    def _update_failure_count(self, job, status):
        """Odoo switches off what fails for a week: nothing would bill the months even
        after the cause is gone. The jobs of the billing stay on, and people know."""
        result = super()._update_failure_count(job, status)
        cron = self.browse(job["id"])
        if str(status) == "failed" and cron in self._get_watched():
            try:
                with self.env.cr.savepoint():
                    cron._stay_on(job)
                    if not job["failure_count"]:
                        cron._tell_about_failure()
            except Exception:
                _logger.exception("Nobody was told that %s failed", cron)
        return result

    @api.model
    def _get_watched(self):
        """Return the jobs that people hear of when they fail.

        Extension point: an addon adds jobs of its own.
        """
        jobs = self.browse()
        for name in WATCHED:
            jobs |= self.env.ref(name, raise_if_not_found=False) or jobs
        return jobs

    @api.model
    def _get_problems(self):
        """Return as sentences what is wrong with the watched jobs.

        Extension point: what shows problems to people calls it, as superuser.
        """
        jobs = self.with_context(active_test=False)._get_watched()
        return [text for job in jobs if (text := job._get_problem_text())]

    def _stay_on(self, job):
        """Take back that Odoo has switched the job off and forgotten its failures; by
        SQL as Odoo does it, for the row is locked by the job."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE ir_cron
                   SET active = %s,
                       failure_count = %s,
                       first_failure_date = COALESCE(%s, first_failure_date)
                 WHERE id = %s
                """,
                job["active"],
                job["failure_count"] + 1,
                job["first_failure_date"],
                self.id,
            )
        )
        self.invalidate_recordset()

    def _tell_about_failure(self):
        """Tell the billing managers once that the job fails, until it works again."""
        group = self.env.ref(MANAGERS)
        for user in group.all_user_ids.filtered("active"):
            cron = self.with_context(lang=user.lang)
            self.env["mail.thread"].sudo().message_notify(
                partner_ids=user.partner_id.ids,
                subject=cron.env._("The monthly billing is not running"),
                body=plaintext2html(cron._get_problem_text()),
            )

    def _get_problem_text(self):
        """Return what is wrong with the job and what to do, False if it works."""
        self.ensure_one()
        if not self.active:
            return self.env._(
                "The job “%s” is switched off: nothing is billed or sent by itself. An "
                "administrator can switch it on under Scheduled Actions.",
                self.name,
            )
        if self.failure_count:
            return self.env._(
                "The job “%(job)s” stops at an error since %(time)s. What is not done "
                "waits and is not lost; the job tries again by itself. An "
                "administrator finds the cause in the log of the server.",
                job=self.name,
                time=format_datetime(self.env, self.first_failure_date),
            )
        if self.nextcall < fields.Datetime.subtract(fields.Datetime.now(), **LATE):
            return self.env._(
                "The job “%(job)s” was to run on %(time)s and has not run: no "
                "scheduled action does. An administrator has to start them again.",
                job=self.name,
                time=format_datetime(self.env, self.nextcall),
            )
        if self.nextcall > fields.Datetime.add(fields.Datetime.now(), **FAR):
            return self.env._(
                "The job “%(job)s” rests until %(time)s: the clock of the server was "
                "probably ahead. An administrator sets its next run to today under "
                "Scheduled Actions.",
                job=self.name,
                time=format_datetime(self.env, self.nextcall),
            )
        return False
