"""Fed with the real table, the simulation equals the real invoices: for random tables
and months, with hours that are taken back."""

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .invoice_common import InvoiceCommon
from .test_invoice_properties import modes, real_tiers

quarters = st.integers(1, 60).map(lambda n: n / 4)
hours = st.tuples(quarters, st.sampled_from([1, 1, -1])).map(lambda p: p[0] * p[1])
line = st.tuples(hours, st.sampled_from([120, 85]), st.sampled_from([0, 12.5]))
months = st.lists(st.lists(line, min_size=1, max_size=4), min_size=1, max_size=3)
cases = st.tuples(real_tiers, modes, st.sampled_from(["month", "quarter", "year"]))
long_cases = st.tuples(real_tiers, modes, st.sampled_from(["quarter", "year"]))


class SimulatedCommon(InvoiceCommon):
    def draw_customer(self, case, presentation="line"):
        tiers, (mode, best_price), window = case
        self.partner = self.create_partner(name="Random")
        self.partner.volume_discount_id = self.create_discount(
            [self.discount_tier(*row) for row in tiers],
            mode=mode,
            best_price=best_price,
            window=window,
            presentation=presentation,
        )

    def bill_months(self, months):
        """Bill the months, even those in which more is taken back than done."""
        return [
            self.create_priced(
                *(
                    {"quantity": hours, "price_unit": price, "discount": discount}
                    for hours, price, discount in lines
                ),
                {"product_id": self.product_a.id, "price_unit": 1_000_000},
                day=f"2026-0{month}-10",
                partner_id=self.partner.id,
                post=True,
            )
            for month, lines in enumerate(months, 4)
        ]

    def simulate(self):
        simulation = self.env["volume.discount.simulation"].create(
            {
                "partner_ids": [Command.set(self.partner.ids)],
                "table_ids": [Command.set(self.partner.volume_discount_id.ids)],
                "date_start": "2026-01-01",
                "date_end": "2026-10-31",
            }
        )
        simulation.action_simulate()
        return simulation.line_ids


