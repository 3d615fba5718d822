from markupsafe import escape

from odoo import models

from ..core.consent import is_beyond, is_near

OVERRUN_ACTIVITY = "ticket_estimates.mail_activity_type_overrun"


class HelpdeskTicket(models.Model):
    """Tells team and customer in time that an estimate will not hold."""

    _inherit = "helpdesk.ticket"

    def _watch_overrun(self):
        """Team and customer know if the approved hours of these tickets run out.

        Each is told once per approved estimate: the person in charge by an activity
        as soon as the agreed share is booked, the customer by a new revision as soon
        as the tolerance will be exceeded (BGB 649).
        """
        for ticket in self.sudo().filtered("planned_hours"):
            policy = ticket._get_ticket_policy()
            approved = ticket.planned_hours
            near = is_near(policy, approved, ticket.total_hours)
            beyond = is_beyond(policy, approved, ticket._get_expected_hours())
            if near or beyond:
                estimate = ticket._get_approved_estimate()
                if beyond:
                    estimate._tell_customer_of_overrun()
                if near:
                    estimate._warn_person_in_charge()

    def _get_approved_estimate(self):
        """Return the estimate that binds the customer now."""
        self.ensure_one()
        approved = self.sudo().estimate_ids.filtered(lambda e: e.state == "approved")
        return approved.sorted("revision")[-1:]

    def _schedule_overrun_activity(self, user, summary, note):
        """Give ``user`` an activity on this ticket.

        :param str note: plain text
        """
        self.activity_schedule(
            OVERRUN_ACTIVITY, summary=summary, note=escape(note), user_id=user.id
        )
