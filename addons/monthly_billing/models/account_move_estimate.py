"""The approved estimate beside the hours of a ticket."""

from odoo import fields, models
from odoo.tools.misc import format_date

from odoo.addons.volume_discount.formats import format_number


class AccountMove(models.Model):
    _inherit = "account.move"

    def _get_estimate_texts(self):
        """Return {line id: text} of the approved estimates of this invoice's tickets.

        In the language of the environment, on the first line of each ticket; nothing
        where the agreement does not want them.
        """
        self.ensure_one()
        agreement = self.billing_period_id.sudo().agreement_id
        if not (agreement.show_estimates and self._is_monthly_invoice()):
            return {}
        first_lines = {}
        for line in self.invoice_line_ids.sorted(lambda line: (line.sequence, line.id)):
            if line.ticket_id and line.ticket_id not in first_lines:
                first_lines[line.ticket_id] = line
        estimates = self.env["helpdesk.ticket.estimate"].sudo()
        approved = estimates.search_fetch(
            [
                ("ticket_id", "in", [ticket.id for ticket in first_lines]),
                (
                    "partner_id.commercial_partner_id",
                    "=",
                    self.commercial_partner_id.id,
                ),
                ("state", "=", "approved"),
                ("signed_on", "!=", False),
            ],
            ["ticket_id", "estimated_hours", "signed_on"],
            order="revision",
        )
        return {
            first_lines[estimate.ticket_id].id: self._get_estimate_text(estimate)
            for estimate in approved
        }

    def _get_estimate_text(self, estimate):
        """Return hours and day of approval of an estimate."""
        zone = estimate._get_customer_timezone()
        local = estimate.with_context(tz=zone)
        day = fields.Datetime.context_timestamp(local, estimate.signed_on).date()
        return self.env._(
            "Estimate %(hours)s h, approved %(date)s",
            hours=format_number(self.env, estimate.estimated_hours),
            date=format_date(self.env, day),
        )
