from textwrap import shorten

from odoo import fields, models
from odoo.tools.misc import format_date, formatLang

from ..core.consent import EPSILON

# Letters of a rejection's reason that are quoted.
MAX_REASON = 200


class HelpdeskTicket(models.Model):
    """Where time and money of a ticket stand, in sentences the customer reads."""

    _inherit = "helpdesk.ticket"

    def _get_portal_sentences(self):
        """Return what is true of time and money, the most important first.

        In the language of the environment; to be called with sudo.
        """
        self.ensure_one()
        return [
            sentence
            for sentence in (*self._get_spent_sentences(), self._get_consent_sentence())
            if sentence
        ]

    def _get_spent_sentences(self):
        """Return how much time was spent, as a list of sentences.

        Extension point: an addon that bills time says what of it was billed.
        """
        if self.total_hours <= EPSILON:
            return [self.env._("No time has been spent yet.")]
        spent = self._format_hours(self.total_hours)
        return [self.env._("%(spent)s h spent.", spent=spent)]

    def _get_consent_sentence(self):
        """Return what the customer has agreed to, or what we wait for."""
        if not self._needs_consent():
            return ""
        estimate = self._get_portal_estimate()
        if estimate.state == "sent":
            return self._get_awaited_sentence(estimate)
        if self.planned_hours > EPSILON:
            return self._get_approved_sentence()
        if estimate.state == "rejected":
            return self._get_rejected_sentence(estimate)
        if estimate.state == "expired":
            return self.env._(
                "Our estimate of %(hours)s h is no longer valid, and you have not "
                "answered it. We wait for you.",
                hours=self._format_hours(estimate.estimated_hours),
            )
        return self._get_free_sentence()

    def _get_awaited_sentence(self, estimate):
        hours = self._format_hours(estimate.estimated_hours)
        if self.planned_hours > EPSILON:
            return self.env._(
                "You have approved %(approved)s h. Our new estimate of %(hours)s h in "
                "all waits for your answer.",
                approved=self._format_hours(self.planned_hours),
                hours=hours,
            )
        return self.env._(
            "Our estimate of %(hours)s h waits for your answer.", hours=hours
        )

    def _get_approved_sentence(self):
        values = {
            "approved": self._format_hours(self.planned_hours),
            "left": self._format_hours(self.remaining_hours),
            "beyond": self._format_hours(-self.remaining_hours),
        }
        if self.remaining_hours < -EPSILON:
            return self.env._(
                "You have approved %(approved)s h; %(beyond)s h go beyond that.",
                **values,
            )
        return self.env._(
            "You have approved %(approved)s h; %(left)s h of them are left.", **values
        )

    def _get_rejected_sentence(self, estimate):
        there = estimate.with_context(tz=estimate._get_customer_timezone())
        day = fields.Datetime.context_timestamp(there, estimate.signed_on).date()
        reason = shorten(estimate.reject_reason or "", MAX_REASON, placeholder=" …")
        values = {
            "date": format_date(self.env, day),
            "hours": self._format_hours(estimate.estimated_hours),
            "reason": reason,
        }
        if reason:
            return self.env._(
                "You rejected our estimate of %(hours)s h on %(date)s "
                "(“%(reason)s”). We wait for you.",
                **values,
            )
        return self.env._(
            "You rejected our estimate of %(hours)s h on %(date)s. We wait for you.",
            **values,
        )

    def _get_free_sentence(self):
        """Return what may be done without approval: nothing where anything may."""
        policy = self._get_ticket_policy()
        if policy.estimate == "allow":
            return ""
        limit = self._format_hours(policy.free_hours)
        if self.total_hours > policy.free_hours + EPSILON:
            return self.env._(
                "%(limit)s h are free of approval; you have approved no more so far.",
                limit=limit,
            )
        if policy.free_hours <= EPSILON:
            return self.env._("Before we begin you get an estimate to approve.")
        return self.env._("Up to %(limit)s h are free of approval.", limit=limit)

    def _format_hours(self, hours):
        return formatLang(self.env, hours, digits=2)
