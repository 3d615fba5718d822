"""The order of invoice lines and their headings: the same every time."""

from datetime import date
from decimal import Decimal as D
from random import Random

from odoo.tests import BaseCase, freeze_time, tagged

from odoo.addons.monthly_billing.core.layout import get_headings, sort_lines
from odoo.addons.monthly_billing.core.plan import Line, Share

from .common import MonthlyBillingCommon

MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)
JOBS = {"A": (0, "1"), "B": (0, "2")}
GROUPS = {("project", 1): ("Zoo", 1), ("project", 2): ("Bank", 2)}


def time(job, day=1, price=120, kind="time", month=6, group=None, key=1):
    share = Share(key, date(2026, month, day), D(1), D(1), D(price))
    return Line(
        kind,
        date(2026, month, 1),
        D(1),
        D(price),
        job,
        shares=(share,),
        group=group,
    )


def amount(kind, month=6):
    return Line(kind, date(2026, month, 1), D(1), D(-5))


@tagged("post_install", "-at_install")
class TestLayout(BaseCase):
    LINES = (
        amount("retainer"),
        time("A", kind="included", price=0),
        time("A", day=2, price=130, key=2),
        time("A", day=2, price=120, key=2),
        time("A", day=3, price=120, key=3),
        time("A", kind="free", price=0, key=4),
        time("B", key=5),
        amount("discount"),
        amount("best_price"),
        amount("difference"),
        time("A", month=5, key=6),
        amount("discount", month=5),
    )

    def test_order_does_not_depend_on_the_order_of_the_lines(self):
        for seed in range(50):
            lines = list(self.LINES)
            Random(seed).shuffle(lines)
            self.assertEqual(sort_lines(lines, JUNE, JOBS), self.LINES)

    def test_groups_come_by_name_before_jobs(self):
        zoo = time("A", group=("project", 1))
        bank = time("B", group=("project", 2), key=2)
        self.assertEqual(sort_lines([zoo, bank], JUNE, JOBS, GROUPS), (bank, zoo))

    def test_one_month_without_groups_has_no_heading(self):
        self.assertEqual(get_headings([time("A"), amount("discount")], JUNE), [[], []])

    def test_late_month_gives_every_month_a_heading(self):
        lines = [time("A"), time("B"), time("A", month=5)]
        self.assertEqual(
            get_headings(lines, JUNE),
            [[("section", "month", JUNE)], [], [("section", "month", MAY)]],
        )

    def test_groups_are_below_months(self):
        group = ("person", 7)
        lines = [time("A", group=group), time("A", month=5, group=group)]
        self.assertEqual(
            get_headings(lines, JUNE),
            [
                [("section", "month", JUNE), ("subsection", "person", 7)],
                [("section", "month", MAY), ("subsection", "person", 7)],
            ],
        )

    def test_what_follows_groups_does_not_belong_to_the_last_one(self):
        lines = [
            time("A", group=("project", 1)),
            amount("discount"),
            amount("best_price"),
        ]
        self.assertEqual(
            get_headings(lines, JUNE),
            [[("section", "project", 1)], [("section", "rest", None)], []],
        )


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestGrouping(MonthlyBillingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_project = cls.make_project("Archive", cls.partner)
        cls.other = cls.make_employee("Zoe Adam")
        cls.printer = cls.make_ticket("Printer")
        cls.scanner = cls.make_ticket("Scanner", cls.other_project)
        cls.book(1, "10-05", cls.printer)
        cls.book(2, "10-06", cls.printer, employee_id=cls.other.id, name="Drum")
        cls.book(3, "10-07", cls.scanner)

    def get_lines(self):
        """Return headings as text, lines as (ticket, hours)."""
        return [
            line.name
            if line.display_type != "product"
            else (line.ticket_id.name, line.quantity)
            for line in self.bill().invoice_id.invoice_line_ids
        ]

    def test_by_ticket(self):
        self.assertEqual(self.get_lines(), [("Printer", 3), ("Scanner", 3)])

    def test_by_project_has_a_heading_per_project_and_a_line_per_ticket(self):
        self.agreement.grouping = "project"
        self.assertEqual(
            self.get_lines(),
            ["Archive", ("Scanner", 3), "Support Sommer", ("Printer", 3)],
        )

    def test_by_person_keeps_the_ticket_on_each_line(self):
        self.agreement.grouping = "person"
        self.assertEqual(
            self.get_lines(),
            [
                "AF",
                ("Printer", 1),
                ("Scanner", 3),
                "ZA",
                ("Printer", 2),
            ],
        )

    def test_by_entry_names_person_as_agreed_and_description(self):
        self.agreement.grouping = "entry"
        invoice = self.bill().invoice_id
        self.assertEqual(
            [(line.ticket_id, line.quantity) for line in invoice.invoice_line_ids],
            [(self.printer, 1), (self.printer, 2), (self.scanner, 3)],
        )
        name = invoice.invoice_line_ids[1].name
        self.assertTrue(name.endswith("10/06/2026, ZA, Drum"), name)

    def test_every_grouping_has_the_same_total_and_ledger(self):
        self.agreement.volume_discount_id = self.make_table((2, 110), (4, 100))
        for presentation in ("line", "summary"):
            self.agreement.volume_discount_id.presentation = presentation
            for grouping in ("ticket", "project", "person", "entry"):
                with self.subTest(grouping, presentation=presentation):
                    self.agreement.grouping = grouping
                    period = self.bill()
                    self.assertEqual(period.amount_untaxed, 240 + 220 + 200)
                    ledger = self.env["billing.allocation"]
                    self.assertEqual(ledger._find_deviations(), [])
                    self.assertEqual(period.worked_hours, 6)
                    period.invoice_id.unlink()

    def test_discount_has_a_heading_of_its_own_after_projects(self):
        self.agreement.volume_discount_id = self.make_table((2, 110))
        self.agreement.volume_discount_id.presentation = "summary"
        self.agreement.grouping = "project"
        self.assertEqual(self.get_lines()[-2], "Discounts and adjustments")

    def test_late_month_has_its_projects_below_it(self):
        self.agreement.grouping = "project"
        self.bill().invoice_id.action_post()
        self.book(1, "10-20", self.printer)
        self.book(1, "11-01", self.printer)
        lines = self.bill(date(2026, 11, 1)).invoice_id.invoice_line_ids
        self.assertEqual(
            [(line.display_type, line.name) for line in lines if not line.quantity],
            [
                ("line_section", "November 2026"),
                ("line_subsection", "Support Sommer"),
                ("line_section", "Supplement October 2026"),
                ("line_subsection", "Support Sommer"),
            ],
        )
