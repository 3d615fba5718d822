"""The tax of the day of work holds, whenever it is billed."""

from datetime import date

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import BaseCase, freeze_time, tagged

from odoo.addons.monthly_billing.core.tax_changes import Change, apply_changes

from .common import MonthlyBillingCommon

JUNE = date(2026, 6, 1)
JULY = date(2026, 7, 1)


@tagged("post_install", "-at_install")
class TestApplyChanges(BaseCase):
    """19 % until June 2020, 16 % until December, 19 % again."""

    CHANGES = (Change(date(2020, 7, 1), 19, 16), Change(date(2021, 1, 1), 16, 19))
    EXPECTED = {
        date(2020, 6, 30): 19,
        date(2020, 7, 1): 16,
        date(2020, 12, 31): 16,
        date(2021, 1, 1): 19,
    }

    def test_day_decides_whatever_the_service_has_now(self):
        for day, expected in self.EXPECTED.items():
            for current in (19, 16):
                with self.subTest(day=day, current=current):
                    found = apply_changes(current, 1, day, self.CHANGES)
                    self.assertEqual(found, expected)

    def test_other_taxes_stay(self):
        self.assertEqual(apply_changes(7, 1, JUNE, self.CHANGES), 7)

    def test_other_services_stay(self):
        change = Change(JULY, 19, 16, frozenset({5}))
        self.assertEqual(apply_changes(16, 1, JUNE, [change]), 16)
        self.assertEqual(apply_changes(16, 5, JUNE, [change]), 19)


