from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from .policy_common import PolicyCommon

RULES = ("allow", "warn", "block")


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

    def test_a_correction_that_is_deleted_is_time_again(self):
        self._set_policy(self.company, overrun="block")
        self._create_estimate(2.0, state="approved")
        self._book(2.0)
        correction = self._book(-1.0)
        self._book(1.0)
        with self.assertRaisesRegex(UserError, "cannot be booked"):
            correction.unlink()

    def test_deleting_time_is_never_refused(self):
        line = self._book(8.0)
        rest = self._book(1.0)
        self._set_policy(self.company, estimate="block")
        line.unlink()
        self.assertEqual(self.ticket.total_hours, 1.0)
        rest.unlink()
        self.assertFalse(self._get_notes("Work without approval"))

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
