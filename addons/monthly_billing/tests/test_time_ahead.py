from datetime import date
from unittest.mock import patch

from psycopg2 import IntegrityError
from psycopg2.errors import SerializationFailure

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from ..core.months import MAX_BACKLOG
from .common import MonthlyBillingCommon

CRON = "monthly_billing.billing_agreement_cron_bill_due_periods"


@tagged("post_install", "-at_install")
class TestTimeAhead(MonthlyBillingCommon):
    """Clocks that were wrong, and dates that nobody means."""

    def run_job(self, now, agreements=None):
        """Do as the daily job does at ``now``, for these agreements."""
        ids = (agreements or self.agreement).ids
        only = patch.object(
            self.env.registry["billing.agreement"],
            "_get_due_agreements_domain",
            lambda model, today: [("id", "in", ids)],
        )
        with freeze_time(now), only, self.enter_registry_test_mode():
            self.env.ref(CRON).method_direct_trigger()
        self.env.invalidate_all()

    def get_state(self, month):
        return self.agreement.period_ids.filtered(
            lambda period: period.date_start == month
        ).state

    def test_months_that_a_wrong_clock_found_empty_are_billed_when_they_are_due(self):
        january = date(2027, 1, 1)
        self.run_job("2027-06-03 04:00:00")
        self.assertEqual(self.get_state(january), "empty")
        self.run_job("2026-11-20 04:00:00")
        self.assertEqual(self.get_state(january), "open")
        self.env["account.analytic.line"].create(
            {
                "name": "Work",
                "unit_amount": 2,
                "date": date(2027, 1, 5),
                "employee_id": self.employee.id,
                "project_id": self.project.id,
            }
        )
        self.run_job("2027-02-03 04:00:00")
        self.assertEqual(self.get_state(january), "draft")

    def test_a_running_month_that_somebody_found_empty_is_billed_when_it_is_due(self):
        with freeze_time("2026-10-10 09:00:00"):
            self.assertEqual(self.bill().state, "empty")
        self.book(2, "10-20")
        self.run_job("2026-11-03 04:00:00")
        self.assertEqual(self.get_state(date(2026, 10, 1)), "draft")

    def test_a_month_that_was_empty_when_it_was_due_stays_so(self):
        self.run_job("2026-11-03 04:00:00")
        runs = self.agreement.period_ids.mapped("last_run")
        self.run_job("2026-11-04 04:00:00")
        self.assertEqual(self.agreement.period_ids.mapped("last_run"), runs)

    def test_dates_that_nobody_means_are_refused(self):
        for name, day in (
            ("date_start", "0026-01-01"),
            ("bill_from", "0026-01-01"),
            ("date_end", "9999-12-31"),
            ("date_start", "9999-12-31"),
        ):
            with (
                self.subTest(name=name, day=day),
                self.assertRaises(IntegrityError),
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                values = {"date_end": False, name: day}
                self.agreement.write(values)
                self.env.flush_all()

    def test_a_month_at_the_end_of_time_is_refused_in_words(self):
        run = self.env["billing.run"]
        for action in ("action_bill", "action_preview"):
            with self.subTest(action), self.assertRaisesRegex(UserError, "2000"):
                getattr(run.create({"month": "9999-12-31"}), action)()

    def test_no_more_than_ten_years_of_months_are_made_at_once(self):
        self.agreement.write({"date_start": "2000-01-01", "bill_from": "2000-01-01"})
        missing = self.agreement.sudo()._get_missing_months(date(2026, 11, 3))
        self.assertEqual(len(missing), MAX_BACKLOG)
        self.assertEqual(max(missing).start, date(2026, 10, 1))

    def test_a_batch_that_is_disturbed_is_split(self):
        """One customer is edited all the time; the others of the batch are billed."""
        agreements = self.agreement
        for number in range(5):
            partner = self.make_partner(f"Other {number}")
            self.make_project(f"Other {number}", partner)
            agreements |= self.make_agreement(partner_id=partner.id)
        periods = self.env.registry["billing.period"]
        native = periods._run

        def run(batch):
            if self.agreement in batch.agreement_id:
                raise SerializationFailure
            return native(batch)

        with patch.object(periods, "_run", run):
            self.run_job("2026-11-03 04:00:00", agreements)
        others = (agreements - self.agreement).period_ids
        self.assertEqual(set(others.mapped("state")), {"empty"})
        self.assertEqual(set(self.agreement.period_ids.mapped("state")), {"open"})
