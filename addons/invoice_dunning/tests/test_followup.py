from datetime import date

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from ..hooks import pre_init_hook
from .common import DunningCommon


@tagged("post_install", "-at_install")
class TestFollowup(DunningCommon):
    """Odoo Enterprise's follow-up is installed, too."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.company"].search([]).dunning_is_active = False
        cls.company.dunning_is_active = True
        cls.invoice()
        modules = cls.env["ir.module.module"]
        modules.search([("name", "=", "account_followup")]).unlink()
        modules.create({"name": "account_followup", "state": "installed"})
        cls.env.registry.clear_cache("stable")

    def test_it_is_not_installed_beside_it_and_says_why(self):
        with self.assertRaisesRegex(UserError, "each would get two letters"):
            pre_init_hook(self.env)

    def test_nobody_is_written_to_and_the_reason_is_said(self):
        with self.assertRaisesRegex(UserError, "Uninstall one of the two"):
            self.notices._remind(date(2026, 6, 22), self.company)

    def test_the_job_says_it_once_and_writes_nothing(self):
        job = "odoo.addons.invoice_dunning.models.dunning_notice_job"
        with freeze_time("2026-06-22 10:00:00"), self.assertLogs(job) as logs:
            self.notices._cron_remind()
        self.assertEqual(len(logs.output), 1)
        self.assertFalse(self.notices.search([("company_id", "=", self.company.id)]))

    def test_the_preview_still_shows_who_is_late(self):
        self.assertTrue(self.notices._preview(date(2026, 6, 22), self.company))
