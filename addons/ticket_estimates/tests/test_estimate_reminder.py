from datetime import timedelta

from odoo import fields
from odoo.tests import freeze_time, tagged

from .common import TicketEstimatesCommon
from .test_estimate_flow import locked_elsewhere


@tagged("post_install", "-at_install")
class TestEstimateReminder(TicketEstimatesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.ticket_estimate_reminder_days = 5
        # Others' estimates stay out of the count.
        cls.env["helpdesk.ticket.estimate"].search([("state", "=", "sent")])._expire()
        cls.estimate = cls._create_estimate(state="sent")

    def _remind(self, days):
        """Run the cron that many days from now; return the reminders sent so far."""
        with (
            freeze_time(fields.Datetime.now() + timedelta(days=days, minutes=1)),
            self.enter_registry_test_mode(),
        ):
            self.env.ref(
                "ticket_estimates.ir_cron_remind_customers"
            ).method_direct_trigger()
        self.estimate.invalidate_recordset()
        return self.estimate.message_ids.filtered(
            lambda message: "Reminder" in (message.subject or "")
        )

    def test_the_customer_is_reminded_after_the_days_set(self):
        self.assertFalse(self._remind(days=4))
        reminder = self._remind(days=5)
        self.assertEqual(reminder.partner_ids, self.customer)
        self.assertIn(f'/my/estimate/{self.estimate.id}"', reminder.body)
        self.assertTrue(self.estimate.reminded_on)

    def test_the_customer_is_reminded_once(self):
        self._remind(days=5)
        self._remind(days=5)
        self.assertEqual(len(self._remind(days=6)), 1)

    def test_an_estimate_sent_anew_is_a_new_question(self):
        self._remind(days=5)
        self.estimate._withdraw()
        self.estimate._mark_sent()
        self.assertFalse(self.estimate.reminded_on)

    def test_zero_days_remind_of_nothing(self):
        self.company.ticket_estimate_reminder_days = 0
        self.assertFalse(self._remind(days=20))

    def test_nobody_is_reminded_of_an_answered_estimate(self):
        self.estimate._approve("Dr. Bauer")
        self.assertFalse(self._remind(days=6))

    def test_nobody_is_reminded_after_the_validity(self):
        self.assertFalse(self._remind(days=40))

    def test_nobody_is_reminded_of_a_closed_ticket(self):
        stages = self.env["helpdesk.ticket.stage"]
        self.ticket.stage_id = stages.create({"name": "Over", "closed": True})
        self.assertFalse(self._remind(days=5))

    def test_nobody_is_reminded_of_an_archived_ticket(self):
        self.ticket.active = False
        self.assertFalse(self._remind(days=5))

    def test_no_archived_customer_is_reminded(self):
        self.customer.active = False
        self.assertFalse(self._remind(days=5))

    def test_an_estimate_without_end_is_reminded_of(self):
        self.estimate._withdraw()
        self.estimate.validity_date = False
        self.estimate._mark_sent()
        self.assertTrue(self._remind(days=400))

    def test_an_estimate_somebody_answers_right_now_is_left_to_the_next_run(self):
        with locked_elsewhere(self):
            self.assertFalse(self._remind(days=5))
        self.assertTrue(self._remind(days=5))

    def test_the_failure_of_one_stops_no_other(self):
        other = self._create_estimate(ticket=self._create_ticket(), state="sent")
        model = self.registry["helpdesk.ticket.estimate"]
        mail = model._mail_to_deciders
        failing = max(self.estimate, other, key=lambda e: e.display_name)

        def fail_once(estimate, template_xmlid):
            if estimate == failing:
                raise ValueError("no mail today")
            return mail(estimate, template_xmlid)

        self.patch(model, "_mail_to_deciders", fail_once)
        with self.assertLogs("odoo.addons.ticket_estimates", "ERROR"):
            self._remind(days=5)
        done = (self.estimate + other).filtered("reminded_on")
        self.assertEqual(done, self.estimate + other - failing)
