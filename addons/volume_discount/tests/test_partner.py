from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import VolumeDiscountCommon


@tagged("post_install", "-at_install")
class TestPartner(VolumeDiscountCommon):
    nobody = ("vd_nobody", "base.group_user", "base.group_partner_manager")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.discount = cls.create_discount()
        cls.partner = cls.create_partner(is_company=True)

    def test_contacts_follow_their_company(self):
        contact = self.create_partner(parent_id=self.partner.id, name="Bookkeeping")
        self.partner.volume_discount_id = self.discount
        self.assertEqual(contact.volume_discount_id, self.discount)
        self.partner.volume_discount_id = False
        self.assertFalse(contact.volume_discount_id)

    def test_new_contact_takes_over_the_table(self):
        self.partner.volume_discount_id = self.discount
        contact = self.create_partner(parent_id=self.partner.id, name="Bookkeeping")
        self.assertEqual(contact.volume_discount_id, self.discount)

    def test_each_company_has_its_own_choice(self):
        other = self.create_company("Other firm")
        shared = self.create_discount(company_id=False)
        self.partner.volume_discount_id = self.discount
        self.partner.with_company(other).volume_discount_id = shared
        self.assertEqual(self.partner.volume_discount_id, self.discount)
        self.assertEqual(self.partner.with_company(other).volume_discount_id, shared)

    def test_table_of_another_company_is_refused(self):
        other = self.create_company("Other firm")
        with self.assertRaises(UserError):
            self.partner.with_company(other).volume_discount_id = self.discount

    def test_table_knows_its_customers(self):
        self.create_partner(parent_id=self.partner.id, name="Bookkeeping")
        self.assertEqual(self.discount.partner_count, 0)
        self.partner.volume_discount_id = self.discount
        self.discount.invalidate_recordset()
        self.assertEqual(self.discount.partner_count, 1)
        action = self.discount.action_view_customers()
        found = self.env["res.partner"].search(action["domain"])
        self.assertEqual(found, self.partner)

    def test_invoicing_user_chooses_the_table_in_the_form(self):
        groups = ["account.group_account_invoice", "base.group_partner_manager"]
        user = self.create_user("vd_partner", "base.group_user", *groups)
        form = Form(self.partner.with_user(user), "base.view_partner_form")
        form.volume_discount_id = self.discount
        form.save()
        self.assertEqual(self.partner.volume_discount_id, self.discount)

    def test_form_of_a_user_without_invoicing_opens(self):
        self.partner.volume_discount_id = self.discount
        user = self.create_user(
            "vd_nobody", "base.group_user,base.group_partner_manager"
        )
        form = Form(self.partner.with_user(user), "base.view_partner_form")
        form.name = "Machine builder Ltd"
        form.save()
        self.assertEqual(self.partner.volume_discount_id, self.discount)

    def test_user_without_invoicing_may_move_a_contact(self):
        self.partner.volume_discount_id = self.discount
        user = self.create_user(
            "vd_nobody", "base.group_user,base.group_partner_manager"
        )
        contact = self.create_partner(name="Bookkeeping")
        contact.with_user(user).parent_id = self.partner
        self.assertEqual(contact.volume_discount_id, self.discount)
