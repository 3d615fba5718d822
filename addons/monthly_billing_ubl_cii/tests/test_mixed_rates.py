"""Months with several tax rates break no official rule, to the cent."""

from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal

from hypothesis import given
from hypothesis import strategies as st

from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from odoo.addons.monthly_billing.tests.random_months import draw, unhurried

from .common import FORMATS, OCTOBER, ElectronicCommon
from .reading import Reader
from .rules import Rules

#: prices per hour in thousandths: most lines have a part of a cent
prices = st.integers(10_000, 200_000).map(lambda number: number / 1000)
hours = st.integers(1, 900).map(lambda number: number / 100)
months = draw(
    prices=st.tuples(prices, prices, prices),
    work=st.lists(
        st.tuples(st.integers(0, 2), hours, st.booleans()), min_size=2, max_size=6
    ),
    table=st.sampled_from([None, "line", "summary"]),
    rounding=st.sampled_from(["round_globally", "round_per_line"]),
    credit=st.sampled_from(["none", "all", "chosen"]),
)


def round_cents(amount):
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestMixedRates(ElectronicCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rules = Rules()
        cls.addClassCleanup(cls.rules.close)
        cls.agreement.bill_from = OCTOBER
        cls.services = [
            cls.make_service(f"Service at {rate} %", 100.0, taxes_id=tax.ids)
            for rate, tax in cls.make_taxes().items()
        ]
        cls.people = [cls.make_employee(f"Person {index}") for index in range(3)]
        cls.agreement.rate_ids = [
            Command.create({"product_id": service.id, "employee_id": person.id})
            for service, person in zip(cls.services, cls.people, strict=True)
        ]
        cls.tickets = [cls.make_ticket(name) for name in ("First", "Second")]

    @classmethod
    def make_taxes(cls):
        exempt = cls.tax_19.copy(
            {"name": "exempt", "amount": 0, "ubl_cii_tax_category_code": "E"}
        )
        seven = cls.tax_19.copy({"name": "7 %", "amount": 7})
        return {19: cls.tax_19, 7: seven, 0: exempt}

    def agree(self, month):
        """Agree to the drawn prices, tiers and rounding; book the work."""
        self.company.tax_calculation_rounding_method = month["rounding"]
        for service, price in zip(self.services, month["prices"], strict=True):
            service.list_price = price
        table = month["table"] and self.make_table(
            tier_ids=[
                Command.create(
                    {"min_quantity": 2, "price_type": "discount", "discount": 7.5}
                )
            ],
            presentation=month["table"],
        )
        self.agreement.volume_discount_id = table and table.id
        for index, worked, is_first in month["work"]:
            ticket = self.tickets[0 if is_first else 1]
            person = self.people[index].id
            self.book(worked, "10-05", ticket, employee_id=person)

    def check_valid(self, invoice):
        for kind in FORMATS:
            xml = self.export(invoice, kind)
            self.assertEqual(self.rules.find_violations(xml), [], kind)
            read = Reader(xml).get
            found = {name: sum(map(float, read(name))) for name in ("net", "tax")}
            self.assertAlmostEqual(found["net"], invoice.amount_untaxed, msg=kind)
            self.assertAlmostEqual(found["tax"], invoice.amount_tax, msg=kind)
            self.assertAlmostEqual(
                sum(map(float, read("due"))), invoice.amount_residual, msg=kind
            )

    def get_expected(self, invoice):
        """Return net amount and tax from hours and prices on the lines."""
        per_line = self.company.tax_calculation_rounding_method == "round_per_line"
        net, tax = defaultdict(Decimal), Decimal()
        for line in invoice.invoice_line_ids.filtered("product_id"):
            amount = Decimal(repr(line.price_unit)) * Decimal(repr(line.quantity))
            rate = Decimal(line.tax_ids.amount) / 100
            net[rate] += round_cents(amount) if per_line else amount
            tax += round_cents(round_cents(amount) * rate) if per_line else 0
        if not per_line:
            tax = sum(round_cents(amount * rate) for rate, amount in net.items())
        return sum(map(round_cents, net.values())), tax

    def check_amounts(self, invoice):
        """Each rate is rounded by itself."""
        net, tax = self.get_expected(invoice)
        self.assertEqual(invoice.amount_untaxed, float(net))
        self.assertEqual(invoice.amount_tax, float(tax))

    def check_month(self, month):
        self.agree(month)
        preview = self.agreement._preview_period(OCTOBER)[0]
        invoice = self.bill().invoice_id
        for name in ("amount_untaxed", "amount_tax", "amount_total"):
            self.assertEqual(preview[name], invoice[name], name)
        invoice.action_post()
        self.check_amounts(invoice)
        self.check_valid(invoice)
        lines = invoice.invoice_line_ids.filtered("ticket_id")[:1]
        chosen = lines if month["credit"] == "chosen" else ()
        self.check_valid(self.credit(invoice, month["credit"], chosen))

    @given(months)
    @unhurried(10)
    def test_random_months_with_several_rates_are_valid(self, month):
        with self.env.cr.savepoint() as savepoint:
            self.check_month(month)
            savepoint.rollback()
        self.env.invalidate_all()

    def test_cent_stays_with_the_lines_of_its_rate(self):
        """0.105 + 0.105 at 7 % are 0.21, and 100.00 at 19 % remain 100.00."""
        self.agree(
            {
                "rounding": "round_globally",
                "prices": (100.0, 10.5, 1.0),
                "table": None,
                "work": [(0, 1, True), (1, 0.01, True), (1, 0.01, False)],
            }
        )
        invoice = self.bill().invoice_id
        sums = defaultdict(float)
        for line in invoice.invoice_line_ids.filtered("product_id"):
            sums[line.tax_ids.amount] -= line.balance
        self.assertEqual(sums[19], 100.0)
        self.assertAlmostEqual(sums[7], 0.21)

    def test_cent_of_exempt_hours_stays_with_them(self):
        """0.2325 + 0.2325 are 0.47 in the sum; each line alone would be 0.23."""
        self.check_month(
            {
                "rounding": "round_globally",
                "prices": (10.0, 10.0, 11.625),
                "table": None,
                "work": [(0, 0.01, True), (2, 0.02, False), (2, 0.02, True)],
                "credit": "none",
            }
        )
