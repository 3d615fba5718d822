from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import SQL

from .common_native import NativeEqualityCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestNativeCompanies(NativeEqualityCommon):
    """Each company bills its own time, in the currency that is agreed."""

    def set_dollar(self):
        self.dollar = self.setup_other_currency(
            "USD",
            rates=[("2026-01-01", 1.1), ("2026-10-15", 1.2), ("2026-11-03", 1.37)],
        )
        self.agreement.currency_id = self.dollar

    def test_rate_of_the_invoice_date(self):
        self.set_dollar()
        invoice = self.assert_like_by_hand()
        self.assertEqual(invoice.currency_id, self.dollar)
        self.assertAlmostEqual(invoice.invoice_currency_rate, 1.2)

    def test_draft_has_the_rate_of_the_day_it_is_posted(self):
        self.set_dollar()
        self.agreement.auto_post = False
        invoice = self.bill().invoice_id
        by_hand = self.type_draft(invoice, {})
        self.set_created(invoice | by_hand)
        with freeze_time("2026-11-04 08:00:00"):
            (invoice | by_hand).action_post()
        self.assert_same(invoice, by_hand)
        self.assertAlmostEqual(invoice.invoice_currency_rate, 1.37)

    def set_created(self, moves):
        """Odoo takes the rate of a draft for one that was typed if it is not that of
        the day it was created, and the database does not know the day of the test."""
        self.env.flush_all()
        query = "UPDATE account_move SET create_date = %s WHERE id IN %s"
        self.env.cr.execute(SQL(query, "2026-11-01 08:00:00", tuple(moves.ids)))
        moves.invalidate_recordset(["create_date"])

    def test_several_currencies_in_one_run(self):
        self.set_dollar()
        other = self.make_agreement(
            partner_id=self.make_partner("Euro GmbH").id, auto_post=True
        )
        project = self.make_project("Euro", other.partner_id)
        self.book(2.37, "10-05", self.make_ticket("Euro", project))
        invoices = self.bill(agreements=self.agreement | other).invoice_id
        self.assertEqual(len(invoices.currency_id), 2)
        for invoice in invoices:
            self.assert_same(invoice, self.type_by_hand(invoice, {}))

    def test_journal_of_the_currency(self):
        self.set_dollar()
        journal = self.company_data["default_journal_sale"].copy(
            {"name": "Dollar", "code": "USD", "currency_id": self.dollar.id}
        )
        self.assertEqual(self.assert_like_by_hand().journal_id, journal)

    def test_price_in_the_currency_that_includes_the_tax(self):
        self.set_dollar()
        self.service.taxes_id = self.tax_19.copy(
            {"name": "19 % incl.", "price_include_override": "tax_included"}
        )
        self.assert_like_by_hand()

    def test_instalments_with_cash_rounding(self):
        self.set_dollar()
        rounding = self.env["account.cash.rounding"].create(
            {"name": "To 0.05", "rounding": 0.05, "strategy": "biggest_tax"}
        )
        term = self.env["account.payment.term"].create(
            {
                "name": "Thirds",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": part})
                    for part in (33.33, 33.33, 33.34)
                ],
            }
        )
        self.agreement.write(
            {"cash_rounding_id": rounding.id, "payment_term_id": term.id}
        )
        self.assert_like_by_hand(
            invoice_cash_rounding_id=rounding.id, invoice_payment_term_id=term.id
        )

    def set_up_company(self, data):
        """Return the agreement of another company with the shared customer, and
        the hours booked for it on 9 September and October."""
        self.other = data["company"]
        self.env.user.company_ids |= self.other
        self.env = self.env(
            context={
                **self.env.context,
                "allowed_company_ids": [self.company.id, self.other.id],
            }
        )
        taxes = self.service.taxes_id | data["default_tax_sale"]
        self.service.taxes_id = taxes
        employee = self.make_employee("Carla", company_id=self.other.id)
        project = self.make_project("Other", self.partner, company_id=self.other.id)
        for month in ("09", "10"):
            self.book(
                3.21,
                f"{month}-09",
                employee_id=employee.id,
                project_id=project.id,
                company_id=self.other.id,
            )
        return self.make_agreement(
            company_id=self.other.id,
            currency_id=self.other.currency_id.id,
            auto_post=True,
        )

    def assert_each_bills_its_own(self, agreement):
        own = self.assert_like_by_hand()
        others = self.assert_like_by_hand(agreement)
        self.assertEqual(sum(self.get_hours(own)), 4.58)
        self.assertEqual(sum(self.get_hours(others)), 3.21)
        self.assertEqual(own.company_id, self.company)
        self.assertEqual(others.company_id, self.other)
        return others

    def get_hours(self, invoice):
        lines = invoice.invoice_line_ids.filtered("allocation_ids")
        self.assertEqual(
            lines.sudo().allocation_ids.timesheet_id.company_id, invoice.company_id
        )
        return lines.mapped("quantity")

    def test_shared_customer_of_two_companies(self):
        agreement = self.set_up_company(self.setup_other_company())
        invoice = self.assert_each_bills_its_own(agreement)
        self.assertEqual(invoice.invoice_line_ids.tax_ids.company_id, self.other)

    def test_shared_customer_of_companies_with_different_currencies(self):
        franc = self.setup_other_currency("CHF", rates=[("2026-01-01", 0.95)])
        data = self.setup_other_company(currency_id=franc.id)
        invoice = self.assert_each_bills_its_own(self.set_up_company(data))
        self.assertEqual(invoice.currency_id, franc)

    def test_shared_customer_of_a_company_and_its_branch(self):
        branch = self.env["res.company"].create(
            {
                "name": "Branch",
                "parent_id": self.company.id,
                "country_id": self.company.country_id.id,
            }
        )
        agreement = self.set_up_company(
            {"company": branch, "default_tax_sale": self.tax_19}
        )
        invoice = self.assert_each_bills_its_own(agreement)
        self.assertEqual(invoice.invoice_line_ids.tax_ids, self.tax_19)

    def test_both_companies_in_one_run(self):
        agreement = self.set_up_company(self.setup_other_company())
        periods = self.bill(agreements=self.agreement | agreement)
        self.assertEqual(periods.mapped("state"), ["invoiced"] * 2)
        for invoice in periods.invoice_id:
            self.assert_same(invoice, self.type_by_hand(invoice, {}))
