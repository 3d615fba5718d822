"""The lines of an invoice against every number of pricing.md."""

from datetime import date
from decimal import Decimal as D

from odoo.tests import BaseCase, tagged

from odoo.addons.monthly_billing.core.entries import Entry
from odoo.addons.monthly_billing.core.layout import sort_lines
from odoo.addons.monthly_billing.core.lines import price_entries
from odoo.addons.monthly_billing.core.plan import Plan
from odoo.addons.volume_discount.core.history import History
from odoo.addons.volume_discount.core.terms import Terms
from odoo.addons.volume_discount.core.tiers import Tier

FIXED = (
    Tier(D(10), "price", price_unit=D(110), key="from 10"),
    Tier(D(20), "price", price_unit=D(100), key="from 20"),
)
PERCENT = (
    Tier(D(20), "discount", discount=D(5), key="5 %"),
    Tier(D(40), "discount", discount=D(10), key="10 %"),
)
FROM_50 = (Tier(D(50), "discount", discount=D(10), key="10 %"),)
MODES = {
    "graduated": {"mode": "graduated"},
    "volume": {"mode": "volume"},
    "best price": {"mode": "volume", "best_price": True},
}
# Hours, graduated, volume, volume with best price: the table of pricing.md.
TABLE = [
    ("0", "0.00", "0.00", "0.00"),
    ("9.5", "1140.00", "1140.00", "1100.00"),
    ("9.99", "1198.80", "1198.80", "1100.00"),
    ("10", "1200.00", "1100.00", "1100.00"),
    ("10.25", "1227.50", "1127.50", "1127.50"),
    ("19", "2190.00", "2090.00", "2000.00"),
    ("20", "2300.00", "2000.00", "2000.00"),
    ("20.25", "2325.00", "2025.00", "2025.00"),
    ("23.75", "2675.00", "2375.00", "2375.00"),
]


def entry(key, billed, job="A", day=1, month=5, list_price=120, worked=None):
    """Return rounded hours of May 2026 (or another month of that year)."""
    billed = D(str(billed))
    worked = billed if worked is None else D(str(worked))
    return Entry(key, date(2026, month, day), job, worked, billed, D(list_price))


def no_past(terms, window, new):
    return History()


def price(entries, tiers=FIXED, past=no_past, **terms):
    """Return the lines, by default graduated and a line per tier."""
    terms = {"mode": "graduated", **terms}
    table = Terms(tiers=tiers, **terms)
    return list(price_entries(entries, lambda day: table, past).lines)


def total(lines):
    return Plan(tuple(lines)).amount()


def shape(lines):
    """Return "job hours x price = amount" of each line of time."""
    return [
        f"{line.job} {float(line.quantity):g} x {float(line.price_unit):g}"
        f" = {line.amount()}"
        for line in lines
        if line.kind == "time"
    ]


def named(lines):
    """Return (kind, amount) of each line without time."""
    return [(line.kind, line.amount()) for line in lines if line.kind != "time"]


def tickets():
    """Return 6.5 h on A, then 9.25 h on B, then 8 h on C."""
    return [
        entry(1, "6.5", "A", day=4),
        entry(2, "9.25", "B", day=11),
        entry(3, "8", "C", day=20),
    ]


@tagged("post_install", "-at_install")
class TestPricesOfTheTables(BaseCase):
    def test_fixed_prices(self):
        for hours, *expected in TABLE:
            for (name, mode), amount in zip(MODES.items(), expected, strict=True):
                for presentation in ("line", "summary"):
                    with self.subTest(name, hours=hours, presentation=presentation):
                        entries = [entry(1, hours, worked="0.01")]
                        lines = price(entries, presentation=presentation, **mode)
                        self.assertEqual(total(lines), D(amount))

    def test_percentages(self):
        for mode, amount in (("graduated", 4800), ("volume", 4500)):
            for presentation in ("line", "summary"):
                with self.subTest(mode, presentation=presentation):
                    entries = [entry(1, 50, list_price=100)]
                    lines = price(
                        entries, PERCENT, mode=mode, presentation=presentation
                    )
                    self.assertEqual(total(lines), amount)

    def test_percentages_cut_slices_at_the_bounds(self):
        lines = price([entry(1, 50, list_price=100)], PERCENT)
        self.assertEqual(
            shape(lines),
            [
                "A 20 x 100 = 2000.00",
                "A 20 x 95 = 1900.00",
                "A 10 x 90 = 900.00",
            ],
        )

    def test_without_tiers_the_list_price_holds(self):
        lines = price_entries(tickets(), lambda day: None, no_past).lines
        self.assertEqual([line.price_unit for line in lines], [120, 120, 120])
        self.assertEqual(total(lines), D("2850.00"))

    def test_percentages_work_on_each_list_price(self):
        entries = [entry(1, 30, list_price=100), entry(2, 30, day=2, list_price=80)]
        lines = price(entries, PERCENT)
        expected = 20 * 100 + 10 * 95 + 10 * 76 + 20 * 72
        self.assertEqual(total(lines), expected)


