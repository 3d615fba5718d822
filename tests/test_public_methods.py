"""Whoever has no business with a record gets nothing from any method of any model."""

from odoo.fields import Command
from odoo.tests import freeze_time, new_test_user, tagged

from odoo.addons.monthly_billing.tests.common import MonthlyBillingCommon

from .rpc_allowed import ABOUT_THE_MODEL, ALLOWED
from .rpc_surface import Caller, as_text, find_methods

SECRET = "Confidential"


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestPublicMethods(MonthlyBillingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(user=cls.env.ref("base.user_root"))
        cls.ticket = cls.make_ticket(f"{SECRET} move")
        cls.book(2, "10-05", cls.ticket, name=f"{SECRET} work")
        cls.estimate = cls.approve_estimate(cls.ticket, 3)
        cls.open_estimate = cls.estimate._revise()
        cls.open_estimate._mark_sent()
        cls.invoice = cls.agreement._bill_period(cls.book(1, "10-06").date).invoice_id
        cls.invoice.action_post()
        cls.secrets = (
            SECRET,
            cls.ticket._portal_ensure_token(),
            cls.open_estimate.access_token,
            cls.invoice._portal_ensure_token(),
        )
        cls.users = cls._make_users()
        cls.records = {
            "helpdesk.ticket": cls.ticket,
            "helpdesk.ticket.estimate": cls.open_estimate,
            "account.move": cls.invoice,
            "account.move.line": cls.invoice.invoice_line_ids[:1],
            "res.partner": cls.partner,
            "res.company": cls.company,
            "account.analytic.line": cls.ticket.timesheet_ids[:1],
        }

    @classmethod
    def _make_users(cls):
        """Return the users by role."""
        other = cls.env["res.company"].create({"name": "Other firm"})
        foreign = new_test_user(
            cls.env,
            "foreign",
            groups="base.group_portal",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        foreign.partner_id.parent_id = cls.make_partner("Customer of the other firm")
        customer = cls.make_user("customer", "base.group_portal")
        customer.partner_id.parent_id = cls.partner
        return {
            "public": cls.env.ref("base.public_user"),
            "stranger": cls.make_user("stranger", "base.group_portal"),
            "customer": customer,
            "customer of another firm": foreign,
            "internal": cls.make_user("internal", "base.group_user"),
            "time only": cls.make_user("timer", "hr_timesheet.group_hr_timesheet_user"),
        }

    def _get_ids(self, name):
        """Return ids to ask for: of a record of ours, or of any."""
        if name in self.records:
            return self.records[name].ids
        model = self.env[name]
        if model._abstract or not model._auto:
            return [1]
        return model.sudo().with_context(active_test=False).search([], limit=1).ids or [1]

    def _is_allowed(self, role, model, method):
        return method in ABOUT_THE_MODEL or any(
            key in ALLOWED
            for key in (
                (role, model, method),
                (role, "*", method),
                ("*", model, method),
            )
        )

    def _ask(self, role):
        """Return what ``role`` gets and may not have, as sentences."""
        caller, wrong = Caller(self.env), []
        with caller.watching():
            for model, methods in find_methods(self.env).items():
                user, ids = self.users[role], self._get_ids(model)
                for name, answer in caller.call_all(user, methods, model, ids).items():
                    text = as_text(answer.value)
                    is_told = any(secret in text for secret in self.secrets)
                    if self._is_allowed(role, model, name) and (
                        (role, model, name) in ALLOWED
                        or not (is_told or answer.writes)
                    ):
                        continue
                    wrong.append(f"{model}.{name}: {answer.writes or text[:150]}")
        return wrong

    def test_outsiders_get_only_what_is_listed(self):
        for role in self.users:
            with self.subTest(role):
                self.assertEqual(self._ask(role), [])
