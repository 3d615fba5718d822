from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .invoice_common import InvoiceCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-05")
class TestWindow(InvoiceCommon):
    """Which hours count together: by work date and commercial customer."""

    def check_next(self, total, hours=10, **values):
        """Check what the next 10 h cost: 1,200 in a new window, 1,100 after 10 h."""
        self.assertEqual(self.create_priced(hours, **values).amount_untaxed, total)

    def test_month(self):
        self.bill(10, day="2026-09-30")
        self.check_next(1200, day="2026-10-01")
        self.check_next(1100, day="2026-09-01")

    def test_quarter(self):
        self.discount.window = "quarter"
        self.bill(10, day="2026-07-01")
        self.check_next(1100, day="2026-09-30")
        self.check_next(1200, day="2026-10-01")

    def test_year(self):
        self.discount.window = "year"
        self.bill(10, day="2026-01-01")
        self.check_next(1100, day="2026-12-31")
        self.check_next(1200, day="2025-12-31")

    def test_service_date_decides_not_the_invoice_date(self):
        self.bill(10, day="2026-10-31")
        self.check_next(1100, day="2026-11-02", delivery_date="2026-10-15")

    def test_drafts_and_cancelled_invoices_do_not_count(self):
        self.create_priced(10)
        self.create_priced(10).button_cancel()
        self.check_next(1200)

    def test_hours_billed_without_the_table_count(self):
        self.create_invoice(10).action_post()
        self.check_next(1100)

    def test_hours_billed_without_the_table_keep_their_price(self):
        self.discount.mode = "volume"
        self.create_invoice({"quantity": 10, "price_unit": 80}).action_post()
        self.check_next(1000)

    def test_proof_counts_hours_billed_without_the_table(self):
        self.create_invoice(12).action_post()
        invoice = self.create_priced(10).with_context(lang="en_US")
        (proof,) = invoice._get_volume_discount_proofs()
        self.assertIn("22 h, of which 12 h", proof["position"])
        self.assertEqual(proof["formula"], "8 h × 110.00, 2 h × 100.00")
        self.assertEqual(proof["rows"][1]["text"], "From 20 h")

    def test_branches_of_one_customer_count_together(self):
        branches = [
            self.create_partner(name=name, parent_id=self.partner.id)
            for name in ("North", "South")
        ]
        self.bill(10, partner_id=branches[0].id)
        self.check_next(1100, partner_id=branches[1].id)

    def test_customers_do_not_mix(self):
        other = self.create_partner(name="Other")
        other.volume_discount_id = self.discount
        self.bill(10, partner_id=other.id)
        self.check_next(1200)

    def test_currencies_do_not_mix(self):
        other = self.setup_other_currency("CHF")
        self.create_invoice(10, currency_id=other.id).action_post()
        self.check_next(1200)

    def test_companies_do_not_mix(self):
        company = self.setup_other_company()["company"]
        self.discount.company_id = False
        service = self.support.with_company(company)
        invoice = (
            self.env["account.move"]
            .with_company(company)
            .create(
                {
                    "move_type": "out_invoice",
                    "partner_id": self.partner.id,
                    "currency_id": self.currency.id,
                    "invoice_date": "2026-10-31",
                    "invoice_line_ids": [
                        Command.create({"product_id": service.id, "quantity": 10})
                    ],
                }
            )
        )
        invoice.action_post()
        self.assertEqual(invoice.company_id, company)
        self.check_next(1200)

    def test_each_company_proposes_its_own_table(self):
        company = self.setup_other_company()["company"]
        self.assertFalse(self.partner.with_company(company).volume_discount_id)

    def test_queries_do_not_depend_on_the_number_of_tiers(self):
        """All tiers are reached; the summary keeps the number of lines."""
        counts = []
        for number in (2, 2, 60):  # the first one fills the caches
            tiers = [self.discount_tier(1 + n, n / 2) for n in range(number)]
            table = self.create_discount(tiers, presentation="summary")
            self.partner.volume_discount_id = table
            invoice = self.create_invoice(100)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            invoice.action_apply_volume_discount()
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])


@tagged("post_install", "-at_install")
@freeze_time("2026-11-05")
class TestTheWindowTelescopes(InvoiceCommon):
    """What was charged is what the table asks for the hours that count."""

    def test_hours_above_a_credited_invoice_move_down(self):
        """5 h + 15 h = 2,300.00; 2 h instead of 5 h: 17 h = 1,970.00."""
        for presentation in ("line", "summary"):
            with self.subTest(presentation):
                self.discount.presentation = presentation
                self.partner = self.create_partner(name="Sommer")
                self.partner.volume_discount_id = self.discount
                values = {"partner_id": self.partner.id}
                first = self.create_priced(5, post=True, **values)
                second = self.create_priced(15, post=True, **values)
                self.assertEqual((first | second).mapped("amount_untaxed"), [600, 1700])
                self.credit(first).action_post()
                again = self.create_priced(2, post=True, **values)
                self.assertEqual(1700 + again.amount_untaxed, 1970)

    def test_taxes_follow_the_hours_whose_price_changes(self):
        """10 h at 7 % = 1,000.00; with 10 h at 19 % all cost 90.00: tax 234.00."""
        tax_7, tax_19 = (
            self.tax.copy({"name": f"{amount} %", "amount": amount})
            for amount in (7, 19)
        )
        self.partner.volume_discount_id = self.create_discount(
            [self.discount_tier(15, 10)], mode="volume", window="quarter"
        )
        april, may = (
            self.create_priced(
                {
                    "quantity": 10,
                    "price_unit": 100,
                    "tax_ids": [Command.set(tax.ids)],
                },
                day=f"2026-0{month}-10",
                post=True,
            )
            for month, tax in ((4, tax_7), (5, tax_19))
        )
        [adjustment] = may.invoice_line_ids.filtered(
            lambda line: line.volume_discount_kind == "difference"
        )
        self.assertEqual((adjustment.tax_ids, adjustment.price_subtotal), (tax_7, -100))
        self.assertEqual(april.amount_tax + may.amount_tax, 234)
