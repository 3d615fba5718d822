"""The window telescopes, whatever is corrected (pricing.md)."""

from datetime import date

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import MonthlyBillingCommon

MODES = {
    "graduated": {"mode": "graduated"},
    "volume": {"mode": "volume"},
    "best price": {"mode": "volume", "best_price": True},
}
FIXED = ((10, 110), (20, 100))
FROM_50 = ((50, 90),)


@freeze_time("2026-11-01 08:00:00")
class WindowCommon(MonthlyBillingCommon):
    """One customer; months are billed one after another and corrected."""

    def agree(self, *tiers, price=120, **values):
        """Begin anew: another customer with a table of these tiers."""
        self.service.list_price = price
        self.table = self.make_table(*tiers, **{"window": "year", **values})
        self.partner = self.make_partner("Praxis")
        self.project = self.make_project("Support", self.partner)
        self.agreement = self.make_agreement(
            partner_id=self.partner.id,
            volume_discount_id=self.table.id,
            auto_post=True,
        )

    def bill_month(self, month):
        period = self.bill(date(2026, month, 1))
        self.assertFalse(period.error, period.error)
        return period.invoice_id

    def work(self, hours, month, day=5, ticket=None):
        project = ticket.project_id if ticket else self.project
        day = f"{month:02}-{day:02}"
        return self.book(hours, day, ticket, project_id=project.id)

    def credit(self, invoice, release="chosen", hours=None, post=True):
        """Credit an invoice; ``hours`` to give back by entry."""
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"journal_id": invoice.journal_id.id, "billing_release": release})
        )
        left = dict(hours or {})
        for row in wizard.billing_time_ids:
            entry = row.allocation_id.timesheet_id
            part = min(left.get(entry, 0), row.open_hours)
            row.hours = part
            left[entry] = left.get(entry, 0) - part
        wizard.refund_moves()
        if post:
            wizard.new_move_ids.action_post()
        return wizard.new_move_ids

    def type_hours(self, invoice, hours, price):
        invoice.invoice_line_ids = [
            Command.create(
                {
                    "product_id": self.service.id,
                    "product_uom_id": self.hour.id,
                    "name": "On the phone",
                    "quantity": hours,
                    "price_unit": price,
                }
            )
        ]

    def bill_late_entry(self, **values):
        """Bill 10 h at 120 and 5 h at 80, then 5 h at 80 of the first day; from 10 h
        10 % off."""
        self.agree((10, 0), price=120, **values)
        self.table.tier_ids.write({"price_type": "discount", "discount": 10})
        project = self.make_project("Cheap", self.partner)
        cheap = self.make_service("Cheap", 80)
        self.agreement.rate_ids = [
            Command.create({"project_id": project.id, "product_id": cheap.id})
        ]
        ticket = self.make_ticket("Cheap", project)
        self.work(10, 7, 10)
        self.work(5, 7, 20, ticket)
        self.bill_month(7)
        self.work(5, 7, 2, ticket)
        return self.bill_month(8)

    def get_total(self):
        """Return what the customer was charged net, credit notes deducted."""
        moves = self.env["account.move"].search(
            [("partner_id", "=", self.partner.id), ("state", "=", "posted")]
        )
        return round(sum(moves.mapped("amount_untaxed_signed")), 2)

    def check_money(self):
        """No deviation is left once an invoice was posted."""
        found = self.env["billing.allocation"]._find_deviations()
        self.assertFalse([one.text for one in found])


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestTypedHours(WindowCommon):
    def test_they_never_push_later_hours_up_again(self):
        """January 20 h and 20 h typed, February 20 h, March 20 h: 1,900 and 1,800."""
        asked = {
            "graduated": [4000, 1900, 1800],
            "volume": [4000, 1400, 1800],
            "best price": [4000, 1400, 1800],
        }
        for mode, amounts in asked.items():
            for presentation in ("line", "summary"):
                with self.subTest(mode, presentation=presentation):
                    self.agree(
                        *FROM_50, price=100, presentation=presentation, **MODES[mode]
                    )
                    self.assertEqual(self.bill_with_typed_hours(), amounts)
                    self.check_money()

    def bill_with_typed_hours(self):
        """Bill 20 h a month; 20 h more are typed into January's draft."""
        self.agreement.auto_post = False
        for month in (1, 2, 3):
            self.work(20, month)
        invoices = self.env["account.move"]
        for month in (1, 2, 3):
            invoice = self.bill_month(month)
            if month == 1:
                self.type_hours(invoice, 20, 100)
            invoice.action_post()
            invoices |= invoice
        return invoices.mapped("amount_untaxed")

    def test_typed_into_a_draft_they_count_for_other_invoices(self):
        self.agree(*FROM_50, price=100)
        self.agreement.auto_post = False
        self.work(20, 1)
        self.work(40, 2)
        self.type_hours(self.bill_month(1), 20, 100)
        self.assertEqual(self.bill_month(2).amount_untaxed, 10 * 100 + 30 * 90)


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestCorrections(WindowCommon):
    def test_reduced_and_billed_again_the_others_move_down(self):
        """5 h + 15 h = 2,300; the 5 h corrected to 2 h: 17 h = 1,970."""
        for window in ("month", "quarter", "year"):
            with self.subTest(window):
                self.agree(*FIXED, window=window)
                first, _second = self.work(5, 7, 2), self.work(15, 7, 3)
                invoice = self.bill_month(7)
                self.assertEqual(invoice.amount_untaxed, 2300)
                self.credit(invoice, hours={first: 5})
                first.unit_amount = 2
                self.bill_month(8)
                self.assertEqual(self.get_total(), 1970)
                self.check_money()

    def test_cancelled_and_reduced(self):
        """May 48 h, June 6 h; May corrected to 40 h: 46 h = 4,600."""
        for mode, asked in (("graduated", 4600), ("volume", 4600)):
            with self.subTest(mode):
                self.agree(*FROM_50, price=100, mode=mode)
                entry = self.work(48, 5)
                self.work(6, 6)
                may = self.bill_month(5)
                june = self.bill_month(6)
                self.assertEqual(
                    may.amount_untaxed + june.amount_untaxed,
                    5360 if mode == "graduated" else 4860,
                )
                may.button_draft()
                may.button_cancel()
                entry.unit_amount = 40
                self.bill_month(5)
                self.assertEqual(self.get_total(), asked)
                self.check_money()

    def test_hours_given_back_and_billed_again_leave_no_gap(self):
        """48 h and 6 h = 5,360; 2 h of the first 50 go back and cost 100 again."""
        for mode, asked in (("graduated", 5360), ("volume", 4860)):
            with self.subTest(mode):
                self.agree(*FROM_50, price=100, mode=mode)
                entry = self.work(48, 5)
                self.work(6, 6)
                may = self.bill_month(5)
                self.bill_month(6)
                self.credit(may, hours={entry: 2})
                self.bill_month(7)
                self.assertEqual(self.get_total(), asked)
                self.check_money()

    def test_credit_gives_back_adjustments_in_proportion(self):
        """June = 540.00 - 480.00; all of June's hours give back 60.00."""
        self.agree(*FROM_50, price=100, mode="volume")
        self.work(48, 5)
        entry = self.work(6, 6)
        self.bill_month(5)
        june = self.bill_month(6)
        self.assertEqual(june.amount_untaxed, 60)
        self.assertEqual(self.credit(june, hours={entry: 6}).amount_untaxed, 60)
        self.assertEqual(self.get_total(), 4800)
        self.check_money()

    def test_best_price_goes_back_in_two_steps(self):
        for presentation in ("line", "summary"):
            with self.subTest(presentation):
                self.agree(
                    *FIXED, mode="volume", best_price=True, presentation=presentation
                )
                entry = self.work(9.5, 7)
                invoice = self.bill_month(7)
                self.assertEqual(invoice.amount_untaxed, 1100)
                first = self.credit(invoice, hours={entry: 4})
                second = self.credit(invoice, hours={entry: 5.5})
                self.assertEqual(first.amount_untaxed + second.amount_untaxed, 1100)
                self.assertAlmostEqual(first.amount_untaxed, 463.16, 2)
                self.check_money()

    def test_goodwill_keeps_the_place_of_its_hours(self):
        """25 h = 2,500; goodwill for 10 h; one late hour = 100."""
        self.agree(*FIXED, mode="volume", window="month")
        self.work(25, 7)
        invoice = self.bill_month(7)
        self.assertEqual(invoice.amount_untaxed, 2500)
        gift = self.credit(invoice, "none", post=False)
        gift.invoice_line_ids.quantity = 10
        gift.action_post()
        self.work(1, 7, 20)
        self.assertEqual(self.bill_month(8).amount_untaxed, 100)
        self.check_money()

    def test_draft_credit_note_counts_for_nothing(self):
        """Neither its hours nor its best price."""
        self.agree(*FIXED, mode="volume", best_price=True)
        self.work(9.5, 7)
        invoice = self.bill_month(7)
        self.credit(invoice, "all", post=False)
        self.work(10.5, 8)
        self.assertEqual(self.bill_month(8).amount_untaxed, 2000 - 1100)

    def test_taxes_follow_the_hours(self):
        """April 10 h at 7 %, May 10 h at 19 %: 63.00 + 171.00."""
        tax_7 = self.tax_19.copy({"amount": 7, "name": "7 %"})
        reduced = self.make_service("Reduced", 100, taxes_id=[Command.set(tax_7.ids)])
        for presentation in ("line", "summary"):
            with self.subTest(presentation):
                self.agree(
                    (15, 90),
                    price=100,
                    mode="volume",
                    window="quarter",
                    presentation=presentation,
                )
                project = self.make_project("Reduced", self.partner)
                self.agreement.rate_ids = [
                    Command.clear(),
                    Command.create(
                        {"project_id": project.id, "product_id": reduced.id}
                    ),
                ]
                self.work(10, 4, ticket=self.make_ticket("Reduced", project))
                self.work(10, 5)
                april, may = self.bill_month(4), self.bill_month(5)
                [adjustment] = may.invoice_line_ids.filtered(
                    lambda line: line.billing_kind == "difference"
                )
                self.assertEqual(adjustment.tax_ids, tax_7)
                self.assertEqual(adjustment.price_subtotal, -100)
                self.assertEqual(april.amount_tax + may.amount_tax, 234)
                self.check_money()


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestNothingBelowZero(WindowCommon):
    """0 <= billed <= worked at every change, drafts included."""

    def setUp(self):
        super().setUp()
        self.agree(*FIXED)
        self.entry = self.work(4, 7)
        self.invoice = self.bill_month(7)

    def test_credited_invoice_cannot_be_cancelled(self):
        self.credit(self.invoice, hours={self.entry: 4})
        self.agreement.auto_post = False
        self.bill_month(8)
        self.invoice.button_draft()
        with self.assertRaisesRegex(UserError, "gives back time"):
            self.invoice.button_cancel()

    def test_deleted_drafts_leave_nothing_below_zero(self):
        self.credit(self.invoice, hours={self.entry: 4})
        self.agreement.auto_post = False
        draft = self.bill_month(8)
        draft.unlink()
        usage = self.agreement.env["billing.run.collect"]._get_usage(
            self.agreement, date(2026, 12, 1)
        )[self.agreement]
        self.assertEqual([entry.worked for entry in usage], [4])

    def test_rows_cannot_be_written_below_zero_or_beyond_the_entry(self):
        for hours in (-1, 5):
            with (
                self.subTest(hours),
                self.assertRaises(UserError),
                self.env.cr.savepoint(),
            ):
                self.entry.allocation_ids.worked_hours = hours


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestEnds(WindowCommon):
    def test_supplement_below_zero_is_paid_out_at_the_end(self):
        """9.9 h = 1,188; 0.1 h late makes all 10 h cost 1,100: 88 go back."""
        self.agree((10, 110), mode="volume")
        self.work(9.9, 7)
        self.bill_month(7)
        self.work(0.1, 7, 20)
        self.assertFalse(self.bill_month(8))
        self.agreement.date_end = date(2026, 9, 30)
        credit = self.bill_month(9)
        self.assertEqual(credit.move_type, "out_refund")
        self.assertEqual((credit.state, credit.amount_untaxed), ("posted", 88))
        self.assertEqual(self.get_total(), 1100)
        self.check_money()
        self.agreement.action_close()

    def test_open_difference_is_paid_out_at_the_end(self):
        """54 h = 4,860; half of June goes back for 30; 51 h at 90 = 4,590."""
        self.agree(*FROM_50, price=100, mode="volume")
        self.work(48, 5)
        self.work(3, 6)
        entry = self.work(3, 6, 9)
        self.bill_month(5)
        self.credit(self.bill_month(6), hours={entry: 3})
        self.assertEqual(self.get_total(), 4830)
        opened = self.env["billing.allocation"]._get_open_differences()
        self.assertIn("240.00", opened[0].text)
        entry.non_billable = True
        self.agreement.date_end = date(2026, 7, 31)
        self.bill_month(7)
        self.assertEqual(self.get_total(), 4590)
        self.check_money()

    def test_posted_and_reset_early_draft_with_nothing_left_is_clear(self):
        self.agree(*FIXED)
        entry = self.work(4, 11, 1)
        period = self.agreement._open_draft(date(2026, 11, 1))
        invoice = period.invoice_id
        invoice.action_post()
        invoice.button_draft()
        invoice.invoice_line_ids.unlink()
        entry.non_billable = True
        with freeze_time("2026-12-01 08:00:00"):
            self.bill(date(2026, 11, 1))
        self.assertFalse(period.error, period.error)
        self.assertEqual((period.state, invoice.state), ("empty", "cancel"))


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestDecidedCases(WindowCommon):
    def test_two_list_prices_one_entry_late(self):
        """10 h at 80 are billed in June; 10 h at 100 of May come late: as if in time,
        the first ten hours have no discount and the others ten per cent."""
        self.agree((10, 0), price=100)
        self.table.tier_ids.write({"price_type": "discount", "discount": 10})
        cheap = self.make_service("Cheap", 80)
        project = self.make_project("Cheap", self.partner)
        self.agreement.rate_ids = [
            Command.create({"project_id": project.id, "product_id": cheap.id})
        ]
        self.work(10, 6, ticket=self.make_ticket("Cheap", project))
        self.bill_month(6)
        self.work(10, 5)
        self.bill_month(7)
        self.assertEqual(self.get_total(), 1000 + 800 * 0.9)
        self.check_money()

    def test_late_entry_at_another_list_price_is_priced_as_if_in_time(self):
        """10 h at 120 and 5 h at 80; 5 h at 80 of the first day come late: the last ten
        hours have 10 % off, five of each price."""
        asked = {"graduated": 1900, "volume": 1800, "best price": 1800}
        for mode, total in asked.items():
            with self.subTest(mode):
                self.bill_late_entry(**MODES[mode])
                self.assertEqual(self.get_total(), total)
                self.check_money()

    def test_two_agreements_together_or_one_after_the_other(self):
        for together in (True, False):
            with self.subTest(together=together):
                partner = self.make_partner("Two")
                self.agree(*FIXED, mode="volume")
                agreements = self.env["billing.agreement"]
                for name in "AB":
                    project = self.make_project(name, partner)
                    agreements |= self.make_agreement(
                        partner_id=partner.id,
                        project_ids=[Command.set(project.ids)],
                        volume_discount_id=self.table.id,
                        auto_post=True,
                    )
                    self.book(12, "07-05", self.make_ticket(name, project))
                day = date(2026, 7, 1)
                for batch in [agreements] if together else agreements:
                    periods = batch._bill_period(day)
                    self.assertFalse(any(periods.mapped("error")))
                invoices = agreements.period_ids.invoice_id
                self.assertEqual(sum(invoices.mapped("amount_untaxed")), 2400)
                self.check_money()

    def test_terms_of_a_window_are_those_of_its_first_invoice(self):
        self.agree(*FIXED)
        self.work(12, 7)
        self.bill_month(7)
        self.table.tier_ids.filtered(lambda t: t.min_quantity == 10).price_unit = 50
        self.work(5, 8)
        self.assertEqual(self.bill_month(8).amount_untaxed, 550)
        other = self.make_table((0, 10), window="year")
        self.agreement.volume_discount_id = other
        self.work(5, 9)
        self.assertEqual(self.bill_month(9).amount_untaxed, 3 * 110 + 2 * 100)

    def test_manager_applies_an_edited_table_to_the_running_window(self):
        self.agree(*FIXED)
        self.work(12, 7)
        self.bill_month(7)
        self.table.tier_ids.filtered(lambda t: t.min_quantity == 10).price_unit = 50
        self.agreement._apply_table_now(date(2026, 8, 1), "Agreed on the phone")
        self.work(5, 8)
        invoice = self.bill_month(8)
        self.assertEqual(self.get_total(), 10 * 120 + 7 * 50)
        [line] = invoice.invoice_line_ids.filtered(
            lambda line: line.billing_kind == "difference"
        )
        self.assertIn("Agreed on the phone", line.name)
        self.check_money()

    def test_late_hours_without_pricelist_have_the_rate_of_their_month(self):
        self.agree((1000, 10))
        self.work(2, 7)
        self.bill_month(7)
        self.service.list_price = 150
        self.work(1, 7, 20)
        self.work(1, 8, 20)
        invoice = self.bill_month(8)
        self.assertEqual(
            sorted(
                line.price_unit for line in invoice.invoice_line_ids if line.quantity
            ),
            [120, 150],
        )

    def test_tier_price_is_read_with_the_tax_that_the_service_includes(self):
        """119.00 with 19 %, from 10 h 107.10; without tax abroad 100.00 and 90.00."""
        included = self.tax_19.copy(
            {"name": "19 % in the price", "price_include_override": "tax_included"}
        )
        exempt = self.tax_19.copy({"name": "0 %", "amount": 0})
        self.service.taxes_id = included
        position = self.env["account.fiscal.position"].create(
            {"name": "Abroad", "company_id": self.company.id}
        )
        exempt.write(
            {
                "fiscal_position_ids": [Command.set(position.ids)],
                "original_tax_ids": [Command.set(included.ids)],
            }
        )
        self.agree((10, 107.10), price=119)
        for abroad, total in ((False, 1450), (True, 1450)):
            with self.subTest(abroad=abroad):
                partner = self.make_partner("Abroad")
                partner.property_account_position_id = position if abroad else False
                project = self.make_project("Abroad", partner)
                agreement = self.make_agreement(
                    partner_id=partner.id, volume_discount_id=self.table.id
                )
                self.book(15, "07-05", self.make_ticket("Abroad", project))
                invoice = self.bill(date(2026, 7, 1), agreement).invoice_id
                self.assertEqual(invoice.amount_untaxed, total)


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestMoneyIsProved(WindowCommon):
    """The check of the ledger names what the window was charged wrongly."""

    def break_by_sql(self, query, *arguments):
        self.env.flush_all()
        self.env.cr.execute(query, arguments)
        self.env.invalidate_all()

    def check(self):
        return [
            (one.kind, one.text)
            for one in self.env["billing.allocation"]._find_deviations()
        ]

    def test_missing_adjustment_is_named_with_its_amount(self):
        self.agree(*FROM_50, price=100, mode="volume")
        self.work(48, 5)
        self.work(6, 6)
        self.bill_month(5)
        june = self.bill_month(6)
        self.check_money()
        self.break_by_sql(
            "DELETE FROM account_move_line WHERE move_id = %s AND billing_kind = %s",
            june.id,
            "difference",
        )
        [(kind, text)] = self.check()
        self.assertEqual(kind, "window")
        self.assertIn("480.00", text)
        self.assertIn("too much", text)

    def test_credit_beyond_what_was_charged_is_named(self):
        self.agree(*FIXED, mode="volume", best_price=True)
        entry = self.work(9.5, 7)
        invoice = self.bill_month(7)
        credit = self.credit(invoice, hours={entry: 9.5})
        self.break_by_sql(
            """UPDATE account_move_line SET price_unit = 3 * price_unit
                WHERE move_id = %s AND billing_kind = 'best_price'""",
            credit.id,
        )
        self.assertIn("given", [kind for kind, _text in self.check()])

    def test_wrong_discount_of_a_summary_is_named(self):
        self.agree(*FIXED, presentation="summary")
        self.work(15, 7)
        invoice = self.bill_month(7)
        self.break_by_sql(
            """UPDATE account_move_line SET price_unit = -20
                WHERE move_id = %s AND billing_kind = 'discount'""",
            invoice.id,
        )
        self.assertEqual([kind for kind, _text in self.check()], ["discount"])


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestOldInvoices(WindowCommon):
    """What other rules billed is corrected on a person's word alone."""

    def setUp(self):
        super().setUp()
        self.agree(*FROM_50, price=100, mode="volume")
        self.work(48, 5)
        self.work(6, 6)
        self.bill_month(5)
        june = self.bill_month(6)
        self.env.flush_all()
        self.env.cr.execute(
            "DELETE FROM account_move_line WHERE move_id = %s AND billing_kind = %s",
            [june.id, "difference"],
        )
        self.env.invalidate_all()
        self.window = self.env["billing.window"]._propose_differences()

    def bill_ten_hours(self, month):
        self.work(10, month)
        return self.bill_month(month).amount_untaxed

    def test_nobody_is_surprised_by_a_correction(self):
        self.assertEqual((self.window.state, self.window.amount), ("proposed", -480))
        self.assertEqual(self.bill_ten_hours(7), 900)
        self.check_money()

    def test_on_a_persons_word_the_next_invoice_corrects_it(self):
        self.window.with_user(self.billing_manager).action_ask()
        self.assertEqual(self.bill_ten_hours(7), 900 - 480)
        self.assertEqual(self.bill_ten_hours(8), 900)
        self.check_money()

    def test_left_as_it_is_it_is_never_asked(self):
        self.window.with_user(self.billing_manager).action_leave()
        self.assertEqual(self.bill_ten_hours(7), 900)
        self.check_money()

    def test_users_do_not_decide(self):
        with self.assertRaises(UserError):
            self.window.with_user(self.billing_user).action_ask()
