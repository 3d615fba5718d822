from datetime import date

from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from odoo.addons.monthly_billing.tests.common import MonthlyBillingCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestDirectDebit(MonthlyBillingCommon):
    """Invoices of a customer with a mandate are collected, not transferred."""

    @classmethod
    def get_default_groups(cls):
        return (
            super().get_default_groups()
            | cls.quick_ref("account.group_validate_bank_account")
            | cls.quick_ref("account_payment_order.group_account_payment")
        )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.sepa_creditor_identifier = "DE98ZZZ09999999999"
        cls.company_bank = cls.env["res.partner.bank"].create(
            {
                "acc_number": "DE02120300000000202051",
                "partner_id": cls.company.partner_id.id,
                "allow_out_payment": True,
            }
        )
        cls.journal = cls.company_data["default_journal_bank"]
        cls.journal.bank_account_id = cls.company_bank
        method = cls.env.ref("account_banking_sepa_direct_debit.sepa_direct_debit")
        cls.mode = cls.env["account.payment.mode"].create(
            {
                "name": "Direct debit",
                "company_id": cls.company.id,
                "bank_account_link": "variable",
                "variable_journal_ids": [Command.set(cls.journal.ids)],
                "payment_method_id": method.id,
            }
        )
        cls.mandate = cls.env["account.banking.mandate"].create(
            {
                "partner_bank_id": cls.env["res.partner.bank"]
                .create(
                    {
                        "acc_number": "DE75512108001245126199",
                        "partner_id": cls.partner.id,
                    }
                )
                .id,
                "company_id": cls.company.id,
                "signature_date": date(2026, 1, 2),
            }
        )
        cls.mandate.validate()
        cls.partner.with_company(cls.company).customer_payment_mode_id = cls.mode
        cls.book(2, "10-05")

    def bill_and_post(self):
        invoice = self.bill().invoice_id
        invoice.action_post()
        return invoice

    def test_invoice_announces_what_is_collected_on_the_day_it_is_due(self):
        invoice = self.bill_and_post()
        self.assertEqual(invoice.mandate_id, self.mandate)
        (method,) = invoice._get_payment_methods()
        self.assertEqual(method["code"], "direct_debit")
        facts = dict(method["facts"])
        self.assertEqual(facts["Your Account"], "DE75 … 6199")
        self.assertEqual(
            facts["Mandate Reference"], self.mandate.unique_mandate_reference
        )
        self.assertEqual(facts["Creditor Identifier"], "DE98ZZZ09999999999")
        debit = invoice._get_direct_debit()
        self.assertEqual(debit["date"], invoice.invoice_date_due)

    def test_identifier_of_the_payment_mode_wins(self):
        self.mode.sepa_creditor_identifier = "FR78ZZZ424242"
        debit = self.bill_and_post()._get_direct_debit()
        self.assertEqual(debit["creditor"], "FR78ZZZ424242")

    def test_portal_takes_no_money_that_is_collected(self):
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param("account_payment.enable_portal_payment", True)
        invoice = self.bill_and_post()
        self.assertFalse(invoice._has_to_be_paid())
        self.mandate.cancel()
        self.assertTrue(invoice._has_to_be_paid())

    def test_without_valid_mandate_the_customer_transfers(self):
        invoice = self.bill_and_post()
        self.mandate.cancel()
        self.assertFalse(invoice._get_direct_debit())
        codes = [method["code"] for method in invoice._get_payment_methods()]
        self.assertNotIn("direct_debit", codes)

    def test_without_creditor_identifier_nothing_is_announced(self):
        self.company.sepa_creditor_identifier = False
        self.assertFalse(self.bill_and_post()._get_direct_debit())

    def test_customer_who_transfers_gets_no_announcement(self):
        self.partner.with_company(self.company).customer_payment_mode_id = False
        self.assertFalse(self.bill_and_post()._get_direct_debit())

    def test_credit_note_collects_nothing(self):
        invoice = self.bill_and_post()
        credit = invoice._reverse_moves()
        self.assertFalse(credit._get_direct_debit())

    def test_debit_order_collects_the_amount_of_the_invoice(self):
        invoice = self.bill_and_post()
        action = invoice.create_account_payment_line()
        order = self.env["account.payment.order"].browse(action["res_id"])
        self.assertEqual(order.payment_line_ids.mandate_id, self.mandate)
        self.assertEqual(
            order.payment_line_ids.amount_currency, invoice.amount_residual
        )
