"""After a merge of two customers with agreements, what the error advises works."""

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import MonthlyBillingCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestMergedCustomers(MonthlyBillingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        double = cls.make_partner("Sommer (double)")
        cls.other_project = cls.make_project("Website Sommer", double)
        cls.other = cls.make_agreement(partner_id=double.id)
        cls.book(2, "10-05")
        cls.book(3, "10-06", project_id=cls.other_project.id)
        cls.env["base.partner.merge.automatic.wizard"].create({})._merge(
            (double | cls.partner).ids, cls.partner
        )
        cls.env.invalidate_all()
        cls.both = cls.agreement | cls.other

    def assertBilled(self, *hours):
        """Each agreement bills its hours, and no hour is billed twice."""
        periods = self.bill(
            agreements=self.both.filtered(lambda a: a.state == "active")
        )
        self.assertEqual(set(periods.mapped("state")), {"draft"})
        self.assertEqual(sorted(periods.mapped("billed_hours")), sorted(hours))

    def test_the_error_names_both_ways(self):
        for period in self.bill(agreements=self.both):
            self.assertEqual(period.state, "error")
            for words in (self.agreement.name, self.other.name, "Close one", "limit"):
                self.assertIn(words, period.error)

    def test_close_one_and_the_other_bills_all(self):
        self.bill(agreements=self.both)
        self.other.action_close()
        self.assertBilled(5.0)

    def test_close_the_one_that_was_there_first(self):
        self.agreement.action_close()
        self.assertBilled(5.0)

    def test_limit_both_to_projects_one_after_the_other(self):
        self.bill(agreements=self.both)
        self.agreement.project_ids = self.project
        self.other.project_ids = self.other_project
        self.assertBilled(2.0, 3.0)

    def test_limit_both_in_the_other_order(self):
        self.other.project_ids = self.other_project
        self.agreement.project_ids = self.project
        self.assertBilled(2.0, 3.0)

    def test_one_step_is_not_enough_to_bill(self):
        self.agreement.project_ids = self.project
        periods = self.bill(agreements=self.both)
        self.assertEqual(periods.mapped("state"), ["error", "error"])

    def test_both_cannot_be_closed_at_once(self):
        with self.assertRaises(UserError):
            self.both.action_close()

    def test_a_new_conflict_is_refused_as_before(self):
        third = self.make_agreement(active=False)
        with self.assertRaisesRegex(ValidationError, "same time"):
            third.action_activate()
        self.other.action_close()
        with self.assertRaisesRegex(ValidationError, "same time"):
            self.other.action_activate()
        self.agreement.project_ids = self.project
        self.other.write({"project_ids": [Command.set(self.other_project.ids)]})
        self.other.action_activate()
        with self.assertRaisesRegex(ValidationError, "same time"):
            self.other.project_ids = [Command.clear()]
