from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged

from .invoice_common import InvoiceCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-05")
class TestProposal(InvoiceCommon):
    """The customer's table is proposed where it can price something."""

    def get_proposal(self, *hours, **values):
        return self.create_invoice(*hours, **values).volume_discount_proposal_id

    def test_table_of_the_customer_is_proposed_with_what_it_saves(self):
        invoice = self.create_invoice(25)
        self.assertEqual(invoice.volume_discount_proposal_id, self.discount)
        self.assertIn("25 h", invoice.volume_discount_message)
        self.assertIn("200.00", invoice.volume_discount_message)

    def test_table_of_the_company_is_proposed_to_its_contacts(self):
        contact = self.create_partner(name="Branch", parent_id=self.partner.id)
        self.assertEqual(self.get_proposal(5, partner_id=contact.id), self.discount)

    def test_nothing_is_proposed_without_hours(self):
        self.assertFalse(self.get_proposal({"product_id": self.product_a.id}))

    def test_nothing_is_proposed_without_a_table(self):
        stranger = self.create_partner(name="Stranger")
        self.assertFalse(self.get_proposal(5, partner_id=stranger.id))

    def test_nothing_is_proposed_in_another_currency(self):
        other = self.setup_other_currency("CHF")
        self.assertFalse(self.get_proposal(5, currency_id=other.id))

    def test_nothing_is_proposed_on_bills_credit_notes_and_posted_invoices(self):
        self.assertFalse(self.get_proposal(5, move_type="in_invoice"))
        self.assertFalse(self.get_proposal(5, move_type="out_refund"))
        invoice = self.create_invoice(5)
        invoice.action_post()
        self.assertFalse(invoice.volume_discount_proposal_id)

    def test_archived_table_is_not_proposed(self):
        self.discount.active = False
        self.assertFalse(self.get_proposal(5))

    def test_proposal_appears_while_typing(self):
        form = Form(
            self.env["account.move"].with_context(default_move_type="out_invoice")
        )
        form.partner_id = self.partner
        with form.invoice_line_ids.new() as line:
            line.product_id = self.support
            line.quantity = 25
        self.assertEqual(form.volume_discount_proposal_id, self.discount)

    def test_who_only_reads_invoices_can_open_them(self):
        user = self.create_user("vd_auditor", "account.group_account_readonly")
        user.write(
            {"company_ids": [Command.set(self.company.ids)], "company_id": self.company}
        )
        names = [
            "volume_discount_message",
            "is_volume_discount_outdated",
            "volume_discount_proof",
        ]
        for invoice in (self.create_invoice(25), self.create_priced(25)):
            invoice.invalidate_recordset()
            values = invoice.with_user(user).read(names)[0]
            self.assertFalse(values["is_volume_discount_outdated"])

    def test_applying_without_proposal_says_what_is_missing(self):
        invoice = self.create_invoice({"product_id": self.product_a.id})
        with self.assertRaisesRegex(UserError, "no volume discount to apply"):
            invoice.action_apply_volume_discount()


