from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user


class VolumeDiscountCommon(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.hour = cls.env.ref("uom.product_uom_hour")
        cls.day = cls.env.ref("uom.product_uom_day")
        cls.unit = cls.env.ref("uom.product_uom_unit")
        cls.currency = cls.env.company.currency_id
        for lang in ("de_DE", "en_US"):
            cls.env["res.lang"]._activate_lang(lang)
        cls.env = cls.env(context=dict(cls.env.context, lang="en_US"))

    @classmethod
    def price_tier(cls, min_quantity, price_unit):
        return {
            "min_quantity": min_quantity,
            "price_type": "price",
            "price_unit": price_unit,
        }

    @classmethod
    def discount_tier(cls, min_quantity, discount):
        return {
            "min_quantity": min_quantity,
            "price_type": "discount",
            "discount": discount,
        }

    @classmethod
    def create_discount(cls, tiers=None, **values):
        """Create a table; without tiers the one of pricing.md: 120, 110, 100."""
        if tiers is None:
            tiers = [cls.price_tier(10, 110), cls.price_tier(20, 100)]
        defaults = {"name": "Framework contract", "list_price": 120}
        rows = {"tier_ids": [Command.create(tier) for tier in tiers]}
        values = defaults | rows | values
        if values["list_price"] is None:
            del values["list_price"]
        return cls.env["volume.discount"].create(values)

    @classmethod
    def create_service(cls, **values):
        defaults = {"name": "Support", "type": "service", "uom_id": cls.hour.id}
        return cls.env["product.product"].create(defaults | values)

    @classmethod
    def create_partner(cls, **values):
        return cls.env["res.partner"].create({"name": "Machine builder"} | values)

    @classmethod
    def create_company(cls, name):
        return cls.env["res.company"].create({"name": name})

    @classmethod
    def create_user(cls, login, *groups, **values):
        return new_test_user(cls.env, login, groups=",".join(groups), **values)
