from collections import defaultdict

from odoo.tests import freeze_time, tagged

from .common import NOVEMBER, OCTOBER, MonthlyBillingCommon


@freeze_time("2026-11-01 08:00:00")
class WithheldCommon(MonthlyBillingCommon):
    """Of 6 h on a ticket 4 h are approved, 10 % more are tolerated."""

    def setUp(self):
        super().setUp()
        self.agreement.write({"estimate_policy": "withhold", "estimate_tolerance": 10})
        self.ticket = self.make_ticket("Move the server")
        self.approve_estimate(self.ticket, 4)
        self.entry = self.book(6, "10-05", self.ticket, name="Moved it")

    def get_withheld(self, user=None):
        """Return the withheld hours by entry; the sums by ticket agree with them."""
        model = self.env["billing.withheld"]
        model.invalidate_model()
        rows = model.with_user(user or self.env.user).search([])
        self.check_sums()
        return {row.timesheet_id: round(row.withheld_hours, 6) for row in rows}

    def check_sums(self):
        """Compare the sums by agreement and ticket with those of the entries."""
        agreements = self.env["billing.agreement"].sudo()
        agreements = agreements.search([("state", "=", "active")])
        end = agreements._get_end_of_booked_time()
        wanted = defaultdict(float)
        for agreement, entries in (
            agreements.env["billing.run.collect"]._get_withheld(agreements, end).items()
        ):
            for entry in entries:
                wanted[agreement, entry.job[1]] += float(entry.worked)
        found = agreements.env["billing.run.collect"]._get_withheld_hours(
            agreements, end
        )
        self.assertEqual(found.keys(), wanted.keys())
        for key, hours in found.items():
            self.assertAlmostEqual(float(hours), wanted[key], 5)

    def get_notes(self, invoice):
        lines = invoice.invoice_line_ids
        return lines.filtered(lambda line: line.display_type == "line_note").mapped(
            "name"
        )


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestWithheld(WithheldCommon):
    """What is withheld is visible, named on the invoice, and billed once approved."""

    def test_hours_beyond_estimate_and_tolerance_wait_and_are_billed_once(self):
        october = self.bill().invoice_id
        self.assertEqual(sum(october.invoice_line_ids.mapped("quantity")), 4.4)
        self.assertEqual(self.get_withheld(), {self.entry: 1.6})
        self.approve_estimate(self.ticket, 6)
        november = self.bill(NOVEMBER).invoice_id
        time = november.invoice_line_ids.filtered("ticket_id")
        self.assertEqual(time.mapped("quantity"), [1.6])
        self.assertEqual(time.allocation_ids.timesheet_id, self.entry)
        self.assertFalse(self.get_withheld())
        usage = self.agreement.env["billing.run.collect"]._get_usage(
            self.agreement, NOVEMBER
        )
        self.assertFalse(usage[self.agreement])

    def test_row_says_why_and_how_much(self):
        self.bill()
        row = self.env["billing.withheld"].search([])
        self.assertEqual(row.reason, "beyond")
        self.assertEqual(row.ticket_id, self.ticket)
        self.assertEqual(row.partner_id, self.partner)
        self.assertEqual(row.employee_id, self.employee)
        self.assertEqual(
            (row.worked_hours, row.approved_hours, row.billed_hours), (6, 4, 4.4)
        )

    def test_ticket_without_approval_waits_whole(self):
        other = self.make_ticket("Unapproved")
        entry = self.book(2, "10-06", other)
        self.assertEqual(self.get_withheld()[entry], 2)
        row = self.env["billing.withheld"].search([("ticket_id", "=", other.id)])
        self.assertEqual(row.reason, "unapproved")

    def test_hours_free_of_approval_are_billed(self):
        self.company.ticket_estimate_free_hours = 0.5
        entry = self.book(2, "10-06", self.make_ticket("Unapproved"))
        self.assertEqual(self.get_withheld()[entry], 1.5)
        self.assertEqual(self.bill().worked_hours, 4.9)

    def test_approved_hours_are_used_by_the_oldest_work(self):
        first = self.book(3, "10-01", self.ticket)
        self.assertEqual(self.get_withheld(), {self.entry: 4.6})
        self.assertNotIn(first, self.get_withheld())

    def test_agreements_of_one_customer_withhold_the_time_of_their_projects(self):
        other = self.make_project("Website Sommer", self.partner)
        self.agreement.project_ids = self.project
        self.make_agreement(
            project_ids=other.ids, estimate_policy="withhold", date_end="2026-10-20"
        )
        ticket = self.make_ticket("Unapproved", other)
        entry = self.book(2, "10-06", ticket)
        self.book(3, "10-25", ticket)
        self.assertEqual(self.get_withheld(), {self.entry: 1.6, entry: 2})

    def test_time_in_days_is_withheld_as_hours(self):
        self.entry.write(
            {"product_uom_id": self.env.ref("uom.product_uom_day").id, "unit_amount": 1}
        )
        self.assertEqual(self.get_withheld(), {self.entry: 3.6})

    def test_time_that_is_not_billable_is_not_withheld(self):
        self.book(2, "10-06", self.ticket, non_billable=True)
        self.assertEqual(self.get_withheld(), {self.entry: 1.6})

    def test_nothing_is_withheld_where_all_time_is_billed(self):
        self.agreement.estimate_policy = "bill_all"
        self.assertFalse(self.get_withheld())

    def test_timesheets_are_filtered_by_withheld(self):
        free = self.book(1, "10-06")
        lines = self.env["account.analytic.line"]
        withheld = lines.search([("is_withheld", "=", True)])
        self.assertEqual(withheld, self.entry)
        self.assertTrue(self.entry.is_withheld)
        self.assertFalse(free.is_withheld)
        self.assertIn(free, lines.search([("is_withheld", "=", False)]))

    def test_ticket_and_month_lead_to_the_withheld_hours(self):
        period = self.bill()
        for record in (self.ticket, period):
            action = record.action_view_withheld()
            rows = self.env[action["res_model"]].search(action["domain"])
            self.assertEqual(rows.timesheet_id, self.entry)
        self.assertAlmostEqual(self.ticket.withheld_hours, 1.6)

    def test_month_of_the_withheld_hours_sums_them_up(self):
        self.get_withheld()
        groups = self.env["billing.withheld"].formatted_read_group(
            [], ["ticket_id"], ["withheld_hours:sum"]
        )
        self.assertAlmostEqual(groups[0]["withheld_hours:sum"], 1.6)

    def test_company_of_another_user_is_not_shown(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.billing_manager.company_ids |= other
        elsewhere = self.env["billing.withheld"].with_user(self.billing_manager)
        elsewhere = elsewhere.with_context(allowed_company_ids=other.ids)
        self.assertFalse(elsewhere.search([]))

    def test_invoice_names_the_withheld_hours(self):
        invoice = self.bill().invoice_id
        self.assertEqual(
            self.get_notes(invoice),
            [
                f"1.60 h on {self.ticket.number} wait for your approval and are not "
                "on this invoice."
            ],
        )

    def test_agreement_may_keep_withheld_hours_off_the_invoice(self):
        self.agreement.show_withheld = False
        self.assertFalse(self.get_notes(self.bill().invoice_id))

    def test_recompute_replaces_the_note(self):
        period = self.bill()
        self.book(1, "10-07", self.ticket)
        period.action_recompute()
        notes = self.get_notes(period.invoice_id)
        self.assertEqual(len(notes), 1)
        self.assertTrue(notes[0].startswith("2.60 h"))
        self.assertAlmostEqual(period.withheld_hours, 2.6)

    def test_note_changes_no_amount_and_no_preview(self):
        preview = self.agreement._preview_period(OCTOBER)[0]
        invoice = self.bill().invoice_id
        self.assertAlmostEqual(preview["amount_total"], invoice.amount_total)
        self.assertEqual(len(preview["lines"]), 1)

    def test_credit_note_does_not_name_withheld_hours(self):
        invoice = self.bill().invoice_id
        invoice.action_post()
        credit = invoice._reverse_moves([{}])
        self.assertFalse(self.get_notes(credit))
        self.assertEqual(credit.amount_total, invoice.amount_total)


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestCarry(MonthlyBillingCommon):
    """Time below the minimum amount is carried as long as agreed."""

    def setUp(self):
        super().setUp()
        self.agreement.minimum_amount = 500.0

    def bill_months(self, *months):
        return [self.bill(OCTOBER.replace(month=month)).state for month in months]

    def test_time_is_carried_as_often_as_agreed_then_billed(self):
        self.agreement.carry_months = 2
        self.book(1, "08-05")
        self.assertEqual(self.bill_months(8, 9, 10), ["carried", "carried", "draft"])

    def test_age_is_that_of_the_oldest_time(self):
        self.agreement.carry_months = 1
        self.book(1, "08-05")
        self.book(1, "09-05")
        self.assertEqual(self.bill_months(8, 9), ["carried", "draft"])
        self.book(1, "10-05")
        self.assertEqual(self.bill_months(10), ["carried"])

    def test_without_limit_time_is_carried_on(self):
        self.book(1, "05-05")
        self.assertEqual(self.bill_months(5, 9, 10), ["carried"] * 3)

    def test_withheld_time_does_not_end_the_carrying(self):
        self.agreement.write({"carry_months": 1, "estimate_policy": "withhold"})
        self.book(1, "08-05", self.make_ticket("Unapproved"))
        self.book(1, "10-05")
        self.assertEqual(self.bill_months(10), ["carried"])

    def test_month_without_time_stays_without_invoice(self):
        self.agreement.carry_months = 1
        self.assertEqual(self.bill_months(8, 9, 10), ["empty"] * 3)
