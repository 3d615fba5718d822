from odoo.tests import HttpCase, freeze_time, tagged

from .common import MiteCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestTours(MiteCommon, HttpCase):
    """From the key of mite to the invoice, in a browser."""

    def setUp(self):
        super().setUp()
        self.account.active = False
        self.key = self.track("10-05", 90)
        self.billing_manager.group_ids |= self.env.ref("base.group_system")

    def walk(self, tour, action):
        self.start_tour(
            f"/odoo/action-monthly_billing_mite.{action}",
            f"monthly_billing_mite_{tour}",
            login=self.billing_manager.login,
            timeout=180,
        )

    def test_connect_assign_import_and_bill(self):
        self.walk("connect", "mite_account_action")
        self.account = self.env["mite.account"].search([("subdomain", "=", "firm")])
        self.assertEqual(self.account.state, "running")
        self.assertEqual(str(self.account.date_from), "2026-09-01")
        self.sync()
        self.walk("assign", "mite_link_action")
        self.sync()
        self.assertEqual(self.get_time(self.key).unit_amount, 1.5)
        self.assertEqual(self.bill().amount_untaxed, 180)
