from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged

from .common import NOVEMBER, OCTOBER, MonthlyBillingCommon


@freeze_time("2026-11-01 08:00:00")
class CreditCommon(MonthlyBillingCommon):
    """October is invoiced: 2 h and 1.5 h on one ticket, 4 h on another."""

    def setUp(self):
        super().setUp()
        self.login = self.make_ticket("Login broken")
        self.printer = self.make_ticket("Printer jams")
        self.first = self.book(2, "10-05", self.login)
        self.second = self.book(1.5, "10-06", self.login)
        self.third = self.book(4, "10-07", self.printer)
        self.period = self.bill()
        self.invoice = self.period.invoice_id
        self.invoice.action_post()

    def open_wizard(self, invoice=None):
        context = {
            "active_model": "account.move",
            "active_ids": (invoice or self.invoice).ids,
        }
        return Form(self.env["account.move.reversal"].with_context(**context))

    def credit(self, release, hours=None, tickets=None, post=True, invoice=None):
        """Credit the invoice; ``hours`` to give back by entry."""
        wizard = self.open_wizard(invoice)
        wizard.billing_release = release
        invoice = invoice or self.invoice
        for line in invoice.invoice_line_ids:
            if line.ticket_id in (tickets or self.env["helpdesk.ticket"]):
                wizard.billing_line_ids.add(line)
        left = dict(hours or {})
        rows = list(enumerate(wizard.save().billing_time_ids))
        for position, row in reversed(rows):
            entry = row.allocation_id.timesheet_id
            if left.get(entry):
                # what is too much for an entry is left for its first part
                is_last = row.allocation_id == entry.allocation_ids[0]
                part = left[entry] if is_last else min(left[entry], row.open_hours)
                left[entry] -= part
                with wizard.billing_time_ids.edit(position) as line:
                    line.hours = part
        record = wizard.save()
        record.refund_moves()
        if post:
            record.new_move_ids.action_post()
        return record.new_move_ids

    def get_left(self):
        """Return the unbilled hours by entry."""
        usage = self.agreement.env["billing.run.collect"]._get_usage(
            self.agreement, NOVEMBER
        )
        return {
            entry.timesheet_id: float(entry.worked) for entry in usage[self.agreement]
        }


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestCredit(CreditCommon):
    """A credit note gives back exactly the time that was chosen."""

    def test_wizard_wants_to_know_which_time_is_billable_again(self):
        with self.assertRaisesRegex(UserError, "Which time becomes billable"):
            self.open_wizard().save().refund_moves()

    def test_lines_of_one_kind_are_marked_at_once(self):
        """Line by line a credit note of 240 lines took half a minute."""
        lines = type(self.env["account.move.line"])
        original, written = lines.write, []

        def write(records, vals):
            if "billing_kind" in vals:
                written.append(len(records))
            return original(records, vals)

        self.patch(lines, "write", write)
        self.credit("all")
        self.assertEqual(written, [len(self.invoice.invoice_line_ids)])

    def test_other_invoices_are_credited_as_always(self):
        other = self.init_invoice("out_invoice", amounts=[100.0], post=True)
        wizard = self.open_wizard(other)
        self.assertFalse(wizard.has_billed_time)
        wizard.save().refund_moves()
        self.assertFalse(other.reversal_move_ids.billing_release)

    def test_goodwill_keeps_the_time_billed(self):
        credit = self.credit("none")
        self.assertEqual(credit.amount_total, self.invoice.amount_total)
        self.assertFalse(credit.line_ids.allocation_ids)
        self.assertFalse(self.get_left())
        self.assertEqual(self.period.invoice_id, self.invoice)

    def test_whole_invoice_is_billable_again_once_the_credit_note_is_posted(self):
        credit = self.credit("all", post=False)
        self.assertFalse(self.get_left())
        credit.action_post()
        self.assertEqual(
            self.get_left(), {self.first.id: 2, self.second.id: 1.5, self.third.id: 4}
        )
        self.assertEqual(credit.amount_total, self.invoice.amount_total)

    def test_month_given_back_is_billed_again_as_it_was(self):
        self.credit("all")
        self.assertEqual(self.period.state, "open")
        again = self.bill().invoice_id
        self.assertNotEqual(again, self.invoice)
        self.assertEqual(again.amount_total, self.invoice.amount_total)
        self.assertEqual(self.period.billed_hours, 7.5)
        self.assertFalse(self.get_left())

    def test_month_given_back_is_left_to_a_person(self):
        self.credit("all")
        self.assertTrue(self.period.is_held)

    def test_chosen_ticket_is_credited_and_billed_again(self):
        credit = self.credit("chosen", tickets=self.login)
        self.assertEqual(
            self.get_time_lines(credit), [(self.text(self.login), 3.5, 120.0)]
        )
        self.assertEqual(self.get_left(), {self.first.id: 2, self.second.id: 1.5})
        late = self.bill(NOVEMBER).invoice_id
        self.assertEqual(late.amount_untaxed, 420.0)

    def test_part_of_an_entry_is_credited_and_billed_again(self):
        credit = self.credit("chosen", {self.third: 1.25})
        self.assertEqual(credit.amount_untaxed, 150.0)
        self.assertEqual(self.get_left(), {self.third.id: 1.25})
        self.assertTrue(self.third._is_billed())

    def test_same_hours_are_not_given_back_twice(self):
        self.credit("chosen", {self.third: 3}, post=False)
        with self.assertRaisesRegex(UserError, "cannot be given back"):
            self.credit("chosen", {self.third: 2})

    def test_rest_of_a_partly_credited_invoice_is_given_back(self):
        self.credit("chosen", {self.third: 3})
        rest = self.credit("all")
        self.assertEqual(rest.amount_untaxed, 4.5 * 120)
        self.assertEqual(sum(self.get_left().values()), 7.5)

    def test_more_than_was_billed_is_refused(self):
        with self.assertRaisesRegex(UserError, "cannot be given back"):
            self.credit("chosen", {self.third: 4.5})

    def test_nothing_chosen_is_refused(self):
        with self.assertRaisesRegex(UserError, "Choose tickets"):
            self.credit("chosen")

    def test_credit_note_cannot_be_undone_after_the_time_is_billed_again(self):
        credit = self.credit("chosen", {self.third: 4})
        self.bill(NOVEMBER)
        with self.assertRaisesRegex(UserError, "billed twice"):
            credit.button_draft()

    def test_credit_note_reset_to_draft_takes_the_time_back(self):
        credit = self.credit("all")
        credit.button_draft()
        self.assertFalse(self.get_left())
        self.assertEqual(self.period.invoice_id, self.invoice)

    def test_cancelled_credit_note_takes_the_time_back(self):
        credit = self.credit("all")
        credit.button_draft()
        credit.button_cancel()
        self.assertFalse(self.get_left())
        self.assertEqual(self.period.state, "invoiced")

    def test_time_given_back_can_be_corrected(self):
        self.credit("all")
        self.first.unit_amount = 1
        self.assertEqual(self.bill().billed_hours, 6.5)

    def test_time_given_back_stays_as_a_record(self):
        self.credit("all")
        with self.assertRaisesRegex(UserError, "stays as a record"):
            self.first.unlink()

    def test_search_for_billed_time_knows_credits(self):
        self.credit("chosen", {self.third: 4})
        entries = self.first + self.second + self.third
        billed = entries.search([("is_billed", "=", True), ("id", "in", entries.ids)])
        self.assertEqual(billed.sorted("id"), self.first + self.second)

    def test_reverse_and_create_invoice_moves_the_time(self):
        record = self.open_wizard().save()
        record.modify_moves()
        draft = record.new_move_ids
        self.assertEqual(self.period.invoice_id, draft)
        self.assertEqual(self.period.state, "draft")
        self.assertEqual(self.period.billed_hours, 7.5)
        self.assertEqual(sum(draft.line_ids.allocation_ids.mapped("worked_hours")), 7.5)
        self.assertFalse(self.get_left())

    def test_recomputed_replacement_takes_corrected_time(self):
        record = self.open_wizard().save()
        record.modify_moves()
        self.book(1, "10-08", self.printer)
        self.period.action_recompute()
        self.assertEqual(record.new_move_ids.amount_untaxed, 8.5 * 120)

    def test_deleted_replacement_frees_the_time(self):
        record = self.open_wizard().save()
        record.modify_moves()
        record.new_move_ids.unlink()
        self.assertEqual(sum(self.get_left().values()), 7.5)

    def test_invoice_with_a_credit_note_cannot_be_cancelled(self):
        self.credit("chosen", {self.third: 1})
        with self.assertRaisesRegex(UserError, "Cancel the credit note first"):
            self.invoice.button_cancel()

    def test_credit_note_of_a_cancelled_invoice_cannot_be_posted(self):
        credit = self.credit("chosen", {self.third: 1}, post=False)
        self.invoice.button_cancel()
        with self.assertRaisesRegex(UserError, "Cancel the credit note first"):
            credit.action_post()

    def test_invoice_with_a_credit_note_cannot_be_recomputed(self):
        self.credit("chosen", {self.third: 1})
        self.invoice.button_draft()
        with self.assertRaisesRegex(UserError, "is given back by the credit note"):
            self.period.action_recompute()

    def test_credit_note_that_made_time_billable_is_not_reversed(self):
        credit = self.credit("all")
        reversal = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=credit.ids
        )
        wizard = reversal.create({"journal_id": credit.journal_id.id})
        with self.assertRaisesRegex(UserError, "Bill the month again"):
            wizard.refund_moves()

    def test_goodwill_is_reversed_as_always(self):
        credit = self.credit("none")
        reversal = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=credit.ids
        )
        wizard = reversal.create({"journal_id": credit.journal_id.id})
        wizard.refund_moves()
        self.assertEqual(wizard.new_move_ids.amount_untaxed, 900.0)
        self.assertFalse(self.get_left())

    def test_documents_of_the_month_keep_their_type(self):
        draft = self.credit("chosen", {self.third: 1}, post=False)
        with self.assertRaisesRegex(UserError, "keeps its type"):
            draft.action_switch_move_type()
        self.book(1, "11-02")
        invoice = self.bill(NOVEMBER).invoice_id
        with self.assertRaisesRegex(UserError, "keeps its type"):
            invoice.action_switch_move_type()

    def test_line_reduced_by_hand_is_credited_as_it_was_invoiced(self):
        self.invoice.button_draft()
        lines = self.invoice.invoice_line_ids
        line = lines.filtered(lambda line: line.ticket_id == self.printer)
        self.invoice.invoice_line_ids = [Command.update(line.id, {"quantity": 3.0})]
        self.invoice.action_post()
        self.assertEqual(self.credit("chosen", {self.third: 2}).amount_untaxed, 180.0)
        self.assertEqual(self.credit("chosen", {self.third: 2}).amount_untaxed, 180.0)

    def test_accountant_without_the_role_credits(self):
        accountant = self.make_user("accountant_only", "account.group_account_invoice")
        context = {"active_model": "account.move", "active_ids": self.invoice.ids}
        wizard = Form(
            self.env["account.move.reversal"]
            .with_user(accountant)
            .with_context(**context)
        )
        wizard.billing_release = "chosen"
        wizard.billing_line_ids.add(self.invoice.invoice_line_ids[0])
        record = wizard.save()
        record.refund_moves()
        record.new_move_ids.action_post()
        self.assertEqual(self.get_left(), {self.first.id: 2, self.second.id: 1.5})

    def text(self, ticket):
        return f"{ticket.number} {ticket.name}"


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestCreditOfTiers(CreditCommon):
    """Credits keep the original prices, and the hours go back to the window."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agreement.volume_discount_id = cls.make_table((0, 120), (5, 100))

    def test_part_of_a_tier_is_credited_at_its_price(self):
        credit = self.credit("chosen", {self.third: 4})
        # 3.5 h and 1.5 h at 120.00, the rest of the printer at 100.00
        self.assertEqual(credit.amount_untaxed, 1.5 * 120 + 2.5 * 100)

    def test_hours_given_back_are_priced_again_in_their_window(self):
        self.credit("chosen", {self.third: 4})
        late = self.bill(NOVEMBER).invoice_id
        self.assertEqual(late.amount_untaxed, 1.5 * 120 + 2.5 * 100)

    def test_whole_month_is_priced_again_as_it_was(self):
        self.credit("all")
        self.assertEqual(self.bill().amount_untaxed, self.invoice.amount_untaxed)

    def test_discount_line_is_credited_in_proportion(self):
        self.credit("all")
        self.agreement.volume_discount_id.presentation = "summary"
        invoice = self.bill().invoice_id
        invoice.action_post()
        credit = self.credit("chosen", {self.third: 4}, invoice=invoice)
        self.assertAlmostEqual(credit.amount_untaxed, 4 * 120 - 2.5 * 20)
        self.assertEqual(
            self.bill(NOVEMBER).invoice_id.amount_untaxed, credit.amount_untaxed
        )

    def test_volume_month_with_best_price_is_priced_again_as_it_was(self):
        self.credit("all")
        self.agreement.volume_discount_id.write({"mode": "volume", "best_price": True})
        first = self.bill().invoice_id
        first.action_post()
        self.credit("all", invoice=first)
        self.assertEqual(self.bill().amount_untaxed, first.amount_untaxed)


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestCreditOfRoundedTime(CreditCommon):
    """Worked and billed hours are given back together."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agreement.write({"rounding_scope": "entry", "rounding_minutes": 60})

    def test_rounded_hours_are_given_back_in_proportion(self):
        credit = self.credit("chosen", {self.second: 0.75})
        self.assertEqual(credit.invoice_line_ids.quantity, 1.0)
        row = credit.line_ids.allocation_ids
        self.assertEqual((row.worked_hours, row.billed_hours), (-0.75, -1.0))
        self.assertEqual(row.period_id.date_start, OCTOBER)
