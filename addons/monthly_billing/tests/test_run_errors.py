from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .common import MonthlyBillingCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestErrors(MonthlyBillingCommon):
    """What cannot be billed says why, loses nothing and stops nobody else."""

    def test_one_failing_agreement_does_not_stop_the_others(self):
        poor = self.make_partner("No Street", street=False)
        other = self.make_agreement(partner_id=poor.id, active=False)
        other.state = "active"
        self.book(1, "10-05", project_id=self.make_project("Poor", poor).id)
        self.book(1, "10-05")
        failed, billed = self.bill(agreements=other | self.agreement).sorted(
            lambda period: period.partner_id != poor
        )
        self.assertEqual(failed.state, "error")
        self.assertIn("No Street has no complete address", failed.error)
        self.assertEqual(billed.state, "draft")

    def test_failure_while_creating_is_recorded_and_the_others_are_billed(self):
        other = self.make_partner("Hotel Adler")
        good = self.make_agreement(partner_id=other.id)
        self.book(1, "10-05", project_id=self.make_project("Hotel", other).id)
        self.book(1, "10-05")
        # a product of this account cannot be invoiced: the account is archived
        account = self.company_data["default_account_revenue"].copy()
        self.service.copy({"list_price": 1.0})
        bad_service = self.make_service(
            "Old", 100.0, property_account_income_id=account.id
        )
        account.active = False
        self.agreement.product_id = bad_service
        self.agreement.auto_post = True
        periods = self.bill(agreements=self.agreement | good)
        states = {period.agreement_id: period.state for period in periods}
        self.assertEqual(states, {self.agreement: "error", good: "draft"})
        failed = periods.filtered(lambda period: period.state == "error")
        self.assertFalse(failed.allocation_ids)

    def test_error_asks_the_responsible_person_and_is_settled_by_recovery(self):
        self.partner.city = False
        self.book(1, "10-05")
        period = self.bill()
        self.assertEqual(period.activity_ids.user_id, self.agreement.user_id)
        self.partner.city = "Stuttgart"
        self.bill()
        self.assertEqual(period.state, "draft")
        self.assertFalse(period.error)
        self.assertFalse(period.activity_ids)

    def test_negative_entry_is_named(self):
        self.book(-1.5, "10-05", name="Correction")
        period = self.bill()
        self.assertEqual(period.state, "error")
        self.assertIn("“Correction” of 2026-10-05 has negative hours", period.error)

    def test_closed_fiscal_period_is_an_error_and_loses_nothing(self):
        self.agreement.auto_post = True
        self.company.fiscalyear_lock_date = "2026-11-30"
        entry = self.book(1, "10-05")
        period = self.bill()
        self.assertIn("Global Lock Date", period.error)
        self.assertFalse(entry._is_billed())
        self.company.fiscalyear_lock_date = "2026-10-31"
        self.assertEqual(self.bill().state, "invoiced")

    def test_service_without_rate_is_named(self):
        self.book(1, "10-05")
        self.service.list_price = 0.0
        self.assertIn("has no hourly rate", self.bill().error)

    def test_agreement_without_service_cannot_start(self):
        agreement = self.make_agreement(
            partner_id=self.make_partner("New").id, product_id=False, active=False
        )
        with self.assertRaisesRegex(UserError, "Choose the hourly service"):
            agreement.action_activate()
