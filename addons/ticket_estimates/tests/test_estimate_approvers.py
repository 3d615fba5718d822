from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .portal_common import EstimatePortalCommon


@tagged("post_install", "-at_install")
class TestApprovers(EstimatePortalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.estimate = cls._create_estimate(state="sent")

    def _name_approver(self, policy="approvers", **values):
        self.customer.write(
            {
                "estimate_approval": policy,
                "estimate_approver_ids": [(6, 0, self.boss.ids)],
                **values,
            }
        )

    def assertApproves(self, user=None, **link):
        self._log_in(user)
        page = self._open(self.estimate, **link).text
        self.assertIn("portal.signature_form", page)
        self._accept(self.estimate, **link)
        self.assertEqual(self.estimate.state, "approved")

    def assertOnlyReads(self, user=None, **link):
        self._log_in(user)
        page = self._open(self.estimate, **link).text
        self.assertIn("856.80", page)
        self.assertIn("o_estimate_not_yours", page)
        self.assertNotIn("portal.signature_form", page)
        self.assertNotIn("/decline", page)
        self.assertIn("approvers", self._accept(self.estimate, **link)["error"])
        self._decline(self.estimate, **link)
        self.assertEqual(self.estimate.state, "sent")
        return page

    def test_only_a_named_approver_approves(self):
        self._name_approver()
        page = self.assertOnlyReads(self.portal)
        self.assertIn("Ms Boss", page)
        self.assertApproves(self.colleague)

    def test_a_bare_link_approves_not_where_an_approver_is_named(self):
        self._name_approver()
        page = self.assertOnlyReads(**self._get_link(self.estimate))
        self.assertNotIn("Ms Boss", page)

    def test_the_link_of_the_contact_approves_not_for_the_approver(self):
        self._name_approver()
        self.assertOnlyReads(**self._get_link(self.estimate, self.contact))

    def test_a_forged_signature_makes_nobody_an_approver(self):
        self._name_approver()
        link = self._get_link(self.estimate, self.contact, pid=self.boss.id)
        self.assertOnlyReads(**link)

    def test_a_signature_of_another_estimate_makes_nobody_an_approver(self):
        self._name_approver()
        other = self._create_estimate(ticket=self._create_ticket(), state="sent")
        link = self._get_link(self.estimate, self.boss)
        link["hash"] = other._sign_token(self.boss.id)
        self.assertOnlyReads(**link)

    def test_the_link_mailed_to_the_approver_approves(self):
        self._name_approver()
        self.assertApproves(**self._get_link(self.estimate, self.boss))
        self.assertEqual(self.estimate.signed_partner_id, self.boss)

    def test_a_colleague_with_the_link_of_the_approver_acts_for_the_approver(self):
        self._name_approver()
        self.assertApproves(self.portal, **self._get_link(self.estimate, self.boss))
        self.assertEqual(self.estimate.signed_partner_id, self.boss)
        self.assertEqual(self.estimate.signed_user_id, self.portal)

    def test_who_is_no_approver_any_more_approves_nothing(self):
        self._name_approver()
        link = self._get_link(self.estimate, self.boss)
        self.customer.estimate_approver_ids = self.contact
        self.assertOnlyReads(**link)

    def test_an_approver_who_left_the_customer_approves_nothing(self):
        self._name_approver()
        link = self._get_link(self.estimate, self.boss)
        self.boss.parent_id = self.other_customer
        self.assertOnlyReads(**link)

    def test_without_a_named_approver_nobody_approves_online(self):
        self._name_approver(estimate_approver_ids=[(5,)])
        page = self.assertOnlyReads(self.colleague)
        self.assertIn("Nobody is named", page)

    def test_at_first_the_estimate_is_for_approvers_and_by_personal_link(self):
        companies = self.env["res.company"]
        self.assertEqual(
            companies.create({"name": "New"}).ticket_estimate_approval,
            "approvers_or_link",
        )

    def test_being_logged_in_is_not_enough_where_the_personal_link_counts(self):
        self._name_approver("approvers_or_link", estimate_approver_ids=[(5,)])
        page = self.assertOnlyReads(self.portal)
        self.assertIn("the e-mail to", page)
        self.assertOnlyReads(self.colleague)
        self.assertOnlyReads(**self._get_link(self.estimate))

    def test_the_personal_link_of_the_contact_is_enough(self):
        self._name_approver("approvers_or_link")
        self.assertApproves(**self._get_link(self.estimate, self.contact))
        self.assertEqual(self.estimate.signed_via, "personal_link")

    def test_a_named_approver_needs_no_link(self):
        self._name_approver("approvers_or_link")
        self.assertApproves(self.colleague)

    def test_a_personal_link_of_nobody_who_was_asked_is_not_enough(self):
        self._name_approver("approvers_or_link", estimate_approver_ids=[(5,)])
        self.assertOnlyReads(**self._get_link(self.estimate, self.boss))

    def test_everyone_approves_up_to_the_limit(self):
        self._name_approver("limit", estimate_approval_limit=856.80)
        self.assertApproves(self.portal)

    def test_a_bare_link_approves_up_to_the_limit(self):
        self._name_approver("limit", estimate_approval_limit=856.80)
        self.assertApproves(**self._get_link(self.estimate))

    def test_above_the_limit_a_named_approver_is_needed(self):
        self._name_approver("limit", estimate_approval_limit=856.79)
        self.assertOnlyReads(self.portal)
        self.assertApproves(self.colleague)

    def test_the_limit_is_in_the_currency_of_the_company(self):
        self._name_approver("limit", estimate_approval_limit=1000)
        other = self.env["res.currency"].create({"name": "XTE", "symbol": "X"})
        self.env["res.currency.rate"].create(
            {
                "name": "2020-01-01",
                "rate": 0.5,
                "currency_id": other.id,
                "company_id": self.company.id,
            }
        )
        estimate = self._create_estimate(
            ticket=self._create_ticket(), currency_id=other.id, price_unit=90.0
        )
        self.assertEqual(estimate.amount_total, 856.8)
        self.assertTrue(estimate._needs_named_approver())

    def test_the_company_decides_where_the_customer_says_nothing(self):
        self.company.ticket_estimate_approval = "approvers"
        self.customer.estimate_approver_ids = self.boss
        self.assertOnlyReads(self.portal)
        self.customer.estimate_approval = "everyone"
        self.assertApproves(self.portal)

    def test_each_company_has_its_own_rule_for_a_customer(self):
        second = self.env["res.company"].create({"name": "Second"})
        self.customer.with_company(second).estimate_approval = "approvers"
        self.assertFalse(self.estimate._needs_named_approver())
        policy, _limit = self.contact._get_estimate_approval(second)
        self.assertEqual(policy, "approvers")

    def test_only_contacts_of_the_customer_can_be_named(self):
        with self.assertRaisesRegex(ValidationError, "does not belong"):
            self.customer.estimate_approver_ids = self.other_customer

    def test_customers_read_no_rules_about_themselves(self):
        customer = self.customer.with_user(self.portal)
        for name in (
            "estimate_approval",
            "estimate_approval_limit",
            "estimate_approver_ids",
        ):
            with self.subTest(name), self.assertRaises(AccessError):
                customer.read([name])
