"""The fiscal position of the day of work holds, whenever it is billed."""

from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import BaseCase, freeze_time, tagged
from odoo.tools import mute_logger

from odoo.addons.monthly_billing.core.tax_changes import get_before

from .common import MonthlyBillingCommon

JUNE = date(2026, 6, 1)
JULY = date(2026, 7, 1)
AUGUST = date(2026, 8, 1)


class TestGetBefore(BaseCase):
    CHANGES = ((JUNE, "home"), (AUGUST, "abroad"))

    def test_the_next_change_says_what_held(self):
        for day, expected in (
            (date(2026, 5, 31), "home"),
            (JUNE, "abroad"),
            (date(2026, 7, 31), "abroad"),
            (AUGUST, "now"),
        ):
            with self.subTest(day=day):
                self.assertEqual(get_before("now", day, self.CHANGES), expected)

    def test_without_changes_it_has_always_been_so(self):
        self.assertEqual(get_before("now", JUNE, ()), "now")


@tagged("post_install", "-at_install")
@freeze_time("2026-08-01 08:00:00")
class TestPositionChanges(MonthlyBillingCommon):
    """From 1 July on the customer is abroad and owes the tax."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        income = cls.service._get_product_accounts()["income"]
        cls.tax_0 = cls.tax_19.copy({"name": "Reverse charge", "amount": 0})
        cls.home = cls.env["account.fiscal.position"].create(
            {
                "name": "Home",
                "company_id": cls.company.id,
                "tax_ids": [Command.set(cls.tax_19.ids)],
            }
        )
        cls.account_abroad = income.copy({"code": "844998", "name": "Abroad"})
        cls.account_home = income
        cls.abroad = cls.env["account.fiscal.position"].create(
            {
                "name": "Abroad",
                "company_id": cls.company.id,
                "tax_ids": [Command.set(cls.tax_0.ids)],
                "account_ids": [
                    Command.create(
                        {
                            "account_src_id": income.id,
                            "account_dest_id": cls.account_abroad.id,
                        }
                    )
                ],
            }
        )
        cls.tax_0.original_tax_ids = cls.tax_19
        cls.partner.property_account_position_id = cls.home
        cls.ticket = cls.make_ticket("Login broken")
        cls.agreement.bill_from = JUNE

    def move_abroad(self, **values):
        self.partner.property_account_position_id = self.abroad
        return self.env["billing.position.change"].create(
            {
                "partner_id": self.partner.id,
                "company_id": self.company.id,
                "date": JULY,
                "position_id": self.home.id,
                **values,
            }
        )

    def get_lines(self, invoice):
        """Return (net amount, tax rate, income account) of each line."""
        return [
            (line.price_subtotal, line.tax_ids.amount, line.account_id)
            for line in invoice.invoice_line_ids.filtered("product_id")
        ]

    def test_a_month_before_it_is_billed_as_before(self):
        self.book(2, "06-30", self.ticket)
        self.move_abroad()
        invoice = self.bill(JUNE).invoice_id
        self.assertEqual(self.get_lines(invoice), [(240, 19, self.account_home)])
        self.assertEqual(invoice.fiscal_position_id, self.home)
        self.assertEqual(invoice.amount_tax, 45.6)

    def test_a_late_entry_has_the_position_of_its_day(self):
        self.bill(JUNE)
        self.book(1, "06-30", self.ticket)
        self.book(2, "07-01", self.ticket)
        self.move_abroad()
        preview = self.agreement._preview_period(JULY)[0]
        invoice = self.bill(JULY).invoice_id
        self.assertEqual(
            self.get_lines(invoice),
            [(240, 0, self.account_abroad), (120, 19, self.account_home)],
        )
        self.assertEqual(invoice.fiscal_position_id, self.abroad)
        self.assertEqual(invoice.amount_tax, 22.8)
        self.assertEqual(preview["amount_total"], invoice.amount_total)

    def test_a_month_that_is_billed_again_keeps_its_position(self):
        self.book(2, "06-30", self.ticket)
        invoice = self.bill(JUNE).invoice_id
        invoice.action_post()
        self.move_abroad()
        wizard = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        wizard = wizard.create(
            {"journal_id": invoice.journal_id.id, "billing_release": "all"}
        )
        wizard.reverse_moves()
        wizard.new_move_ids.action_post()
        again = self.bill(JUNE).invoice_id
        self.assertNotEqual(again, invoice)
        self.assertEqual(self.get_lines(again), [(240, 19, self.account_home)])
        self.assertEqual(again.fiscal_position_id, self.home)

    def test_a_mistake_that_is_corrected_on_the_contact_holds_for_all_days(self):
        self.book(2, "06-30", self.ticket)
        self.partner.property_account_position_id = self.abroad
        invoice = self.bill(JUNE).invoice_id
        self.assertEqual(self.get_lines(invoice), [(240, 0, self.account_abroad)])

    def test_a_change_within_a_month_makes_a_line_for_each(self):
        self.book(1, "06-15", self.ticket)
        self.book(2, "06-16", self.ticket)
        self.move_abroad(date=date(2026, 6, 16))
        self.assertEqual(
            self.get_lines(self.bill(JUNE).invoice_id),
            [(120, 19, self.account_home), (240, 0, self.account_abroad)],
        )

    def test_who_came_back_has_three_times(self):
        self.book(1, "05-31", self.ticket)
        self.book(2, "06-30", self.ticket)
        self.book(3, "07-01", self.ticket)
        self.agreement.bill_from = date(2026, 5, 1)
        self.move_abroad(date=JUNE)
        self.move_abroad(date=JULY, position_id=self.abroad.id)
        self.partner.property_account_position_id = self.home
        rates = [line[:2] for line in self.get_lines(self.bill(JULY).invoice_id)]
        self.assertEqual(rates, [(360, 19), (120, 19), (240, 0)])

    def test_retainers_have_the_position_of_their_month(self):
        self.agreement.write(
            {"included_hours": 1, "included_price": 100, "included_from": JUNE}
        )
        self.move_abroad()
        lines = self.get_lines(self.bill(JULY).invoice_id)
        self.assertEqual([line[:2] for line in lines], [(100, 0), (100, 19)])

    def test_a_saving_has_the_position_of_its_hours(self):
        self.agreement.volume_discount_id = self.make_table(
            (1, 100), presentation="summary"
        )
        self.bill(JUNE)
        self.book(2, "06-30", self.ticket)
        self.book(3, "07-01", self.ticket)
        self.move_abroad()
        lines = self.get_lines(self.bill(JULY).invoice_id)
        self.assertEqual(
            [line[:2] for line in lines], [(360, 0), (-40, 0), (240, 19), (-20, 19)]
        )

    def test_a_tax_that_changes_the_same_day_follows_too(self):
        tax_16 = self.tax_19.copy({"name": "16 %", "amount": 16})
        self.env["billing.tax.change"].create(
            {
                "date": JULY,
                "company_id": self.company.id,
                "tax_id": self.tax_19.id,
                "next_tax_id": tax_16.id,
            }
        )
        self.tax_0.original_tax_ids |= tax_16
        self.home.tax_ids |= tax_16
        self.service.taxes_id = tax_16
        self.move_abroad()
        self.book(1, "06-30", self.ticket)
        self.book(2, "07-01", self.ticket)
        rates = [line[:2] for line in self.get_lines(self.bill(JULY).invoice_id)]
        self.assertEqual(rates, [(240, 0), (120, 19)])

    def test_other_customers_change_nothing(self):
        other = self.make_partner("Hotel Adler")
        self.book(2, "06-30", self.ticket)
        self.move_abroad(partner_id=other.id)
        invoice = self.bill(JUNE).invoice_id
        self.assertEqual(self.get_lines(invoice), [(240, 0, self.account_abroad)])

    def test_one_day_cannot_say_two_things(self):
        self.move_abroad()
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.move_abroad()

    def test_only_managers_say_so(self):
        change = self.move_abroad()
        user = change.with_user(self.billing_user)
        self.assertEqual(user.position_id, self.home)
        with self.assertRaises(AccessError):
            user.date = JUNE
        change.with_user(self.billing_manager).date = JUNE
