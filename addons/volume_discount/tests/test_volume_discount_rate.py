from decimal import Decimal as D

from odoo.tests import tagged

from .common import VolumeDiscountCommon


@tagged("post_install", "-at_install")
class TestRate(VolumeDiscountCommon):
    def total(self, discount, quantity, **arguments):
        charges = discount._rate(quantity, **arguments)
        return sum(charge.amount for charge in charges)

    def test_graduated_equals_the_pricing_table(self):
        discount = self.create_discount(mode="graduated")
        for hours, total in [
            (0, 0),
            (9.99, "1198.80"),
            (10.25, "1227.50"),
            (23.75, 2675),
        ]:
            self.assertEqual(self.total(discount, hours), D(total), hours)

    def test_volume_equals_the_pricing_table(self):
        discount = self.create_discount(mode="volume")
        for hours, total in [(9.5, 1140), (10, 1100), (19, 2090), (20.25, 2025)]:
            self.assertEqual(self.total(discount, hours), D(total), hours)

    def test_best_price_equals_the_pricing_table(self):
        discount = self.create_discount(mode="volume", best_price=True)
        for hours, total in [(9.5, 1100), (10.25, "1127.50"), (19, 2000)]:
            self.assertEqual(self.total(discount, hours), D(total), hours)

    def test_percentages_equal_the_pricing_example(self):
        tiers = [self.discount_tier(20, 5), self.discount_tier(40, 10)]
        discount = self.create_discount(tiers, list_price=100)
        self.assertEqual(self.total(discount, 50), D(4800))
        discount.mode = "volume"
        self.assertEqual(self.total(discount, 50), D(4500))

    def test_consumed_hours_come_first(self):
        discount = self.create_discount([self.discount_tier(50, 10)], list_price=100)
        self.assertEqual(self.total(discount, 6, consumed=48), D(560))
        discount.mode = "volume"
        charges = discount._rate(6, consumed=48)
        self.assertEqual(
            [(charge.kind, charge.amount) for charge in charges],
            [("time", D(540)), ("difference", D(-480))],
        )

    def test_given_list_price_wins_over_the_table(self):
        discount = self.create_discount([self.discount_tier(10, 10)], list_price=100)
        self.assertEqual(self.total(discount, 10, list_price=50), D(500))
        self.assertEqual(self.total(discount, 20, list_price=50.5), D(505) + D("454.5"))

    def test_charges_name_the_tier_record(self):
        discount = self.create_discount()
        keys = [c.tier.key if c.tier else None for c in discount._rate(25)]
        self.assertEqual(keys, [None, *discount.tier_ids.ids])

    def test_hours_stay_as_fine_as_they_are_typed(self):
        charge = self.create_discount()._rate(7.333333)[0]
        self.assertEqual(charge.quantity, D("7.333333"))

    def test_negative_hours_are_refused(self):
        with self.assertRaises(ValueError):
            self.create_discount()._rate(-1)

    def test_chosen_services_count(self):
        support, training = self.create_service(), self.create_service(name="Training")
        discount = self.create_discount(product_ids=support.ids)
        self.assertTrue(discount._is_product_counted(support))
        self.assertFalse(discount._is_product_counted(training))

    def test_without_choice_every_service_in_time_counts(self):
        discount = self.create_discount()
        hourly, daily = self.create_service(), self.create_service(uom_id=self.day.id)
        licence = self.create_service(uom_id=self.unit.id)
        self.assertTrue(discount._is_product_counted(hourly))
        self.assertTrue(discount._is_product_counted(daily))
        self.assertFalse(discount._is_product_counted(licence))
