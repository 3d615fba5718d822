from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common import VolumeDiscountCommon


@tagged("post_install", "-at_install")
class TestRoles(VolumeDiscountCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.discount = cls.create_discount()
        cls.user = cls.create_user("vd_user", "account.group_account_invoice")
        cls.manager = cls.create_user("vd_manager", "account.group_account_manager")
        cls.nobody = cls.create_user("vd_nobody", "base.group_user")
        cls.portal = cls.create_user("vd_portal", "base.group_portal")

    def test_invoicing_user_reads_table_and_example(self):
        discount = self.discount.with_user(self.user)
        self.assertEqual(discount.tier_ids.mapped("price_unit"), [110, 100])
        self.assertIn("2,800.00", discount.example)
        self.assertEqual(len(discount._rate(25)), 3)

    def test_invoicing_user_changes_nothing(self):
        discount = self.discount.with_user(self.user)
        with self.assertRaises(AccessError):
            discount.name = "Mine"
        with self.assertRaises(AccessError):
            discount.tier_ids[0].price_unit = 1
        with self.assertRaises(AccessError):
            discount.copy()
        with self.assertRaises(AccessError):
            discount.unlink()

    def test_manager_edits_everything(self):
        discount = self.discount.with_user(self.manager)
        discount.write(
            {
                "name": "New terms",
                "tier_ids": [
                    Command.update(discount.tier_ids[0].id, {"price_unit": 105}),
                    Command.delete(discount.tier_ids[1].id),
                ],
            }
        )
        self.assertEqual(discount.tier_ids.mapped("price_unit"), [105])
        copy = discount.copy()
        copy.unlink()
        self.assertFalse(copy.exists())

    def test_others_see_nothing(self):
        for user in (self.nobody, self.portal):
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    self.discount.with_user(user).read(["name"])
                with self.assertRaises(AccessError):
                    self.discount.tier_ids.with_user(user).read(["price_unit"])
                with self.assertRaises(AccessError):
                    user.partner_id.with_user(user).read(["volume_discount_id"])

    def test_sudo_rates_on_behalf_of_the_portal(self):
        discount = self.discount.with_user(self.portal).sudo()
        self.assertEqual(sum(c.amount for c in discount._rate(25)), 2800)
        self.assertTrue(discount.example)


@tagged("post_install", "-at_install")
class TestCompanies(VolumeDiscountCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.create_company("Other firm")
        cls.stranger = cls.create_user(
            "vd_stranger",
            "account.group_account_manager",
            company_id=cls.other.id,
            company_ids=[Command.set(cls.other.ids)],
        )

    def test_table_of_another_company_is_hidden(self):
        discount = self.create_discount()
        found = self.env["volume.discount"].with_user(self.stranger).search([])
        self.assertNotIn(discount, found)
        with self.assertRaises(AccessError):
            discount.with_user(self.stranger).read(["name"])
        with self.assertRaises(AccessError):
            discount.tier_ids.with_user(self.stranger).read(["price_unit"])

    def test_shared_table_is_for_every_company(self):
        discount = self.create_discount(company_id=False)
        tiers = discount.with_user(self.stranger).tier_ids
        self.assertEqual(tiers.mapped("price_unit"), [110, 100])

    def test_new_table_belongs_to_the_current_company(self):
        discount = (
            self.env["volume.discount"]
            .with_user(self.stranger)
            .create(
                {
                    "name": "Theirs",
                    "tier_ids": [Command.create(self.price_tier(10, 90))],
                }
            )
        )
        self.assertEqual(discount.company_id, self.other)
        self.assertEqual(discount.currency_id, self.other.currency_id)

    def test_branch_uses_the_table_of_its_parent(self):
        discount = self.create_discount()
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.env.company.id}
        )
        clerk = self.create_user(
            "vd_branch",
            "account.group_account_invoice",
            company_id=branch.id,
            company_ids=[Command.set(branch.ids)],
        )
        self.assertEqual(discount.with_user(clerk).read(["name"])[0]["id"], discount.id)
        tiers = discount.tier_ids.with_user(clerk)
        self.assertEqual(tiers.mapped("price_unit"), [110, 100])
        partner = self.create_partner(is_company=True).with_company(branch)
        partner.volume_discount_id = discount
        invoice = self.env["account.move"].with_company(branch)
        invoice = invoice.new({"move_type": "out_invoice", "partner_id": partner.id})
        self.assertEqual(invoice._get_discount_of_customer(), discount)

    def test_parent_does_not_see_the_table_of_its_branch(self):
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.other.id}
        )
        discount = self.create_discount(company_id=branch.id)
        found = self.env["volume.discount"].with_user(self.stranger).search([])
        self.assertNotIn(discount, found)