@tagged("post_install", "-at_install")
@freeze_time("2026-11-05")
class TestApply(InvoiceCommon):
    """Applied once, again after each change, and removed without a trace."""

    def test_applying_twice_changes_nothing(self):
        for presentation in ("line", "summary"):
            self.discount.presentation = presentation
            invoice = self.create_priced(25)
            lines, data = invoice.invoice_line_ids, invoice.volume_discount_data
            invoice.action_apply_volume_discount()
            self.assertEqual(invoice.invoice_line_ids, lines)
            self.assertEqual(invoice.volume_discount_data, data)
            self.assertEqual(invoice.amount_untaxed, 2800)

    def test_applied_table_is_not_proposed_again(self):
        self.assertFalse(self.create_priced(25).volume_discount_proposal_id)

    def test_changed_hours_are_priced_anew(self):
        for presentation in ("line", "summary"):
            self.discount.presentation = presentation
            invoice = self.create_priced(25)
            line = invoice.invoice_line_ids[0]
            hours = line.quantity + 5
            invoice.invoice_line_ids = [Command.update(line.id, {"quantity": hours})]
            self.assertEqual(invoice.amount_untaxed, 3300)

    def test_fewer_hours_need_fewer_lines(self):
        invoice = self.create_priced(25)
        invoice.invoice_line_ids = [
            Command.delete(line.id) for line in invoice.invoice_line_ids[1:]
        ]
        self.assertEqual(self.get_lines(invoice), [(10, 120)])

    def test_added_line_is_priced(self):
        invoice = self.create_priced(9)
        line = self.prepare_hours(3)
        invoice.invoice_line_ids = [Command.create(line)]
        self.assertEqual(self.get_lines(invoice), [(9, 120), (1, 120), (2, 110)])

    def test_typed_price_is_the_new_list_price(self):
        tiers = [self.discount_tier(10, 10)]
        self.partner.volume_discount_id = self.create_discount(tiers)
        invoice = self.create_priced(20)
        line = invoice.invoice_line_ids[0]
        invoice.invoice_line_ids = [Command.update(line.id, {"price_unit": 200})]
        self.assertEqual(self.get_lines(invoice), [(10, 200), (10, 180)])

    def test_other_date_means_another_window(self):
        self.bill(10, day="2026-10-05")
        invoice = self.create_priced(10, day="2026-10-31")
        self.assertEqual(invoice.amount_untaxed, 1100)
        invoice.write({"invoice_date": "2026-11-01", "delivery_date": "2026-11-01"})
        self.assertEqual(invoice.amount_untaxed, 1200)

    def test_split_lines_stay_together_and_keep_their_text(self):
        invoice = self.create_invoice(
            {"quantity": 12, "name": "First", "sequence": 10},
            {"quantity": 3, "name": "Second", "sequence": 20},
        )
        invoice.action_apply_volume_discount()
        names = invoice.invoice_line_ids.sorted("sequence").mapped("name")
        self.assertEqual(names, ["First", "First", "Second"])

    def test_removing_restores_lines_and_prices(self):
        for presentation in ("line", "summary"):
            self.discount.presentation = presentation
            invoice = self.create_invoice(6.5, 9.25, 8)
            before = self.get_lines(invoice), invoice.amount_total
            invoice.action_apply_volume_discount()
            invoice.action_remove_volume_discount()
            self.assertEqual((self.get_lines(invoice), invoice.amount_total), before)
            self.assertFalse(invoice.volume_discount_id)
            self.assertFalse(invoice.volume_discount_data)
            self.assertEqual(invoice.volume_discount_proposal_id, self.discount)

    def test_removed_discount_stays_removed(self):
        invoice = self.create_priced(25)
        invoice.action_remove_volume_discount()
        invoice.invoice_line_ids[0].quantity = 30
        invoice.action_post()
        self.assertEqual(invoice.amount_untaxed, 3600)

    def test_other_currency_removes_the_discount(self):
        invoice = self.create_priced({"quantity": 25, "price_unit": 120})
        invoice.currency_id = self.setup_other_currency("CHF")
        self.assertFalse(invoice.volume_discount_id)
        self.assertEqual(sum(invoice.invoice_line_ids.mapped("quantity")), 25)
        self.assertEqual(len(set(invoice.invoice_line_ids.mapped("price_unit"))), 1)

    def test_duplicate_is_priced_in_its_own_window(self):
        invoice = self.create_priced(25, post=True)
        for presentation in ("line", "summary"):
            copy = invoice.copy({"volume_discount_presentation": presentation})
            copy.write({"invoice_date": "2026-11-05", "delivery_date": "2026-11-05"})
            self.assertEqual(copy.amount_untaxed, 2800)

    def test_sections_and_notes_keep_their_place(self):
        section = {"display_type": "line_section", "name": "Work", "sequence": 1}
        invoice = self.create_invoice(25)
        invoice.invoice_line_ids = [Command.create(section)]
        invoice.action_apply_volume_discount()
        first = invoice.invoice_line_ids.sorted("sequence")[0]
        self.assertEqual(first.name, "Work")

    def test_balance_of_the_entry_holds_after_every_change(self):
        invoice = self.create_priced(25)
        self.assertEqual(sum(invoice.line_ids.mapped("balance")), 0)
        self.assertEqual(invoice.amount_total, 3220)