@tagged("post_install", "-at_install")
class TestTicketsThatCrossABound(BaseCase):
    def test_a_line_per_ticket_and_tier(self):
        self.assertEqual(
            shape(price(tickets())),
            [
                "A 6.5 x 120 = 780.00",
                "B 3.5 x 120 = 420.00",
                "B 5.75 x 110 = 632.50",
                "C 4.25 x 110 = 467.50",
                "C 3.75 x 100 = 375.00",
            ],
        )

    def test_amounts_per_ticket(self):
        lines = price(tickets())
        for job, amount in (("A", "780.00"), ("B", "1052.50"), ("C", "842.50")):
            of_job = [line for line in lines if line.job == job]
            self.assertEqual(total(of_job), D(amount))
        self.assertEqual(total(lines), D("2675.00"))

    def test_each_line_names_its_tier(self):
        tiers = [line.tier and line.tier.key for line in price(tickets())]
        self.assertEqual(tiers, [None, None, "from 10", "from 10", "from 20"])

    def test_summary_shows_list_prices_and_one_discount(self):
        lines = price(tickets(), presentation="summary")
        self.assertEqual(
            shape(lines),
            [
                "A 6.5 x 120 = 780.00",
                "B 9.25 x 120 = 1110.00",
                "C 8 x 120 = 960.00",
            ],
        )
        self.assertEqual(named(lines), [("discount", D("-175.00"))])
        self.assertEqual(total(lines), D("2675.00"))

    def test_summary_without_a_saving_has_no_discount(self):
        lines = price([entry(1, 5)], presentation="summary")
        self.assertEqual(named(lines), [])

    def test_entry_that_crosses_a_bound_is_shared_by_both_lines(self):
        [first, second] = price([entry(1, 12, worked="11.5")])
        self.assertEqual((first.quantity, second.quantity), (10, 2))
        self.assertEqual(first.worked + second.worked, D("11.5"))
        ids = {share.timesheet_id for line in (first, second) for share in line.shares}
        self.assertEqual(ids, {1})

    def test_entries_of_one_ticket_and_tier_share_a_line(self):
        lines = price([entry(1, 2, day=3), entry(2, 3, "B", day=4), entry(3, 4, day=9)])
        self.assertEqual(shape(lines), ["A 6 x 120 = 720.00", "B 3 x 120 = 360.00"])
        self.assertEqual(lines[0].days, (date(2026, 5, 3), date(2026, 5, 9)))

    def test_best_price_is_a_line_of_its_own(self):
        lines = price([entry(1, "9.5")], mode="volume", best_price=True)
        self.assertEqual(shape(lines), ["A 9.5 x 120 = 1140.00"])
        self.assertEqual(named(lines), [("best_price", D("-40.00"))])

    def test_time_rounded_to_nothing_stays_on_a_line_at_list_price(self):
        lines = price([entry(1, 0, worked="0.05"), entry(2, 2, "B")])
        self.assertEqual(shape(lines), ["B 2 x 120 = 240.00", "A 0 x 120 = 0.00"])
        self.assertEqual(lines[1].worked, D("0.05"))

    def test_time_rounded_to_nothing_joins_the_line_of_its_ticket(self):
        lines = price([entry(1, 0, worked="0.05"), entry(2, 12)], mode="volume")
        self.assertEqual(shape(lines), ["A 12 x 110 = 1320.00"])
        self.assertEqual(lines[0].worked, D("12.05"))


@tagged("post_install", "-at_install")
class TestOrderOfLines(BaseCase):
    def test_billed_month_first_then_late_months_from_the_oldest(self):
        terms = {"mode": "volume", "best_price": True, "presentation": "summary"}
        entries = [
            entry(1, "19", "C", month=3),
            entry(2, "19", "B", month=2),
            entry(3, "23", "B", month=5),
            entry(4, "9", "A", month=5),
        ]
        order = {"A": (1,), "B": (2,), "C": (3,)}
        lines = sort_lines(price(entries, **terms), date(2026, 5, 1), order)
        self.assertEqual(
            [(line.month.month, line.kind, line.job) for line in lines],
            [
                (5, "time", "A"),
                (5, "time", "B"),
                (5, "discount", None),
                (2, "time", "B"),
                (2, "discount", None),
                (2, "best_price", None),
                (3, "time", "C"),
                (3, "discount", None),
                (3, "best_price", None),
            ],
        )

    def test_tiers_of_a_ticket_rise(self):
        lines = price([entry(1, 5, "B"), entry(2, 20, "A"), entry(3, 1, "B", day=9)])
        lines = sort_lines(lines, date(2026, 5, 1), {"A": (1,), "B": (2,)})
        self.assertEqual(
            shape(lines),
            [
                "A 5 x 120 = 600.00",
                "A 10 x 110 = 1100.00",
                "A 5 x 100 = 500.00",
                "B 5 x 120 = 600.00",
                "B 1 x 100 = 100.00",
            ],
        )