@tagged("post_install", "-at_install")
@freeze_time("2026-07-01 08:00:00")
class TestTaxChanges(MonthlyBillingCommon):
    """Services have 19 % until 30 June and 16 % from 1 July."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tax_16 = cls.tax_19.copy({"name": "16 %", "amount": 16})
        cls.change = cls.env["billing.tax.change"].create(cls.prepare_change())
        cls.ticket = cls.make_ticket("Login broken")
        cls.agreement.bill_from = JUNE

    @classmethod
    def prepare_change(cls, **values):
        return {
            "date": JULY,
            "company_id": cls.company.id,
            "tax_id": cls.tax_19.id,
            "next_tax_id": cls.tax_16.id,
            **values,
        }

    def change_service(self):
        """The bookkeeper gives the service its new tax."""
        self.service.taxes_id = self.tax_16

    def get_rates(self, invoice):
        """Return (net amount, tax rate) of each line."""
        return [
            (line.price_subtotal, line.tax_ids.amount)
            for line in invoice.invoice_line_ids.filtered("product_id")
        ]

    def check(self, invoice, expected):
        """The lines have these amounts and rates, and the tax that follows."""
        self.assertEqual(self.get_rates(invoice), expected)
        tax = sum(round(net * rate / 100, 2) for net, rate in expected)
        self.assertAlmostEqual(invoice.amount_tax, tax)

    def test_june_billed_in_july(self):
        self.book(2, "06-30", self.ticket)
        self.change_service()
        self.check(self.bill(JUNE).invoice_id, [(240, 19)])

    def test_july_billed_before_the_service_is_changed(self):
        self.book(2, "07-01", self.ticket)
        self.check(self.bill(JULY).invoice_id, [(240, 16)])

    def test_late_entry_of_june_on_the_invoice_of_july(self):
        self.bill(JUNE)
        self.book(1, "06-30", self.ticket)
        self.book(2, "07-01", self.ticket)
        self.change_service()
        preview = self.agreement._preview_period(JULY)[0]
        invoice = self.bill(JULY).invoice_id
        self.check(invoice, [(240, 16), (120, 19)])
        self.assertEqual(preview["amount_tax"], invoice.amount_tax)
        self.assertEqual(preview["amount_total"], invoice.amount_total)

    def test_tax_of_each_rate_is_booked_by_itself(self):
        self.test_late_entry_of_june_on_the_invoice_of_july()
        invoice = self.agreement.period_ids.invoice_id
        booked = {
            line.tax_line_id: line.credit
            for line in invoice.line_ids.filtered("tax_line_id")
        }
        self.assertEqual(booked, {self.tax_16: 38.4, self.tax_19: 22.8})

    def test_june_billed_again_after_a_credit_note(self):
        self.book(2, "06-30", self.ticket)
        invoice = self.bill(JUNE).invoice_id
        invoice.action_post()
        self.change_service()
        wizard = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        wizard = wizard.create(
            {"journal_id": invoice.journal_id.id, "billing_release": "all"}
        )
        wizard.reverse_moves()
        wizard.new_move_ids.action_post()
        self.check(wizard.new_move_ids, [(240, 19)])
        again = self.bill(JUNE).invoice_id
        self.assertNotEqual(again, invoice)
        self.check(again, [(240, 19)])

    def test_retainers_of_june_and_july(self):
        self.agreement.write(
            {"included_hours": 1, "included_price": 100, "included_from": JUNE}
        )
        self.change_service()
        self.book(2, "06-30", self.ticket)
        self.check(
            self.bill(JULY).invoice_id, [(100, 16), (100, 19), (0, 19), (120, 19)]
        )

    def test_change_within_a_month_makes_a_line_per_rate(self):
        self.change.date = date(2026, 6, 16)
        self.book(1, "06-15", self.ticket)
        self.book(2, "06-16", self.ticket)
        self.change_service()
        self.check(self.bill(JUNE).invoice_id, [(120, 19), (240, 16)])

    def test_saving_has_the_rate_of_its_hours(self):
        self.agreement.volume_discount_id = self.make_table(
            (1, 100), presentation="summary"
        )
        self.bill(JUNE)
        self.book(2, "06-30", self.ticket)
        self.book(3, "07-01", self.ticket)
        self.change_service()
        self.check(
            self.bill(JULY).invoice_id, [(360, 16), (-40, 16), (240, 19), (-20, 19)]
        )

    def test_price_that_includes_the_tax(self):
        included = {"price_include_override": "tax_included"}
        gross_19 = self.tax_19.copy({"name": "19 incl.", **included})
        gross_16 = self.tax_16.copy({"name": "16 incl.", **included})
        self.change.write({"tax_id": gross_19.id, "next_tax_id": gross_16.id})
        self.service.write({"taxes_id": gross_16.ids, "list_price": 119})
        self.book(1, "06-30", self.ticket)
        invoice = self.bill(JUNE).invoice_id
        self.assertEqual((invoice.amount_untaxed, invoice.amount_tax), (100, 19))

    def test_income_account_of_the_day(self):
        old = self.service._get_product_accounts()["income"]
        new = old.copy({"code": "844999", "name": "Revenue 16 %"})
        self.change.write({"account_id": old.id, "next_account_id": new.id})
        self.bill(JUNE)
        self.book(1, "06-30", self.ticket)
        self.book(2, "07-01", self.ticket)
        self.change_service()
        self.service.property_account_income_id = new
        lines = self.bill(JULY).invoice_id.invoice_line_ids.filtered("product_id")
        self.assertEqual(lines.mapped("account_id"), new | old)

    def test_reverse_charge_follows_from_the_tax_of_the_day(self):
        self.partner.write(
            {"country_id": self.env.ref("base.at").id, "vat": "ATU12345675"}
        )
        self.book(2, "06-30", self.ticket)
        self.change_service()
        self.assertEqual(self.bill(JUNE).invoice_id.amount_tax, 0)

    def test_change_of_another_service_changes_nothing(self):
        self.change.product_ids = self.make_service("Training", 90)
        self.book(2, "06-30", self.ticket)
        self.change_service()
        self.check(self.bill(JUNE).invoice_id, [(240, 16)])

    def test_estimate_has_the_tax_of_its_day(self):
        self.assertEqual(self.approve_estimate(self.ticket, 2).tax_ids, self.tax_16)

    def test_same_day_cannot_say_two_things(self):
        other = self.tax_19.copy({"name": "5 %", "amount": 5})
        with self.assertRaises(ValidationError):
            self.change.copy({"next_tax_id": other.id})

    def test_only_managers_change_taxes(self):
        user = self.change.with_user(self.billing_user)
        self.assertEqual(user.tax_id, self.tax_19)
        with self.assertRaises(AccessError):
            user.date = JUNE
        manager = self.change.with_user(self.billing_manager)
        manager.product_ids = [Command.set(self.service.ids)]
