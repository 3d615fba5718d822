from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.modules.neutralize import get_neutralization_queries
from odoo.tests import freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from . import mite_server
from .common import MiteCommon

MODELS = ("account", "link", "entry", "run", "difference", "drift", "collection")


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestAccess(MiteCommon):
    def test_key_is_unreadable_for_billing_managers(self):
        account = self.account.with_user(self.billing_manager)
        self.assertTrue(account.has_key)
        for name in ("api_key", "changes_link", "window_link"):
            with self.subTest(name=name), self.assertRaises(AccessError):
                account.read([name])
        with self.assertRaises(AccessError):
            account.write({"api_key": "x"})
        with self.assertRaises(AccessError):
            account.search([("api_key", "=like", "0%")])

    def test_key_is_in_no_message_and_no_copy(self):
        self.account.api_key = "fedcba9876543210"
        self.assertNotIn("fedcba", str(self.account.message_ids.mapped("body")))
        copy = self.account.copy({"subdomain": "other"})
        self.assertFalse(copy.api_key)

    def test_managers_connect_and_users_look_on(self):
        manager = self.account.with_user(self.billing_manager)
        self.assertEqual(manager.action_test()["params"]["type"], "success")
        user = self.account.with_user(self.billing_user)
        self.assertEqual(user.name, "mite")
        for action in ("action_test", "action_preview", "action_start", "action_stop"):
            with self.subTest(action=action), self.assertRaises(AccessError):
                getattr(user, action)()

    def test_others_see_nothing(self):
        employee = new_test_user(
            self.env, "employee", "hr_timesheet.group_hr_timesheet_user"
        )
        portal = new_test_user(self.env, "portal", "base.group_portal")
        for user in (employee, portal):
            for name in MODELS:
                model = self.env[f"mite.{name}"].with_user(user)
                with self.subTest(user=user.login, name=name):
                    self.assertFalse(model.has_access("read"))

    def test_another_company_sees_nothing(self):
        self.track("10-05", 60)
        self.connect()
        other = self.env["res.company"].create({"name": "Other"})
        user = new_test_user(
            self.env,
            "other",
            "monthly_billing.monthly_billing_group_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        for name in MODELS:
            with self.subTest(name=name):
                self.assertFalse(self.env[f"mite.{name}"].with_user(user).search([]))
        for name in ("test", "preview", "start", "stop", "read_everything"):
            action = getattr(self.account.with_user(user), f"action_{name}")
            with self.subTest(action=name), self.assertRaises(AccessError):
                action()

    def test_entries_are_written_by_the_import_alone(self):
        key = self.track("10-05", 60)
        self.connect()
        entry = self.get_entry(key).with_user(self.billing_manager)
        with self.assertRaises(AccessError):
            entry.minutes = 5
        with self.assertRaises(AccessError):
            entry.unlink()

    @mute_logger("odoo.sql_db")
    def test_database_keeps_an_entry_once(self):
        key = self.track("10-05", 60)
        self.connect()
        with self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            self.get_entry(key).sudo().copy()

    def test_account_is_cut_out_of_the_address(self):
        for text in ("https://Firm2.mite.de/", "firm2.mite.yo.lk", " firm2 "):
            with self.subTest(text=text):
                self.account.subdomain = text
                self.assertEqual(self.account.subdomain, "firm2")

    def test_no_other_host_can_be_entered(self):
        for text in (
            "evil.com/",
            "firm.mite.de.evil.com",
            "a@b",
            "127.0.0.1:80",
            "a/b",
        ):
            with self.subTest(text=text), self.assertRaises(ValidationError):
                self.account.subdomain = text

    def test_address_is_always_that_of_mite(self):
        self.assertEqual(self.get_real_url(self.account), "https://firm.mite.de")

    def test_another_account_forgets_the_link_of_the_former(self):
        self.connect()
        self.assertTrue(self.account.changes_link)
        self.account.subdomain = "other"
        self.assertFalse(self.account.changes_link)

    def test_copy_of_the_database_leaves_mite_alone(self):
        self.account.lock_billed = True
        self.env.flush_all()
        for query in get_neutralization_queries(["monthly_billing_mite"]):
            self.env.cr.execute(query)
        self.env.invalidate_all()
        self.assertEqual(self.account.state, "stopped")
        self.assertFalse(self.account.has_key or self.account.lock_billed)

    def test_key_goes_to_mite_only_in_its_header(self):
        self.sync()
        self.assertNotIn(mite_server.KEY, str(self.mite.requests))
