from odoo.tests import Form, freeze_time, tagged

from .common import MonthlyBillingCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestRulesOfTheCustomer(MonthlyBillingCommon):
    """The rules for booking time give a new agreement its rule for billing it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agreement.action_close()
        cls.other_partner = cls.make_partner("Maschinenbau Klein")

    def _make_agreement(self, **values):
        agreement = self.make_agreement(partner_id=self.other_partner.id, **values)
        return agreement.estimate_policy, agreement.estimate_tolerance

    def test_new_agreement_bills_all_where_nothing_is_withheld(self):
        self.company.ticket_overrun_policy = "block"
        self.company.ticket_overrun_tolerance = 15.0
        self.assertEqual(self._make_agreement(), ("bill_all", 15.0))

    def test_new_agreement_withholds_as_the_company(self):
        self.company.ticket_overrun_policy = "withhold"
        self.company.ticket_overrun_tolerance = 20.0
        self.assertEqual(self._make_agreement(), ("withhold", 20.0))

    def test_rules_of_the_customer_win_over_the_company(self):
        self.company.ticket_overrun_policy = "allow"
        partner = self.other_partner.with_company(self.company)
        partner.ticket_overrun_policy = "withhold"
        self.assertEqual(self._make_agreement(), ("withhold", 0.0))

    def test_agreement_may_differ_from_the_rules(self):
        self.company.ticket_overrun_policy = "withhold"
        values = {"estimate_policy": "bill_all", "estimate_tolerance": 5.0}
        self.assertEqual(self._make_agreement(**values), ("bill_all", 5.0))

    def test_changed_rules_leave_agreements_as_they_are(self):
        agreement = self.make_agreement(partner_id=self.other_partner.id)
        self.company.ticket_overrun_policy = "withhold"
        self.assertEqual(agreement.estimate_policy, "bill_all")

    def test_form_proposes_the_rules_of_the_chosen_customer(self):
        self.company.ticket_overrun_policy = "withhold"
        model = self.env["billing.agreement"].with_user(self.billing_manager)
        form = Form(model.with_company(self.company))
        form.partner_id = self.other_partner
        self.assertEqual(form.estimate_policy, "withhold")


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestFreeHours(MonthlyBillingCommon):
    def setUp(self):
        super().setUp()
        self.agreement.estimate_policy = "withhold"
        self.company.ticket_estimate_free_hours = 0.5
        self.ticket = self.make_ticket("New toner")

    def test_job_within_the_hours_free_of_approval_is_billed(self):
        self.book(0.5, "10-05", self.ticket)
        period = self.bill()
        self.assertEqual((period.billed_hours, period.withheld_hours), (0.5, 0.0))

    def test_hours_beyond_the_free_ones_are_withheld(self):
        self.book(2.0, "10-05", self.ticket)
        period = self.bill()
        self.assertEqual((period.billed_hours, period.withheld_hours), (0.5, 1.5))

    def test_free_hours_do_not_add_to_an_approval(self):
        self.approve_estimate(self.ticket, 1)
        self.book(2.0, "10-05", self.ticket)
        self.assertEqual(self.bill().billed_hours, 1.0)
