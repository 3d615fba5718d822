from datetime import date
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.sql_db import Cursor
from odoo.tests import new_test_user, tagged

from .common import DunningCommon


@tagged("post_install", "-at_install")
class TestSecurity(DunningCommon):
    day = date(2026, 6, 22)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = cls.make_user("invoicing", "account.group_account_invoice")
        cls.invoice()
        cls.notice = cls.notices._remind(cls.day, cls.company)
        cls.own = cls.notice.with_user(cls.user)

    @classmethod
    def make_user(cls, login, groups, **values):
        values = {
            "company_id": cls.company.id,
            "company_ids": cls.company.ids,
            **values,
        }
        return new_test_user(cls.env, login, groups, **values)

    def test_nobody_writes_what_a_reminder_records(self):
        """Read-only fields do not stop a call from outside."""
        manager = self.make_user("manager", "account.group_account_manager")
        values = {
            "state": "sent",
            "date": self.day,
            "amount_fee": 1000.0,
            "amount_total": 1.0,
            "partner_id": self.env.company.partner_id.id,
            "level_id": self.levels[2].id,
            "line_ids": [],
            "access_token": "guessed",
        }
        for user in (self.user, manager):
            for name, value in values.items():
                own = self.notice.with_user(user)
                with (
                    self.subTest(user=user.login, field=name),
                    self.assertRaises(AccessError),
                ):
                    own.write({name: value})

    def test_nobody_makes_or_deletes_reminders_and_amounts(self):
        manager = self.make_user("manager", "account.group_account_manager")
        for records in (self.notice, self.notice.line_ids):
            for operation in ("create", "unlink"):
                self.assertFalse(records.with_user(manager).has_access(operation))
        self.assertFalse(self.notice.line_ids.with_user(manager).has_access("write"))

    def test_who_may_make_no_company_writes_nothing_on_the_way(self):
        """Other addons write for a new company before its rights are looked at."""
        companies = self.env["res.company"].with_user(self.user)
        self.env.flush_all()
        execute, written = Cursor.execute, []

        def watch(cursor, query, *args, **kwargs):
            text = str(getattr(query, "code", query)).lstrip()
            if text.startswith("UPDATE"):
                written.append(text)
            return execute(cursor, query, *args, **kwargs)

        with patch.object(Cursor, "execute", watch), self.assertRaises(AccessError):
            companies.create({"name": "Mine"})
        self.assertFalse(written)

    def test_the_letter_goes_to_another_contact_of_the_customer(self):
        contact = self.make_customer("Ledger", parent_id=self.customer.id)
        contact.is_company = False
        self.own.recipient_id = contact
        self.assertEqual(self.notice.recipient_id, contact)

    def test_the_letter_goes_to_nobody_else(self):
        with self.assertRaises(ValidationError):
            self.own.recipient_id = self.make_customer("Rival GmbH")

    def test_the_recipient_of_a_sent_letter_stays(self):
        self.notice.sudo().state = "sent"
        with self.assertRaises(UserError):
            self.own.recipient_id = self.customer

    def test_the_books_of_another_company_stay_closed(self):
        other = self.env["res.company"].create({"name": "Other firm"})
        foreign = self.make_user(
            "foreign",
            "account.group_account_invoice",
            company_id=other.id,
            company_ids=other.ids,
        )
        notices = self.notices.with_user(foreign)
        for call in (notices._preview, notices._remind, notices._preview_day):
            with self.assertRaises(AccessError):
                call(self.day, self.company)
        with self.assertRaises(AccessError):
            self.env["dunning.remind"].with_user(foreign).create(
                {"company_id": self.company.id, "day": self.day}
            ).line_ids.mapped("amount")
        with self.assertRaises(AccessError):
            self.notice.with_user(foreign).read(["name"])

    def test_claims_that_the_customer_knows_are_not_cancelled_by_invoicing_users(self):
        notice = self.notice.sudo()
        notice.write({"state": "sent", "amount_fee": 5})
        with self.assertRaises(AccessError):
            self.own.action_cancel()
        self.assertEqual(notice.state, "sent")

    def test_a_draft_is_cancelled_by_invoicing_users(self):
        self.own.action_cancel()
        self.assertEqual(self.notice.state, "cancelled")

    def test_messages_keep_no_secret(self):
        self.notice.action_send()
        self.notice.sudo()._lock_and_deliver()
        secret = self.notice.sudo()._portal_ensure_token()
        bodies = "".join(self.notice.message_ids.mapped("body"))
        self.assertIn("1,000.00", bodies)
        self.assertNotIn(secret, bodies)

    def test_customers_are_duplicated_without_rights_of_ours(self):
        """Odoo reads what it copies with the rights of the user."""
        self.customer.dunning_debtor = "consumer"
        clerk = self.make_user("clerk", "base.group_user,base.group_partner_manager")
        copy = self.customer.with_user(clerk).copy()
        self.assertFalse(copy.sudo().dunning_debtor)
