from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import OCTOBER
from .common_native import NativeEqualityCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestNativeTaxes(NativeEqualityCommon):
    """Taxes are those of an invoice typed by hand, on invoice and credit note."""

    def make_tax(self, **values):
        name = f"{values.get('amount', 19)} % {values}"
        return self.tax_19.copy({"name": name, **values})

    def test_price_that_includes_the_tax(self):
        self.service.taxes_id = self.make_tax(price_include_override="tax_included")
        self.assert_like_by_hand()

    def test_price_that_includes_the_tax_for_a_customer_without_tax(self):
        self.service.taxes_id = self.make_tax(price_include_override="tax_included")
        self.move_to_austria()
        self.assertEqual(self.assert_like_by_hand().amount_tax, 0.0)

    def test_preview_of_a_price_that_includes_the_tax(self):
        self.service.taxes_id = self.make_tax(price_include_override="tax_included")
        preview = self.agreement._preview_period(OCTOBER)[0]
        invoice = self.bill().invoice_id
        for name in ("amount_untaxed", "amount_tax", "amount_total"):
            self.assertEqual(preview[name], invoice[name], name)
        self.assertEqual(
            [line["price_subtotal"] for line in preview["lines"]],
            invoice.invoice_line_ids.filtered("product_id").mapped("price_subtotal"),
        )

    def test_two_taxes_on_one_line(self):
        self.service.taxes_id |= self.make_tax(amount=5.0)
        self.assert_like_by_hand()

    def test_tax_on_a_tax(self):
        self.service.taxes_id = self.make_tax(
            amount=5.0, include_base_amount=True, sequence=1
        ) | self.make_tax(sequence=2, name="Second")
        self.assert_like_by_hand()

    def test_group_of_taxes(self):
        parts = self.make_tax(amount=5.0) | self.make_tax(amount=9.5, name="Half")
        self.service.taxes_id = self.make_tax(
            amount_type="group", children_tax_ids=[Command.set(parts.ids)]
        )
        self.assert_like_by_hand()

    def test_tax_in_two_parts(self):
        account = self.company_data["default_account_tax_sale"]
        halves = [
            Command.clear(),
            Command.create({"repartition_type": "base"}),
            *(
                Command.create({"factor_percent": 50, "account_id": account.id})
                for _ in range(2)
            ),
        ]
        self.service.taxes_id = self.make_tax(
            invoice_repartition_line_ids=halves, refund_repartition_line_ids=halves
        )
        self.assert_like_by_hand()

    def test_tax_that_is_rounded_per_line(self):
        self.company.tax_calculation_rounding_method = "round_per_line"
        self.assert_like_by_hand()

    def test_tax_that_is_rounded_on_the_sum(self):
        self.company.tax_calculation_rounding_method = "round_globally"
        self.assert_like_by_hand()

    def test_tax_of_the_income_account(self):
        self.service.taxes_id = False
        account = self.service._get_product_accounts()["income"]
        account.tax_ids = self.make_tax(amount=7.0)
        self.assertEqual(
            self.assert_like_by_hand().invoice_line_ids.tax_ids, account.tax_ids
        )

    def test_service_without_tax(self):
        self.service.taxes_id = False
        account = self.service._get_product_accounts()["income"]
        account.tax_ids = False
        self.assertEqual(self.assert_like_by_hand().amount_tax, 0.0)

    def move_to_austria(self):
        self.partner.write(
            {"country_id": self.env.ref("base.at").id, "vat": "ATU12345675"}
        )

    def test_reverse_charge_for_a_customer_in_the_union(self):
        self.move_to_austria()
        invoice = self.assert_like_by_hand()
        self.assertEqual(
            invoice.fiscal_position_id, self.get_position("eu_vat_id_partner")
        )
        self.assertEqual(invoice.amount_tax, 0.0)
        self.assertTrue(invoice.invoice_line_ids.tax_tag_ids)

    def test_fiscal_position_that_the_customer_was_given(self):
        self.move_to_austria()
        position = self.get_position("eu_vat_id_partner_service")
        self.partner.property_account_position_id = position
        self.assertEqual(self.assert_like_by_hand().fiscal_position_id, position)

    def get_position(self, name):
        """Return a fiscal position of the German chart."""
        return self.env.ref(f"account.{self.company.id}_fiscal_position_{name}_skr03")

    def make_small_business(self):
        """Let the company bill no VAT (UStG 19)."""
        position = self.env["account.fiscal.position"].create(
            {
                "name": "Kleinunternehmer",
                "company_id": self.company.id,
                "sequence": 0,
                "auto_apply": True,
                "note": "Kein Steuerausweis nach § 19 UStG.",
            }
        )
        exempt = self.env.ref(f"account.{self.company.id}_tax_ust_no_ustpflicht_skr03")
        exempt.write(
            {
                "active": True,
                "fiscal_position_ids": [Command.link(position.id)],
                "original_tax_ids": [Command.link(self.tax_19.id)],
            }
        )
        return exempt

    def test_small_business(self):
        exempt = self.make_small_business()
        invoice = self.assert_like_by_hand()
        self.assertEqual(invoice.amount_tax, 0.0)
        self.assertEqual(invoice.invoice_line_ids.tax_ids, exempt)
        html, _type = self.env["ir.actions.report"]._render_qweb_html(
            "account.report_invoice", invoice.ids
        )
        self.assertIn("Kein Steuerausweis nach § 19 UStG.", html.decode())

    # A tax per hour is due per hour, whatever the tiers save.

    def set_tax_per_hour(self):
        self.fixed = self.tax_19.copy(
            {"name": "1 per hour", "amount_type": "fixed", "amount": 1.0}
        )
        self.service.taxes_id = self.tax_19 | self.fixed

    def prepare_typed_line(self, line):
        """An accountant takes the tax off the line that is no hour, as Odoo's own
        discount of an order does."""
        values = super().prepare_typed_line(line)
        if line.billing_kind == "discount" and "fixed" in self.get_amount_types():
            values["tax_ids"] = [Command.set(self.tax_19.ids)]
        return values

    def get_amount_types(self):
        return self.service.taxes_id.mapped("amount_type")

    def test_invoice_with_a_tax_per_hour(self):
        self.set_tax_per_hour()
        invoice = self.assert_like_by_hand()
        fixed = invoice.line_ids.filtered(lambda line: line.tax_line_id == self.fixed)
        self.assertEqual(sum(fixed.mapped("credit")), 4.58)

    def test_both_presentations_and_the_preview_ask_the_same(self):
        self.set_tax_per_hour()
        totals = {}
        for month, presentation in (("09", "line"), ("10", "summary")):
            self.agreement.volume_discount_id = self.make_table(
                (2, 100), presentation=presentation
            )
            day = OCTOBER.replace(month=int(month))
            preview = self.agreement._preview_period(day)[0]
            invoice = self.bill(day).invoice_id
            self.assertEqual(preview["amount_total"], invoice.amount_total)
            totals[presentation] = invoice.amount_total
        self.assertEqual(totals["line"], totals["summary"])

    def test_best_price_has_no_tax_per_hour(self):
        self.set_tax_per_hour()
        self.agreement.volume_discount_id = self.make_table(
            (5, 80), mode="volume", best_price=True
        )
        self.agreement.bill_from = OCTOBER
        invoice = self.bill().invoice_id
        line = invoice.invoice_line_ids.filtered(
            lambda line: line.billing_kind == "best_price"
        )
        self.assertEqual(line.tax_ids, self.tax_19)

    def test_saving_of_services_that_differ_in_the_fixed_tax_is_one_line(self):
        self.set_tax_per_hour()
        plain = self.make_service("Plain", 120.0)
        self.agreement.rate_ids = [
            Command.create({"product_id": plain.id, "employee_id": self.employee.id})
        ]
        other = self.make_employee("Ben Vogt")
        self.book(3, "10-08", employee_id=other.id)
        self.agreement.volume_discount_id = self.make_table(
            (2, 100), presentation="summary"
        )
        self.agreement.bill_from = OCTOBER
        invoice = self.bill().invoice_id
        saving = invoice.invoice_line_ids.filtered(
            lambda line: line.billing_kind == "discount"
        )
        self.assertEqual(saving.tax_ids, self.tax_19)
        self.assertEqual(saving.price_subtotal, -5.58 * 20)

    def test_credit_of_chosen_hours_gives_back_their_saving(self):
        self.set_tax_per_hour()
        self.agreement.volume_discount_id = self.make_table(
            (2, 100), presentation="summary"
        )
        self.agreement.bill_from = OCTOBER
        invoice = self.bill().invoice_id
        wizards = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        wizard = wizards.create(
            {"journal_id": invoice.journal_id.id, "billing_release": "chosen"}
        )
        last = wizard.billing_time_ids.filtered(lambda row: row.open_hours == 0.5)
        last.hours = 0.5
        wizard.refund_moves()
        credit = invoice.reversal_move_ids
        self.assertEqual(credit.amount_untaxed, 50)
        self.assertEqual(credit.amount_tax, 50 * 0.19 + 0.5)
