from contextlib import contextmanager
from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import OCTOBER, MonthlyBillingCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestNativeEquality(MonthlyBillingCommon):
    """The run's invoices are those an accountant would type by hand."""

    JOURNAL_ITEM = (
        "account_id",
        "balance",
        "amount_currency",
        "currency_id",
        "tax_line_id",
        "tax_ids",
        "tax_tag_ids",
        "tax_base_amount",
        "date_maturity",
        "display_type",
    )

    def setUp(self):
        super().setUp()
        self.agreement.auto_post = True
        first, second = self.make_ticket("First"), self.make_ticket("Second")
        self.book(1.33, "10-05", first)
        self.book(2.75, "10-06", second)
        self.book(0.5, "10-07")

    def type_by_hand(self, invoice):
        """Return a posted copy of ``invoice``, made from its texts and prices."""
        copy = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": invoice.partner_id.id,
                "currency_id": invoice.currency_id.id,
                "invoice_date": invoice.invoice_date,
                "invoice_payment_term_id": invoice.invoice_payment_term_id.id,
                "invoice_cash_rounding_id": invoice.invoice_cash_rounding_id.id,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": line.product_id.id,
                            "product_uom_id": line.product_uom_id.id,
                            "name": line.name,
                            "quantity": line.quantity,
                            "price_unit": line.price_unit,
                        }
                    )
                    for line in invoice.invoice_line_ids
                ],
            }
        )
        copy.action_post()
        return copy

    def assert_like_by_hand(self):
        invoice = self.bill().invoice_id
        self.assertEqual(invoice.state, "posted", self.agreement.period_ids.error)
        copy = self.type_by_hand(invoice)
        for name in (
            "amount_untaxed",
            "amount_tax",
            "amount_total",
            "fiscal_position_id",
            "journal_id",
            "invoice_date_due",
        ):
            self.assertEqual(invoice[name], copy[name], name)
        self.assertEqual(self.read_items(invoice), self.read_items(copy))
        return invoice

    def read_items(self, move):
        return sorted(
            (
                tuple(
                    line[name] if not hasattr(line[name], "ids") else line[name].ids
                    for name in self.JOURNAL_ITEM
                )
                for line in move.line_ids
            ),
            key=repr,
        )

    def test_domestic_invoice(self):
        self.assertEqual(self.assert_like_by_hand().amount_untaxed, 549.6)

    def test_price_that_includes_the_tax(self):
        included = self.tax_19.copy(
            {"name": "19 % incl.", "price_include_override": "tax_included"}
        )
        self.service.taxes_id = included
        self.assertEqual(self.assert_like_by_hand().amount_total, 549.6)

    def test_preview_of_a_price_that_includes_the_tax(self):
        self.service.taxes_id = self.tax_19.copy(
            {"name": "19 % incl.", "price_include_override": "tax_included"}
        )
        preview = self.agreement._preview_period(OCTOBER)[0]
        invoice = self.bill().invoice_id
        for name in ("amount_untaxed", "amount_tax", "amount_total"):
            self.assertEqual(preview[name], invoice[name], name)
        self.assertEqual(
            [line["price_subtotal"] for line in preview["lines"]],
            invoice.invoice_line_ids.mapped("price_subtotal"),
        )

    def test_reverse_charge_for_a_customer_in_the_union(self):
        self.partner.write(
            {"country_id": self.env.ref("base.at").id, "vat": "ATU12345675"}
        )
        invoice = self.assert_like_by_hand()
        self.assertTrue(invoice.fiscal_position_id)
        self.assertEqual(invoice.amount_tax, 0.0)

    def test_two_taxes_on_one_line(self):
        self.service.taxes_id |= self.tax_19.copy({"name": "5 %", "amount": 5.0})
        self.assert_like_by_hand()

    def test_foreign_currency(self):
        dollar = self.setup_other_currency("USD", rates=[("2026-01-01", 1.1)])
        self.agreement.currency_id = dollar
        invoice = self.assert_like_by_hand()
        self.assertEqual(invoice.currency_id, dollar)

    def test_payment_in_instalments(self):
        self.agreement.payment_term_id = self.env["account.payment.term"].create(
            {
                "name": "Half and half",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 50}),
                    Command.create(
                        {"value": "percent", "value_amount": 50, "nb_days": 30}
                    ),
                ],
            }
        )
        self.assert_like_by_hand()

    def test_tier_discount_as_one_line(self):
        self.agreement.volume_discount_id = self.make_table(
            (2, 100), presentation="summary"
        )
        self.assert_like_by_hand()

    def test_no_line_is_written_one_by_one(self):
        writes = []
        with self.count_line_writes(writes):
            self.bill()
        self.assertFalse([values for values in writes if "balance" in values])

    @contextmanager
    def count_line_writes(self, writes):
        """Collect the values of writes on single product lines."""
        lines = type(self.env["account.move.line"])
        original = lines.write

        def write(records, values):
            if len(records) == 1 and records.display_type == "product":
                writes.append(values)
            return original(records, values)

        with patch.object(lines, "write", write):
            yield
