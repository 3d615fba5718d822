from datetime import date
from decimal import Decimal as D

from odoo.tests import BaseCase, freeze_time, tagged

from ..core.calendar import Window, window_of
from ..core.pricing import consume, price
from ..core.proof import from_data, prove, to_data
from ..core.terms import Terms
from ..core.tiers import Tier, Usage
from .invoice_common import InvoiceCommon

TIERS = (Tier(D(20), "discount", D(5)), Tier(D(40), "discount", D(10)))
OCTOBER = Window.of_days(date(2026, 10, 1), date(2026, 10, 31))


def prove_hours(*hours, consumed=0, period=OCTOBER, **terms):
    terms = Terms(**{"mode": "graduated", "tiers": TIERS} | terms)
    past = consume(terms, [Usage(D(consumed), D(100))])
    charges = price(
        terms, [Usage(D(value), D(100), key) for key, value in enumerate(hours)], past
    )
    return prove(
        terms, window_of(OCTOBER.start, terms.window), past.hours, charges, period
    )


@tagged("post_install", "-at_install")
class TestProof(BaseCase):
    def test_rows_are_the_slices_of_all_hours(self):
        rows = prove_hours("25.5", "24.5").rows
        self.assertEqual(
            [(row.hours, row.price_unit, row.amount) for row in rows],
            [(20, 100, 2000), (20, 95, 1900), (10, 90, 900)],
        )

    def test_position_counts_what_was_billed_before(self):
        proof = prove_hours(10, consumed=25)
        self.assertEqual((proof.hours, proof.position), (10, 35))
        self.assertEqual(proof.next_tier, (5, TIERS[1]))

    def test_last_tier_has_no_next_one(self):
        self.assertIsNone(prove_hours(40).next_tier)

    def test_amounts_without_hours_come_last(self):
        rows = prove_hours(39, mode="volume", best_price=True).rows
        self.assertEqual([row.kind for row in rows], ["time", "best_price"])

    def test_window_that_goes_beyond_the_invoice_is_partial(self):
        day = Window.of_days(date(2026, 10, 31), date(2026, 10, 31))
        self.assertFalse(prove_hours(5).is_partial)
        self.assertTrue(prove_hours(5, period=day).is_partial)
        self.assertTrue(prove_hours(5, window="quarter").is_partial)

    def test_nothing_is_lost_when_it_is_kept(self):
        for arguments in ({}, {"mode": "volume", "best_price": True, "consumed": 3}):
            proof = prove_hours("33.33", **arguments)
            kept = from_data(to_data(proof))
            self.assertEqual(to_data(kept), to_data(proof))
            self.assertEqual(kept.rows, proof.rows)
            self.assertEqual(kept.window, proof.window)


@tagged("post_install", "-at_install")
@freeze_time("2026-11-05")
class TestProofOnInvoice(InvoiceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.discount = cls.create_discount(
            [cls.discount_tier(20, 5), cls.discount_tier(40, 10)], list_price=100
        )
        cls.partner.volume_discount_id = cls.discount
        cls.support.list_price = 100

    def describe(self, *hours, **values):
        invoice = self.create_priced(*hours, **values).with_context(lang="en_US")
        return invoice._get_volume_discount_proofs()[0]

    def render(self, invoice):
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "account.account_invoices", invoice.ids
        )
        return html.decode()

    def test_formula_shows_each_slice(self):
        self.assertEqual(
            self.describe(50)["formula"], "20 h × 100.00, 20 h × 95.00, 10 h × 90.00"
        )

    def test_total_is_that_of_the_invoice(self):
        self.assertIn("4,800.00", self.describe(50)["total"])

    def test_hours_left_to_the_next_tier(self):
        self.assertIn(
            "2.5 h until the next tier: from 40 h", self.describe(37.5)["next"]
        )

    def test_last_tier_is_said(self):
        self.assertEqual(self.describe(50)["next"], "The last tier is reached.")

    def test_position_names_hours_of_earlier_invoices(self):
        self.bill(12, day="2026-10-05")
        position = self.describe(10)["position"]
        self.assertIn("October 2026 so far: 22 h, of which 12 h", position)

    def test_longer_window_is_noted_as_the_law_wants(self):
        self.discount.window = "year"
        note = self.describe(10)["note"]
        self.assertIn("A volume discount is agreed", note)
        self.assertIn("12/31/2026", note)
        self.assertIn("from 20 h: 5 % off", note)

    def test_cliff_on_the_invoice_names_the_way_out(self):
        self.discount.mode = "volume"
        self.assertIn("20 h would cost", self.describe(19.5)["advice"])
        self.assertFalse(self.describe(10)["advice"])

    def test_printed_invoice_shows_table_position_and_note(self):
        html = self.render(self.create_priced(50, post=True))
        for text in ("20 h × 95.00", "The last tier is reached", "so far: 50 h"):
            self.assertTrue(text in html, text)
        self.assertTrue("volume_discount_note" in html)

    def test_printed_invoice_keeps_advice_to_the_firm_for_the_firm(self):
        self.discount.mode = "volume"
        invoice = self.create_priced(19.5, post=True)
        self.assertIn("20 h would cost", invoice.volume_discount_proof)
        self.assertFalse("20 h would cost" in self.render(invoice))

    def test_printed_invoice_speaks_the_language_of_the_customer(self):
        self.partner.lang = "de_DE"
        html = self.render(self.create_priced(37.5, post=True))
        for text in (
            "20 Std. × 100,00; 17,5 Std. × 95,00",
            "Noch 2,5 Std. bis zur nächsten Stufe: ab 40 Std.",
            "Es ist ein Mengenrabatt vereinbart",
        ):
            self.assertTrue(text in html, text)

    def test_invoice_without_discount_has_no_proof(self):
        invoice = self.create_invoice(50)
        self.assertFalse("o_volume_discount_proof" in self.render(invoice))
