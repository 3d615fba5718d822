"""What reports say of people and of estimates, beside what the invoice says."""

from odoo.tests import freeze_time, tagged

from odoo.addons.monthly_billing.tests.common import MonthlyBillingCommon
from odoo.addons.monthly_billing.tests.test_people import PeopleCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestPeopleInReports(PeopleCommon):
    def test_rows_name_people_as_agreed(self):
        self.agreement.grouping = "entry"
        for choice in ("name", "initials", "none"):
            self.agreement.timesheet_report_person = choice
            invoice = self.bill().invoice_id
            rows = str([row["person"] for row in invoice._get_timesheet_report_rows()])
            invoice.unlink()
            self.assertShown(rows.strip("['\"]"), choice)


@tagged("post_install", "-at_install")
@freeze_time("2026-12-01 08:00:00")
class TestEstimateOfFormerCustomer(MonthlyBillingCommon):
    """October was billed to the practice; in November its ticket goes to a firm."""

    def setUp(self):
        super().setUp()
        self.firm = self.make_partner("Maschinenbau Klein")
        self.make_agreement(partner_id=self.firm.id)
        self.ticket = self.make_ticket("Login broken")

    def bill_first(self, hours):
        self.book(hours, "10-05", self.ticket)
        self.bill().invoice_id.action_post()
        self.ticket.partner_id = self.firm

    def test_invoice_of_the_former_customer_names_no_estimate_of_the_next(self):
        self.agreement.show_estimates = True
        self.bill_first(5)
        self.approve_estimate(self.ticket, 6)
        invoice = self.agreement.period_ids.invoice_id
        self.assertFalse(invoice._get_estimate_texts())
