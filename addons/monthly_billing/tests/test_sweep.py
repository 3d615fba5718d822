import logging
import os
from collections import Counter

from psycopg2 import DataError, IntegrityError

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import OCTOBER, MonthlyBillingCommon
from .odd_values import BY_KIND, COUNT

_logger = logging.getLogger(__name__)
#: set in the environment: every field gets every value, which takes minutes
ALL = "SWEEP_ALL"
SHARED_BY = 8
OUTCOMES = ("refused", "billed", "no invoice", "error")
FIELDS = {
    "entry": ("name", "unit_amount", "date"),
    "agreement": (
        "bill_from",
        "billing_day",
        "carry_months",
        "customer_reference",
        "date_end",
        "date_start",
        "estimate_tolerance",
        "included_from",
        "included_hours",
        "included_price",
        "included_rollover",
        "minimum_amount",
        "note",
        "rounding_minutes",
        "send_day",
        "send_hour",
        "show_non_billable_from",
        "thank_you_note",
    ),
    "table": ("example_quantity", "list_price", "name"),
    "tier": ("discount", "min_quantity", "price_unit"),
    "estimate": ("estimated_hours", "price_unit", "scope", "validity_date"),
    "ticket": ("description", "forecast_hours", "name"),
    "service": ("default_code", "description_sale", "list_price", "name", "weight"),
    "partner": ("city", "comment", "email", "name", "phone", "ref", "street", "vat"),
}


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestSweep(MonthlyBillingCommon):
    """Whatever one customer's records say, the others are billed, and it says why."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        adler = cls.make_partner("Hotel Adler")
        cls.other_agreement = cls.make_agreement(partner_id=adler.id)
        project = cls.make_project("Adler", adler)
        cls.book(1, "10-05", project_id=project.id)
        own = cls.make_service("Own support", 120.0)
        cls.table = cls.make_table((0, 120.0), (10, 100.0))
        cls.agreement.write(
            {
                "product_id": own.id,
                "volume_discount_id": cls.table.id,
                "estimate_policy": "withhold",
                "included_hours": 1.0,
                "included_price": 100.0,
                "auto_post": True,
            }
        )
        ticket = cls.make_ticket("Printer")
        estimate = cls.env["helpdesk.ticket.estimate"].create(
            {
                "ticket_id": ticket.id,
                "estimated_hours": 30.0,
                "price_unit": 120.0,
                "product_id": own.id,
            }
        )
        entry = cls.book(2, "10-05", ticket)
        cls.book(12, "10-06", ticket)
        cls.records = {
            "entry": entry,
            "agreement": cls.agreement,
            "table": cls.table,
            "tier": cls.table.tier_ids[-1],
            "estimate": estimate,
            "ticket": ticket,
            "service": own,
            "partner": cls.partner,
        }
        cls.env.flush_all()

    def sweep(self, place):
        """Write odd values into every field of one record; print the table.

        The fields share the values between them, unless all are wanted for each.
        """
        record = self.records[place]
        every = 1 if os.environ.get(ALL) else SHARED_BY
        # those of satellites where they are installed
        names = [name for name in FIELDS[place] if name in record._fields]
        for position, name in enumerate(names):
            results = Counter()
            values = BY_KIND[record._fields[name].type]
            for value in values[position % every :: every]:
                with self.subTest(f"{place}.{name}", value=repr(value)[:40]):
                    results[self.try_value(record, name, value)] += 1
            table = ", ".join(f"{one} {results[one]}" for one in OUTCOMES)
            _logger.info("SWEEP %s.%s: %s", place, name, table)

    def try_value(self, record, name, value):
        """Return what becomes of the customer's month with the value."""
        savepoint = self.env.cr.savepoint()
        try:
            try:
                record.write({name: value})
                self.records["estimate"]._mark_sent()
                self.records["estimate"]._approve("Dr. Sommer")
                self.env.flush_all()
            except (UserError, IntegrityError, DataError, ValueError, TypeError):
                return "refused"
            except OverflowError:  # a field of Odoo's own cannot round it
                self.assertEqual(record._fields[name]._module, "product")
                return "refused"
            periods = self.bill(OCTOBER, self.agreement | self.other_agreement)
            self.env.flush_all()
            return self.get_outcome(periods)
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all()

    def get_outcome(self, periods):
        odd = periods.filtered(lambda one: one.agreement_id == self.agreement)
        self.assertEqual((periods - odd).state, "draft", "the other is billed")
        if odd.state == "error":
            self.assertTrue(odd.error)
            self.assertNotIn("Unexpected error", odd.error)
            self.assertTrue(odd.activity_ids)
            return "error"
        return "billed" if odd.invoice_id else "no invoice"

    def setUp(self):
        super().setUp()
        muted = mute_logger("odoo.sql_db")
        muted.__enter__()
        self.addCleanup(muted.__exit__, None, None, None)

    def test_there_are_a_hundred_values(self):
        self.assertGreaterEqual(COUNT, 100)

    def test_entry(self):
        self.sweep("entry")

    def test_agreement(self):
        self.sweep("agreement")

    def test_table(self):
        self.sweep("table")

    def test_tier(self):
        self.sweep("tier")

    def test_estimate(self):
        self.sweep("estimate")

    def test_ticket(self):
        self.sweep("ticket")

    def test_service(self):
        self.sweep("service")

    def test_partner(self):
        self.sweep("partner")
