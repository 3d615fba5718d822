"""Whoever has no business with a record gets nothing from any method of any model."""

from datetime import date

from odoo.fields import Command
from odoo.tests import freeze_time, new_test_user, tagged

from odoo.addons.monthly_billing.tests.common import MonthlyBillingCommon

from .rpc_allowed import ALLOWED, READABLE, find_reason
from .rpc_surface import Caller, as_text, find_methods, is_action

SECRET = "Confidential"
#: the invoice is overdue by then
LATE = date(2027, 1, 15)


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestPublicMethods(MonthlyBillingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(user=cls.env.ref("base.user_root"))
        rate = {"product_id": cls.service.id, "project_id": cls.project.id}
        cls.agreement.write(
            {"estimate_policy": "withhold", "rate_ids": [Command.create(rate)]}
        )
        cls.make_table((0, 100.0))
        cls.env["billing.thank.you.note"].create({"name": SECRET, "note": SECRET})
        cls.ticket = cls.make_ticket(f"{SECRET} move")
        entry = cls.book(2, "10-05", cls.ticket, name=f"{SECRET} work")
        cls.approve_estimate(cls.ticket, 1)._revise()._mark_sent()
        cls.estimate = cls.ticket.estimate_ids.sorted("revision")[-1]
        cls.env["billing.decision"]._decide("release", {entry.id: 0.5}, SECRET)
        cls.period = cls.agreement._bill_period(entry.date)
        cls.invoice = cls.period.invoice_id
        cls.invoice.action_post()
        cls.company.dunning_scope = "all"
        cls.invoice._record({"delivery_state": "sent"})
        cls.notice = cls.env["dunning.notice"]._remind(LATE, cls.company)
        cls.notice.state = "sent"
        follower = cls.env["res.partner"].create({"name": f"{SECRET} person"})
        for record in (cls.ticket, cls.estimate, cls.agreement, cls.period):
            record.sudo().message_subscribe(follower.ids)
        cls.tokens = (
            cls.ticket._portal_ensure_token(),
            cls.estimate.access_token,
            cls.invoice._portal_ensure_token(),
            cls.notice._portal_ensure_token(),
        )
        cls.users = cls._make_users()
        cls.methods = find_methods(cls.env)
        cls.records = {
            "helpdesk.ticket": cls.ticket,
            "helpdesk.ticket.estimate": cls.estimate,
            "account.move": cls.invoice,
            "dunning.notice": cls.notice,
            "dunning.notice.line": cls.notice.line_ids[:1],
            "account.move.line": cls.invoice.invoice_line_ids[:1],
            "mail.message": cls.ticket.message_ids[:1],
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
        return model.sudo().with_context(active_test=False).search([], limit=1).ids or [
            1
        ]

    def _ask(self, role):
        """Return what ``role`` gets and may not have, as sentences."""
        caller, user = Caller(self.env), self.users[role]
        with caller.watching():
            return [
                f"{model}.{name} {wrong}"
                for model, names in self.methods.items()
                for name, answer in caller.call_all(
                    user, names, model, self._get_ids(model)
                ).items()
                if (wrong := self._find_wrong(role, model, name, answer))
            ]

    def _find_wrong(self, role, model, name, answer):
        """Return what is wrong with an answer, or None."""
        text = as_text(answer.value)
        may_know = (role, model) in READABLE
        if any(token in text for token in self.tokens):
            return None if (role, model, name) in ALLOWED else "gives a token"
        if SECRET in text and not may_know and (role, model, name) not in ALLOWED:
            return f"tells {text[:200]}"
        if answer.writes:
            listed = (role, model, name) in ALLOWED
            return None if listed else f"writes {answer.writes[0]}"
        if is_action(answer.value) or find_reason(role, model, name):
            return None
        return f"answers {text[:200]}"

    def test_outsiders_get_only_what_is_listed(self):
        for role in self.users:
            with self.subTest(role):
                self.assertEqual(self._ask(role), [])
