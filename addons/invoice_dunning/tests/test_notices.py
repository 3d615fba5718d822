from datetime import date

from odoo.tests import tagged

from .common import DunningCommon


@tagged("post_install", "-at_install")
class TestLevels(DunningCommon):
    def test_a_company_has_three_levels_from_the_start(self):
        self.assertEqual(self.levels.mapped("days"), [7, 21, 35])
        self.assertEqual(self.levels.mapped("has_interest"), [False, False, True])

    def test_no_reminder_before_the_first_level(self):
        self.invoice()
        self.assertFalse(self.notices._remind(date(2026, 6, 21), self.company))

    def test_the_first_reminder_claims_nothing(self):
        self.invoice()
        notice = self.notices._remind(date(2026, 6, 22), self.company)
        self.assertEqual(notice.level_id, self.levels[0])
        self.assertEqual(notice.amount_open, 1000)
        self.assertEqual(notice.amount_total, 1000)

    def test_a_second_call_writes_nothing(self):
        self.invoice()
        self.remind(date(2026, 6, 22))
        self.assertFalse(self.notices._remind(date(2026, 6, 22), self.company))

    def test_three_letters_then_silence(self):
        self.invoice()
        days = [date(2026, 6, 22), date(2026, 7, 6), date(2026, 7, 20)]
        notices = [self.remind(day) for day in days]
        self.assertEqual([one.level_id for one in notices], list(self.levels))
        self.assertFalse(self.remind(date(2026, 12, 1)))

    def test_the_last_letter_claims_interest_and_the_flat_sum(self):
        """Reminded on 22 June: 8 days at 10.27 % and 20 at 10.52 % make 8.02."""
        self.invoice()
        for day in (date(2026, 6, 22), date(2026, 7, 6)):
            self.remind(day)
        notice = self.remind(date(2026, 7, 20))
        self.assertEqual(notice.amount_interest, 8.02)
        self.assertEqual(notice.amount_flat, 40)
        self.assertEqual(notice.amount_total, 1048.02)

    def test_interest_from_16_june_to_31_july_is_13_16(self):
        self.company.dunning_due_is_agreed = True
        self.levels.active = False
        self.env["dunning.level"].create(
            {
                "company_id": self.company.id,
                "name": "Claim",
                "subject": "Claim",
                "text": "Please pay.",
                "days": 46,
                "has_interest": True,
            }
        )
        self.invoice()
        notice = self.notices._remind(date(2026, 7, 31), self.company)
        self.assertEqual(notice.amount_interest, 13.16)


@tagged("post_install", "-at_install")
class TestLaw(DunningCommon):
    def test_a_new_company_begins_with_the_law_of_its_country(self):
        for country, law in ((False, "de"), ("base.de", "de"), ("base.aq", "fixed")):
            country = country and self.env.ref(country).id
            company = self.env["res.company"].create(
                {"name": f"Firm under {law} in {country}", "country_id": country}
            )
            self.assertEqual(company.dunning_law, law)

    def test_the_law_follows_the_country(self):
        france, germany = self.env.ref("base.fr"), self.env.ref("base.de")
        for country, law in ((france, "fixed"), (germany, "de")):
            self.company.write(
                {"country_id": country.id, "account_fiscal_country_id": country.id}
            )
            self.assertEqual(self.company.dunning_law, law)

    def test_another_address_leaves_the_choice_of_the_firm(self):
        self.company.dunning_law = "fixed"
        self.company.partner_id.write({"street": "Hafenweg 3", "city": "Leer"})
        self.company.write({"zip": "26789", "country_id": self.env.ref("base.de").id})
        self.env.flush_all()
        self.assertEqual(self.company.dunning_law, "fixed")


@tagged("post_install", "-at_install")
class TestPreview(DunningCommon):
    def test_the_preview_is_what_is_written(self):
        self.invoice()
        self.invoice(250.5, due=date(2026, 6, 20))
        day = date(2026, 7, 1)
        (shown,) = self.notices._preview(day, self.company)
        notice = self.notices._remind(day, self.company)
        for name in ("amount_open", "amount_total", "date"):
            self.assertEqual(shown[name], notice[name])
        self.assertEqual(shown["partner_id"], notice.partner_id.id)
        self.assertEqual(len(shown["line_ids"]), len(notice.line_ids))

    def test_the_preview_writes_nothing(self):
        self.invoice()
        self.notices._preview(date(2026, 7, 1), self.company)
        self.assertFalse(self.notices.search([("company_id", "=", self.company.id)]))


