"""What the run posts is planned, and who closes the month learns of jobs that rest."""

from odoo.tests import freeze_time, tagged

from odoo.addons.monthly_billing.tests.common import MonthlyBillingCommon

from ..models.ir_cron import SENDING

BILL = "monthly_billing.billing_agreement_cron_bill_due_periods"


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestDeliveryPlan(MonthlyBillingCommon):
    def test_auto_send_queues_the_posted_invoice(self):
        self.agreement.write({"auto_post": True, "auto_send": True})
        self.book(1, "10-05")
        cron = self.env.ref("monthly_billing_delivery.account_move_cron_deliver")
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        self.assertEqual(self.bill().invoice_id.delivery_state, "waiting")
        self.assertGreater(triggers.search([("cron_id", "=", cron.id)]), triggers)

    def test_delivery_is_planned_by_a_user(self):
        self.book(1, "10-05")
        invoice = self.bill().invoice_id
        invoice.action_post()
        user = self.make_user("accountant", "account.group_account_manager")
        invoice.with_user(user).action_deliver()
        self.assertEqual(invoice.delivery_state, "waiting")

    def get_problem(self):
        self.env.ref(BILL).sudo().nextcall = "2026-11-02"
        return "\n".join(self.env["ir.cron"].sudo()._get_problems())

    def test_each_job_by_which_customers_get_their_mails_is_named(self):
        for name in SENDING:
            job = self.env.ref(name).sudo()
            with self.subTest(name):
                self.assertFalse(self.get_problem())
                job.active = False
                self.assertIn(job.name, self.get_problem())
                job.active = True
