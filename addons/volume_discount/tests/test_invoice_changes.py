from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.sql_db import db_connect
from odoo.tests import freeze_time, tagged

from .invoice_common import InvoiceCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-05")
class TestCustomer(InvoiceCommon):
    """The table on a draft is that of its customer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_discount = cls.create_discount([cls.discount_tier(5, 50)])
        cls.other = cls.create_partner(name="Other")

    def test_other_customer_has_not_the_table_of_the_first(self):
        invoice = self.create_priced(25)
        invoice.partner_id = self.other
        self.assertFalse(invoice.volume_discount_id)
        self.assertEqual(self.get_lines(invoice), [(25, 120)])

    def test_table_of_the_other_customer_is_proposed(self):
        self.other.volume_discount_id = self.other_discount
        invoice = self.create_priced(25)
        invoice.partner_id = self.other
        self.assertEqual(invoice.volume_discount_proposal_id, self.other_discount)
        invoice.action_apply_volume_discount()
        self.assertEqual(self.get_lines(invoice), [(5, 120), (20, 60)])

    def test_other_customer_with_the_same_table_keeps_it(self):
        self.other.volume_discount_id = self.discount
        invoice = self.create_priced(25)
        invoice.partner_id = self.other
        self.assertEqual(invoice.amount_untaxed, 2800)

    def test_contact_of_the_same_customer_keeps_the_draft_as_it_is(self):
        invoice = self.create_priced(25)
        self.partner.volume_discount_id = self.other_discount
        invoice.partner_id = self.create_partner(parent_id=self.partner.id)
        self.assertEqual(invoice.volume_discount_id, self.discount)

    def test_duplicate_for_another_customer_has_list_prices(self):
        copy = self.create_priced(25, post=True).copy({"partner_id": self.other.id})
        self.assertFalse(copy.volume_discount_id)
        self.assertEqual(self.get_lines(copy), [(25, 120)])

    def test_applying_again_takes_the_table_that_the_customer_has_now(self):
        invoice = self.create_priced(25)
        self.assertFalse(invoice.is_volume_discount_outdated)
        self.partner.volume_discount_id = self.other_discount
        invoice.invalidate_recordset(["is_volume_discount_outdated"])
        self.assertTrue(invoice.is_volume_discount_outdated)
        invoice.action_apply_volume_discount()
        self.assertEqual(invoice.volume_discount_id, self.other_discount)
        self.assertEqual(self.get_lines(invoice), [(5, 120), (20, 60)])
        self.assertFalse(invoice.is_volume_discount_outdated)

    def test_currency_of_a_table_on_invoices_cannot_change(self):
        invoice = self.create_priced(25)
        with self.assertRaisesRegex(ValidationError, "Copy the table"):
            self.discount.currency_id = self.setup_other_currency("CHF")
        invoice.action_remove_volume_discount()
        self.discount.currency_id = self.setup_other_currency("CHF")


@tagged("post_install", "-at_install")
@freeze_time("2026-11-05")
class TestServicesChanged(InvoiceCommon):
    """Lines that count no longer are given back as they were typed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.travel = cls.create_hours_service("Travel", 60)

    def test_removing_restores_lines_whose_service_counts_no_longer(self):
        invoice = self.create_priced(25)
        self.discount.product_ids = self.travel
        invoice.action_remove_volume_discount()
        self.assertEqual(self.get_lines(invoice), [(25, 120)])

    def test_draft_keeps_the_services_until_it_is_applied_again(self):
        invoice = self.create_priced(25)
        self.discount.product_ids = self.travel
        self.assertTrue(invoice.is_volume_discount_outdated)
        invoice.invoice_line_ids = [
            Command.create({"product_id": self.support.id, "quantity": 5})
        ]
        self.assertEqual(invoice.amount_untaxed, 3300)
        invoice.action_apply_volume_discount()
        self.assertEqual(self.get_lines(invoice), [(25, 120), (5, 120)])

    def test_posting_keeps_the_services(self):
        invoice = self.create_priced(25)
        self.discount.product_ids = self.travel
        invoice.action_post()
        self.assertEqual(invoice.amount_untaxed, 2800)

    def test_line_with_another_product_is_no_longer_priced(self):
        self.discount.product_ids = self.support
        invoice = self.create_priced(12)
        line = invoice.invoice_line_ids.sorted("sequence")[1]
        invoice.invoice_line_ids = [
            Command.update(line.id, {"product_id": self.travel.id})
        ]
        self.assertEqual(self.get_lines(invoice), [(10, 120), (2, 60)])
        self.assertFalse(line.volume_discount_kind)
        self.assertFalse(line.volume_discount_split)

    def test_line_with_another_product_does_not_move_the_window(self):
        self.discount.product_ids = self.support
        invoice = self.create_priced(9)
        invoice.invoice_line_ids.product_id = self.travel
        invoice.action_post()
        self.assertEqual(self.bill(10), 1200)

    def test_hours_that_become_goods_keep_the_price_of_the_goods(self):
        invoice = self.create_priced(9, 6)
        line = invoice.invoice_line_ids[0]
        values = {"product_id": self.product_a.id, "product_uom_id": self.unit.id}
        invoice.invoice_line_ids = [Command.update(line.id, values)]
        self.assertFalse(line.volume_discount_kind)
        self.assertEqual(line.price_unit, self.product_a.lst_price)

    def test_removing_restores_days(self):
        days = {"product_uom_id": self.day.id, "quantity": 1, "price_unit": 960}
        invoice = self.create_priced(6.5, days)
        self.assertEqual(invoice.invoice_line_ids.product_uom_id, self.hour)
        invoice.action_apply_volume_discount()
        invoice.action_remove_volume_discount()
        self.assertEqual(self.get_lines(invoice), [(6.5, 120), (1, 960)])
        units = invoice.invoice_line_ids.sorted("sequence").product_uom_id
        self.assertEqual(units, self.hour | self.day)


