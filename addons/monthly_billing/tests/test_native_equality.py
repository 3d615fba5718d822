from contextlib import contextmanager
from unittest.mock import patch

from odoo.tests import Form, freeze_time, tagged

from .common import OCTOBER
from .common_native import SEPTEMBER, TIERS, NativeEqualityCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestNativeEquality(NativeEqualityCommon):
    """The run's invoices are those an accountant would type by hand."""

    def test_domestic_invoice(self):
        invoice = self.assert_like_by_hand()
        self.assertEqual(invoice.amount_untaxed, 492.23)

    def test_invoice_typed_into_the_form(self):
        invoice = self.bill().invoice_id
        form = Form(
            self.env["account.move"].with_context(default_move_type="out_invoice")
        )
        form.partner_id = invoice.partner_id
        form.invoice_date = invoice.invoice_date
        for line in invoice.invoice_line_ids.filtered("product_id"):
            with form.invoice_line_ids.new() as typed:
                typed.product_id = line.product_id
                typed.name = line.name
                typed.quantity = line.quantity
                typed.price_unit = line.price_unit
        by_hand = form.save()
        by_hand.action_post()
        self.assert_same(invoice, by_hand)

    def test_credit_note_of_an_invoice_by_tiers(self):
        self.agreement.volume_discount_id = self.make_table(*TIERS)
        invoice = self.bill().invoice_id
        by_hand = self.type_by_hand(invoice, {})
        self.assert_same(self.credit(invoice), self.credit(by_hand))

    def test_draft_that_is_posted_later(self):
        self.agreement.auto_post = False
        invoice = self.bill().invoice_id
        self.assertFalse(invoice.invoice_date)
        by_hand = self.type_draft(invoice, {})
        with freeze_time("2026-11-05 08:00:00"):
            (invoice | by_hand).action_post()
        self.assert_same(invoice, by_hand)

    def test_draft_that_is_recomputed(self):
        self.agreement.auto_post = False
        period = self.bill()
        self.book(3, "10-20")
        period.action_recompute()
        period.invoice_id.action_post()
        self.assert_same(period.invoice_id, self.type_by_hand(period.invoice_id, {}))

    # What is known of the taxes before spares a write per line, where it holds.

    def assert_no_line_is_written(self):
        for month, presentation in ((SEPTEMBER, "line"), (OCTOBER, "summary")):
            self.agreement.volume_discount_id = self.make_table(
                *TIERS, presentation=presentation
            )
            with self.collect_line_writes() as writes:
                period = self.bill(month)
            self.assertEqual(period.state, "invoiced", period.error)
            self.assertEqual(writes, [])

    @contextmanager
    def collect_line_writes(self):
        """Collect the amounts that are written on single lines of hours."""
        writes = []
        lines = type(self.env["account.move.line"])
        original = lines.write

        def write(records, values):
            if len(records) == 1 and records.display_type == "product":
                writes.extend({"balance", "amount_currency"} & set(values))
            return original(records, values)

        with patch.object(lines, "write", write):
            yield writes

    def test_no_line_of_a_domestic_invoice_is_written_one_by_one(self):
        self.assert_no_line_is_written()

    def test_no_line_is_written_where_the_price_includes_the_tax(self):
        self.service.taxes_id = self.tax_19.copy(
            {"name": "19 % incl.", "price_include_override": "tax_included"}
        )
        self.assert_no_line_is_written()

    def test_no_line_is_written_where_the_sum_is_rounded(self):
        self.company.tax_calculation_rounding_method = "round_globally"
        self.service.taxes_id = self.tax_19.copy(
            {"name": "19 % incl.", "price_include_override": "tax_included"}
        )
        self.assert_no_line_is_written()

    def test_no_line_is_written_for_a_customer_in_the_union(self):
        self.partner.write(
            {"country_id": self.env.ref("base.at").id, "vat": "ATU12345675"}
        )
        self.assert_no_line_is_written()

    def test_no_hint_in_a_foreign_currency(self):
        dollar = self.setup_other_currency("USD", rates=[("2026-01-01", 1.1)])
        self.agreement.currency_id = dollar
        hints = []
        writer = self.registry["billing.run.write"]
        original = writer._add_tax_hints

        def add(stop, agreement, lines, taxes):
            original(stop, agreement, lines, taxes)
            hints.extend({"balance", "amount_currency"} & set().union(*lines))

        with patch.object(writer, "_add_tax_hints", add):
            self.assertEqual(self.bill().state, "invoiced")
        self.assertEqual(hints, [])

    def test_wrong_hint_is_corrected(self):
        def add(_stop, _agreement, lines, _taxes):
            for line in lines:
                line.update(balance=-1.0, amount_currency=-1.0, tax_tag_ids=[])

        writer = self.registry["billing.run.write"]
        with patch.object(writer, "_add_tax_hints", add):
            self.assert_like_by_hand()
