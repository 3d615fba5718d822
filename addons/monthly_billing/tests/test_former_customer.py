"""A ticket or a contact that goes over to another customer mixes nothing."""

from datetime import date

from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import NOVEMBER, OCTOBER, MonthlyBillingCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-12-01 08:00:00")
class TestFormerCustomer(MonthlyBillingCommon):
    """October was billed to the practice; in November its ticket goes to a firm."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.firm = cls.make_partner("Maschinenbau Klein")
        cls.second = cls.make_agreement(partner_id=cls.firm.id)
        cls.ticket = cls.make_ticket("Login broken")

    def bill_first(self, hours):
        self.book(hours, "10-05", self.ticket)
        self.bill().invoice_id.action_post()
        self.ticket.partner_id = self.firm

    def get_hours(self, day, agreement):
        invoice = self.bill(day, agreement).invoice_id
        return sum(line.quantity for line in invoice.invoice_line_ids)

    def test_approved_hours_are_those_of_the_customer(self):
        self.second.estimate_policy = "withhold"
        self.bill_first(5)
        self.approve_estimate(self.ticket, 6)
        self.book(6.5, "11-05", self.ticket)
        period = self.bill(NOVEMBER, self.second)
        self.assertEqual(period.withheld_hours, 0.5)
        self.assertEqual(sum(self.get_quantities(period.invoice_id)), 6)

    def test_list_names_what_the_run_withholds(self):
        self.second.estimate_policy = "withhold"
        self.bill_first(5)
        self.approve_estimate(self.ticket, 6)
        self.book(6.5, "11-05", self.ticket)
        end = date(2026, 12, 1)
        hours = self.second.env["billing.run.collect"]._get_withheld_hours(
            self.second, end
        )
        self.assertEqual(list(map(float, hours.values())), [0.5])
        row = self.env["billing.withheld"].search([("ticket_id", "=", self.ticket.id)])
        self.assertEqual(row.withheld_hours, 0.5)
        self.assertEqual(row.billed_hours, 0)

    def test_withheld_rest_of_the_former_customer_uses_no_approval_of_the_next(self):
        self.agreement.estimate_policy = "withhold"
        self.second.estimate_policy = "withhold"
        self.approve_estimate(self.ticket, 3)
        self.bill_first(5)
        self.approve_estimate(self.ticket, 10)
        self.book(4, "11-05", self.ticket)
        periods = self.bill(NOVEMBER, self.agreement | self.second)
        first, second = periods.sorted(lambda period: period.agreement_id.id)
        self.assertFalse(first.invoice_id)
        self.assertEqual(sum(self.get_quantities(second.invoice_id)), 4)

    def get_quantities(self, invoice):
        return invoice.invoice_line_ids.filtered("product_id").mapped("quantity")

    def round_up(self, agreement):
        agreement.write(
            {
                "rounding_scope": "month",
                "rounding_direction": "up",
                "rounding_minutes": 60,
            }
        )

    def test_rounding_is_by_customer(self):
        """0.5 h are billed to the first as 1 h; 0.5 h cost the second one 1 h too."""
        self.round_up(self.agreement | self.second)
        self.bill_first(0.5)
        self.book(0.5, "10-20", self.ticket)
        self.assertEqual(self.get_hours(OCTOBER, self.second), 1)

    def test_rounding_is_by_agreement_where_projects_divide_them(self):
        """The ticket moves to a project of another agreement of the customer."""
        other = self.make_project("Network", self.partner)
        self.agreement.project_ids = self.project
        third = self.make_agreement(project_ids=[Command.set(other.ids)])
        self.round_up(self.agreement | third)
        self.book(0.5, "10-05", self.ticket)
        self.bill().invoice_id.action_post()
        self.ticket.project_id = other
        self.book(0.5, "10-20", self.ticket)
        self.assertEqual(self.get_hours(OCTOBER, third), 1)

    def test_billed_hours_of_the_ticket_are_those_of_its_customer(self):
        self.bill_first(5)
        self.assertEqual(self.ticket.billed_hours, 0)

    def test_invoice_of_the_former_customer_names_no_estimate_of_the_next(self):
        self.agreement.show_estimates = True
        self.bill_first(5)
        self.approve_estimate(self.ticket, 6)
        invoice = self.agreement.period_ids.invoice_id
        self.assertFalse(invoice._get_estimate_texts())


@tagged("post_install", "-at_install")
@freeze_time("2026-12-01 08:00:00")
class TestNewEmployer(MonthlyBillingCommon):
    """Eva of the practice works for a firm from now on; both have agreements."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.firm = cls.make_partner("Maschinenbau Klein")
        cls.second = cls.make_agreement(partner_id=cls.firm.id)
        cls.eva = cls.make_partner("Eva", is_company=False, parent_id=cls.partner.id)
        cls.ticket = cls.make_ticket("Login broken", partner_id=cls.eva.id)

    def test_nothing_is_billed_to_the_new_employer(self):
        self.book(5, "10-05", self.ticket)
        self.eva.parent_id = self.firm
        periods = self.bill(OCTOBER, self.agreement | self.second)
        first, second = periods.sorted(lambda period: period.agreement_id.id)
        self.assertEqual(first.billed_hours, 5)
        self.assertFalse(second.invoice_id)

    def test_approval_is_kept_and_used_up_by_what_was_billed(self):
        self.agreement.estimate_policy = "withhold"
        self.approve_estimate(self.ticket, 6)
        self.book(5, "10-05", self.ticket)
        self.bill().invoice_id.action_post()
        self.eva.parent_id = self.firm
        self.book(3, "11-05", self.ticket)
        period = self.bill(NOVEMBER)
        self.assertEqual((period.billed_hours, period.withheld_hours), (1, 2))

    def test_draft_that_is_addressed_to_the_contact_stays_with_the_employer(self):
        self.eva.type = "invoice"
        self.book(5, "10-05", self.ticket)
        invoice = self.bill().invoice_id
        self.assertEqual(invoice.partner_id, self.eva)
        self.eva.parent_id = self.firm
        self.assertEqual(invoice.commercial_partner_id, self.partner)
