from datetime import date

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import TicketEstimatesCommon


@tagged("post_install", "-at_install")
class TestEstimateTerms(TicketEstimatesCommon):
    def test_amounts_are_hours_times_rate_plus_tax(self):
        estimate = self._create_estimate(8.0)
        self.assertEqual(estimate.amount_untaxed, 720.0)
        self.assertEqual(estimate.amount_tax, 136.8)
        self.assertEqual(estimate.amount_total, 856.8)

    def test_amounts_are_rounded_to_the_currency(self):
        estimate = self._create_estimate(0.33, price_unit=33.33)
        self.assertEqual(estimate.amount_untaxed, 11.0)
        self.assertEqual(estimate.amount_tax, 2.09)

    def test_a_price_including_tax_gives_the_net_amount(self):
        included = self._create_tax(price_include_override="tax_included")
        estimate = self._create_estimate(
            1.0, price_unit=119.0, tax_ids=[Command.set(included.ids)]
        )
        self.assertEqual(estimate.amount_untaxed, 100.0)
        self.assertEqual(estimate.amount_total, 119.0)

    def test_the_service_of_the_company_gives_the_rate(self):
        estimate = self._create_estimate()
        self.assertEqual(estimate.product_id, self.product)
        self.assertEqual(estimate.price_unit, 90.0)

    def test_the_service_of_the_last_estimate_wins_over_the_one_of_the_company(self):
        senior = self._create_product(name="Senior", list_price=120.0)
        self._create_estimate(product_id=senior.id)
        self.assertEqual(self._create_estimate().price_unit, 120.0)

    def test_a_service_priced_by_day_gives_the_rate_of_an_hour(self):
        daily = self._create_product(uom_id=self.day.id, list_price=800.0)
        self.assertEqual(self._create_estimate(product_id=daily.id).price_unit, 100.0)

    def test_the_pricelist_of_the_customer_gives_the_rate(self):
        self._set_pricelist(fixed_price=75.0)
        self.assertEqual(self._create_estimate().price_unit, 75.0)

    def test_the_pricelist_of_the_customer_gives_the_rate_of_an_hour(self):
        daily = self._create_product(uom_id=self.day.id, list_price=800.0)
        self._set_pricelist(fixed_price=640.0)
        self.assertEqual(self._create_estimate(product_id=daily.id).price_unit, 80.0)

    def test_the_pricelist_of_the_customer_gives_the_currency(self):
        currency = self._get_foreign_currency()
        self._set_pricelist(fixed_price=75.0, currency=currency)
        estimate = self._create_estimate()
        self.assertEqual(estimate.currency_id, currency)
        self.assertEqual(estimate.price_unit, 75.0)

    def test_a_list_price_is_converted_to_the_currency_of_the_estimate(self):
        currency = self._get_foreign_currency()
        estimate = self._create_estimate(currency_id=currency.id)
        self.assertEqual(estimate.price_unit, 180.0)

    def test_a_rate_typed_by_hand_stays(self):
        estimate = self._create_estimate(price_unit=66.0)
        estimate.estimated_hours = 4.0
        self.assertEqual(estimate.price_unit, 66.0)

    def test_an_estimate_without_service_keeps_the_rate_typed_by_hand(self):
        self.company.ticket_estimate_product_id = False
        self.company.account_sale_tax_id = self.tax
        estimate = self._create_estimate(2.0, price_unit=50.0)
        self.assertEqual(estimate.amount_untaxed, 100.0)
        self.assertEqual(estimate.tax_ids, self.tax)

    def test_the_fiscal_position_of_the_customer_maps_the_tax(self):
        position = self.env["account.fiscal.position"].create(
            {"name": "Abroad", "company_id": self.company.id}
        )
        reverse_charge = self._create_tax(
            0.0,
            original_tax_ids=[Command.set(self.tax.ids)],
            fiscal_position_ids=[Command.set(position.ids)],
        )
        self.customer.property_account_position_id = position
        estimate = self._create_estimate()
        self.assertEqual(estimate.tax_ids, reverse_charge)
        self.assertEqual(estimate.amount_tax, 0.0)

    def test_revisions_count_up_per_ticket(self):
        self.assertEqual(self._create_estimate().revision, 1)
        self.assertEqual(self._create_estimate().revision, 2)
        self.assertEqual(
            self._create_estimate(ticket=self._create_ticket()).revision, 1
        )

    def test_estimates_created_together_get_different_revisions(self):
        values = {"ticket_id": self.ticket.id, "estimated_hours": 1.0}
        estimates = self.env["helpdesk.ticket.estimate"].create([values, dict(values)])
        self.assertEqual(estimates.mapped("revision"), [1, 2])

    @freeze_time("2026-05-04 10:00:00")
    def test_the_company_says_how_long_an_estimate_is_valid(self):
        self.company.ticket_estimate_validity_days = 10
        self.assertEqual(self._create_estimate().validity_date, date(2026, 5, 14))

    def test_an_estimate_may_be_valid_without_end(self):
        self.company.ticket_estimate_validity_days = 0
        self.assertFalse(self._create_estimate().validity_date)

    def test_an_estimate_is_named_after_its_ticket(self):
        estimate = self._create_estimate()
        self.assertEqual(estimate.display_name, f"{self.ticket.number}, estimate 1")

    def test_an_estimate_is_found_by_ticket_number(self):
        estimate = self._create_estimate()
        found = self.env["helpdesk.ticket.estimate"].name_search(self.ticket.number)
        self.assertEqual([found_id for found_id, _name in found], estimate.ids)

    def _set_pricelist(self, fixed_price, currency=None):
        self.env.user.group_ids += self.env.ref("product.group_product_pricelist")
        self.customer.property_product_pricelist = self.env["product.pricelist"].create(
            {
                "name": "Dental",
                "currency_id": (currency or self.company.currency_id).id,
                "item_ids": [
                    Command.create(
                        {"compute_price": "fixed", "fixed_price": fixed_price}
                    )
                ],
            }
        )

    def _get_foreign_currency(self):
        return self.env["res.currency"].create(
            {
                "name": "TEX",
                "symbol": "T",
                "rate_ids": [Command.create({"name": "2020-01-01", "rate": 2.0})],
            }
        )


