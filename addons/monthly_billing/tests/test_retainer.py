"""Hours that a retainer pays for: as plain values and on real invoices."""

from datetime import date
from decimal import Decimal as D

from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg2.errors import CheckViolation

from odoo.tests import BaseCase, freeze_time, tagged
from odoo.tools import mute_logger

from odoo.addons.monthly_billing.core.entries import Entry
from odoo.addons.monthly_billing.core.retainer import (
    Retainer,
    get_share,
    get_span,
    include,
)
from odoo.addons.volume_discount.core.calendar import Window, window_of

from .common import NOVEMBER, OCTOBER, MonthlyBillingCommon

DECEMBER = date(2026, 12, 1)


def month(number):
    return date(2026, number, 1)


def hours(values):
    """Return {month number: hours} as the retainer keeps them."""
    return {month(number): D(str(value)) for number, value in values.items()}


def entry(key, billed, number=5, worked=None):
    billed = D(str(billed))
    worked = billed if worked is None else D(str(worked))
    return Entry(key, date(2026, number, 1 + key % 28), "A", worked, billed)


@tagged("post_install", "-at_install")
class TestIncludedHoursLeft(BaseCase):
    # granted, used, roll-over, month of the work, hours that are left for it
    TABLE = [
        ({5: 10}, {}, 0, 5, 10),
        ({5: 10}, {5: 4}, 0, 5, 6),
        ({5: 10}, {5: 10}, 0, 5, 0),
        ({5: 10}, {5: 12}, 0, 5, 0),
        ({5: 10}, {}, 0, 6, 0),
        ({5: 10, 6: 10}, {}, 0, 6, 10),
        ({5: 10, 6: 10}, {5: 4}, 1, 6, 16),
        ({5: 10, 6: 10}, {5: 4}, 1, 5, 6),
        ({4: 10, 5: 10, 6: 10}, {}, 1, 6, 20),
        ({4: 10, 5: 10, 6: 10}, {}, 2, 6, 30),
        # late hours: what June took over from May stays with June
        ({5: 10, 6: 10}, {6: 15}, 1, 5, 5),
        ({5: 10, 6: 10}, {6: 10}, 1, 5, 10),
        ({5: 10, 6: 10}, {6: 20}, 1, 5, 0),
        # the oldest first: May used April's hours, its own went on to June
        ({4: 5, 5: 5, 6: 5}, {5: 5}, 1, 6, 10),
        ({11: 5, 12: 5}, {}, 1, 12, 10),
    ]

    def test_hours_that_are_left(self):
        for grants, used, rollover, number, expected in self.TABLE:
            with self.subTest(grants=grants, used=used, rollover=rollover, to=number):
                retainer = Retainer(hours(grants), hours(used), rollover)
                self.assertEqual(retainer.get_left(month(number)), expected)

    def test_first_hours_are_included_and_the_entry_at_the_limit_is_split(self):
        parts = include(
            [entry(1, 4), entry(2, 4), entry(3, 1)], Retainer(hours({5: 6}))
        )
        self.assertEqual(
            [(part.timesheet_id, part.kind, part.billed) for part in parts],
            [(1, "included", 4), (2, "included", 2), (2, "time", 2), (3, "time", 1)],
        )

    def test_worked_time_follows_billed_time_in_proportion(self):
        parts = include([entry(1, 2, worked="1.5")], Retainer(hours({5: "0.5"})))
        self.assertEqual([part.worked for part in parts], [D("0.375"), D("1.125")])

    def test_share_of_a_month(self):
        for first, last, share in (
            ((4, 1), None, D(1)),
            ((5, 1), (5, 31), D(1)),
            ((5, 2), None, D(30) / 31),
            ((5, 31), (6, 3), D(1) / 31),
            ((1, 1), (5, 10), D(10) / 31),
        ):
            with self.subTest(first=first, last=last):
                end = date(2026, *last) if last else None
                span = get_span(month(5), date(2026, *first), end)
                self.assertEqual(get_share(span), share)
                self.assertIsInstance(span, Window)

    def test_free_time_uses_nothing(self):
        free = Entry(1, date(2026, 5, 1), "A", D(1), D(1), kind="free")
        retainer = Retainer(hours({5: 1}))
        self.assertEqual(include([free], retainer), [free])
        self.assertEqual(retainer.get_left(month(5)), 1)

    @given(
        st.dictionaries(st.integers(1, 6), st.integers(0, 8), min_size=1),
        st.lists(st.tuples(st.integers(1, 6), st.integers(1, 9)), max_size=12),
        st.integers(0, 3),
    )
    @settings(max_examples=200, deadline=None)
    def test_never_more_than_granted_and_nothing_is_lost(self, grants, bookings, span):
        retainer = Retainer(hours(grants), {}, span)
        for key, (number, billed) in enumerate(bookings):
            booked = entry(key, billed, number)
            parts = include([booked], retainer)
            self.assertEqual(sum(part.billed for part in parts), booked.billed)
            self.assertEqual(sum(part.worked for part in parts), booked.worked)
        used = retainer.used
        self.assertLessEqual(sum(used.values()), sum(grants.values()))
        # every included hour finds a granted one that is not too old
        self.assertEqual(retainer._serve(used), sum(used.values()))


