"""The approved estimate beside the hours of a ticket."""

from odoo import models
from odoo.tools.misc import format_date

from odoo.addons.volume_discount.formats import format_number


class AccountMove(models.Model):
    _inherit = "account.move"

    def _get_estimate_texts(self):
        """Return {line id: text} of the approved estimates of this invoice's tickets.

        In the language of the environment, on the first line of each ticket; nothing
        where the agreement does not want them, and nothing that was approved after the
        day of the invoice.
        """
        return {
            int(line): self.env._(
                "Estimate %(hours)s h, approved %(date)s",
                hours=format_number(self.env, hours),
                date=format_date(self.env, day),
            )
            for line, (hours, day) in (self._get_fact("estimates") or {}).items()
        }

    def _get_later_estimate_texts(self):
        """Return {line id: text} of what was approved after the posted invoice, for
        the page alone: the document that was sent does not know it."""
        self.ensure_one()
        if self.state != "posted":
            return {}
        known = self._get_fact("estimates") or {}
        approved = self.sudo()._find_approved_estimates()[self]
        return {
            line.id: self.env._(
                "After this invoice: estimate %(hours)s h, approved %(date)s",
                hours=format_number(self.env, estimate.estimated_hours),
                date=format_date(self.env, day),
            )
            for line, estimate, day in approved
            if known.get(str(line.id)) != [estimate.estimated_hours, str(day)]
        }

    def _prepare_estimate_facts(self):
        """Return {document: {line id: [hours, day of approval]}}."""
        return {
            move: {
                str(line.id): [estimate.estimated_hours, str(day)]
                for line, estimate, day in found
                if day <= (move.invoice_date or move.company_id._get_today())
            }
            for move, found in self._find_approved_estimates().items()
        }

    def _find_approved_estimates(self):
        """Return {document: [(line, estimate, day)]}: the first line of each ticket
        with an estimate that is approved now, and when the customer approved it."""
        lines = {move: move._get_first_lines_of_tickets() for move in self}
        tickets = {ticket.id for found in lines.values() for ticket in found}
        estimates = self.env["helpdesk.ticket.estimate"].sudo()
        if tickets:
            estimates = estimates.search_fetch(
                [
                    ("ticket_id", "in", list(tickets)),
                    ("state", "=", "approved"),
                    ("signed_on", "!=", False),
                ],
                ["ticket_id", "partner_id", "estimated_hours", "signed_on"],
                order="revision",
            )
        # a ticket may have had another customer
        approved = {
            (estimate.ticket_id, estimate.partner_id.commercial_partner_id): estimate
            for estimate in estimates
        }
        return {
            move: [
                (line, estimate, estimate._get_day_of_answer())
                for ticket, line in found.items()
                if (estimate := approved.get((ticket, move.commercial_partner_id)))
            ]
            for move, found in lines.items()
        }

    def _get_first_lines_of_tickets(self):
        """Return {ticket: first line} where estimates are shown, else {}."""
        self.ensure_one()
        agreement = self.billing_period_id.sudo().agreement_id
        first_lines = {}
        if agreement.show_estimates and self._is_monthly_invoice():
            for line in self.invoice_line_ids.sorted(
                lambda one: (one.sequence, one.id)
            ):
                if line.ticket_id:
                    first_lines.setdefault(line.ticket_id, line)
        return first_lines