@tagged("post_install", "-at_install")
@freeze_time("2026-11-05")
class TestPosted(InvoiceCommon):
    """What is posted stays as it is; what is posted meanwhile counts."""

    def test_edited_table_changes_no_posted_invoice(self):
        invoice = self.create_priced(25, post=True)
        proof = str(invoice.volume_discount_proof)
        self.discount.tier_ids[0].price_unit = 1
        self.discount.write({"mode": "volume", "name": "Other"})
        invoice.invalidate_recordset()
        self.assertEqual(invoice.amount_untaxed, 2800)
        self.assertEqual(str(invoice.volume_discount_proof), proof)

    def test_draft_keeps_its_terms_until_they_are_applied_again(self):
        invoice = self.create_priced(25)
        self.discount.tier_ids[0].price_unit = 105
        self.assertTrue(invoice.is_volume_discount_outdated)
        line = invoice.invoice_line_ids[-1]
        invoice.invoice_line_ids = [Command.update(line.id, {"quantity": 6})]
        self.assertEqual(invoice.amount_untaxed, 2900)
        invoice.action_apply_volume_discount()
        self.assertEqual(invoice.amount_untaxed, 2850)
        self.assertFalse(invoice.is_volume_discount_outdated)

    def test_hours_posted_meanwhile_count(self):
        invoice = self.create_priced(10)
        self.bill(10)
        invoice.action_post()
        self.assertEqual(invoice.amount_untaxed, 1100)

    def test_invoices_posted_together_count_for_each_other(self):
        invoices = self.create_priced(10, day="2026-10-20")
        invoices |= self.create_priced(10, day="2026-10-10")
        invoices.action_post()
        self.assertEqual(invoices.mapped("amount_untaxed"), [1100, 1200])

    def test_buttons_do_nothing_to_posted_invoices(self):
        invoice = self.create_priced(25, post=True)
        invoice.action_remove_volume_discount()
        self.assertEqual(invoice.amount_untaxed, 2800)
        with self.assertRaisesRegex(UserError, "no volume discount to apply"):
            invoice.action_apply_volume_discount()

    def test_reset_to_draft_and_posted_again_is_the_same(self):
        invoice = self.create_priced(25, post=True)
        self.discount.tier_ids[0].price_unit = 1
        invoice.button_draft()
        invoice.action_post()
        self.assertEqual(invoice.amount_untaxed, 2800)

    def test_table_on_an_invoice_cannot_be_deleted_but_archived(self):
        self.create_priced(25)
        self.partner.volume_discount_id = False
        with self.assertRaisesRegex(UserError, "Archive the table"):
            self.discount.unlink()
        self.discount.action_archive()
        self.assertFalse(self.discount.active)

    def test_usage_counts_invoices_and_customers(self):
        self.create_priced(25)
        self.assertEqual(self.discount.invoice_count, 1)
        self.assertEqual(self.discount.partner_count, 1)
        action = self.discount.action_view_invoices()
        found = self.env["account.move"].search(action["domain"])
        self.assertEqual(found.volume_discount_id, self.discount)


@tagged("post_install", "-at_install")
@freeze_time("2026-11-05")
class TestCredit(InvoiceCommon):
    """Credit notes use the original prices and give the hours back."""

    def test_credit_note_has_the_prices_of_the_invoice(self):
        for presentation in ("line", "summary"):
            self.discount.presentation = presentation
            invoice = self.create_priced(25, post=True)
            self.discount.tier_ids[0].price_unit -= 1
            refund = self.credit(invoice)
            refund.action_post()
            self.assertEqual(refund.amount_total, invoice.amount_total)
            self.assertEqual(self.get_lines(refund), self.get_lines(invoice))

    def test_credit_note_has_no_proof(self):
        refund = self.credit(self.create_priced(25, post=True))
        self.assertFalse(refund.volume_discount_data)
        self.assertFalse(refund.volume_discount_proof)

    def test_credited_and_billed_again_gives_the_same_total(self):
        for values in ({}, {"mode": "volume", "window": "year"}, {"best_price": True}):
            self.discount.write(values)
            invoice = self.create_priced(19, post=True)
            self.credit(invoice).action_post()
            self.assertEqual(self.bill(19), invoice.amount_untaxed)
            self.env["account.move"].search(
                [("partner_id", "=", self.partner.id), ("state", "=", "posted")]
            ).button_draft()

    def test_part_of_the_hours_is_given_back(self):
        invoice = self.create_priced(20, post=True)
        refund = self.credit(invoice)
        refund.invoice_line_ids = [Command.delete(refund.invoice_line_ids[0].id)]
        refund.action_post()
        self.assertEqual(refund.amount_untaxed, 1100)
        self.assertEqual(self.bill(10), 1100)
