from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .policy_common import PolicyCommon


@tagged("post_install", "-at_install")
class TestOverride(PolicyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_policy(cls.company, estimate="block", overrun="block")

    def test_who_may_override_books_and_leaves_a_note_each_time(self):
        self.worker.group_ids += self.env.ref("ticket_estimates.group_override")
        self._book(1.0)
        self._book(2.0)
        notes = self._get_notes("by the right")
        self.assertEqual(len(notes), 2)
        self.assertIn("te_anna", notes[0].body)
        self.assertIn("2.00 h", notes[0].body)
        self.assertIn("Work without approval: 3.00 h", notes[0].body)
        self.assertEqual(notes.author_id, self.worker.partner_id)

    def test_a_note_is_not_shown_to_the_customer(self):
        self.worker.group_ids += self.env.ref("ticket_estimates.group_override")
        self._book(1.0)
        self.assertTrue(self._get_notes("by the right").is_internal)

    def test_a_helpdesk_manager_may_not_override_without_the_right(self):
        self.worker.group_ids += self.env.ref("helpdesk_mgmt.group_helpdesk_manager")
        with self.assertRaisesRegex(UserError, "cannot be booked"):
            self._book(1.0)

    def test_merging_tickets_is_not_refused_and_noted(self):
        self._log_time(3.0)
        target = self._create_ticket(name="Target")
        helpdesk = self._create_user("te_merger", "helpdesk_mgmt.group_helpdesk_user")
        self.ticket.with_user(helpdesk)._move_timesheets_to(target)
        self.assertEqual(target.total_hours, 3.0)
        self.assertTrue(self._get_notes("moved or imported", target))

    def test_what_the_system_imports_is_not_refused(self):
        line = self._log_time(3.0)
        self.assertEqual(line.ticket_id, self.ticket)

    def test_only_managers_see_and_set_the_rules_of_a_customer(self):
        user = self._create_user(
            "te_keeper",
            "helpdesk_mgmt.group_helpdesk_user",
            "base.group_partner_manager",
        )
        self.assertNotIn(
            "ticket_estimate_policy", self.customer.with_user(user).fields_get()
        )
        user.group_ids += self.env.ref("helpdesk_mgmt.group_helpdesk_manager")
        self.customer.with_user(user).ticket_estimate_policy = "allow"
        self.assertEqual(self._book(2.0).ticket_id, self.ticket)

    def test_a_customer_reads_no_rules(self):
        portal = self._create_user("te_portal_rules", "base.group_portal")
        portal.partner_id.parent_id = self.customer
        names = self.customer.with_user(portal).fields_get()
        self.assertFalse([name for name in names if "ticket_overrun" in name])
        names = self.ticket.with_user(portal).fields_get()
        hidden = {"forecast_hours", "consent_alert", "has_unapproved_work"}
        self.assertFalse(hidden & names.keys())


@tagged("post_install", "-at_install")
class TestTimesheetDialog(PolicyCommon):
    view = "hr_timesheet.timesheet_view_form_user"

    def _open(self):
        lines = self.env["account.analytic.line"].with_user(self.worker)
        return Form(
            lines.with_context(default_ticket_id=self.ticket.id), view=self.view
        )

    def test_the_dialog_says_why_and_what_to_do_before_saving(self):
        self._set_policy(self.company, estimate="block", free_hours=1.0)
        form = self._open()
        form.unit_amount = 1.0
        self.assertFalse(form.consent_message)
        with self.assertLogs("odoo.tests.form.onchange", "WARNING"):
            form.unit_amount = 1.5
        self.assertIn("no estimate", form.consent_message)
        self.assertIn("Send an estimate", form.consent_message)
        self.assertIn("cannot be booked", form.consent_message)

    def test_the_dialog_says_what_withholding_means(self):
        self._set_policy(self.company, overrun="withhold")
        self._create_estimate(2.0, state="approved")
        form = self._open()
        with self.assertLogs("odoo.tests.form.onchange", "WARNING"):
            form.unit_amount = 3.0
        self.assertIn("stays off the invoice", form.consent_message)

    def test_typing_too_much_brings_a_warning_in_lists(self):
        self._set_policy(self.company, estimate="warn")
        line = self.env["account.analytic.line"].new(
            {"ticket_id": self.ticket.id, "unit_amount": 2.0}
        )
        warning = line._onchange_consent()["warning"]
        self.assertEqual(warning["type"], "notification")
        self.assertIn("no estimate", warning["message"])

    def test_an_entry_that_is_not_changed_says_nothing(self):
        self._set_policy(self.company, estimate="warn")
        line = self._book(2.0)
        self.assertFalse(line.consent_message)

    def test_allowed_time_says_nothing(self):
        form = self._open()
        form.unit_amount = 20.0
        self.assertFalse(form.consent_message)


@tagged("post_install", "-at_install")
class TestBulk(PolicyCommon):
    def _count_queries(self, tickets, entries=3):
        """Return the queries it takes to judge new time on ``tickets``."""
        lines = self.env["account.analytic.line"].create(
            [
                {
                    "name": "Work",
                    "ticket_id": ticket.id,
                    "employee_id": self.employee.id,
                    "unit_amount": 1.0,
                }
                for ticket in tickets
                for _index in range(entries)
            ]
        )
        self._set_policy(self.company, estimate="warn")
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        lines._admit_changed_hours({})
        self.env.flush_all()
        count = self.env.cr.sql_log_count - before
        self._set_policy(self.company)
        return count

    def test_more_tickets_and_entries_take_no_more_queries(self):
        tickets = [self._create_ticket() for _index in range(24)]
        union = self.env["helpdesk.ticket"].union
        self._count_queries(union(*tickets[:2]))
        few = self._count_queries(union(*tickets[2:6]))
        many = self._count_queries(union(*tickets[6:]), entries=9)
        self.assertTrue(self._get_notes("Work without approval", tickets[-1]))
        self.assertLessEqual(many, few + 2)

    def test_entries_of_a_ticket_are_judged_together(self):
        self._set_policy(self.company, estimate="block", free_hours=2.0)
        lines = self.env["account.analytic.line"].with_user(self.worker)
        values = {"ticket_id": self.ticket.id, "unit_amount": 1.0}
        lines.create([dict(values), dict(values)])
        with self.assertRaisesRegex(UserError, "4.00 h"):
            lines.create([dict(values), dict(values)])
