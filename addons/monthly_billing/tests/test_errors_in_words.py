from odoo.tests import tagged

from .common import MonthlyBillingCommon


@tagged("post_install", "-at_install")
class TestErrorsInWords(MonthlyBillingCommon):
    """What is wrong with one customer stops that one, and is said in words."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.make_partner("Other")
        project = cls.make_project("Other", cls.other)
        cls.second = cls.make_agreement(partner_id=cls.other.id)
        cls.book(2, "10-05")
        cls.book(1, "10-06", project_id=project.id)

    def check_only_first_stops(self, *words):
        """The other customer is billed; the month of the first one says why not."""
        periods = self.bill(agreements=self.agreement | self.second)
        found = {period.agreement_id: period for period in periods}
        self.assertEqual(found[self.second].state, "draft")
        period = found[self.agreement]
        self.assertEqual(period.state, "error")
        for word in words:
            self.assertIn(word, period.error)
        for riddle in ("Error", "<class", "object", "Traceback", "index out of"):
            self.assertNotIn(riddle, period.error)
        self.assertEqual(len(period.activity_ids), 1)

    def test_an_inactive_language_stops_its_customer_alone(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.partner.lang = "de_DE"
        self.env.flush_all()
        self.env.cr.execute("UPDATE res_lang SET active = FALSE WHERE code = 'de_DE'")
        self.env.registry.clear_cache("stable")
        self.env.registry.clear_cache()
        self.env.invalidate_all()
        self.check_only_first_stops("de_DE", self.partner.name)

    def test_a_table_without_tiers_stops_its_customer_alone(self):
        table = self.make_table((1, 100))
        self.agreement.volume_discount_id = table
        self.env.flush_all()
        self.env.cr.execute(
            "DELETE FROM volume_discount_tier WHERE discount_id = %s", [table.id]
        )
        self.env.invalidate_all()
        self.check_only_first_stops(table.name)