@tagged("post_install", "-at_install")
class TestNeverWrongly(DunningCommon):
    day = date(2026, 7, 1)

    def test_who_has_paid_gets_no_letter(self):
        self.pay(self.invoice(), 1000, date(2026, 6, 20))
        self.assertFalse(self.notices._remind(self.day, self.company))

    def test_who_paid_a_part_is_asked_for_the_rest(self):
        self.pay(self.invoice(), 600, date(2026, 6, 20))
        notice = self.notices._remind(self.day, self.company)
        self.assertEqual(notice.amount_open, 400)
        self.assertEqual(notice.line_ids.amount_paid, 600)

    def test_each_obstacle_is_named(self):
        cases = {
            "hold": {"dunning_hold_until": date(2026, 7, 1)},
            "no_followup": {"no_followup": True},
        }
        for code, values in cases.items():
            with self.subTest(code):
                move = self.invoice()
                move.write(values)
                self.assertEqual(self.get_reasons(self.day)[move.id], code)
                self.assertNotIn(
                    move, self.notices._remind(self.day, self.company).line_ids.move_id
                )

    def test_a_blocked_payment(self):
        move = self.invoice()
        move.action_toggle_block_payment()
        self.assertEqual(self.get_reasons(self.day), {move.id: "blocked"})

    def test_a_hold_of_the_customer_holds_for_all_invoices(self):
        moves = self.invoice() + self.invoice()
        self.customer.dunning_hold_until = date(2026, 7, 15)
        self.assertEqual(self.get_reasons(self.day), dict.fromkeys(moves.ids, "hold"))
        self.assertTrue(self.notices._remind(date(2026, 7, 16), self.company))

    def test_a_credit_note_in_draft(self):
        move = self.invoice()
        move._reverse_moves([{"invoice_date": self.day}])
        self.assertEqual(self.get_reasons(self.day), {move.id: "credit_draft"})

    def test_credit_that_covers_what_is_open(self):
        move = self.invoice()
        self.invoice(1000, move_type="out_refund")
        self.assertEqual(self.get_reasons(self.day), {move.id: "credit"})

    def test_smaller_credit_is_set_off(self):
        self.invoice()
        self.invoice(300, move_type="out_refund")
        notice = self.notices._remind(self.day, self.company)
        self.assertEqual(notice.amount_open, 700)

    def test_an_invoice_that_was_not_sent_where_others_are(self):
        sent, unsent = self.invoice(), self.invoice()
        sent.is_move_sent = True
        self.assertEqual(self.get_reasons(self.day), {unsent.id: "not_sent"})

    def test_a_sum_below_the_tolerance(self):
        move = self.invoice(0.99)
        self.assertEqual(self.get_reasons(self.day), {move.id: "tolerance"})

    def test_a_missing_base_rate_makes_the_letter_wait(self):
        self.company.dunning_due_is_agreed = True
        move = self.invoice(due=date(2026, 12, 1))
        for day in (date(2026, 12, 8), date(2026, 12, 22)):
            self.remind(day)
        self.assertEqual(self.get_reasons(date(2027, 1, 5)), {move.id: "base_rate"})
        self.assertFalse(self.notices._remind(date(2027, 1, 5), self.company))


@tagged("post_install", "-at_install")
class TestOneLetter(DunningCommon):
    def test_all_invoices_of_a_customer_stand_in_one_letter(self):
        moves = self.invoice() + self.invoice(200, due=date(2026, 6, 28))
        notice = self.notices._remind(date(2026, 7, 1), self.company)
        self.assertEqual(notice.line_ids.move_id, moves)
        self.assertEqual(notice.line_ids.mapped("is_advanced"), [True, False])

    def test_contacts_of_one_customer_share_a_letter(self):
        contact = self.make_customer(
            "Ledger", parent_id=self.customer.id, type="invoice", is_company=False
        )
        self.invoice()
        self.invoice(partner_id=contact.id)
        notice = self.notices._remind(date(2026, 7, 1), self.company)
        self.assertEqual(len(notice), 1)
        self.assertEqual(notice.recipient_id, contact)

    def test_a_consumer_owes_less_and_no_flat_sum(self):
        """8 days at 6.27 % and 20 at 6.52 % on 1,000.00 make 4.95."""
        self.customer.dunning_debtor = "consumer"
        self.invoice()
        for day in (date(2026, 6, 22), date(2026, 7, 6)):
            self.remind(day)
        notice = self.remind(date(2026, 7, 20))
        self.assertEqual((notice.amount_interest, notice.amount_flat), (4.95, 0))

    def test_a_cancelled_letter_counts_no_more(self):
        self.invoice()
        first = self.remind(date(2026, 6, 22))
        first.action_cancel()
        again = self.notices._remind(date(2026, 6, 22), self.company)
        self.assertEqual(again.level_id, self.levels[0])
