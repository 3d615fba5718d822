import re

from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import VolumeDiscountCommon


@tagged("post_install", "-at_install")
class TestConstraints(VolumeDiscountCommon):
    def check_refused_by_database(self, constraint, **row):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(IntegrityError, constraint),
            self.cr.savepoint(),
        ):
            self.create_discount([row])

    def test_two_tiers_cannot_start_at_the_same_hours(self):
        twice = [self.price_tier(10, 110), self.discount_tier(10.001, 5)]
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(IntegrityError, "unique_bound"),
            self.cr.savepoint(),
        ):
            self.create_discount(twice)

    def test_what_is_no_number_is_refused_in_words(self):
        table = self.create_discount()
        for record, name in (
            (table, "list_price"),
            (table, "example_quantity"),
            (table.tier_ids[0], "min_quantity"),
            (table.tier_ids[0], "price_unit"),
            (table.tier_ids[0], "discount"),
        ):
            for value in (1e308, float("inf"), float("-inf"), float("nan"), "x"):
                with (
                    self.subTest(name, value=value),
                    self.assertRaisesRegex(UserError, "is not a number for"),
                ):
                    record[name] = value

    def test_two_tables_may_have_the_same_bounds(self):
        self.create_discount()
        self.assertEqual(
            self.create_discount().tier_ids.mapped("min_quantity"), [10, 20]
        )

    def test_bound_is_not_negative(self):
        tier = self.price_tier(-1, 100)
        self.check_refused_by_database("min_quantity_range", **tier)

    def test_discount_is_at_most_hundred(self):
        tier = self.discount_tier(10, 100.01)
        self.check_refused_by_database("discount_range", **tier)

    def test_discount_is_not_negative(self):
        self.check_refused_by_database("discount_range", **self.discount_tier(10, -1))

    def test_price_is_not_negative(self):
        self.check_refused_by_database("price_unit_range", **self.price_tier(10, -1))

    def test_list_price_is_not_negative(self):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(IntegrityError, "list_price_range"),
            self.cr.savepoint(),
        ):
            self.create_discount(list_price=-1)

    def test_example_hours_are_not_negative(self):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(IntegrityError, "example_quantity_range"),
            self.cr.savepoint(),
        ):
            self.create_discount(example_quantity=-1)

    def test_free_tier_is_allowed(self):
        discount = self.create_discount([self.discount_tier(0, 100)])
        self.assertEqual(sum(c.amount for c in discount._rate(5)), 0)

    def test_table_needs_a_tier(self):
        with self.assertRaisesRegex(ValidationError, "Add at least one"):
            self.create_discount([])

    def test_table_without_mention_of_tiers_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "Add at least one"):
            self.env["volume.discount"].create({"name": "Empty"})

    def test_last_tier_cannot_be_removed(self):
        discount = self.create_discount()
        with self.assertRaisesRegex(ValidationError, "Add at least one"):
            discount.tier_ids = [Command.clear()]

    def test_all_tiers_can_be_replaced_at_once(self):
        discount = self.create_discount()
        tier = self.discount_tier(10, 5)
        discount.tier_ids = [Command.clear(), Command.create(tier)]
        self.assertEqual(discount.tier_ids.mapped("discount"), [5])

    def test_best_price_needs_the_volume_mode(self):
        with self.assertRaisesRegex(ValidationError, "mode Volume"):
            self.create_discount(mode="graduated", best_price=True)

    def test_leaving_the_volume_mode_drops_the_best_price(self):
        discount = self.create_discount(mode="volume", best_price=True)
        discount.mode = "graduated"
        self.assertFalse(discount.best_price)

    def test_service_is_measured_in_time(self):
        licence = self.create_service(name="Licence", uom_id=self.unit.id)
        with self.assertRaisesRegex(ValidationError, "“Licence” is measured in Units"):
            self.create_discount(product_ids=licence.ids)

    def test_service_in_days_is_measured_in_time(self):
        service = self.create_service(uom_id=self.day.id)
        discount = self.create_discount(product_ids=service.ids)
        self.assertEqual(discount.product_ids, service)

    def test_table_of_a_customer_cannot_be_deleted(self):
        discount = self.create_discount()
        self.create_partner(volume_discount_id=discount.id)
        with self.assertRaisesRegex(UserError, "customer Machine builder in"):
            discount.unlink()

    def test_table_of_a_customer_of_another_company_cannot_be_deleted(self):
        discount = self.create_discount(company_id=False)
        other = self.create_company("Other firm")
        self.create_partner().with_company(other).volume_discount_id = discount
        with self.assertRaisesRegex(UserError, "in Other firm"):
            discount.unlink()

    def test_table_without_customers_can_be_deleted(self):
        discount = self.create_discount()
        tiers = discount.tier_ids
        discount.unlink()
        self.assertFalse(tiers.exists())