@tagged("post_install", "-at_install")
@freeze_time("2026-11-05")
class TestPosting(InvoiceCommon):
    """Each hour of the window is dear once, whoever posts it when."""

    def test_drafts_without_a_date_posted_together_count_for_each_other(self):
        invoices = self.create_priced(15, day=False) | self.create_priced(15, day=False)
        invoices.action_post()
        self.assertEqual(sum(invoices.mapped("amount_untaxed")), 3300)
        self.assertEqual(invoices.mapped("amount_untaxed"), [1750, 1550])

    def test_draft_that_waits_for_its_date_does_not_count(self):
        waiting = self.create_priced(15, day="2026-11-20")
        invoice = self.create_priced(15, day="2026-11-25")
        invoice.date = "2026-11-05"
        (waiting | invoice)._post(soft=True)
        self.assertEqual((waiting | invoice).mapped("state"), ["draft", "posted"])
        self.assertEqual(invoice.amount_untaxed, 1750)

    def test_credit_note_that_is_posted_together_counts(self):
        first = self.create_priced(10, post=True)
        refund = self.credit(first)
        invoice = self.create_priced(10)
        (refund | invoice).action_post()
        self.assertEqual(invoice.amount_untaxed, 1200)

    def test_posting_again_does_not_count_what_came_later(self):
        self.discount.window = "year"
        first = self.create_priced(10, day="2026-01-31", post=True)
        second = self.create_priced(10, day="2026-02-28", post=True)
        first.button_draft()
        first.invoice_line_ids = [
            Command.update(first.invoice_line_ids[0].id, {"name": "Help"})
        ]
        first.action_post()
        self.assertEqual((first | second).mapped("amount_untaxed"), [1200, 1100])

    def test_posting_again_counts_changed_hours(self):
        first = self.create_priced(10, post=True)
        self.create_priced(10, post=True)
        first.button_draft()
        line = first.invoice_line_ids[0]
        first.invoice_line_ids = [Command.update(line.id, {"quantity": 12})]
        first.action_post()
        self.assertEqual(first.amount_untaxed, 10 * 120 + 2 * 100)

    def test_how_a_posted_invoice_was_priced_cannot_be_written(self):
        invoice = self.create_priced(25, post=True)
        for values in (
            {"volume_discount_id": False},
            {"volume_discount_data": {"name": "Forged"}},
            {"volume_discount_presentation": "summary"},
        ):
            with self.assertRaisesRegex(UserError, "is posted"):
                invoice.write(values)
        line = invoice.invoice_line_ids[0]
        for name, value in (
            ("volume_discount_kind", False),
            ("volume_discount_list_price", 1),
            ("volume_discount_price", 1),
            ("volume_discount_split", 1),
        ):
            with self.assertRaisesRegex(UserError, "is posted"):
                line.write({name: value})
        invoice.write({"volume_discount_id": self.discount.id})

    def test_posting_holds_the_customer_before_it_reads_the_window(self):
        """Seen from another connection, for a customer who is there already."""
        partner = self.env.ref("base.main_partner")
        invoice = self.create_invoice(
            25, partner_id=partner.id, volume_discount_id=self.discount.id
        )
        held = []
        with db_connect(self.cr.dbname).cursor() as other:

            def is_held():
                other.execute(
                    "SELECT id FROM res_partner WHERE id = %s "
                    "FOR NO KEY UPDATE SKIP LOCKED",
                    [partner.commercial_partner_id.id],
                )
                found = other.fetchall()
                other.rollback()
                return not found

            moves = type(self.env["account.move"])
            original = moves._get_window_history

            def read(move, *args):
                held.append(is_held())
                return original(move, *args)

            self.env.flush_all()
            self.assertFalse(is_held())
            self.patch(moves, "_get_window_history", read)
            invoice.action_post()
        self.assertEqual(held, [True])


@tagged("post_install", "-at_install")
@freeze_time("2026-11-05")
class TestSale(InvoiceCommon):
    """Orders know what was invoiced of them; only where sales are installed."""

    def test_split_lines_stay_with_their_order(self):
        if "sale.order" not in self.env:
            self.skipTest("sale is not installed")
        self.support.invoice_policy = "order"
        values = {"product_id": self.support.id, "product_uom_qty": 25}
        order = (
            self.env["sale.order"]
            .sudo()
            .create(
                {"partner_id": self.partner.id, "order_line": [Command.create(values)]}
            )
        )
        order.action_confirm()
        invoice = order._create_invoices()
        invoice.invoice_date = fields.Date.to_date("2026-10-31")
        invoice.action_apply_volume_discount()
        self.assertEqual(len(invoice.invoice_line_ids), 3)
        self.assertEqual(order.order_line.qty_invoiced, 25)
        invoice.action_remove_volume_discount()
        self.assertEqual(order.order_line.qty_invoiced, 25)