@tagged("post_install", "-at_install")
class TestBadEstimates(TicketEstimatesCommon):
    def test_zero_hours_are_refused(self):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(IntegrityError, "hours_positive"),
        ):
            self._create_estimate(0.0)

    def test_negative_hours_are_refused(self):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(IntegrityError, "hours_positive"),
        ):
            self._create_estimate(-1.0)

    def test_a_negative_rate_is_refused(self):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(IntegrityError, "unit_positive"),
        ):
            self._create_estimate(price_unit=-1.0)

    def test_a_product_not_measured_in_time_is_refused(self):
        piece = self._create_product(uom_id=self.env.ref("uom.product_uom_unit").id)
        with self.assertRaisesRegex(ValidationError, "measured in time"):
            self._create_estimate(product_id=piece.id)

    def test_an_estimate_without_rate_cannot_be_sent(self):
        estimate = self._create_estimate(price_unit=0.0)
        with self.assertRaisesRegex(UserError, "no hourly rate"):
            estimate.action_send()

    def test_an_estimate_without_customer_cannot_be_sent(self):
        estimate = self._create_estimate(ticket=self._create_ticket(partner_id=False))
        with self.assertRaisesRegex(UserError, "no customer"):
            estimate.action_send()

    def test_an_estimate_that_is_no_longer_valid_cannot_be_sent(self):
        estimate = self._create_estimate(validity_date="2020-01-01")
        with self.assertRaisesRegex(UserError, "validity"):
            estimate.action_send()

    def test_a_ticket_without_customer_gets_no_estimate(self):
        ticket = self._create_ticket(partner_id=False)
        with self.assertRaisesRegex(UserError, "Set its contact first"):
            ticket.action_new_estimate()

    def test_a_service_of_another_company_is_refused(self):
        company = self.env["res.company"].create({"name": "Second"})
        product = self._create_product(company_id=company.id, taxes_id=False)
        with self.assertRaisesRegex(UserError, "no company crossover"):
            self._create_estimate(product_id=product.id)
