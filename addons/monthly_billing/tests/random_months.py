"""Random terms, random work: what the tests with random months have in common."""

from dataclasses import dataclass
from datetime import date, timedelta

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from odoo.fields import Command
from odoo.tests import freeze_time

from .common import MonthlyBillingCommon

SEPTEMBER = date(2026, 9, 1)
FIRST_DAY = date(2026, 8, 25)
TICKETS = ("Large", "Small", "Unasked", "Urgent", "Audit")
APPROVED = {"Large": 40, "Small": 3.5, "Urgent": 6, "Audit": 30}


def unhurried(examples, **options):
    """Return settings for examples that write records and take their time."""
    return settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        # explaining traces every line of Odoo and takes ten times as long
        phases=(Phase.generate, Phase.shrink),
        print_blob=False,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
        **options,
    )


def draw(**strategies):
    return st.fixed_dictionaries(strategies)


def often(value, *others):
    """Draw ``value`` half of the time."""
    return st.just(value) | st.sampled_from([value, *others])


@dataclass(frozen=True)
class Work:
    """An entry to book; ``ticket`` is None for time on the project."""

    day: date
    hours: float
    ticket: str | None
    by_boss: bool
    is_free: bool


quarters = st.integers(1, 36).map(lambda number: number / 4)
minutes = st.integers(1, 500).map(lambda number: number / 60)
tier = st.tuples(st.sampled_from(["price", "discount"]), st.integers(0, 100))
bounds = st.integers(0, 100).map(lambda number: number / 4)
modes = st.sampled_from([("graduated", False), ("volume", False), ("volume", True)])
tables = st.none() | draw(
    mode=modes,
    window=st.sampled_from(["month", "quarter", "year"]),
    presentation=st.sampled_from(["line", "summary"]),
    tiers=st.dictionaries(bounds, tier, min_size=1, max_size=3),
)
agreed_terms = draw(
    rounding_scope=st.sampled_from(["none", "entry", "day", "month"]),
    rounding_direction=st.sampled_from(["up", "nearest"]),
    rounding_minutes=st.sampled_from([5, 15, 30, 60]),
    grouping=st.sampled_from(["ticket", "project", "person", "entry"]),
    estimate_policy=st.sampled_from(["bill_all", "withhold"]),
    estimate_tolerance=st.sampled_from([0, 10, 12.5]),
    show_withheld=st.booleans(),
    show_non_billable=st.booleans(),
    minimum_amount=often(0, 150, 600),
    carry_months=st.integers(0, 1),
    included_hours=often(0, 2, 7.5),
    included_price=st.sampled_from([0, 199.99]),
    included_rollover=st.integers(0, 2),
    auto_post=st.booleans(),
)
some_rates = st.lists(
    st.sampled_from(["category", "project", "employee"]), unique=True, max_size=3
)


def work_until(last):
    """Draw entries up to ``last``, late ones of earlier months among them."""
    days = st.integers(0, (last - FIRST_DAY).days)
    return st.lists(
        st.builds(
            Work,
            days.map(lambda number: FIRST_DAY + timedelta(number)),
            quarters | minutes,
            st.none() | st.sampled_from(TICKETS),
            st.booleans(),
            often(False, True),
        ),
        max_size=6,
    )


@freeze_time("2026-11-01 08:00:00")
class RandomMonthsCommon(MonthlyBillingCommon):
    """Several services with several taxes, a rate that changes on 15 October."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        tax_7 = cls.tax_19.copy({"name": "7 %", "amount": 7})
        cls.senior = cls.make_service("Senior", 163.35)
        cls.manual = cls.make_service("Manual", 61.7, taxes_id=tax_7.ids)
        cls.boss = cls.make_employee("Bert Boss")
        cls.category = cls.env["helpdesk.ticket.category"].create({"name": "Urgent"})
        cls.pricelist = cls.make_pricelist()
        cls.agreement.bill_from = FIRST_DAY
        cls.audit, cls.tickets = cls.make_tickets(cls.project)

    @classmethod
    def make_pricelist(cls):
        item = {
            "applied_on": "0_product_variant",
            "product_id": cls.service.id,
            "compute_price": "fixed",
            "fixed_price": 127.45,
            "date_start": "2026-10-15 00:00:00",
        }
        return cls.env["product.pricelist"].create(
            {
                "name": "2026",
                "currency_id": cls.company.currency_id.id,
                "item_ids": [Command.create(item)],
            }
        )

    @classmethod
    def make_tickets(cls, project):
        """Return the audit project of the customer of ``project`` and its tickets."""
        audit = cls.make_project("Audit", project.partner_id)
        tickets = {}
        for name in TICKETS:
            place = audit if name == "Audit" else project
            category = cls.category.id if name == "Urgent" else False
            tickets[name] = cls.make_ticket(name, place, category_id=category)
            if name in APPROVED:
                cls.approve_estimate(tickets[name], APPROVED[name])
        return audit, tickets

    def make_random_table(self, tiers, mode, **values):
        tiers = [
            {"min_quantity": bound, "price_type": kind}
            | {"price_unit" if kind == "price" else "discount": value}
            for bound, (kind, value) in tiers.items()
        ]
        return self.make_table(
            tier_ids=[Command.create(values) for values in tiers],
            mode=mode[0],
            best_price=mode[1],
            **values,
        )

    def agree(self, agreement, terms, table, rates, has_pricelist):
        """Let the agreement have the drawn terms."""
        conditions = {
            "category": (self.senior, {"category_id": self.category.id}),
            "project": (self.manual, {"project_id": self.audit.id}),
            "employee": (self.senior, {"employee_id": self.boss.id}),
        }
        table = table and self.make_random_table(**table)
        rules = [conditions[name] for name in rates]
        agreement.write(
            {
                **terms,
                "volume_discount_id": table and table.id,
                "pricelist_id": has_pricelist and self.pricelist.id,
                "rate_ids": [
                    Command.create({"product_id": product.id, **condition})
                    for product, condition in rules
                ],
            }
        )

    def book_all(self, work, project=None, tickets=None):
        """Book drawn entries for the customer of ``project``."""
        for one in work:
            ticket = (tickets or self.tickets).get(one.ticket)
            place = ticket.project_id if ticket else project or self.project
            self.book(
                one.hours,
                f"{one.day:%m-%d}",
                ticket,
                project_id=place.id,
                employee_id=(self.boss if one.by_boss else self.employee).id,
                non_billable=one.is_free,
            )
