from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from .invoice_common import InvoiceCommon

ADVICE = (
    "volume_discount_proof",
    "volume_discount_message",
    "volume_discount_proposal_id",
)


@tagged("post_install", "-at_install")
@freeze_time("2026-11-05")
class TestProposalText(InvoiceCommon):
    def test_table_above_the_list_price_says_what_it_costs(self):
        self.partner.volume_discount_id = self.create_discount(
            [self.price_tier(10, 150)]
        )
        message = self.create_invoice(12).volume_discount_message
        self.assertIn("costs", message)
        self.assertIn("60.00 more than the list price", message)
        self.assertNotIn("saves", message)

    def test_table_below_the_list_price_says_what_it_saves(self):
        self.assertIn("200.00", self.create_invoice(25).volume_discount_message)


@tagged("post_install", "-at_install")
@freeze_time("2026-11-05")
class TestAdviceToTheFirm(InvoiceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.discount.mode = "volume"
        cls.portal = cls.create_user("vd_customer", "base.group_portal")
        cls.portal.partner_id.parent_id = cls.partner
        cls.invoice = cls.create_priced(9.5, post=True)
        cls.invoice.message_subscribe(cls.portal.partner_id.ids)

    def test_customer_reads_the_invoice_but_not_the_advice(self):
        invoice = self.invoice.with_user(self.portal)
        self.assertEqual(invoice.read(["amount_untaxed"])[0]["amount_untaxed"], 1140)
        for name in ADVICE:
            with self.subTest(field=name), self.assertRaises(AccessError):
                invoice.read([name])
        self.assertFalse(set(ADVICE) & set(invoice.fields_get()))

    def test_customer_sees_the_proof_without_advice_in_the_portal(self):
        html, _kind = (
            self.env["ir.actions.report"]
            .with_user(self.portal)
            .sudo()
            ._render_qweb_html("account.account_invoices", self.invoice.ids)
        )
        self.assertIn("o_volume_discount_proof", html.decode())
        self.assertNotIn("10 h would cost", html.decode())

    def test_forms_of_those_who_bill_and_those_who_read_show_it(self):
        for group in ("invoice", "readonly"):
            user = self.create_user(f"vd_{group}", f"account.group_account_{group}")
            moves = self.env["account.move"].with_user(user)
            arch = moves.get_view(view_type="form")["arch"]
            for name in ADVICE:
                self.assertIn(f'name="{name}"', arch)
