from datetime import date

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import SQL

from odoo.addons.monthly_billing.tests.common import OCTOBER, MonthlyBillingCommon
from odoo.addons.monthly_billing_cockpit.wizard import (
    billing_cockpit,
    billing_cockpit_summary,
)


@freeze_time("2026-11-01 08:00:00")
class CockpitCommon(MonthlyBillingCommon):
    """October 2026, looked at by a billing user on 1 November."""

    def setUp(self):
        super().setUp()
        self.ticket = self.make_ticket("Move the server")

    def open_cockpit(self, user=None):
        """Return the cockpit of the last month of the test's company."""
        self.env.flush_all()
        model = self.env["billing.cockpit"].with_user(user or self.billing_user)
        model = model.with_context(allowed_company_ids=self.company.ids)
        return model.browse(model._open()["res_id"])

    def find(self, kind, cockpit=None):
        """Return the issues of a kind."""
        cockpit = cockpit or self.open_cockpit()
        return cockpit.issue_ids.filtered(lambda issue: issue.kind == kind)

    def set_hours(self, entry, hours):
        """Change a billed entry behind Odoo's back."""
        self.env.flush_all()
        change = "UPDATE account_analytic_line SET unit_amount = %s WHERE id = %s"
        self.env.cr.execute(SQL(change, hours, entry.id))
        self.env.invalidate_all()

    def get_remedy(self, issue):
        """Return the records that the action of ``issue`` shows."""
        action = issue.action_open()
        model = self.env[action["res_model"]]
        if action.get("res_id"):
            return model.browse(action["res_id"])
        domain = action["domain"]
        return model.search(domain)


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestCockpitCustomers(CockpitCommon):
    """Customers and rates that stop an invoice are named, with their form."""

    def test_complete_customer_is_no_issue(self):
        kinds = self.open_cockpit().issue_ids.mapped("kind")
        self.assertFalse({"no_email", "no_vat", "no_address", "zero_rate"} & set(kinds))

    def test_customer_without_address_is_named(self):
        self.partner.city = False
        issue = self.find("no_address")
        self.assertEqual(issue.partner_id, self.partner)
        self.assertEqual(issue.user_id, self.agreement.user_id)
        self.assertEqual(self.get_remedy(issue), self.partner)

    def test_customer_without_email_is_named(self):
        self.partner.email = False
        self.assertEqual(self.find("no_email").partner_id, self.partner)

    def test_email_is_that_of_the_invoice_address(self):
        address = self.env["res.partner"].create(
            {"name": "Books", "type": "invoice", "parent_id": self.partner.id}
        )
        address.email = False
        self.assertTrue(self.find("no_email"))
        address.email = "books@example.com"
        self.partner.email = False
        self.assertFalse(self.find("no_email"))

    def test_firm_abroad_in_the_union_needs_a_vat_number(self):
        self.partner.write({"country_id": self.env.ref("base.fr").id, "vat": False})
        issue = self.find("no_vat")
        self.assertEqual(issue.partner_id, self.partner)
        self.assertIn("France", issue.reason)
        self.partner.is_company = False
        self.assertFalse(self.find("no_vat"))

    def test_service_without_rate_is_named_with_its_agreement(self):
        self.service.list_price = 0.0
        issue = self.find("zero_rate")
        self.assertEqual(self.get_remedy(issue), self.agreement)
        self.assertIn("Support has no hourly rate", issue.reason)

    def test_other_rate_without_price_is_named_with_its_agreement(self):
        expert = self.make_service("Expert", 0.0)
        rules = [
            Command.create({"product_id": expert.id, "project_id": self.project.id}),
            Command.create({"product_id": expert.id, "employee_id": self.employee.id}),
        ]
        self.agreement.rate_ids = rules
        issue = self.find("zero_rate")
        self.assertEqual(len(issue), 1)
        self.assertEqual(self.get_remedy(issue), self.agreement)
        self.assertIn("Expert has no hourly rate on 10/31/2026", issue.reason)
        expert.list_price = 150.0
        self.assertFalse(self.find("zero_rate"))

    def test_agreement_that_is_not_running_is_no_issue(self):
        self.partner.city = False
        self.agreement.action_close()
        self.assertFalse(self.find("no_address"))


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestCockpitMonths(CockpitCommon):
    """Months, withheld hours and the progress of the run."""

    def test_month_in_error_leads_to_the_month(self):
        self.partner.city = False
        self.book(1, "10-05")
        period = self.bill()
        issue = self.find("error")
        self.assertEqual(self.get_remedy(issue), period)
        self.assertIn("no complete address", issue.reason)

    def test_draft_leads_to_the_invoice_and_goes_once_posted(self):
        self.book(1, "10-05")
        invoice = self.bill().invoice_id
        self.assertEqual(self.get_remedy(self.find("draft")), invoice)
        invoice.action_post()
        self.assertFalse(self.find("draft"))

    def test_draft_of_an_earlier_month_is_still_named(self):
        self.book(1, "09-05")
        self.bill(date(2026, 9, 1))
        self.assertIn("September 2026", self.find("draft").reason)

    def test_draft_opened_early_is_named_until_it_is_completed(self):
        self.book(1, "10-05")
        with freeze_time("2026-10-20 08:00:00"):
            period = self.agreement._open_draft(OCTOBER)
        issue = self.find("early_draft")
        self.assertEqual(self.get_remedy(issue), period.invoice_id)
        self.assertIn("October 2026 was opened early", issue.reason)
        self.assertFalse(self.find("draft"))
        self.bill()
        self.assertFalse(self.find("early_draft"))
        self.assertTrue(self.find("draft"))

    def test_draft_of_a_running_month_is_no_matter_of_the_last_one(self):
        self.agreement._open_draft(date(2026, 11, 1))
        self.assertFalse(self.find("early_draft"))

    def test_month_of_a_cancelled_invoice_is_left_to_a_person(self):
        self.book(1, "10-05")
        period = self.bill()
        period.invoice_id.button_cancel()
        self.assertEqual(self.get_remedy(self.find("held")), period)

    def test_deviation_is_named_until_it_is_put_right(self):
        entry = self.book(1, "10-05")
        period = self.bill()
        self.set_hours(entry, 0.5)
        cockpit = self.open_cockpit()
        self.assertFalse(self.find("ledger", cockpit))
        cockpit.action_check_ledger()
        issue = self.find("ledger", cockpit)
        self.assertEqual(self.get_remedy(issue), period)
        self.assertIn("0.5 h worked", issue.reason)
        self.set_hours(entry, 1)
        cockpit.action_check_ledger()
        self.assertFalse(self.find("ledger", cockpit))

    def test_ticket_without_approved_estimate_is_named_where_it_is_withheld(self):
        self.book(3, "10-05", self.ticket)
        self.assertFalse(self.find("unapproved"))
        self.agreement.estimate_policy = "withhold"
        issue = self.find("unapproved")
        self.assertEqual((issue.ticket_id, issue.hours), (self.ticket, 3))
        self.assertEqual(self.get_remedy(issue), self.ticket)

    def test_hours_beyond_approval_lead_to_the_withheld_hours(self):
        self.agreement.write({"estimate_policy": "withhold", "estimate_tolerance": 0})
        self.approve_estimate(self.ticket, 2)
        entry = self.book(3, "10-05", self.ticket)
        issue = self.find("withheld")
        self.assertEqual(issue.hours, 1)
        self.assertEqual(self.get_remedy(issue).timesheet_id, entry)

    def test_progress_counts_months_by_outcome(self):
        other = self.make_agreement(partner_id=self.make_partner("Empty").id)
        self.make_agreement(partner_id=self.make_partner("Open").id)
        self.book(1, "10-05")
        self.bill(agreements=self.agreement | other)
        cockpit = self.open_cockpit()
        counts = {
            name: cockpit[name]
            for name in ("total_count", "open_count", "draft_count", "without_count")
        }
        self.assertEqual(
            counts,
            {"total_count": 3, "open_count": 1, "draft_count": 1, "without_count": 1},
        )
        self.assertEqual(cockpit.progress, 66)

    def test_counts_lead_to_their_months(self):
        self.book(1, "10-05")
        period = self.bill()
        cockpit = self.open_cockpit().with_context(states=["draft"])
        domain = cockpit.action_view_periods()["domain"]
        self.assertEqual(self.env["billing.period"].search(domain), period)

    def test_summary_counts_each_kind_and_shows_its_rows(self):
        self.partner.write({"city": False, "email": False})
        cockpit = self.open_cockpit()
        summary = {row.kind: row.issue_count for row in cockpit.summary_ids}
        self.assertEqual(summary["no_address"], 1)
        self.assertEqual(summary["no_email"], 1)
        for row in cockpit.summary_ids:
            self.assertTrue(row.remedy)
        row = cockpit.summary_ids.filtered(lambda row: row.kind == "no_email")
        found = self.env["billing.cockpit.issue"].search(
            row.action_view_issues()["domain"]
        )
        self.assertEqual(found, self.find("no_email", cockpit))

    def test_of_many_rows_of_a_kind_the_first_are_shown_and_all_are_listed(self):
        self.partner.email = False
        other = self.make_partner("Hotel Adler", email=False)
        self.make_agreement(partner_id=other.id)
        self.patch(billing_cockpit, "ROWS", 1)
        self.patch(billing_cockpit_summary, "ROWS", 1)
        cockpit = self.open_cockpit()
        self.assertEqual(len(self.find("no_email", cockpit)), 1)
        row = cockpit.summary_ids.filtered(lambda row: row.kind == "no_email")
        self.assertEqual(row.issue_count, 2)
        action = row.action_view_issues()
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(found, self.partner | other)

    def test_each_list_of_a_kind_shows_what_its_rows_are_about(self):
        self.agreement.estimate_policy = "withhold"
        self.partner.write({"city": False, "email": False})
        self.book(1, "10-05", self.ticket)
        entry = self.book(30, "10-06")
        self.service.list_price = 0
        self.bill()
        cockpit = self.open_cockpit()
        expected = {
            "error": self.agreement.period_ids,
            "no_address": self.partner,
            "no_email": self.partner,
            "zero_rate": self.agreement,
            "unapproved": self.ticket,
            "no_ticket": entry,
        }
        for kind, records in expected.items():
            with self.subTest(kind):
                self.assertTrue(self.find(kind, cockpit))
                action = cockpit._get_list_action(kind)
                self.assertEqual(action["res_model"], records._name)
                model = self.env[action["res_model"]]
                self.assertEqual(model.search(action["domain"]), records)

    def test_other_month_is_looked_at_anew(self):
        self.book(1, "09-05")
        self.bill(date(2026, 9, 1)).invoice_id.button_cancel()
        cockpit = self.open_cockpit()
        self.assertEqual(cockpit.month, OCTOBER)
        cockpit.action_previous()
        self.assertEqual(cockpit.month, date(2026, 9, 1))
        self.assertTrue(self.find("held", cockpit))
        cockpit.action_previous()
        self.assertFalse(self.find("held", cockpit))

    def test_bill_the_month_opens_the_run_of_that_month(self):
        cockpit = self.open_cockpit()
        cockpit.action_next()
        action = cockpit.action_bill()
        self.assertEqual(action["context"]["default_month"], "2026-11-01")


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestCockpitRights(CockpitCommon):
    """Billing users look at their companies, at a price that does not grow."""

    def test_others_cannot_open_it(self):
        user = self.make_user("accountant", "account.group_account_manager")
        with self.assertRaises(AccessError):
            self.open_cockpit(user)

    def test_other_companies_are_left_out(self):
        self.partner.city = False
        other = self.env["res.company"].create({"name": "Other"})
        self.billing_user.company_ids = [Command.link(other.id)]
        model = self.env["billing.cockpit"].with_user(self.billing_user)
        model = model.with_context(allowed_company_ids=other.ids)
        cockpit = model.browse(model._open()["res_id"])
        self.assertFalse(cockpit.issue_ids)
        self.assertEqual(cockpit.company_ids, other)

    def test_rows_belong_to_their_user(self):
        self.partner.city = False
        issues = self.open_cockpit().issue_ids
        self.assertTrue(issues)
        self.assertEqual(issues.create_uid, self.billing_user)

    def make_customers(self, number):
        """Make customers with an agreement, time and everything that is wrong."""
        agreements = self.env["billing.agreement"]
        for index in range(number):
            partner = self.make_partner(f"Customer {index}")
            project = self.make_project(f"Project {index}", partner)
            agreements += self.make_agreement(
                partner_id=partner.id, estimate_policy="withhold"
            )
            partner.write({"email": False, "city": False if index % 2 else "Bonn"})
            ticket = self.make_ticket("Unapproved", project)
            self.book(1, "10-05", ticket)
            self.book(1, "10-06", project_id=project.id)
        self.bill(agreements=agreements)

    def count_queries(self):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        cockpit = self.open_cockpit()
        counted = self.env.cr.sql_log_count - before
        return counted, len(cockpit.issue_ids)

    def test_queries_do_not_grow_with_the_months(self):
        self.make_customers(3)
        self.count_queries()
        few, issues = self.count_queries()
        self.make_customers(12)
        many, more = self.count_queries()
        self.assertGreater(more, 4 * issues)
        self.assertLessEqual(many, few + 2)
        self.assertLess(many, 90)
