from contextlib import contextmanager
from unittest.mock import patch

from psycopg2 import OperationalError
from psycopg2.errors import (
    DeadlockDetected,
    LockNotAvailable,
    ProgramLimitExceeded,
    SerializationFailure,
)

from odoo.exceptions import ConcurrencyError
from odoo.tests import BaseCase, freeze_time, tagged
from odoo.tools import SQL, mute_logger

from odoo.addons.mail_delivery_followup.disturbance import concerns_all

from .common import OCTOBER, MonthlyBillingCommon


class TestWhoseErrorItIs(BaseCase):
    def test_what_another_transaction_causes_goes_up(self):
        for error in (SerializationFailure, DeadlockDetected, LockNotAvailable):
            self.assertTrue(concerns_all(error()), error)
        self.assertTrue(concerns_all(ConcurrencyError("first")))

    def test_a_lost_connection_goes_up(self):
        self.assertTrue(concerns_all(OperationalError("server closed the connection")))

    def test_what_values_cause_stays_with_their_month(self):
        class TooLong(ProgramLimitExceeded):
            pgcode = "54000"

        self.assertFalse(concerns_all(TooLong()))
        self.assertFalse(concerns_all(ZeroDivisionError()))


@contextmanager
def closing_savepoint(test):
    """Undo what is done within."""
    savepoint = test.env.cr.savepoint()
    try:
        yield
    finally:
        savepoint.close(rollback=True)
        test.env.invalidate_all()


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestGuard(MonthlyBillingCommon):
    """What came into the database past the forms stops its own customer alone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sommer_time = cls.book(2, "10-05")
        adler = cls.make_partner("Hotel Adler")
        cls.other = cls.make_agreement(partner_id=adler.id)
        cls.book(1, "10-05", project_id=cls.make_project("Adler", adler).id)

    def spoil(self, record, name, value):
        """Write a value past every check, as former versions or other programs."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET %s = %s WHERE id = %s",
                SQL.identifier(record._table),
                SQL.identifier(name),
                value,
                record.id,
            )
        )
        self.env.invalidate_all()

    def drop_checks(self, model):
        """Take the table back to before its checks, as a database that had odd values
        when they were made."""
        for name, constraint in self.env[model]._table_objects.items():
            if constraint.get_definition(self.registry).startswith("CHECK"):
                self.env.cr.execute(
                    SQL(
                        "ALTER TABLE %s DROP CONSTRAINT IF EXISTS %s",
                        SQL.identifier(self.env[model]._table),
                        SQL.identifier(name),
                    )
                )

    def bill_both(self):
        """Bill both customers; return the month of the one with the odd value."""
        periods = self.bill(OCTOBER, self.agreement | self.other)
        odd = periods.filtered(lambda period: period.agreement_id == self.agreement)
        self.assertEqual((periods - odd).state, "draft", "the other is billed")
        return odd

    def test_hours_nobody_can_work_stop_their_customer_alone(self):
        for hours in (1e4 + 1, 1e23, 1e308, float("inf"), float("nan"), -1e23):
            with self.subTest(hours), closing_savepoint(self):
                self.spoil(self.sommer_time, "unit_amount", hours)
                month = self.bill_both()
                self.assertEqual(month.state, "error")
                self.assertIn("The timesheet entry “Work” of 2026-10-05", month.error)

    def test_terms_that_are_no_numbers_stop_their_customer_alone(self):
        self.drop_checks("billing.agreement")
        self.agreement.included_hours = 10.0
        for name, value in (
            ("included_hours", 1e22),
            ("included_hours", float("nan")),
            ("included_price", 1e25),
        ):
            with self.subTest(name, value=value), closing_savepoint(self):
                self.spoil(self.agreement, name, value)
                self.assertEqual(self.bill_both().state, "error")

    def test_a_tolerance_without_end_is_as_good_as_approval(self):
        self.drop_checks("billing.agreement")
        self.agreement.estimate_policy = "withhold"
        ticket = self.make_ticket("Printer")
        self.approve_estimate(ticket, 1.0)
        self.sommer_time.ticket_id = ticket
        for record, name in (
            (self.agreement, "estimate_tolerance"),
            (ticket, "planned_hours"),
        ):
            with self.subTest(name), closing_savepoint(self):
                self.spoil(record, name, 1e22)
                month = self.bill_both()
                self.assertEqual((month.state, month.worked_hours), ("draft", 2.0))

    def test_a_text_too_long_for_the_database_is_no_disturbance(self):
        moves_class = self.registry["account.move"]
        make = moves_class.create

        def create(moves, values):
            if any(one.get("ref") == "long" for one in values):
                self.env.cr.execute(
                    """
                    SELECT string_agg(md5(n::text), '') AS text INTO TEMP long_text
                      FROM generate_series(1, 500) AS n;
                    CREATE INDEX ON long_text (text)
                    """
                )
            return make(moves, values)

        self.agreement.customer_reference = "long"
        with (
            patch.object(moves_class, "create", create),
            mute_logger("odoo.sql_db", "odoo.addons.monthly_billing"),
            mute_logger("odoo.addons.monthly_billing.models.billing_period_run"),
        ):
            self.assertEqual(self.bill_both().state, "error")

    def test_a_question_the_database_refuses_stops_its_customer_alone(self):
        collect = self.registry["billing.run.collect"]
        fetch = collect._fetch_unbilled

        def refuse(stop, some, end):
            if self.agreement in some:
                self.env.cr.execute("SELECT 1 / 0")
            return fetch(stop, some, end)

        with (
            patch.object(collect, "_fetch_unbilled", refuse),
            mute_logger("odoo.sql_db"),
            mute_logger("odoo.addons.monthly_billing.models.billing_period_run"),
        ):
            self.assertEqual(self.bill_both().state, "error")

    def test_an_agreement_that_has_ended_stops_nobody_with_odd_hours(self):
        self.agreement.date_end = "2026-09-30"
        self.book(3, "09-10")
        collect = self.registry["billing.run.collect"]
        fetch = collect._fetch_unbilled

        def refuse(stop, some, end):
            if self.agreement in some:
                raise ZeroDivisionError
            return fetch(stop, some, end)

        with (
            patch.object(collect, "_fetch_unbilled", refuse),
            mute_logger("odoo.addons.monthly_billing.models.billing_period_run"),
        ):
            self.assertEqual(self.bill_both().state, "error")
