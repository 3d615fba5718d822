from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import freeze_time, new_test_user, tagged

from .common import MonthlyBillingCommon

MODELS = [
    "billing.agreement",
    "billing.agreement.rate",
    "billing.allocation",
    "billing.decision",
    "billing.period",
    "billing.withheld",
]


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestAccess(MonthlyBillingCommon):
    """Who sees and does what: each role, over the same calls as over RPC."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agreement.write(
            {
                "estimate_policy": "withhold",
                "rate_ids": [
                    Command.create(
                        {"product_id": cls.service.id, "project_id": cls.project.id}
                    )
                ],
            }
        )
        cls.book(2, "10-05")
        cls.withheld = cls.book(1, "10-06", cls.make_ticket("Not approved"))
        both = [cls.book(1, "10-07", cls.make_ticket("Refused")).id, cls.withheld.id]
        cls.env["billing.decision"]._decide("release", dict.fromkeys(both, 0.5), "x")
        cls.period = cls.agreement._bill_period(cls.withheld.date)

    def count(self, model, user):
        """Return how many records of this test's company the user finds."""
        self.env.flush_all()
        found = self.env[model].with_user(user).search([])
        if model == "billing.agreement.rate":
            return len(found.filtered(lambda rate: rate.agreement_id == self.agreement))
        return len(found.filtered(lambda record: record.company_id == self.company))

    def make_stranger(self, groups):
        """Make a user of another company with the role of this one."""
        other = self.env["res.company"].create({"name": "Other firm"})
        return new_test_user(
            self.env,
            "stranger",
            groups=groups,
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )

    def test_customer_in_the_portal_reads_no_model_of_the_billing(self):
        customer = new_test_user(self.env, "sommer", groups="base.group_portal")
        customer.partner_id.parent_id = self.partner
        for model in MODELS:
            with self.subTest(model), self.assertRaises(AccessError):
                self.count(model, customer)

    def test_internal_user_without_role_reads_no_model_of_the_billing(self):
        colleague = self.make_user("colleague", "base.group_user")
        for model in MODELS:
            with self.subTest(model), self.assertRaises(AccessError):
                self.count(model, colleague)

    def test_billing_user_reads_everything_of_the_company(self):
        for model in MODELS:
            with self.subTest(model):
                self.assertTrue(self.count(model, self.billing_user))

    def test_manager_of_another_company_reads_nothing_of_this_one(self):
        stranger = self.make_stranger("monthly_billing.monthly_billing_group_manager")
        for model in MODELS:
            with self.subTest(model):
                self.assertFalse(self.count(model, stranger))

    def test_manager_of_another_company_can_do_nothing_to_this_one(self):
        stranger = self.make_stranger("monthly_billing.monthly_billing_group_manager")
        decision = self.withheld.billing_decision_ids
        calls = {
            "bill": self.period.with_user(stranger).action_bill,
            "recompute": self.period.with_user(stranger).action_recompute,
            "open": self.agreement.with_user(stranger).action_open_draft,
            "close": self.agreement.with_user(stranger).action_close,
            "revoke": decision.with_user(stranger).action_revoke,
        }
        for name, call in calls.items():
            with self.subTest(name), self.assertRaises(AccessError):
                call()

    def test_dialogs_show_nothing_of_another_company(self):
        stranger = self.make_stranger("monthly_billing.monthly_billing_group_manager")
        run = self.env["billing.run"].with_user(stranger).create({})
        decide = self.env["billing.decision.wizard"].with_user(stranger)
        decide = decide.create({"reason": "x"})
        invoice = self.period.invoice_id
        reversal = self.env["account.move.reversal"].create(
            {"journal_id": invoice.journal_id.id, "move_ids": invoice.ids}
        )
        rows = [
            (
                "billing.run.line",
                {"run_id": run.id, "agreement_id": self.agreement.id},
            ),
            (
                "billing.decision.wizard.line",
                {"wizard_id": decide.id, "timesheet_id": self.withheld.id},
            ),
            (
                "account.move.reversal.time",
                {
                    "reversal_id": reversal.id,
                    "allocation_id": self.period.allocation_ids[0].id,
                },
            ),
        ]
        for model, values in rows:
            with self.subTest(model), self.assertRaises(AccessError):
                self.env[model].with_user(stranger).create(values)

    def test_billing_user_decides_on_nothing(self):
        with self.assertRaises(AccessError):
            self.withheld.billing_decision_ids.with_user(
                self.billing_user
            ).action_revoke()
        with self.assertRaises(AccessError):
            self.env["billing.decision.wizard"].with_user(self.billing_user).create(
                {"reason": "x"}
            )
