from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, new_test_user, tagged

from .common import NOVEMBER, OCTOBER, MonthlyBillingCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestRun(MonthlyBillingCommon):
    """One month of one customer becomes one native invoice."""

    def test_each_ticket_gets_one_line_with_number_and_title(self):
        login = self.make_ticket("Login broken")
        printer = self.make_ticket("Printer on fire")
        self.book(1.5, "10-05", login)
        self.book(0.75, "10-20", printer)
        self.book(2.25, "10-28", login)
        invoice = self.bill().invoice_id
        self.assertEqual(
            self.get_time_lines(invoice),
            [
                (f"{login.number} Login broken", 3.75, 120.0),
                (f"{printer.number} Printer on fire", 0.75, 120.0),
            ],
        )
        self.assertEqual(invoice.invoice_line_ids.ticket_id, login | printer)
        self.assertEqual(invoice.amount_untaxed, 540.0)
        self.assertEqual(invoice.amount_tax, 102.6)

    def test_line_names_the_days_of_work(self):
        ticket = self.make_ticket("Login broken")
        self.book(1, "10-05", ticket)
        self.book(1, "10-28", ticket)
        self.partner.lang = "en_US"
        line = self.bill().invoice_id.invoice_line_ids
        self.assertEqual(line.name.split("\n")[1], "10/05/2026 – 10/28/2026")

    def test_tasks_and_plain_project_time_are_lines_after_the_tickets(self):
        task = self.env["project.task"].create(
            {"name": "New server", "project_id": self.project.id}
        )
        self.book(1, "10-01")
        self.book(2, "10-02", task_id=task.id)
        ticket = self.make_ticket("Login broken")
        self.book(3, "10-03", ticket)
        self.assertEqual(
            self.get_time_lines(self.bill().invoice_id),
            [
                (f"{ticket.number} Login broken", 3.0, 120.0),
                ("Support Sommer: New server", 2.0, 120.0),
                ("Support Sommer", 1.0, 120.0),
            ],
        )

    def test_invoice_states_service_period_and_due_date(self):
        self.book(1, "10-05")
        self.agreement.payment_term_id = self.env.ref(
            "account.account_payment_term_30days"
        )
        self.agreement.write({"customer_reference": "PO 4711", "auto_post": True})
        invoice = self.bill().invoice_id
        self.assertEqual(invoice.service_period_start, date(2026, 10, 1))
        self.assertEqual(invoice.service_period_end, date(2026, 10, 31))
        self.assertEqual(invoice.invoice_date, date(2026, 11, 1))
        self.assertEqual(invoice.invoice_date_due, date(2026, 12, 1))
        self.assertEqual(invoice.ref, "PO 4711")

    def test_time_outside_the_month_waits(self):
        self.book(1, "10-31")
        november = self.book(2, "11-01")
        period = self.bill()
        self.assertNotIn(november, period.allocation_ids.timesheet_id)
        self.assertEqual(period.billed_hours, 1.0)

    def test_time_before_bill_from_is_never_billed(self):
        self.agreement.bill_from = "2026-10-10"
        self.book(1, "10-09")
        self.book(2, "10-10")
        self.assertEqual(self.bill().billed_hours, 2.0)

    def test_second_run_creates_no_second_invoice(self):
        self.book(1, "10-05")
        first = self.bill().invoice_id
        self.assertEqual(self.bill().invoice_id, first)
        self.assertEqual(self.bill().move_ids, first)

    def test_month_without_time_is_empty_and_has_no_invoice(self):
        period = self.bill()
        self.assertEqual(period.state, "empty")
        self.assertFalse(period.invoice_id)

    def test_empty_month_is_billed_once_time_is_booked(self):
        self.bill()
        self.book(1, "10-05")
        period = self.bill()
        self.assertEqual(period.state, "draft")
        self.assertFalse(period.outcome)

    def test_month_below_the_minimum_goes_on_the_next_invoice(self):
        self.agreement.minimum_amount = 200.0
        self.book(1, "10-05")
        self.assertEqual(self.bill().state, "carried")
        self.book(1, "11-05")
        november = self.bill(NOVEMBER)
        self.assertEqual(november.invoice_id.amount_untaxed, 240.0)
        self.assertEqual(
            november.invoice_id.invoice_line_ids.filtered(
                lambda line: line.display_type == "line_section"
            ).mapped("name"),
            ["November 2026", "Supplement October 2026"],
        )

    def test_review_leaves_a_draft_and_auto_post_posts(self):
        self.book(1, "10-05")
        self.assertEqual(self.bill().state, "draft")
        self.agreement.auto_post = True
        self.book(1, "11-05")
        november = self.bill(NOVEMBER)
        self.assertEqual(november.state, "invoiced")
        self.assertEqual(november.invoice_id.state, "posted")
        self.assertTrue(november.invoice_id.name)

    def test_draft_is_dated_on_the_day_it_is_posted(self):
        self.book(1, "10-05")
        invoice = self.bill().invoice_id
        self.assertFalse(invoice.invoice_date)
        with freeze_time("2026-11-06 08:00:00"):
            invoice.action_post()
        self.assertEqual(invoice.invoice_date, date(2026, 11, 6))

    def test_posting_a_draft_by_hand_makes_the_month_invoiced(self):
        self.book(1, "10-05")
        period = self.bill()
        period.invoice_id.action_post()
        self.assertEqual(period.state, "invoiced")

    def test_rate_comes_from_the_pricelist_at_the_work_date(self):
        self.agreement.pricelist_id = self.env["product.pricelist"].create(
            {
                "name": "Rates",
                "currency_id": self.company.currency_id.id,
                "company_id": self.company.id,
                "item_ids": [
                    (0, 0, {"fixed_price": 80.0, "date_end": "2026-10-15 23:59:59"}),
                    (0, 0, {"fixed_price": 90.0, "date_start": "2026-10-16 00:00:00"}),
                ],
            }
        )
        ticket = self.make_ticket("Login broken")
        self.book(1, "10-15", ticket)
        self.book(1, "10-16", ticket)
        rates = [rate for _, _, rate in self.get_time_lines(self.bill().invoice_id)]
        self.assertEqual(rates, [80.0, 90.0])

    def test_service_sold_in_days_is_priced_per_hour(self):
        self.service.write(
            {"uom_id": self.env.ref("uom.product_uom_day").id, "list_price": 800.0}
        )
        self.book(4, "10-05")
        invoice = self.bill().invoice_id
        self.assertEqual(invoice.amount_untaxed, 400.0)
        self.assertEqual(invoice.invoice_line_ids.product_uom_id, self.hour)

    def test_timesheets_in_days_become_hours(self):
        entry = self.book(0.5, "10-05")
        entry.product_uom_id = self.env.ref("uom.product_uom_day")
        period = self.bill()
        self.assertEqual(period.worked_hours, 4.0)
        self.assertEqual(period.invoice_id.amount_untaxed, 480.0)

    def test_non_billable_time_is_left_out(self):
        self.book(1, "10-05")
        self.book(5, "10-06", non_billable=True)
        self.assertEqual(self.bill().billed_hours, 1.0)

    def test_zero_hours_are_left_out(self):
        self.book(1, "10-05")
        empty = self.book(0, "10-06")
        self.assertNotIn(empty, self.bill().allocation_ids.timesheet_id)

    def test_time_of_a_former_employee_on_an_archived_project_is_billed(self):
        self.book(1, "10-05")
        self.employee.active = False
        self.project.active = False
        self.assertEqual(self.bill().billed_hours, 1.0)

    def test_time_of_another_customer_stays_with_that_customer(self):
        other = self.make_partner("Hotel Adler")
        self.book(1, "10-05", project_id=self.make_project("Hotel", other).id)
        self.assertEqual(self.bill().state, "empty")

    def test_ticket_of_a_contact_is_billed_to_the_company(self):
        contact = self.env["res.partner"].create(
            {"name": "Frau Klein", "parent_id": self.partner.id}
        )
        self.book(1, "10-05", self.make_ticket("Login", partner_id=contact.id))
        invoice = self.bill().invoice_id
        self.assertEqual(invoice.partner_id, self.partner)
        self.assertEqual(invoice.amount_untaxed, 120.0)

    def test_invoice_goes_to_the_invoice_address(self):
        address = self.env["res.partner"].create(
            {
                "name": "Buchhaltung",
                "type": "invoice",
                "parent_id": self.partner.id,
            }
        )
        self.book(1, "10-05")
        self.assertEqual(self.bill().invoice_id.partner_id, address)

    def test_rounding_keeps_worked_and_billed_time(self):
        self.agreement.write({"rounding_scope": "entry", "rounding_minutes": 15})
        self.book(50 / 60, "10-05")
        period = self.bill()
        self.assertAlmostEqual(period.worked_hours, 50 / 60, 5)
        self.assertEqual(period.billed_hours, 1.0)

    def test_odd_minutes_are_billed_in_hundredths_of_an_hour_per_ticket(self):
        ticket = self.make_ticket("Login broken")
        for day in ("10-05", "10-06", "10-07"):
            self.book(20 / 60, day, ticket)
        self.assertEqual(self.bill().invoice_id.invoice_line_ids.quantity, 1.0)

    def test_agreements_limited_to_projects_bill_their_own_time(self):
        other = self.make_project("Website Sommer", self.partner)
        self.agreement.action_draft()
        first = self.make_agreement(project_ids=self.project.ids)
        second = self.make_agreement(project_ids=other.ids)
        self.book(1, "10-05")
        self.book(2, "10-05", project_id=other.id)
        hours = self.bill(agreements=first | second).mapped("billed_hours")
        self.assertEqual(hours, [1.0, 2.0])

    def test_month_in_the_future_is_refused(self):
        with self.assertRaisesRegex(UserError, "December 2026 has not begun"):
            self.bill(date(2026, 12, 1))

    def test_agreement_that_is_not_running_is_refused(self):
        self.agreement.action_close()
        with self.assertRaisesRegex(UserError, "is not running"):
            self.bill()

    def test_month_after_the_end_of_the_agreement_has_no_period(self):
        self.agreement.date_end = "2026-09-30"
        self.book(1, "10-05")
        self.assertFalse(self.bill())


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestConsent(MonthlyBillingCommon):
    """Hours beyond the approved estimate wait for approval."""

    def setUp(self):
        super().setUp()
        self.agreement.estimate_policy = "withhold"
        self.ticket = self.make_ticket("Move the server")

    def test_hours_beyond_estimate_and_tolerance_are_withheld(self):
        self.agreement.estimate_tolerance = 10
        self.approve_estimate(self.ticket, 4)
        self.book(6, "10-05", self.ticket)
        self.assertEqual(self.bill().billed_hours, 4.4)

    def test_withheld_hours_are_billed_once_after_approval(self):
        self.approve_estimate(self.ticket, 4)
        self.book(6, "10-05", self.ticket)
        self.bill()
        self.approve_estimate(self.ticket, 6)
        self.assertEqual(self.bill(NOVEMBER).billed_hours, 2.0)

    def test_ticket_without_approval_is_withheld_and_other_time_is_billed(self):
        self.book(3, "10-05", self.ticket)
        self.book(1, "10-06")
        self.assertEqual(self.bill().billed_hours, 1.0)

    def test_month_with_only_withheld_time_is_empty(self):
        self.book(3, "10-05", self.ticket)
        self.assertEqual(self.bill().state, "empty")


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestRights(MonthlyBillingCommon):
    """Billing users do the run, without any other right; nobody else can."""

    def test_billing_user_bills_without_timesheet_or_helpdesk_rights(self):
        ticket = self.make_ticket("Login broken")
        self.book(1, "10-05", ticket)
        agreement = self.agreement.with_user(self.billing_user)
        agreement.env.invalidate_all()
        self.assertEqual(agreement._preview_period(OCTOBER)[0]["billed_hours"], 1.0)
        period = agreement._bill_period(OCTOBER)
        self.assertEqual(period.invoice_id.amount_untaxed, 120.0)
        self.assertEqual(period.env.user, self.billing_user)

    def test_accountant_without_the_role_can_neither_bill_nor_preview(self):
        user = self.make_user("accountant", "account.group_account_manager")
        agreement = self.agreement.with_user(user)
        for method in (agreement._bill_period, agreement._preview_period):
            with self.assertRaises(AccessError):
                method(OCTOBER)

    def test_billing_user_cannot_change_the_agreement(self):
        with self.assertRaises(AccessError):
            self.agreement.with_user(self.billing_user).minimum_amount = 1.0

    def test_billing_manager_makes_agreements(self):
        agreement = self.agreement.with_user(self.billing_manager).copy(
            {"partner_id": self.make_partner("New").id}
        )
        agreement.action_activate()
        self.assertEqual(agreement.state, "active")

    def test_user_of_another_company_sees_no_agreement(self):
        other = self.env["res.company"].create({"name": "Other"})
        user = new_test_user(
            self.env,
            "elsewhere",
            groups="monthly_billing.monthly_billing_group_manager",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        found = self.env["billing.agreement"].with_user(user).search([])
        self.assertNotIn(self.agreement, found)
        with self.assertRaises(AccessError):
            self.agreement.with_user(user)._bill_period(OCTOBER)
