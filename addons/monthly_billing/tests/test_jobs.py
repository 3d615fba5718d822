from odoo import fields
from odoo.tests import freeze_time, tagged

from .common import MonthlyBillingCommon

BILL = "monthly_billing.billing_agreement_cron_bill_due_periods"
#: those by which customers get what was billed
SENDING = (
    "monthly_billing.account_move_cron_deliver",
    "monthly_billing.account_move_cron_send_receipts",
    "mail_delivery_followup.mail_delivery_cron_deliver",
    "mail.ir_cron_mail_scheduler_action",
)


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestJobs(MonthlyBillingCommon):
    """A job that does not run says so to people and goes on by itself."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cron = cls.env.ref(BILL).sudo()
        cls.cron.nextcall = fields.Datetime.to_datetime("2026-11-02")
        cls.billing_manager.email = "manager@example.com"

    def fail(self, times=1, since=None, cron=None):
        """Let the job fail as Odoo records it."""
        cron = cron or self.cron
        for count in range(times):
            job = {
                "id": cron.id,
                "cron_name": cron.name,
                "active": cron.active,
                "failure_count": count,
                "first_failure_date": since,
            }
            self.env["ir.cron"].sudo()._update_failure_count(job, "failed")
        cron.invalidate_recordset()

    def get_problem(self):
        return "\n".join(self.env["ir.cron"].sudo()._get_problems())

    def get_notified(self):
        return self.env["mail.message"].search(
            [("subject", "=", "The monthly billing is not running")]
        )

    def test_a_job_that_works_is_no_problem(self):
        self.assertFalse(self.get_problem())

    def test_the_first_failure_is_told_to_the_managers_once(self):
        self.fail(times=3)
        notified = self.get_notified().notified_partner_ids
        self.assertIn(self.billing_manager.partner_id, notified)
        mine = self.get_notified().filtered(
            lambda one: self.billing_manager.partner_id in one.notified_partner_ids
        )
        self.assertEqual(len(mine), 1)
        self.assertIn("stops at an error", mine.body)
        self.assertIn("stops at an error", self.get_problem())

    def test_a_job_that_fails_for_weeks_stays_on_and_heals(self):
        self.fail(times=7, since=fields.Datetime.to_datetime("2026-10-01"))
        self.assertTrue(self.cron.active)
        self.assertIn("stops at an error", self.get_problem())
        job = {"id": self.cron.id, "active": True, "failure_count": 7}
        self.env["ir.cron"].sudo()._update_failure_count(job, "fully done")
        self.cron.invalidate_recordset()
        self.assertFalse(self.get_problem())

    def test_a_job_of_others_is_left_to_odoo(self):
        other = self.cron.copy({"name": "Other"})
        self.fail(times=7, since=fields.Datetime.to_datetime("2026-10-01"), cron=other)
        self.assertFalse(other.active)
        self.assertFalse(self.get_notified())

    def test_a_job_somebody_switched_off_is_named(self):
        self.cron.active = False
        self.assertIn("is switched off", self.get_problem())

    def test_each_job_by_which_customers_get_their_mails_is_named(self):
        for name in SENDING:
            job = self.env.ref(name).sudo()
            with self.subTest(name):
                self.assertFalse(self.get_problem())
                job.active = False
                self.assertIn(job.name, self.get_problem())
                job.active = True

    def test_scheduled_actions_that_do_not_run_are_named(self):
        self.cron.nextcall = fields.Datetime.to_datetime("2026-10-25")
        self.assertIn("has not run", self.get_problem())

    def test_a_job_that_a_wrong_clock_put_off_is_named(self):
        self.cron.nextcall = fields.Datetime.to_datetime("2028-01-01")
        self.assertIn("clock of the server", self.get_problem())
