from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import OCTOBER
from .common_native import NativeEqualityCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestNativeTerms(NativeEqualityCommon):
    """Payment, accounts and addresses are those of an invoice typed by hand."""

    def make_term(self, *days, **values):
        """Make payment terms in equal parts, each due after some days."""
        return self.env["account.payment.term"].create(
            {
                "name": "By parts",
                "line_ids": [
                    Command.create(
                        {
                            "value": "percent",
                            "value_amount": 100 / len(days),
                            "nb_days": number,
                        }
                    )
                    for number in days
                ],
                **values,
            }
        )

    def get_due(self, invoice):
        return invoice.line_ids.filtered(
            lambda line: line.display_type == "payment_term"
        )

    def test_payment_in_instalments(self):
        term = self.make_term(0, 30)
        self.agreement.payment_term_id = term
        invoice = self.assert_like_by_hand(invoice_payment_term_id=term.id)
        self.assertEqual(len(self.get_due(invoice)), 2)

    def test_payment_terms_of_the_customer(self):
        self.partner.property_payment_term_id = self.make_term(14)
        due = self.get_due(self.assert_like_by_hand())
        self.assertEqual(str(due.date_maturity), "2026-11-15")

    def test_early_payment_discount(self):
        for computation in ("included", "excluded", "mixed"):
            term = self.make_term(
                30,
                early_discount=True,
                discount_percentage=2.0,
                discount_days=10,
                early_pay_discount_computation=computation,
            )
            with self.subTest(computation), self.env.cr.savepoint() as savepoint:
                self.agreement.payment_term_id = term
                invoice = self.assert_like_by_hand(invoice_payment_term_id=term.id)
                due = self.get_due(invoice)
                self.assertEqual(str(due.discount_date), "2026-11-11")
                self.assertTrue(due.discount_amount_currency)
                savepoint.rollback()
            self.env.invalidate_all()

    def make_rounding(self, strategy):
        account = self.company_data["default_account_revenue"]
        return self.env["account.cash.rounding"].create(
            {
                "name": "Full euros",
                "rounding": 1.0,
                "strategy": strategy,
                "profit_account_id": account.id,
                "loss_account_id": account.id,
            }
        )

    def test_cash_rounding_on_a_line_of_its_own(self):
        rounding = self.make_rounding("add_invoice_line")
        self.agreement.cash_rounding_id = rounding
        invoice = self.assert_like_by_hand(invoice_cash_rounding_id=rounding.id)
        self.assertIn("rounding", invoice.line_ids.mapped("display_type"))

    def test_cash_rounding_of_the_tax(self):
        rounding = self.make_rounding("biggest_tax")
        self.agreement.cash_rounding_id = rounding
        invoice = self.assert_like_by_hand(invoice_cash_rounding_id=rounding.id)
        self.assertEqual(invoice.amount_total, 586)

    def test_preview_is_rounded_as_the_invoice(self):
        for strategy in ("add_invoice_line", "biggest_tax"):
            with self.subTest(strategy), self.env.cr.savepoint() as savepoint:
                self.agreement.cash_rounding_id = self.make_rounding(strategy)
                preview = self.agreement._preview_period(OCTOBER)[0]
                invoice = self.bill().invoice_id
                for name in ("amount_untaxed", "amount_tax", "amount_total"):
                    self.assertEqual(preview[name], invoice[name], name)
                savepoint.rollback()
            self.env.invalidate_all()

    def test_receivable_account_of_the_customer(self):
        account = self.company_data["default_account_receivable"].copy()
        self.partner.property_account_receivable_id = account
        self.assertEqual(self.get_due(self.assert_like_by_hand()).account_id, account)

    def test_account_by_fiscal_position(self):
        income = self.service._get_product_accounts()["income"]
        other = income.copy()
        self.partner.property_account_position_id = self.env[
            "account.fiscal.position"
        ].create(
            {
                "name": "Other account",
                "company_id": self.company.id,
                "account_ids": [
                    Command.create(
                        {"account_src_id": income.id, "account_dest_id": other.id}
                    )
                ],
            }
        )
        invoice = self.assert_like_by_hand()
        self.assertEqual(invoice.invoice_line_ids.account_id, other)

    def make_address(self, kind, **values):
        return self.env["res.partner"].create(
            {"name": kind, "type": kind, "parent_id": self.partner.id, **values}
        )

    def test_invoice_address_with_its_own_payment_terms(self):
        address = self.make_address("invoice", email="books@example.com")
        self.assertEqual(self.assert_like_by_hand().partner_id, address)

    def test_delivery_abroad(self):
        address = self.make_address(
            "delivery",
            street="Ring 1",
            city="Wien",
            zip="1010",
            country_id=self.env.ref("base.at").id,
        )
        self.partner.vat = "DE136695976"
        self.assertEqual(self.assert_like_by_hand().partner_shipping_id, address)

    def test_salesperson_of_the_agreement(self):
        self.agreement.user_id = self.billing_manager
        self.assert_like_by_hand(invoice_user_id=self.billing_manager.id)

    def test_salesperson_of_the_customer(self):
        self.agreement.user_id = False
        self.partner.user_id = self.billing_user
        self.assertEqual(self.assert_like_by_hand().invoice_user_id, self.billing_user)

    def test_journal_with_numbers_of_its_own(self):
        journal = self.company_data["default_journal_sale"]
        journal.sequence = 9
        first = journal.copy(
            {"name": "Services", "code": "SRV", "sequence": 1, "refund_sequence": True}
        )
        invoice = self.assert_like_by_hand()
        self.assertEqual(invoice.journal_id, first)
        self.assertTrue(invoice.name.startswith("SRV"))
