from odoo import fields, models
from odoo.tools import formatLang


class HelpdeskTicket(models.Model):
    _inherit = "helpdesk.ticket"

    def _get_estimate_notes(self):
        """Return by ticket, where the customer approved an estimate, how many hours
        and when, in the language of the environment.

        The date is written year first: it is read by programs.
        """
        estimates = (
            self.env["helpdesk.ticket.estimate"]
            .sudo()
            .search_fetch(
                [("ticket_id", "in", self.ids), ("state", "=", "approved")],
                ["ticket_id", "estimated_hours", "signed_on"],
            )
        )
        notes = {}
        for ticket, approved in estimates.grouped("ticket_id").items():
            answered = [moment for moment in approved.mapped("signed_on") if moment]
            if answered:
                notes[ticket] = self._get_estimate_note(
                    sum(approved.mapped("estimated_hours")), max(answered)
                )
        return notes

    def _get_estimate_note(self, hours, moment):
        """Return the sentence about ``hours`` that were approved at ``moment``."""
        day = fields.Datetime.context_timestamp(self, moment).date()
        return self.env._(
            "estimate %(hours)s h approved %(date)s",
            hours=formatLang(self.env, hours, digits=2),
            date=fields.Date.to_string(day),
        )
