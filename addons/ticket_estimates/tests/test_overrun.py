from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .policy_common import PolicyCommon


class OverrunCommon(PolicyCommon):
    """Ten hours are approved, with a tolerance of ten percent and a warning at 80."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_policy(cls.company, overrun="warn", tolerance=10.0, warning=80.0)
        cls.company.ticket_overrun_notice = "send"
        cls.leader = cls._create_user("te_leader", "helpdesk_mgmt.group_helpdesk_user")
        cls.team.user_ids += cls.leader
        cls.ticket.user_id = cls.leader
        cls.estimate = cls._create_estimate(10.0, state="approved")

    def _get_activities(self, ticket=None):
        return (ticket or self.ticket).activity_ids

    def _get_revisions(self, ticket=None):
        """Return the revisions after the first."""
        return (ticket or self.ticket).estimate_ids.filtered(lambda e: e.revision > 1)

    def _get_mails(self, revision):
        return revision.message_ids.filtered(
            lambda message: self.customer in message.partner_ids
        )


@tagged("post_install", "-at_install")
class TestWarning(OverrunCommon):
    def test_the_person_in_charge_is_warned_at_the_share(self):
        self._book(7.9)
        self.assertFalse(self._get_activities())
        self._book(0.1)
        activity = self._get_activities()
        self.assertEqual(activity.user_id, self.leader)
        self.assertIn("8.00 h of 10.00", activity.note)
        self.assertEqual(
            activity.activity_type_id,
            self.env.ref("ticket_estimates.mail_activity_type_overrun"),
        )

    def test_the_warning_comes_once(self):
        self._book(8.0)
        self._get_activities().unlink()
        self._book(1.0)
        self.assertFalse(self._get_activities())

    def test_the_next_approval_is_watched_anew(self):
        self._book(8.0)
        self._create_estimate(20.0, state="approved")
        self.assertFalse(self._get_activities(), "done with the approval")
        self._book(8.0)
        self.assertEqual(len(self._get_activities()), 1)

    def test_without_person_in_charge_the_responsible_is_warned(self):
        other = self._create_user("te_other", "helpdesk_mgmt.group_helpdesk_user")
        ticket = self._create_ticket(team_id=False)
        estimate = self._create_estimate(10.0, ticket, state="approved")
        estimate.user_id = other
        self._book(9.0, ticket)
        self.assertEqual(self._get_activities(ticket).user_id, other)

    def test_a_share_of_zero_warns_nobody(self):
        self.company.ticket_overrun_warning = 0.0
        self._book(10.0)
        self.assertFalse(self._get_activities())

    def test_the_share_of_the_customer_counts(self):
        self._set_policy(self.customer, warning=50.0)
        self._book(5.0)
        self.assertEqual(len(self._get_activities()), 1)

    def test_the_warning_speaks_the_language_of_the_person_in_charge(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.leader.lang = "de_DE"
        self._book(8.0)
        note = self._get_activities().note
        self.assertIn("8,00 von 10,00 freigegebenen Stunden", note)


@tagged("post_install", "-at_install")
class TestNotice(OverrunCommon):
    def test_the_customer_is_asked_when_the_tolerance_is_exceeded(self):
        self._book(11.0)
        self.assertFalse(self._get_revisions())
        self._book(0.1)
        revision = self._get_revisions()
        self.assertEqual(revision.state, "sent")
        self.assertEqual(revision.estimated_hours, 11.25)
        self.assertEqual(revision.price_unit, self.estimate.price_unit)

    def test_the_customer_is_asked_when_the_team_expects_too_much(self):
        self._book(1.0)
        self.ticket.forecast_hours = 11.0
        self.assertFalse(self._get_revisions())
        self.ticket.with_user(self.leader).forecast_hours = 14.1
        revision = self._get_revisions()
        self.assertEqual((revision.state, revision.estimated_hours), ("sent", 14.25))

    def test_the_email_names_the_hours_and_links_to_the_answer(self):
        self.ticket.forecast_hours = 14.0
        revision = self._get_revisions()
        mail = self._get_mails(revision)
        self.assertEqual(len(mail), 1)
        self.assertIn(self.ticket.number, mail.subject)
        for text in ("10.00", "14.00", "1,260.00", revision.access_url):
            with self.subTest(text):
                self.assertIn(text, mail.body)
        self.assertNotIn(revision.access_token, mail.body)

    def test_the_former_approval_stays_valid_until_the_answer(self):
        self._book(12.0)
        self.assertEqual(self.estimate.state, "approved")
        self.assertEqual(self.ticket.planned_hours, 10.0)
        self._get_revisions()._approve("Dr. Bauer")
        self.assertEqual(self.estimate.state, "superseded")
        self.assertEqual(self.ticket.planned_hours, 12.0)

    def test_deleting_a_correction_asks_the_customer(self):
        self._log_time(10.0)
        correction = self._log_time(-4.0)
        self._log_time(4.0)
        self.assertFalse(self._get_revisions())
        correction.unlink()
        self.assertEqual(self._get_revisions().estimated_hours, 14.0)

    def test_the_customer_is_asked_once_per_approval(self):
        self._book(12.0)
        self._get_revisions()._reject("Too expensive")
        self._book(3.0)
        self.ticket.forecast_hours = 40.0
        self.assertEqual(len(self._get_revisions()), 1)

    def test_after_a_new_approval_the_customer_may_be_asked_again(self):
        self._book(12.0)
        self._get_revisions()._approve("Dr. Bauer")
        self._book(3.0)
        latest = self.ticket.estimate_id
        self.assertEqual((latest.state, latest.estimated_hours), ("sent", 15.0))

    def test_the_notice_is_logged_on_the_ticket(self):
        self._book(12.0)
        notes = self._get_notes("The customer was told")
        self.assertEqual(len(notes), 1)
        self.assertTrue(notes.subtype_id.internal)
        self.assertIn("10.00 h are approved, 12.00 h are booked", notes.body)

    def test_the_email_speaks_the_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.customer.lang = "de_DE"
        self.ticket.forecast_hours = 14.0
        self.assertIn("1.260,00", self._get_mails(self._get_revisions()).body)

    def test_a_customer_without_address_is_told_by_the_person_in_charge(self):
        self.customer.email = False
        self.ticket.forecast_hours = 14.0
        self.assertEqual(self._get_revisions().state, "draft")
        activity = self._get_activities()
        self.assertEqual(activity.user_id, self.leader)
        self.assertIn("no e-mail address", activity.note)
        self.assertIn("Tell the customer", activity.summary)

    def test_a_company_may_look_at_the_draft_first(self):
        self.company.ticket_overrun_notice = "prepare"
        self.ticket.forecast_hours = 14.0
        revision = self._get_revisions()
        self.assertEqual((revision.state, revision.estimated_hours), ("draft", 14.0))
        self.assertFalse(self._get_mails(revision))
        self.assertIn("check and send it", self._get_activities().note)

    def test_a_draft_of_the_team_is_not_sent_unasked(self):
        draft = self._create_estimate(30.0)
        self._book(12.0)
        self.assertEqual(self._get_revisions(), draft)
        self.assertEqual(draft.state, "draft")
        activity = self._get_activities()
        self.assertEqual(len(activity), 1, "none about hours nearly used up")
        self.assertIn("Tell the customer", activity.summary)

    def test_a_revision_the_customer_has_already_is_not_sent_twice(self):
        sent = self._create_estimate(30.0, state="sent")
        self.ticket.forecast_hours = 28.0
        self.assertEqual(self._get_revisions(), sent)
        self.assertIn("awaits the customer's answer", self._get_activities().note)

    def test_time_is_booked_even_if_the_customer_cannot_be_asked(self):
        self.patch(
            self.registry["helpdesk.ticket.estimate"],
            "_check_can_be_offered",
            lambda estimate: estimate._raise_consent_is_protected(),
        )
        self._book(12.0)
        self.assertEqual(self.ticket.total_hours, 12.0)
        self.assertFalse(self._get_revisions())
        notes = " ".join(self._get_activities().mapped("note"))
        self.assertIn("set by its buttons", notes)

    def test_nobody_is_asked_for_the_time_of_a_ticket_without_approval(self):
        ticket = self._create_ticket()
        ticket.forecast_hours = 30.0
        self._book(30.0, ticket)
        self.assertFalse(ticket.estimate_ids)

    def test_many_entries_at_once_ask_once(self):
        lines = self.env["account.analytic.line"].with_user(self.worker)
        values = {"ticket_id": self.ticket.id, "unit_amount": 4.0}
        lines.create([dict(values) for _index in range(5)])
        revision = self._get_revisions()
        self.assertEqual(revision.estimated_hours, 20.0)
        self.assertEqual(len(self._get_mails(revision)), 1)

    def test_blocked_time_asks_nobody_and_the_forecast_does(self):
        self._set_policy(self.company, overrun="block", tolerance=10.0)
        with self.assertRaises(UserError):
            self._book(12.0)
        self.assertFalse(self._get_revisions())
        self.ticket.forecast_hours = 12.0
        self._get_revisions()._approve("Dr. Bauer")
        self._book(12.0)
        self.assertEqual(self.ticket.total_hours, 12.0)

    def test_the_forecast_is_typed_into_the_ticket(self):
        with Form(self.ticket.with_user(self.leader)) as form:
            form.forecast_hours = 13.0
        self.assertEqual(self._get_revisions().estimated_hours, 13.0)
        self.assertEqual(self.ticket.consent_alert, "beyond")

    def test_estimates_are_coloured_by_state(self):
        colors = {self.estimate.state_color, self._create_estimate().state_color}
        self.assertEqual(len(colors), 2)
