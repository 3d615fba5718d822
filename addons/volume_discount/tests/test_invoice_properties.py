"""What pricing.md calls "properties that always hold", for random tables and months:
through the pure functions of an invoice, and through real invoices."""

from dataclasses import replace
from datetime import date
from decimal import Decimal as D

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, freeze_time, tagged

from ..core.calendar import window_of
from ..core.history import Billed, History
from ..core.invoicing import reprice
from ..core.numbers import round_to
from ..core.pricing import total as get_total
from ..core.proof import from_data, prove, to_data
from ..core.simulation import Work, simulate
from ..core.terms import Terms
from ..core.tiers import Usage
from .invoice_common import InvoiceCommon
from .test_tiers_properties import decimals, holds_for, prices, tables

CENT = D("0.01")
modes = st.sampled_from([("graduated", False), ("volume", False), ("volume", True)])
taxes = st.sampled_from(["19 %", "7 %"])
item = st.builds(Usage, decimals(40), prices, taxes=taxes)


@st.composite
def terms(draw):
    mode, best_price = draw(modes)
    return Terms(
        mode,
        tuple(draw(tables)),
        draw(st.sampled_from(["month", "quarter", "year"])),
        draw(st.sampled_from(["line", "summary"])),
        best_price,
    )


@st.composite
def items(draw):
    """Draw the lines of an invoice; their keys are their positions."""
    drawn = draw(st.lists(item, max_size=5))
    return [replace(line, key=position) for position, line in enumerate(drawn)]


def asked(result, quantum):
    """Return the sum of the invoice lines of a repricing."""
    time = sum(
        round_to(part.hours * part.price_unit, quantum) for part in result.slices
    )
    return time + sum(extra.amount for extra in result.extras)


@tagged("post_install", "-at_install")
class TestPropertiesOfAnInvoice(BaseCase):
    @holds_for(terms(), items())
    def test_slices_partition_the_hours(self, agreed, lines):
        result = reprice(agreed, lines, History(), CENT)
        for line in lines:
            parts = [part.hours for part in result.of(line.key)]
            self.assertEqual(sum(parts), line.quantity if parts else 0)

    @holds_for(terms(), items())
    def test_lines_add_up_to_the_total_of_the_table(self, agreed, lines):
        quantum = D("1E-9")
        total = get_total(
            agreed.mode,
            agreed.tiers,
            lines,
            agreed.best_price,
        )
        result = reprice(agreed, lines, History(), quantum)
        self.assertAlmostEqual(asked(result, quantum), total, 6)

    @holds_for(terms(), items(), items())
    def test_both_presentations_ask_the_same(self, agreed, earlier, lines):
        past = History(
            tuple(
                Billed(
                    date(2026, 1, 1),
                    usage.quantity,
                    usage.list_price,
                    usage.quantity * usage.list_price,
                    taxes=usage.taxes,
                )
                for usage in earlier
            )
        )
        both = [
            Terms(agreed.mode, agreed.tiers, "year", name, agreed.best_price)
            for name in ("line", "summary")
        ]
        by_line, summary = (
            asked(reprice(each, lines, past, CENT), CENT) for each in both
        )
        self.assertEqual(by_line, summary)

    @holds_for(terms(), items())
    def test_proof_adds_up_to_what_is_asked_and_is_kept(self, agreed, lines):
        result = reprice(agreed, lines, History(), CENT)
        span = window_of(date(2026, 10, 31), agreed.window)
        proof = prove(agreed, span, D(0), result.charges, span)
        self.assertEqual(proof.amount, sum(c.amount for c in result.charges))
        self.assertEqual(proof.hours, sum(p.hours for p in result.slices))
        self.assertEqual(from_data(to_data(proof)).rows, proof.rows)

    @holds_for(
        terms(), st.lists(st.tuples(st.integers(1, 12), decimals(40)), max_size=6)
    )
    def test_simulated_year_adds_up_to_the_total_of_its_windows(self, agreed, year):
        works = [
            Work("A", date(2026, month, 5), hours, D(100), number)
            for number, (month, hours) in enumerate(sorted(year))
        ]
        months = simulate(agreed, works, D("1E-9"))
        total, windows = D(0), {}
        for work in works:
            window = window_of(work.day, agreed.window).start
            windows.setdefault(window, []).append(Usage(work.hours, work.list_price))
        for usages in windows.values():
            total += get_total(agreed.mode, agreed.tiers, usages, agreed.best_price)
        self.assertAlmostEqual(sum(m.amount for m in months.values()), total, 6)


real_tiers = st.lists(
    st.tuples(st.integers(1, 40), st.integers(0, 20)),
    min_size=1,
    max_size=4,
    unique_by=lambda tier: tier[0],
)
real_hours = st.lists(st.integers(1, 60).map(lambda n: n / 4), min_size=1, max_size=3)
real_months = st.lists(real_hours, min_size=1, max_size=3)


@tagged("post_install", "-at_install")
@freeze_time("2026-11-05")
class TestPropertiesOfRealInvoices(InvoiceCommon):
    """Random tables and months through native invoices, posted one after another."""

    def draw_table(self, tiers, mode, window):
        rows = [self.discount_tier(*row) for row in tiers]
        name, best_price = mode
        self.partner = self.create_partner(name="Random")
        self.partner.volume_discount_id = self.create_discount(
            rows, mode=name, best_price=best_price, window=window
        )
        return self.partner.volume_discount_id

    def bill_months(self, months, presentation):
        self.partner.volume_discount_id.presentation = presentation
        return [
            self.create_priced(
                *hours,
                day=f"2026-0{month}-10",
                partner_id=self.partner.id,
                post=True,
            )
            for month, hours in enumerate(months, 4)
        ]

    @settings(
        deadline=None,
        database=None,
        max_examples=12,
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(real_tiers, modes, st.sampled_from(["month", "quarter"]), real_months)
    def test_invoices_add_up_to_the_tier_total(self, tiers, mode, window, months):
        for presentation in ("line", "summary"):
            table = self.draw_table(tiers, mode, window)
            invoices = self.bill_months(months, presentation)
            by_window = [sum(months, [])] if window == "quarter" else months
            total = sum(
                get_total(
                    table.mode,
                    table._get_tiers(),
                    [Usage(D(str(value)), D(120)) for value in hours],
                    table.best_price,
                )
                for hours in by_window
            )
            asked_for = sum(invoice.amount_untaxed for invoice in invoices)
            self.assertAlmostEqual(asked_for, float(total), delta=0.02)

    @settings(
        deadline=None,
        database=None,
        max_examples=8,
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(real_tiers, modes, real_hours)
    def test_applying_again_and_removing_are_exact(self, tiers, mode, hours):
        self.draw_table(tiers, mode, "month")
        invoice = self.create_invoice(*hours, partner_id=self.partner.id)
        before = self.get_lines(invoice)
        invoice.action_apply_volume_discount()
        once = self.get_lines(invoice), invoice.amount_total
        invoice.action_apply_volume_discount()
        self.assertEqual((self.get_lines(invoice), invoice.amount_total), once)
        invoice.action_remove_volume_discount()
        self.assertEqual(self.get_lines(invoice), before)
