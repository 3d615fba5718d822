"""What the core notices is shown where the month is closed."""

from datetime import date

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from odoo.addons.monthly_billing.tests.common import OCTOBER, MonthlyBillingCommon
from odoo.addons.monthly_billing.tests.test_window import FROM_50, WindowCommon

from .test_cockpit import CockpitCommon

BILL = "monthly_billing.billing_agreement_cron_bill_due_periods"


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestCockpitWindows(WindowCommon):
    """What other rules billed waits for a person's word."""

    def setUp(self):
        super().setUp()
        self.agree(*FROM_50, price=100, mode="volume")
        self.work(48, 5)
        self.work(6, 6)
        self.bill_month(5)
        june = self.bill_month(6)
        self.env.flush_all()
        self.env.cr.execute(
            "DELETE FROM account_move_line WHERE move_id = %s AND billing_kind = %s",
            [june.id, "difference"],
        )
        self.env.invalidate_all()
        self.window = self.env["billing.window"]._propose_differences()

    def test_cockpit_names_the_window_and_why(self):
        cockpit = self.env["billing.cockpit"].create({"month": date(2026, 10, 1)})
        [issue] = [
            issue for issue in cockpit._find_issues() if issue["kind"] == "window"
        ]
        self.assertEqual(issue["window_id"], self.window.id)
        self.assertIn("480.00", issue["reason"])


@tagged("post_install", "-at_install")
@freeze_time("2026-12-01 08:00:00")
class TestCockpitEmployer(MonthlyBillingCommon):
    """Eva of the practice works for a firm from now on; both have agreements."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.firm = cls.make_partner("Maschinenbau Klein")
        cls.second = cls.make_agreement(partner_id=cls.firm.id)
        cls.eva = cls.make_partner("Eva", is_company=False, parent_id=cls.partner.id)
        cls.ticket = cls.make_ticket("Login broken", partner_id=cls.eva.id)

    def test_cockpit_says_what_to_decide_until_it_is_done(self):
        self.book(5, "10-05", self.ticket)
        self.eva.parent_id = self.firm
        self.assertIn("5.00 h", self.find_reason())
        self.partner.activity_ids.action_done()
        self.assertFalse(self.find_reason())

    def find_reason(self):
        cockpit = self.env["billing.cockpit"].create({"month": OCTOBER})
        rows = cockpit.issue_ids.filtered(lambda row: row.kind == "employer")
        return " ".join(rows.mapped("reason"))


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestCockpitJobs(CockpitCommon):
    """A job that does not run is named to those who close the month."""

    def get_problem(self):
        return self.open_cockpit().job_problem

    def test_jobs_that_run_are_no_problem(self):
        self.env.ref(BILL).sudo().nextcall = "2026-11-02"
        self.assertFalse(self.get_problem())

    def test_a_job_somebody_switched_off_is_named_to_billing_users(self):
        self.env.ref(BILL).sudo().active = False
        self.assertIn("is switched off", self.get_problem())

    def test_a_month_at_the_end_of_time_is_refused_in_words(self):
        with self.assertRaisesRegex(UserError, "2099"):
            self.env["billing.cockpit"].create({"month": "9999-12-31"})
