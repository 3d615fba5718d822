import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

_logger = logging.getLogger(__name__)


class HelpdeskTicketEstimate(models.Model):
    """One friendly reminder where the customer does not answer."""

    _inherit = "helpdesk.ticket.estimate"

    sent_on = fields.Datetime(readonly=True, copy=False)
    reminded_on = fields.Datetime(readonly=True, copy=False)

    @api.model
    def _cron_remind_customers(self):
        """Every estimate that waits too long was reminded of once.

        Committed one by one: a second run, or one after a crash, repeats nothing.
        """
        estimates = self.search(self._get_remindable_domain())
        commit = self.env["ir.cron"]._commit_progress
        commit(remaining=len(estimates))
        for estimate in estimates:
            try:
                estimate._remind()
            except Exception:
                self.env.cr.rollback()
                self.env.invalidate_all()
                _logger.exception("The reminder of %s failed", estimate)
            if not commit(1):
                break

    @api.model
    def _get_remindable_domain(self):
        """Return the domain of estimates the customer is to be reminded of today."""
        companies = self.env["res.company"].search(
            [("ticket_estimate_reminder_days", ">", 0)]
        )
        now = fields.Datetime.now()
        late_and_valid = Domain.OR(
            Domain("company_id", "=", company.id)
            & Domain(
                "sent_on",
                "<=",
                now - timedelta(days=company.ticket_estimate_reminder_days),
            )
            & (
                Domain("validity_date", "=", False)
                | Domain("validity_date", ">=", company._get_today())
            )
            for company in companies
        )
        waiting = Domain("state", "=", "sent") & Domain("reminded_on", "=", False)
        # Nobody is asked about work that nobody will do any more.
        in_work = (
            Domain("ticket_id.active", "=", True)
            & Domain("ticket_id.stage_id.closed", "!=", True)
            & Domain("partner_id.active", "=", True)
        )
        return waiting & in_work & late_and_valid

    def _remind(self):
        """The customer was reminded, unless someone answers at this very moment."""
        self.ensure_one()
        if not self._lock_family():
            return
        if not self.filtered_domain(self._get_remindable_domain()):
            return
        self._write_transition({"reminded_on": fields.Datetime.now()})
        self._mail_to_deciders("ticket_estimates.mail_template_estimate_reminder")
