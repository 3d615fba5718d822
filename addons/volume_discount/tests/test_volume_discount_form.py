from odoo.tests import Form, tagged

from .common import VolumeDiscountCommon


@tagged("post_install", "-at_install")
class TestForm(VolumeDiscountCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls.create_user("vd_form", "account.group_account_manager")

    def open_form(self):
        form = Form(self.env["volume.discount"].with_user(self.manager))
        form.name = "Framework contract"
        form.list_price = 120
        return form

    def add_tier(self, form, min_quantity, price_unit):
        with form.tier_ids.new() as row:
            row.min_quantity = min_quantity
            row.price_type = "price"
            row.price_unit = price_unit

    def test_manager_creates_a_table_in_the_form(self):
        form = self.open_form()
        self.add_tier(form, 20, 100)
        self.add_tier(form, 10, 110)
        discount = form.save()
        self.assertEqual(discount.tier_ids.sorted().mapped("price_unit"), [110, 100])
        self.assertEqual(discount.currency_id, self.currency)

    def test_example_follows_while_typing(self):
        form = self.open_form()
        self.add_tier(form, 10, 110)
        form.example_quantity = 25
        self.assertIn("2,850.00", form.example)
        form.mode = "volume"
        self.assertIn("2,750.00", form.example)
        self.add_tier(form, 20, 100)
        self.assertIn("2,500.00", form.example)

    def test_half_typed_tiers_do_not_break_the_form(self):
        form = self.open_form()
        self.add_tier(form, 10, 110)
        self.add_tier(form, 10, 100)
        self.assertFalse(form.example)
        self.assertIn("Complete the tiers", form.example_table)

    def test_negative_example_hours_do_not_break_the_form(self):
        form = self.open_form()
        self.add_tier(form, 10, 110)
        form.example_quantity = -1
        self.assertFalse(form.example)

    def test_leaving_the_volume_mode_drops_the_best_price(self):
        form = self.open_form()
        form.mode = "volume"
        form.best_price = True
        form.mode = "graduated"
        self.assertFalse(form.best_price)

    def test_chosen_service_gives_the_list_price(self):
        service = self.create_service(lst_price=95)
        form = self.open_form()
        form.list_price = 0
        form.product_ids.add(service)
        self.assertEqual(form.list_price, 95)

    def test_only_services_in_time_are_offered(self):
        licence = self.create_service(uom_id=self.unit.id)
        daily = self.create_service(uom_id=self.day.id)
        goods = self.create_service(type="consu")
        domain = self.env["volume.discount"]._get_product_domain()
        offered = self.env["product.product"].search(domain)
        self.assertIn(daily, offered)
        self.assertFalse(offered & (licence | goods))
