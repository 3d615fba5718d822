from odoo.fields import Command
from odoo.tests import HttpCase, freeze_time, tagged

from .common import NOVEMBER, MonthlyBillingCommon


@freeze_time("2026-11-15 08:00:00")
class EstimateCommon(MonthlyBillingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner.lang = "en_US"
        cls.ticket = cls.make_ticket("Printer")
        cls.other_service = cls.make_service("Travel", 60.0)
        cls.company.ticket_estimate_product_id = cls.other_service

    @classmethod
    def make_estimate(cls, hours=4.0, **values):
        estimate = cls.env["helpdesk.ticket.estimate"].create(
            {"ticket_id": cls.ticket.id, "estimated_hours": hours, **values}
        )
        return estimate.with_context(lang="en_US")

    @classmethod
    def make_pricelist(cls, *rules, **values):
        cls.env.user.group_ids += cls.env.ref("product.group_product_pricelist")
        return cls.env["product.pricelist"].create(
            {
                "name": "Sommer",
                "currency_id": cls.company.currency_id.id,
                "item_ids": [
                    Command.create({"compute_price": "fixed", **rule}) for rule in rules
                ],
                **values,
            }
        )


@tagged("post_install", "-at_install")
@freeze_time("2026-11-15 08:00:00")
class TestEstimatedRate(EstimateCommon):
    """An estimate asks what the monthly invoice will ask."""

    def test_service_and_rate_are_those_of_the_agreement(self):
        estimate = self.make_estimate()
        self.assertEqual(estimate.product_id, self.service)
        self.assertEqual(estimate.price_unit, 120.0)

    def test_the_invoice_asks_the_estimated_rate(self):
        self.agreement.pricelist_id = self.make_pricelist(
            {"fixed_price": 111.0, "date_start": "2026-11-01 00:00:00"},
            {"fixed_price": 99.0, "date_end": "2026-10-31 00:00:00"},
            {"fixed_price": 50.0, "min_quantity": 3},
        )
        estimate = self.make_estimate()
        self.book(4, "11-15", self.ticket)
        line = self.bill(NOVEMBER).invoice_id.invoice_line_ids
        self.assertEqual(estimate.price_unit, 111.0)
        self.assertEqual(line.price_unit, 111.0)
        self.assertEqual(line.price_subtotal, estimate.amount_untaxed)

    def test_the_invoice_asks_the_estimated_rate_of_a_service_sold_by_day(self):
        unit = self.env.ref("uom.product_uom_day")
        self.agreement.product_id = self.make_service("Day", 800.0, uom_id=unit.id)
        self.agreement.pricelist_id = self.make_pricelist(
            {"fixed_price": 640.0, "min_quantity": 1}
        )
        estimate = self.make_estimate()
        self.book(4, "11-15", self.ticket)
        line = self.bill(NOVEMBER).invoice_id.invoice_line_ids
        self.assertEqual(estimate.price_unit, 100.0)
        self.assertEqual(line.price_unit, 100.0)

    def test_the_pricelist_of_the_customer_yields_to_the_agreement(self):
        self.partner.property_product_pricelist = self.make_pricelist(
            {"fixed_price": 77.0}
        )
        self.assertEqual(self.make_estimate().price_unit, 120.0)

    def test_the_currency_is_that_of_the_agreement(self):
        self.service.company_id = self.company  # its price is in euro
        currency = self.setup_other_currency("USD", rates=[("2026-01-01", 2.0)])
        self.agreement.currency_id = currency
        estimate = self.make_estimate()
        self.assertEqual(estimate.currency_id, currency)
        self.assertEqual(estimate.price_unit, 240.0)

    def test_another_service_keeps_its_rate(self):
        estimate = self.make_estimate(product_id=self.other_service.id)
        self.assertEqual(estimate.price_unit, 60.0)

    def test_without_running_agreement_the_company_and_the_customer_count(self):
        self.agreement.action_draft()
        self.partner.property_product_pricelist = self.make_pricelist(
            {"fixed_price": 77.0}
        )
        estimate = self.make_estimate()
        self.assertEqual(estimate.product_id, self.other_service)
        self.assertEqual(estimate.price_unit, 77.0)

    def test_an_agreement_that_does_not_bill_the_ticket_does_not_count(self):
        elsewhere = self.make_project("Elsewhere", self.partner)
        for values in (
            {"project_ids": [Command.set(elsewhere.ids)]},
            {"project_ids": [Command.clear()], "date_end": "2026-11-14"},
        ):
            self.agreement.write(values)
            with self.subTest(values):
                self.assertEqual(self.make_estimate().price_unit, 60.0)

    def test_a_contact_of_the_customer_gets_the_rate_of_the_agreement(self):
        contact = self.make_partner(
            "Frau Sommer", is_company=False, parent_id=self.partner.id
        )
        self.ticket.partner_id = contact
        self.assertEqual(self.make_estimate().price_unit, 120.0)

    def test_a_helpdesk_user_estimates_without_rights_on_agreements(self):
        user = self.make_user("desk", "helpdesk_mgmt.group_helpdesk_user")
        estimates = self.env["helpdesk.ticket.estimate"].with_user(user)
        estimate = estimates.create(
            {"ticket_id": self.ticket.id, "estimated_hours": 4.0}
        )
        self.assertEqual(estimate.price_unit, 120.0)

    def test_many_estimates_ask_for_agreements_once(self):
        values = {"ticket_id": self.ticket.id, "estimated_hours": 1.0}
        estimates = self.env["helpdesk.ticket.estimate"].create([values] * 10)
        estimates.invalidate_recordset(["billing_agreement_id"])
        estimates.fetch(["ticket_id", "partner_id", "company_id"])
        with self.assertQueryCount(12):
            estimates.mapped("billing_agreement_id")


@tagged("post_install", "-at_install")
@freeze_time("2026-11-15 08:00:00")
class TestExpectedDiscount(EstimateCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.table = cls.make_table((10, 110), (20, 100))
        cls.agreement.volume_discount_id = cls.table

    def get_hint(self, **values):
        return self.make_estimate(**values).discount_hint

    def test_hours_booked_this_month_come_first(self):
        self.book(8, "11-02")
        self.assertEqual(
            self.get_hint(),
            "With the volume discount as of today (8 h in November 2026) expected: "
            "460.00\xa0€ instead of 480.00\xa0€ net. Not binding: the discount follows "
            "from all hours of the period.",
        )

    def test_the_approved_amount_stays_the_list_price(self):
        self.book(8, "11-02")
        self.assertEqual(self.make_estimate().amount_untaxed, 480.0)

    def test_it_is_what_the_invoice_asks_if_nothing_else_happens(self):
        self.book(8, "11-02")
        self.assertIn("460.00", self.get_hint())
        self.book(4, "11-15", self.ticket)
        invoice = self.bill(NOVEMBER).invoice_id
        self.assertEqual(invoice.amount_untaxed, 8 * 120 + 460)

    def test_hours_of_the_ticket_itself_do_not_count_twice(self):
        self.book(8, "11-02")
        self.book(3, "11-03", self.ticket)
        self.assertIn("460.00", self.get_hint())

    def test_hours_of_another_month_do_not_count(self):
        self.book(18, "10-02")
        self.assertFalse(self.get_hint())

    def test_hours_billed_in_the_window_count(self):
        self.table.window = "year"
        self.book(18, "10-02")
        self.bill()
        hint = self.get_hint()
        self.assertIn("18 h in 2026", hint)
        self.assertIn("420.00", hint)

    def test_a_quarter_is_named(self):
        self.table.window = "quarter"
        self.book(18, "10-02")
        self.assertIn("18 h in Q4 2026", self.get_hint())

    def test_no_saving_no_hint(self):
        self.book(2, "11-02")
        self.assertFalse(self.get_hint())

    def test_a_table_for_other_services_gives_no_hint(self):
        self.book(8, "11-02")
        self.table.product_ids = self.other_service
        self.assertFalse(self.get_hint())

    def test_an_agreement_without_table_gives_no_hint(self):
        self.partner.volume_discount_id = self.table
        self.agreement.volume_discount_id = False
        self.assertFalse(self.get_hint(hours=30.0))

    def test_an_answered_estimate_needs_no_hint(self):
        estimate = self.make_estimate(30.0)
        self.assertTrue(estimate.discount_hint)
        estimate._mark_sent()
        self.assertTrue(estimate.discount_hint)
        estimate._approve("Dr. Sommer")
        estimate.invalidate_recordset(["discount_hint"])
        self.assertFalse(estimate.discount_hint)

    def test_the_hint_is_in_the_language_of_the_reader(self):
        self.book(8, "11-02")
        german = self.make_estimate().with_context(lang="de_DE")
        self.assertIn("460,00", german.discount_hint)

    def test_a_rate_with_tax_shows_net_amounts(self):
        self.tax_19.price_include_override = "tax_included"
        self.table.tier_ids.write({"price_type": "discount", "discount": 10})
        self.table.tier_ids[1:].unlink()
        self.service.list_price = 119.0
        self.book(10, "11-02")
        hint = self.get_hint()
        self.assertIn("360.00", hint)
        self.assertIn("400.00", hint)

    def test_without_agreement_the_invoices_of_the_window_count(self):
        self.agreement.action_draft()
        self.partner.volume_discount_id = self.table
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.partner.id,
                "invoice_date": "2026-11-05",
                "delivery_date": "2026-11-05",
                "invoice_line_ids": [
                    Command.create({"product_id": self.service.id, "quantity": 9})
                ],
            }
        )
        invoice.action_post()
        hint = self.get_hint(product_id=self.service.id)
        self.assertIn("9 h in November 2026", hint)
        self.assertIn("450.00\xa0€ instead of", hint)

    def test_a_helpdesk_user_sees_it_without_rights_on_discounts(self):
        self.book(8, "11-02")
        user = self.make_user("desk", "helpdesk_mgmt.group_helpdesk_user")
        self.assertIn("460.00", self.make_estimate().with_user(user).discount_hint)