@tagged("post_install", "-at_install")
class TestTable(VolumeDiscountCommon):
    def test_tier_reads_as_a_sentence(self):
        tiers = [self.price_tier(10, 110), self.discount_tier(20.5, 5)]
        discount = self.create_discount(tiers)
        money = f"{self.currency.symbol}\N{NO-BREAK SPACE}110.00"
        if self.currency.position == "after":
            money = f"110.00\N{NO-BREAK SPACE}{self.currency.symbol}"
        self.assertEqual(
            discount.tier_ids.mapped("display_name"),
            [f"from 10 h: {money} per hour", "from 20.5 h: 5 % off"],
        )

    def test_tier_reads_as_a_german_sentence(self):
        discount = self.create_discount([self.discount_tier(20.5, 5)])
        tier = discount.tier_ids.with_context(lang="de_DE")
        self.assertEqual(tier.display_name, "ab 20,5 Std.: 5 % Rabatt")

    def test_list_price_comes_from_the_first_service(self):
        service = self.create_service(lst_price=95)
        discount = self.create_discount(product_ids=service.ids, list_price=None)
        self.assertEqual(discount.list_price, 95)

    def test_list_price_of_a_service_in_days_is_per_hour(self):
        service = self.create_service(lst_price=800, uom_id=self.day.id)
        discount = self.create_discount(product_ids=service.ids, list_price=None)
        self.assertEqual(discount.list_price, 100)

    def test_list_price_is_in_the_currency_of_the_table(self):
        currency = self.env["res.currency"].create({"name": "VDC", "symbol": "v"})
        rate = {"currency_id": currency.id, "rate": 2, "name": "2000-01-01"}
        self.env["res.currency.rate"].create(rate)
        service = self.create_service(lst_price=95)
        discount = self.create_discount(
            product_ids=service.ids, list_price=None, currency_id=currency.id
        )
        self.assertEqual(discount.list_price, 190)

    def test_typed_list_price_stays(self):
        service = self.create_service(lst_price=95)
        discount = self.create_discount(list_price=120)
        discount.product_ids = service
        self.assertEqual(discount.list_price, 120)

    def test_copy_has_tiers_of_its_own(self):
        discount = self.create_discount()
        copy = discount.copy()
        self.assertEqual(copy.tier_summary, discount.tier_summary)
        self.assertFalse(copy.tier_ids & discount.tier_ids)

    def test_changed_tier_leaves_a_trace(self):
        discount = self.create_discount()
        self.flush_tracking()
        discount.tier_ids[0].price_unit = 105
        self.flush_tracking()
        tracked = discount.message_ids[0].tracking_value_ids
        self.assertEqual(tracked.field_id.name, "tier_summary")
        self.assertIn("≥ 10 h: 110/h", tracked.old_value_char)
        self.assertIn("≥ 10 h: 105/h", tracked.new_value_char)

    def flush_tracking(self):
        self.env.flush_all()
        self.cr.precommit.run()


@tagged("post_install", "-at_install")
class TestExample(VolumeDiscountCommon):
    def test_example_says_what_the_typed_hours_cost(self):
        discount = self.create_discount(example_quantity=25, list_price=120)
        self.assertIn("25 h cost", discount.example)
        self.assertIn("2,800.00", discount.example)
        self.assertIn("112.00", discount.example)

    def test_example_speaks_german(self):
        discount = self.create_discount(example_quantity=25).with_context(lang="de_DE")
        self.assertIn("25 Std. kosten", discount.example)
        self.assertIn("2.800,00", discount.example)

    def test_table_shows_every_bound_and_the_saving(self):
        table = self.create_discount(example_quantity=25).example_table
        for number in ("1,200.00", "2,300.00", "2,800.00", "200.00"):
            self.assertIn(number, table)

    def test_table_explains_the_charges(self):
        discount = self.create_discount(
            mode="volume", best_price=True, example_quantity=9.5
        )
        charges = [discount._format_charge(charge) for charge in discount._rate(9.5)]
        time, best_price = charges
        money = discount._format_money(1140)
        self.assertRegex(time, rf"^9.5 h × .*120.00.* = {re.escape(money)}$")
        self.assertRegex(best_price, r"^Best price: .*-.?40.00")
        self.assertIn(time, discount.example_table)

    def test_zero_hours_give_no_sentence(self):
        discount = self.create_discount(example_quantity=0)
        self.assertFalse(discount.example)
        self.assertIn("1,200.00", discount.example_table)
