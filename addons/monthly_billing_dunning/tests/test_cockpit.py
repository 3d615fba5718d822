from datetime import date

from odoo.tests import freeze_time, tagged

from odoo.addons.monthly_billing_cockpit.tests.test_cockpit import CockpitCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestCockpit(CockpitCommon):
    """The month close names reminders that a person has to see to."""

    def remind(self):
        """Send the last reminder of an invoice."""
        self.company.dunning_scope = "all"
        self.book(2, "10-05", self.ticket)
        invoice = self.bill().invoice_id
        invoice.action_post()
        invoice._record({"delivery_state": "sent"})
        self.invoice = invoice
        self.env["dunning.level"]._get_levels(self.company)[1:].active = False
        notices = self.env["dunning.notice"]
        notice = notices._remind(date(2027, 1, 15), self.company).sudo()
        notice.write({"state": "sent", "delivery_state": "sent"})
        return notice

    def test_reminder_that_was_not_delivered_is_named(self):
        notice = self.remind()
        self.assertFalse(self.find("reminder_failed"))
        notice.write({"delivery_state": "failed", "delivery_error": "No such mailbox"})
        issue = self.find("reminder_failed")
        self.assertEqual(issue.partner_id, self.partner)
        self.assertEqual(issue.move_id, self.invoice)
        self.assertIn("No such mailbox", issue.reason)
        self.assertEqual(self.get_remedy(issue.sudo()), notice)

    def test_last_reminder_without_payment_is_named_until_it_is_paid(self):
        notice = self.remind()
        self.assertFalse(self.find("reminder_last"))
        notice._hand_over(date(2027, 2, 1), self.company)
        self.assertIn(notice.name, self.find("reminder_last").reason)
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=self.invoice.ids
        ).create({}).action_create_payments()
        self.assertFalse(self.find("reminder_last"))

    def test_missing_base_rate_is_named_where_reminders_wait_for_it(self):
        self.company.write({"dunning_is_active": True, "dunning_law": "de"})
        self.assertFalse(self.find("base_rate"))
        with freeze_time("2027-01-04 08:00:00"):
            issue = self.find("base_rate")
            self.assertEqual(issue.action_open()["res_model"], "dunning.base.rate")
            self.company.dunning_is_active = False
            self.assertFalse(self.find("base_rate"))

    def test_every_row_has_a_remedy(self):
        self.remind().delivery_state = "failed"
        summaries = self.open_cockpit().summary_ids
        self.assertTrue(all(summaries.mapped("remedy")))