@tagged("post_install", "-at_install")
@freeze_time("2026-11-05")
class TestSimulationEqualsInvoices(SimulatedCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # else the goods on the invoices take what rounding leaves
        cls.company.tax_calculation_rounding_method = "round_per_line"

    @settings(
        deadline=None,
        database=None,
        max_examples=15,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(cases, st.sampled_from(["line", "summary"]), months)
    def test_with_hours_that_are_taken_back(self, case, presentation, drawn):
        self.draw_customer(case, presentation)
        invoices = self.bill_months(drawn)
        lines = self.simulate()
        asked = [round(i.amount_untaxed - 1_000_000, 2) for i in invoices]
        self.assertEqual(lines.mapped("billed_amount"), asked)
        self.assertEqual(lines.mapped("amount"), asked)

    @settings(
        deadline=None,
        database=None,
        max_examples=8,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(long_cases, st.lists(quarters, min_size=2, max_size=4))
    def test_window_costs_what_is_left_of_its_hours(self, case, drawn):
        """The second invoice takes hours of the first one back."""
        self.draw_customer(case)
        *first, last = [(value, 120, 0) for value in drawn]
        taken_back = (-drawn[0], 120, 0)
        invoices = self.bill_months([first, [taken_back, last]])
        self.draw_customer(case)
        (once,) = self.bill_months([[*first[1:], last]])
        asked = sum(invoice.amount_untaxed for invoice in invoices) - 1_000_000
        self.assertAlmostEqual(asked, once.amount_untaxed, delta=0.02)

    def test_invoices_of_a_month_follow_one_another(self):
        self.draw_customer(([(5, 10), (9, 20)], ("volume", False), "month"))
        invoices = self.bill_months([[(3.25, 120, 0)]])
        for hours in (4.75, -1.5, 6.25):
            invoices.append(
                self.create_priced(
                    {"quantity": hours},
                    {"product_id": self.product_a.id, "price_unit": 1000},
                    day="2026-04-10",
                    partner_id=self.partner.id,
                    post=True,
                )
            )
        asked = sum(invoice.amount_untaxed for invoice in invoices) - 1_003_000
        self.assertAlmostEqual(self.simulate().amount, asked, 2)

    def test_credit_note_of_an_earlier_invoice_gives_back_what_that_asked(self):
        self.draw_customer(([(10, 10), (20, 20)], ("graduated", False), "year"))
        first, _second = self.bill_months([[(12, 120, 0)], [(12, 120, 0)]])
        self.credit(first).action_post()
        lines = self.simulate()
        self.assertEqual(lines.mapped("billed_amount"), [0, 8 * 108 + 4 * 96])
        self.assertEqual(lines.mapped("amount"), lines.mapped("billed_amount"))

    def test_line_with_a_negative_price_is_an_amount(self):
        self.draw_customer(([(10, 10)], ("graduated", False), "month"))
        (invoice,) = self.bill_months([[(12, 120, 0), (1, -50, 0)]])
        self.assertEqual(invoice.amount_untaxed, 1_000_000 + 1200 + 216 - 50)
        self.assertEqual(self.simulate().amount, 1200 + 216 - 50)
        self.assertEqual(self.simulate().billed_amount, 1200 + 216 - 50)


@tagged("post_install", "-at_install")
@freeze_time("2026-11-05")
class TestTaxesInPrices(SimulatedCommon):
    """What is left of a price without the taxes in it is Odoo's to say."""

    def make_tax(self, **values):
        defaults = {"name": "Levy", "price_include_override": "tax_included"}
        return self.env["account.tax"].create(defaults | values)

    def check(self, *taxes, hours=(12.33, 7.77)):
        self.support.taxes_id = [Command.set([tax.id for tax in taxes])]
        for presentation in ("line", "summary"):
            for mode in (("graduated", False), ("volume", True)):
                case = ([(10, 7), (20, 13)], mode, "year")
                self.draw_customer(case, presentation)
                for month, value in enumerate(hours, 4):
                    day = f"2026-0{month}-10"
                    self.bill(value, day=day, partner_id=self.partner.id)
                lines = self.simulate()
                with self.subTest(presentation=presentation, mode=mode):
                    self.assertEqual(
                        lines.mapped("amount"), lines.mapped("billed_amount")
                    )

    def test_fixed_amount_per_hour(self):
        self.check(self.make_tax(amount_type="fixed", amount=1.37))

    def test_percentages_beside_one_another_in_both_ways_of_rounding(self):
        both = [self.make_tax(name=f"Levy {rate} %", amount=rate) for rate in (7, 3.5)]
        for method in ("round_per_line", "round_globally"):
            self.company.tax_calculation_rounding_method = method
            self.check(*both)

    def test_fixed_amount_and_percentage(self):
        levy = self.make_tax(amount_type="fixed", amount=1.37, sequence=1)
        self.check(levy, self.make_tax(name="VAT in it", amount=7, sequence=2))

    def test_fixed_amount_rounded_globally(self):
        self.company.tax_calculation_rounding_method = "round_globally"
        self.check(self.make_tax(amount_type="fixed", amount=1.37))

    def test_both_presentations_cost_the_same_with_a_tax_per_unit(self):
        levy = self.make_tax(
            amount_type="fixed", amount=1.37, price_include_override="tax_excluded"
        )
        self.support.taxes_id = levy
        totals = set()
        for presentation in ("line", "summary"):
            self.draw_customer(([(10, 7)], ("volume", True), "month"), presentation)
            invoice = self.create_priced(12, partner_id=self.partner.id)
            totals.add((invoice.amount_untaxed, invoice.amount_total))
        self.assertEqual(len(totals), 1, totals)

    def test_fixed_amount_per_day_is_refused_by_name(self):
        self.support.taxes_id = self.make_tax(amount_type="fixed", amount=1.37)
        self.draw_customer(([(10, 7)], ("graduated", False), "month"))
        days = {"product_uom_id": self.day.id, "quantity": 1, "price_unit": 960}
        self.bill(days, day="2026-04-10", partner_id=self.partner.id)
        with self.assertRaisesRegex(UserError, "“Levy”.*Leave out this customer"):
            self.simulate()