@tagged("post_install", "-at_install")
class TestDiscountForTheCustomer(EstimateCommon, HttpCase):
    """What the customer reads before the approval."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agreement.volume_discount_id = cls.make_table((1, 110), (20, 100))
        cls.estimate = cls.make_estimate()
        cls.estimate._mark_sent()

    def test_the_page_names_the_expected_discount(self):
        page = self.url_open(self.estimate.sudo().get_portal_url()).text
        self.assertIn("o_estimate_discount", page)
        self.assertIn("450.00", page)
        self.assertIn("Not binding", page)

    def test_the_approval_is_for_the_list_price(self):
        before = self.estimate._get_terms_fingerprint()
        self.book(30, "11-02")
        self.estimate.invalidate_recordset()
        self.assertEqual(self.estimate._get_terms_fingerprint(), before)
        self.assertEqual(self.estimate.amount_untaxed, 480.0)

    def test_the_printed_estimate_names_it_in_the_language_of_the_customer(self):
        self.partner.lang = "de_DE"
        report = self.env["ir.actions.report"]
        html, _type = report._render_qweb_html(
            "ticket_estimates.report_estimate", self.estimate.ids
        )
        self.assertIn("450,00", html.decode())

    def test_a_page_without_discount_says_nothing(self):
        self.agreement.volume_discount_id = False
        self.estimate.invalidate_recordset()
        page = self.url_open(self.estimate.sudo().get_portal_url()).text
        self.assertIn("480.00", page)
        self.assertNotIn("o_estimate_discount", page)