@tagged("post_install", "-at_install")
@freeze_time("2027-01-15 08:00:00")
class TestRetainer(MonthlyBillingCommon):
    """10 h a month for 900.00, other hours at 120.00."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agreement.write({"bill_from": OCTOBER})
        cls.agreement.write({"included_hours": 10, "included_price": 900})
        cls.ticket = cls.make_ticket("Printer")

    def get_lines(self, invoice):
        """Return (kind, hours, rate) of each line."""
        return [
            (line.billing_kind, line.quantity, line.price_unit)
            for line in invoice.invoice_line_ids
            if line.display_type == "product"
        ]

    def test_month_without_time_is_billed_the_retainer(self):
        invoice = self.bill().invoice_id
        self.assertEqual(self.get_lines(invoice), [("retainer", 1, 900)])
        self.assertEqual(
            invoice.invoice_line_ids.name, "Retainer October 2026, 10 h included"
        )

    def begin_and_end_within_months(self):
        """From 15 October (17 days of 31) to 10 November (10 days of 30)."""
        self.agreement.write(
            {
                "included_from": date(2026, 10, 15),
                "date_end": date(2026, 11, 10),
                "included_prorata": True,
            }
        )

    def test_months_in_part_are_billed_by_their_days(self):
        self.begin_and_end_within_months()
        self.book(6, "10-20", self.ticket)
        october = self.bill().invoice_id
        self.assertEqual(
            self.get_lines(october),
            [("retainer", 1, 493.55), ("included", 5.48, 0), ("time", 0.52, 120)],
        )
        self.assertEqual(
            october.invoice_line_ids[0].name,
            "Retainer 10/15/2026 – 10/31/2026, 5.48 h included",
        )
        november = self.bill(NOVEMBER).invoice_id
        self.assertEqual(self.get_lines(november), [("retainer", 1, 300)])
        self.assertEqual(november.invoice_line_ids.included_hours, 3.33)
        self.assertEqual(self.bill(DECEMBER), self.env["billing.period"])

    def test_months_in_part_are_billed_in_full_where_nothing_else_is_agreed(self):
        self.begin_and_end_within_months()
        self.agreement.included_prorata = False
        for day in (OCTOBER, NOVEMBER):
            invoice = self.bill(day).invoice_id
            self.assertEqual(self.get_lines(invoice), [("retainer", 1, 900)])
            self.assertIn("10 h included", invoice.invoice_line_ids.name)

    def test_hours_of_a_month_in_part_roll_over(self):
        self.begin_and_end_within_months()
        self.agreement.included_rollover = 1
        self.bill()
        self.book(12, "11-05", self.ticket)
        self.assertEqual(self.bill(NOVEMBER).included_hours, 8.81)

    def test_invoiced_month_in_part_stays_when_the_end_moves(self):
        self.begin_and_end_within_months()
        self.bill()
        self.bill(NOVEMBER)
        self.agreement.date_end = date(2026, 11, 20)
        self.assertEqual(
            self.agreement.env["billing.run.price"]
            ._get_retainers(self.agreement, window_of(NOVEMBER))
            .popitem()[1]
            .due,
            (),
        )

    def test_no_retainer_before_the_agreement_begins(self):
        self.agreement.write({"included_from": date(2026, 8, 1), "date_start": OCTOBER})
        self.assertEqual(self.get_lines(self.bill().invoice_id), [("retainer", 1, 900)])

    def test_preview_of_a_month_in_part_equals_the_run(self):
        self.begin_and_end_within_months()
        preview = self.agreement._preview_period(OCTOBER)[0]
        self.assertEqual(preview["amount_total"], self.bill().amount_total)
        self.assertEqual(self.env["billing.allocation"]._find_deviations(), [])

    def test_first_hours_are_included_and_the_rest_is_billed(self):
        self.book(8, "10-05", self.ticket)
        self.book(4, "10-06", self.ticket)
        period = self.bill()
        self.assertEqual(
            self.get_lines(period.invoice_id),
            [("retainer", 1, 900), ("included", 10, 0), ("time", 2, 120)],
        )
        self.assertEqual((period.worked_hours, period.included_hours), (12, 10))
        self.assertEqual(period.invoice_id.amount_untaxed, 1140)
        included = period.invoice_id.invoice_line_ids[1]
        self.assertIn("included in the retainer", included.name)
        self.assertEqual(included.ticket_id, self.ticket)

    def test_included_hours_count_towards_no_tier(self):
        self.agreement.volume_discount_id = self.make_table((10, 100))
        self.book(15, "10-05", self.ticket)
        self.assertEqual(self.bill().invoice_id.amount_untaxed, 900 + 5 * 120)
        self.book(25, "11-05", self.ticket)
        invoice = self.bill(NOVEMBER).invoice_id
        self.assertEqual(invoice.amount_untaxed, 900 + 10 * 120 + 5 * 100)
        self.assertEqual(invoice.volume_discount_data["proofs"][0]["consumed"], "0")

    def test_retainer_of_a_month_is_billed_once(self):
        self.bill()
        invoice = self.bill(NOVEMBER).invoice_id
        self.assertEqual(self.get_lines(invoice), [("retainer", 1, 900)])
        self.assertEqual(invoice.invoice_line_ids.service_month, NOVEMBER)

    def test_missed_month_is_a_supplement_and_not_billed_again(self):
        invoice = self.bill(NOVEMBER).invoice_id
        self.assertEqual(
            invoice.invoice_line_ids.filtered("quantity").mapped("service_month"),
            [NOVEMBER, OCTOBER],
        )
        self.assertEqual(self.bill(OCTOBER).state, "empty")

    def test_cancelled_invoice_makes_the_retainer_billable_again(self):
        self.bill().invoice_id.button_cancel()
        self.assertEqual(self.bill().invoice_id.amount_untaxed, 900)

    def test_late_hours_use_what_their_own_month_left(self):
        self.book(7, "10-05", self.ticket)
        self.bill().invoice_id.action_post()
        self.book(5, "10-20", self.ticket)
        self.book(1, "11-03", self.ticket)
        invoice = self.bill(NOVEMBER).invoice_id
        self.assertEqual(
            self.get_lines(invoice),
            [
                ("retainer", 1, 900),
                ("included", 1, 0),
                ("included", 3, 0),
                ("time", 2, 120),
            ],
        )

    def test_unused_hours_roll_over_for_the_agreed_months(self):
        self.agreement.included_rollover = 1
        self.book(4, "10-05", self.ticket)
        self.bill()
        self.book(20, "11-05", self.ticket)
        november = self.bill(NOVEMBER)
        self.assertEqual((november.included_hours, november.billed_hours), (16, 20))
        self.book(20, "12-05", self.ticket)
        self.assertEqual(self.bill(DECEMBER).included_hours, 10)

    def test_unused_hours_expire_without_roll_over(self):
        self.bill()
        self.book(20, "11-05", self.ticket)
        self.assertEqual(self.bill(NOVEMBER).included_hours, 10)

    def test_invoiced_month_keeps_its_hours_when_the_agreement_changes(self):
        self.agreement.included_rollover = 1
        self.bill()
        self.agreement.included_hours = 2
        self.book(20, "11-05", self.ticket)
        self.assertEqual(self.bill(NOVEMBER).included_hours, 12)

    def test_months_before_the_retainer_grant_nothing(self):
        self.agreement.write({"included_from": NOVEMBER, "included_rollover": 3})
        self.book(2, "10-05", self.ticket)
        self.assertEqual(self.bill().invoice_id.amount_untaxed, 240)
        self.book(11, "11-05", self.ticket)
        self.assertEqual(self.bill(NOVEMBER).included_hours, 10)

    def test_hours_without_an_amount_are_shown_with_the_next_charge(self):
        self.agreement.included_price = 0
        self.book(4, "10-05", self.ticket)
        self.assertEqual(self.bill().state, "carried")
        self.book(12, "11-05", self.ticket)
        invoice = self.bill(NOVEMBER).invoice_id
        self.assertEqual(invoice.amount_untaxed, 2 * 120)
        self.assertEqual(self.agreement.period_ids.mapped("included_hours"), [14, 0])

    def test_credited_hours_are_included_again(self):
        self.book(4, "10-05", self.ticket)
        invoice = self.bill().invoice_id
        invoice.action_post()
        wizard = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        wizard = wizard.create(
            {"journal_id": invoice.journal_id.id, "billing_release": "all"}
        )
        wizard.reverse_moves()
        invoice.reversal_move_ids.action_post()
        again = self.bill().invoice_id
        self.assertEqual(self.get_lines(again), self.get_lines(invoice))

    def test_ledger_agrees_and_preview_equals_the_run(self):
        self.book(12.5, "10-05", self.ticket)
        preview = self.agreement._preview_period(OCTOBER)[0]
        period = self.bill()
        self.assertEqual(preview["amount_total"], period.amount_total)
        self.assertEqual(preview["billed_hours"], period.billed_hours)
        self.assertEqual(
            [(line["name"], line["quantity"]) for line in preview["lines"]],
            [(line.name, line.quantity) for line in period.invoice_id.invoice_line_ids],
        )
        self.assertEqual(self.env["billing.allocation"]._find_deviations(), [])

    def test_retainer_has_the_taxes_of_its_service(self):
        tax = self.tax_19.copy({"name": "7 %", "amount": 7})
        self.agreement.included_product_id = self.make_service(
            "Maintenance", 0, taxes_id=tax.ids
        )
        self.book(11, "10-05", self.ticket)
        self.assertAlmostEqual(self.bill().invoice_id.amount_tax, 85.8)

    def test_negative_hours_are_refused(self):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(CheckViolation),
            self.cr.savepoint(),
        ):
            self.agreement.included_hours = -1
            self.agreement.flush_recordset()
