from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from .common import TicketEstimatesCommon

RULES = ("allow", "warn", "block")


class PolicyCommon(TicketEstimatesCommon):
    """A worker without the right to override, who books own time on the ticket."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.worker = cls._create_user("te_anna", "hr_timesheet.group_hr_timesheet_user")
        cls.employee.user_id = cls.worker
        cls._set_policy(cls.company)

    @classmethod
    def _set_policy(cls, record, estimate="allow", overrun="allow", **limits):
        """Set the rules of a company or a customer.

        Limits: ``free_hours``, ``tolerance`` and ``warning``.
        """
        record.write(
            {
                "ticket_estimate_policy": estimate,
                "ticket_overrun_policy": overrun,
                "ticket_estimate_free_hours": limits.get("free_hours", 0.0),
                "ticket_overrun_tolerance": limits.get("tolerance", 0.0),
                "ticket_overrun_warning": limits.get("warning", 0.0),
            }
        )

    def _book(self, hours, ticket=None, user=None, **values):
        lines = self.env["account.analytic.line"].with_user(user or self.worker)
        return lines.create(
            {
                "name": "Work",
                "ticket_id": (ticket or self.ticket).id,
                "unit_amount": hours,
                **values,
            }
        )

    def _get_notes(self, text, ticket=None):
        messages = (ticket or self.ticket).message_ids
        return messages.filtered(lambda message: text in (message.body or ""))


@tagged("post_install", "-at_install")
class TestPolicyOfTheCompany(PolicyCommon):
    def test_work_without_approval_follows_the_rule(self):
        for rule in RULES:
            with self.subTest(rule):
                self._set_policy(self.company, estimate=rule, free_hours=1.0)
                ticket = self._create_ticket()
                self._book(1.0, ticket)
                self.assertFalse(self._get_notes("Work without approval", ticket))
                if rule == "block":
                    with self.assertRaisesRegex(UserError, "cannot be booked"):
                        self._book(0.5, ticket)
                    continue
                self._book(0.5, ticket)
                notes = self._get_notes("Work without approval", ticket)
                self.assertEqual(len(notes), int(rule == "warn"))

    def test_work_beyond_approval_follows_the_rule(self):
        for rule in (*RULES, "withhold"):
            with self.subTest(rule):
                self._set_policy(self.company, overrun=rule, tolerance=10.0)
                ticket = self._create_ticket()
                self._create_estimate(10.0, ticket, state="approved")
                self._book(11.0, ticket)
                self.assertFalse(self._get_notes("Work beyond approval", ticket))
                if rule == "block":
                    with self.assertRaisesRegex(UserError, "cannot be booked"):
                        self._book(0.5, ticket)
                    continue
                self._book(0.5, ticket)
                notes = self._get_notes("Work beyond approval", ticket)
                self.assertEqual(len(notes), int(rule != "allow"))

    def test_the_refusal_names_ticket_hours_and_who_can_help(self):
        self._set_policy(self.company, overrun="block")
        self.team.user_ids += self.env.user
        self.ticket.user_id = self.env.user
        self._create_estimate(2.0, state="approved")
        with self.assertRaises(UserError) as refusal:
            self._book(3.5)
        text = str(refusal.exception)
        for part in (self.ticket.number, "2.00 h", "3.50 h", self.env.user.name):
            self.assertIn(part, text)
        self.assertIn("new revision", text)
        self.assertIn("May book without approval", text)

    def test_a_warning_is_noted_once(self):
        self._set_policy(self.company, estimate="warn")
        self._book(1.0)
        self._book(1.0)
        self.assertEqual(len(self._get_notes("Work without approval")), 1)

    def test_only_an_approved_estimate_counts(self):
        self._set_policy(self.company, estimate="block")
        self._create_estimate(8.0, state="sent")
        with self.assertRaisesRegex(UserError, "no estimate"):
            self._book(1.0)
        self.ticket.estimate_ids._approve("Dr. Bauer")
        self.assertEqual(self._book(1.0).ticket_id, self.ticket)

    def test_more_time_on_an_entry_is_judged(self):
        self._set_policy(self.company, overrun="block")
        self._create_estimate(2.0, state="approved")
        line = self._book(2.0)
        with self.assertRaisesRegex(UserError, "cannot be booked"):
            line.unit_amount = 2.5

    def test_less_time_is_never_refused(self):
        self._set_policy(self.company, estimate="allow")
        line = self._book(8.0)
        self._set_policy(self.company, estimate="block")
        line.unit_amount = 7.0
        self._book(-1.0)
        self.assertEqual(self.ticket.total_hours, 6.0)

    def test_time_put_on_another_ticket_is_judged_there(self):
        line = self._book(2.0)
        self._set_policy(self.company, estimate="block")
        with self.assertRaisesRegex(UserError, "cannot be booked"):
            line.ticket_id = self._create_ticket()

    def test_entries_that_cancel_out_are_judged_together(self):
        first, second = self._book(2.0), self._book(2.0)
        self._set_policy(self.company, estimate="block")
        (first + second).write({"unit_amount": 1.5})
        self.assertEqual(self.ticket.total_hours, 3.0)
        with self.assertRaisesRegex(UserError, "cannot be booked"):
            (first + second).write({"unit_amount": 2.0})

    def test_texts_of_entries_stay_editable(self):
        line = self._book(2.0)
        self._set_policy(self.company, estimate="block")
        line.write({"name": "Called the customer", "date": "2026-05-05"})
        self.assertEqual(line.name, "Called the customer")

    def test_entries_in_days_are_judged_in_hours(self):
        self._set_policy(self.company, overrun="block")
        self._create_estimate(8.0, state="approved")
        self._book(1.0, product_uom_id=self.day.id)
        with self.assertRaisesRegex(UserError, "16.00 h"):
            self._book(1.0, product_uom_id=self.day.id)

    def test_a_ticket_without_customer_needs_no_approval(self):
        self._set_policy(self.company, estimate="block")
        ticket = self._create_ticket(partner_id=False)
        self.assertEqual(self._book(5.0, ticket).ticket_id, ticket)

    def test_the_own_firm_needs_no_approval(self):
        self._set_policy(self.company, estimate="block")
        ticket = self._create_ticket(partner_id=self.company.partner_id.id)
        self.assertEqual(self._book(5.0, ticket).ticket_id, ticket)

    def test_time_without_ticket_needs_no_approval(self):
        self._set_policy(self.company, estimate="block")
        lines = self.env["account.analytic.line"].with_user(self.worker)
        line = lines.create({"project_id": self.project.id, "unit_amount": 5.0})
        self.assertEqual(line.unit_amount, 5.0)

    def test_the_rules_of_the_company_of_the_ticket_count(self):
        second = self.env["res.company"].create({"name": "Second"})
        self._set_policy(second, estimate="block")
        self._set_policy(self.company, estimate="allow")
        ticket = self._create_ticket(company_id=second.id, team_id=False)
        self.assertEqual(ticket._get_ticket_policy().estimate, "block")
        self.assertEqual(self.ticket._get_ticket_policy().estimate, "allow")

    def test_the_settings_hold_the_rules(self):
        settings = Form(self.env["res.config.settings"])
        settings.ticket_estimate_policy = "block"
        settings.ticket_estimate_free_hours = 0.25
        settings.ticket_overrun_policy = "withhold"
        settings.ticket_overrun_tolerance = 20.0
        settings.ticket_overrun_warning = 90.0
        settings.ticket_overrun_notice = "prepare"
        settings.save().execute()
        policy = self.company._get_ticket_policy()
        self.assertEqual(policy, ("block", 0.25, "withhold", 20.0, 90.0))
        self.assertEqual(self.company.ticket_overrun_notice, "prepare")


@tagged("post_install", "-at_install")
class TestPolicyOfTheCustomer(PolicyCommon):
    def _get_policy(self):
        return self.customer._get_ticket_policy(self.company)

    def test_without_own_rules_those_of_the_company_count(self):
        self._set_policy(self.company, estimate="warn", tolerance=15.0)
        self.assertEqual(self._get_policy(), self.company._get_ticket_policy())

    def test_own_rules_win_with_their_limits(self):
        self._set_policy(self.company, "allow", "allow", tolerance=15.0, free_hours=2)
        self._set_policy(self.customer, "block", "withhold", tolerance=0, warning=50)
        self.assertEqual(self._get_policy(), ("block", 0.0, "withhold", 0.0, 50.0))

    def test_limits_alone_are_no_rules(self):
        self._set_policy(self.company, tolerance=15.0)
        self.customer.ticket_overrun_tolerance = 40.0
        self.assertEqual(self._get_policy().tolerance, 15.0)

    def test_own_rules_may_be_milder_than_those_of_the_company(self):
        self._set_policy(self.company, estimate="block")
        self._set_policy(self.customer, estimate="allow")
        self.assertEqual(self._book(3.0).ticket_id, self.ticket)

    def test_the_rules_of_the_customer_hold_for_its_contacts(self):
        self._set_policy(self.customer, estimate="block")
        contact = self._create_customer(name="Reception", parent_id=self.customer.id)
        ticket = self._create_ticket(partner_id=contact.id)
        with self.assertRaisesRegex(UserError, "cannot be booked"):
            self._book(1.0, ticket)

    def test_own_rules_hold_in_the_company_they_were_made_in(self):
        second = self.env["res.company"].create({"name": "Second"})
        self._set_policy(self.customer, estimate="block")
        policy = self.customer._get_ticket_policy(second)
        self.assertEqual(policy, second._get_ticket_policy())

    def test_own_rules_start_from_the_limits_of_the_company(self):
        self._set_policy(self.company, free_hours=0.5, tolerance=15.0, warning=80.0)
        with Form(self.customer) as form:
            self.assertIn("15", form.ticket_overrun_policy_hint)
            form.ticket_estimate_policy = "warn"
            form.ticket_overrun_policy = "block"
            self.assertEqual(form.ticket_estimate_free_hours, 0.5)
            self.assertEqual(form.ticket_overrun_warning, 80.0)
            form.ticket_overrun_tolerance = 0.0
        self.assertEqual(self._get_policy(), ("warn", 0.5, "block", 0.0, 80.0))

    def test_limits_cannot_be_negative(self):
        with self.assertRaisesRegex(ValidationError, "negative"):
            self.customer.ticket_overrun_tolerance = -1.0


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
        lines._check_consent({})
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
