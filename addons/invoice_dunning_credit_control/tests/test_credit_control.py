from datetime import date

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from odoo.addons.invoice_dunning.tests.common import DunningCommon


class CreditControlCommon(DunningCommon):
    """An overdue invoice, and OCA's credit control."""

    day = date(2026, 7, 1)

    @classmethod
    def get_default_groups(cls):
        group = "account_credit_control.group_account_credit_control_manager"
        return super().get_default_groups() | cls.quick_ref(group)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.move = cls.invoice()
        cls.item = cls.move.line_ids.filtered("date_maturity")
        cls.nothing = cls.env.ref("account_credit_control.credit_control_no_follow")
        cls.policy = cls.env.ref("account_credit_control.credit_control_3_time")
        cls.policy.account_ids = cls.item.account_id
        cls.nothing.account_ids = cls.item.account_id
        cls.company.credit_policy_id = False

    def control(self, day=None):
        """Have credit control look for whom to remind; return its lines."""
        run = self.env["credit.control.run"].create(
            {
                "date": day or self.day,
                "policy_ids": self.policy.ids,
                "company_id": self.company.id,
            }
        )
        run.with_company(self.company).generate_credit_lines()
        return run.line_ids


@tagged("post_install", "-at_install")
class TestCreditControl(CreditControlCommon):
    """Each invoice is reminded of by one of the two addons."""

    def check_theirs(self):
        """Credit control reminds of the invoice, and we do not."""
        self.assertEqual(self.get_reasons(self.day), {self.move.id: "credit_control"})
        self.assertEqual(self.control().move_line_id, self.item)

    def check_ours(self):
        """We remind of the invoice, and credit control does not."""
        self.assertFalse(self.control())
        self.assertTrue(self.notices._preview(self.day, self.company))

    def test_without_a_policy_it_is_ours(self):
        self.check_ours()

    def test_with_a_policy_of_the_company_it_is_theirs(self):
        self.company.credit_policy_id = self.policy
        self.check_theirs()

    def test_the_policy_of_the_customer_goes_before(self):
        self.company.credit_policy_id = self.policy
        self.customer.credit_policy_id = self.nothing
        self.check_ours()

    def test_the_policy_of_the_invoice_goes_before(self):
        self.customer.credit_policy_id = self.nothing
        self.move.sudo().credit_policy_id = self.policy
        self.check_theirs()

    def test_a_policy_for_other_accounts_is_none(self):
        self.company.credit_policy_id = self.policy
        self.policy.account_ids = self.item.account_id.copy({"code": "149999"})
        self.check_ours()

    def test_what_we_have_begun_stays_ours(self):
        self.remind(self.day)
        self.company.credit_policy_id = self.policy
        self.assertFalse(self.control(date(2026, 8, 1)))
        self.assertTrue(self.notices._preview(date(2026, 8, 1), self.company))

    def test_what_they_have_begun_stays_theirs(self):
        self.company.credit_policy_id = self.policy
        self.control().state = "sent"
        self.company.credit_policy_id = False
        later = date(2026, 8, 1)
        self.assertEqual(self.get_reasons(later), {self.move.id: "credit_control"})

    def test_drafts_of_theirs_begin_nothing(self):
        self.company.credit_policy_id = self.policy
        self.assertEqual(self.control().state, "draft")
        self.company.credit_policy_id = False
        self.assertTrue(self.notices._preview(self.day, self.company))

    def test_what_is_on_hold_they_leave_out(self):
        self.company.credit_policy_id = self.policy
        for values in (
            {"dunning_hold_until": self.day},
            {"dunning_hold_until": False, "no_followup": True},
        ):
            self.move.write(values)
            self.assertFalse(self.control())
        self.move.no_followup = False
        self.check_theirs()


@tagged("post_install", "-at_install")
class TestCancel(CreditControlCommon):
    """Invoices that credit control reminded of are credited."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.credit_policy_id = cls.policy

    def test_cancelling_what_they_reminded_of_leads_to_the_credit_note(self):
        self.control().state = "sent"
        action = self.move.button_cancel()
        self.assertEqual(action["res_model"], "account.move.reversal")
        with freeze_time("2026-07-02 10:00:00"):
            wizard = (
                self.env[action["res_model"]]
                .with_context(**action["context"])
                .create({"journal_id": self.move.journal_id.id})
            )
            wizard.reverse_moves()
        self.assertEqual(self.move.reversal_move_ids.amount_total, 1000)
        self.assertEqual(self.move.state, "posted")

    def test_a_draft_that_they_reminded_of_has_to_be_posted_first(self):
        self.control().state = "sent"
        self.move.button_draft()
        with self.assertRaisesRegex(UserError, "then credit it"):
            self.move.button_cancel()

    def test_other_invoices_are_cancelled_as_ever(self):
        self.control()
        self.move.button_cancel()
        self.assertEqual(self.move.state, "cancel")
