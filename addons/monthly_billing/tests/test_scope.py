from psycopg2 import IntegrityError

from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import MonthlyBillingCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestScope(MonthlyBillingCommon):
    """What an agreement is limited to stays, whatever is archived or deleted."""

    def setUp(self):
        super().setUp()
        self.website = self.make_project("Website Sommer", self.partner)
        self.book(2, "10-05")
        self.book(3, "10-05", project_id=self.website.id)

    def archive(self, record):
        record.active = False
        self.env.invalidate_all()

    def test_archived_project_does_not_widen_the_agreement(self):
        self.agreement.project_ids = self.project
        self.archive(self.project)
        self.assertEqual(self.bill().worked_hours, 2.0)

    def test_time_on_an_archived_project_is_billed(self):
        self.agreement.project_ids = self.project | self.website
        self.archive(self.project)
        self.assertEqual(self.bill().worked_hours, 5.0)

    def test_project_of_an_agreement_cannot_be_deleted(self):
        empty = self.make_project("Empty", self.partner)
        self.agreement.project_ids = empty
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            empty.unlink()

    def test_archived_service_does_not_widen_the_table(self):
        other = self.make_service("Training", 100.0)
        table = self.make_table((2, 50), product_ids=[Command.set(other.ids)])
        self.agreement.volume_discount_id = table
        self.archive(other)
        self.assertEqual(self.bill().amount_untaxed, 5 * 120)

    def test_error_of_an_agreement_whose_responsible_left_stops_nobody(self):
        self.agreement.user_id = self.make_user("former", "base.group_user")
        self.agreement.user_id.active = False
        self.book(-1, "10-06")
        self.assertEqual(self.bill().state, "error")
