from datetime import date

from odoo.tests import freeze_time, tagged

from odoo.addons.monthly_billing.tests.common import OCTOBER
from odoo.addons.monthly_billing_cockpit.tests.test_cockpit import CockpitCommon


@tagged("post_install", "-at_install")
@freeze_time("2027-01-15 08:00:00")
class TestCockpit(CockpitCommon):
    """Reminders that no customer has are named until they are sent."""

    def setUp(self):
        super().setUp()
        self.company.dunning_scope = "all"
        self.book(2, "10-05", self.ticket)
        with freeze_time("2026-11-01 08:00:00"):
            invoice = self.agreement._bill_period(OCTOBER).invoice_id
            invoice.action_post()
        invoice._record({"delivery_state": "sent"})
        notices = self.env["dunning.notice"].sudo()
        self.notice = notices._remind(date(2027, 1, 15), self.company)

    def test_undelivered_reminder_leads_to_the_reminder(self):
        self.assertFalse(self.find("undelivered_reminder"))
        self.notice._record_delivery_failure("The mailbox is full.", retry=False)
        issue = self.find("undelivered_reminder")
        self.assertEqual(issue.partner_id, self.partner)
        self.assertIn("The mailbox is full.", issue.reason)
        self.assertEqual(self.get_remedy(issue), self.notice)
        [summary] = self.open_cockpit().summary_ids.filtered(
            lambda one: one.kind == "undelivered_reminder"
        )
        self.assertIn("send the reminder again", summary.remedy)

    def test_reminder_that_is_sent_again_is_no_issue(self):
        self.notice._record_delivery_failure("The mailbox is full.", retry=False)
        self.notice.action_send_again()
        self.assertFalse(self.find("undelivered_reminder"))

    def test_reminder_of_another_company_is_no_issue(self):
        self.notice._record_delivery_failure("The mailbox is full.", retry=False)
        cockpit = self.open_cockpit()
        other = self.env["res.company"].create({"name": "Other"})
        finder = cockpit.sudo().with_context(allowed_company_ids=other.ids)
        self.assertFalse(finder._find_delivery_issues())

    def test_last_reminder_without_payment_is_named_until_it_is_paid(self):
        self.env["dunning.level"]._get_levels(self.company)[1:].active = False
        self.notice.state = "sent"
        self.assertFalse(self.find("last_reminder"))
        self.notice._hand_over(date(2027, 2, 1), self.company)
        issue = self.find("last_reminder")
        self.assertEqual(self.get_remedy(issue), self.notice)
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=self.notice.line_ids.move_id.ids
        ).create({}).action_create_payments()
        self.assertFalse(self.find("last_reminder"))

    def test_missing_base_rate_is_named_where_reminders_wait_for_it(self):
        self.company.write({"dunning_is_active": True, "dunning_law": "de"})
        self.env["dunning.base.rate"].search([("date", ">=", "2027-01-01")]).unlink()
        issue = self.find("base_rate")
        self.assertEqual(issue.action_open()["res_model"], "dunning.base.rate")
        self.company.dunning_is_active = False
        self.assertFalse(self.find("base_rate"))
