"""Who may duplicate a record of Odoo's can do so beside our addons as well."""

from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import MonthlyBillingCommon

OURS = {
    "invoice_dunning",
    "mail_delivery_followup",
    "monthly_billing",
    "monthly_billing_cockpit",
    "monthly_billing_delivery",
    "monthly_billing_din5008",
    "monthly_billing_document",
    "monthly_billing_dunning",
    "monthly_billing_payment",
    "monthly_billing_sale_timesheet",
    "monthly_billing_sepa_direct_debit",
    "monthly_billing_ubl_cii",
    "ticket_estimates",
    "volume_discount",
}
#: copied by administrators alone
SETTINGS = {"helpdesk.ticket.team", "res.company"}


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestCopies(MonthlyBillingCommon):
    def make_colleague(self, *groups):
        """Return a user with the rights of some of Odoo's roles and none of ours."""
        return self.make_user("colleague", ",".join(["base.group_user", *groups]))

    def allow(self, user, model):
        """Give a group of the user's own all rights on a model."""
        group = self.env["res.groups"].create({"name": model})
        rights = ("perm_read", "perm_write", "perm_create", "perm_unlink")
        self.env["ir.model.access"].create(
            {
                "name": model,
                "model_id": self.env["ir.model"]._get_id(model),
                "group_id": group.id,
                **dict.fromkeys(rights, True),
            }
        )
        user.group_ids += group

    def name_approver(self):
        """Name a person who approves for the customer; return the person."""
        person = self.make_partner(
            "Kim Sommer", parent_id=self.partner.id, is_company=False
        )
        self.partner.estimate_approver_ids = person
        return person

    def test_no_field_that_some_may_not_read_is_copied(self):
        """Odoo reads what it copies with the rights of the user."""
        restricted = [
            str(field)
            for model in self.env.registry.values()
            if model._original_module not in OURS and model._name not in SETTINGS
            for field in model._fields.values()
            if field.copy and field.groups and not field.inherited
            if set(field._modules) & OURS
        ]
        self.assertEqual(restricted, [])

    def test_bookkeeper_duplicates_a_customer(self):
        bookkeeper = self.make_colleague(
            "account.group_account_invoice", "base.group_partner_manager"
        )
        copy = self.partner.with_user(bookkeeper).copy()
        self.assertIn("Sommer", copy.name)

    def test_salesperson_without_accounting_duplicates_a_customer(self):
        self.partner.volume_discount_id = self.make_table((10, 100))
        seller = self.make_colleague("base.group_partner_manager")
        self.assertTrue(self.partner.with_user(seller).copy())

    def test_approvers_of_a_customer_stay_with_the_customer(self):
        approver = self.name_approver()
        copy = self.partner.copy()
        self.assertFalse(copy.estimate_approver_ids)
        self.assertEqual(self.partner.estimate_approver_ids, approver)

    def test_buyer_without_accounting_duplicates_a_vendor_bill(self):
        buyer = self.make_colleague()
        for name in ("account.move", "account.move.line"):  # as Odoo's purchases do
            self.allow(buyer, name)
        bill = self.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": self.partner.id,
                "invoice_line_ids": [
                    Command.create({"name": "Paper", "price_unit": 10.0})
                ],
            }
        )
        copy = bill.with_user(buyer).copy()
        self.assertEqual(copy.amount_untaxed, 10.0)

    def test_employee_duplicates_a_timesheet_entry(self):
        worker = self.make_colleague(
            "hr_timesheet.group_hr_timesheet_user", "helpdesk_mgmt.group_helpdesk_user"
        )
        self.employee.user_id = worker
        entry = self.book(2, "10-05", self.make_ticket("Login broken"))
        self.bill()
        copy = entry.with_user(worker).copy()
        self.assertEqual(copy.unit_amount, 2)
        self.assertFalse(copy.sudo().is_billed)

    def test_helpdesk_user_duplicates_a_ticket(self):
        ticket = self.make_ticket("Login broken")
        self.approve_estimate(ticket, 5)
        agent = self.make_colleague("helpdesk_mgmt.group_helpdesk_user")
        copy = ticket.with_user(agent).copy()
        self.assertFalse(copy.sudo().estimate_ids)

    def test_project_manager_duplicates_a_project(self):
        manager = self.make_colleague("project.group_project_manager")
        self.assertTrue(self.project.with_user(manager).copy())

    def test_contacts_are_merged_without_rights_of_ours(self):
        self.name_approver()
        double = self.make_partner("Praxis Sommer")
        merger = self.make_colleague("base.group_partner_manager")
        wizard = self.env["base.partner.merge.automatic.wizard"].with_user(merger)
        kept = double.with_user(merger)
        wizard.create({})._merge((self.partner + double).ids, kept)
        self.assertFalse(self.partner.exists())

    def test_contacts_are_exported_and_imported_without_rights_of_ours(self):
        clerk = self.make_colleague(
            "base.group_partner_manager", "base.group_allow_export"
        )
        partner = self.partner.with_user(clerk)
        ours = [
            name
            for name, facts in partner.fields_get().items()
            if facts["exportable"] and set(partner._fields[name]._modules) & OURS
        ]
        self.assertNotIn("estimate_approver_ids", ours)
        partner.export_data(["name", *ours])
        loaded = partner.load(["name"], [["Praxis Winter"]])
        self.assertFalse(loaded["messages"])
