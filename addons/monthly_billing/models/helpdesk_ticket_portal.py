"""What the page of a ticket says about its invoices."""

from odoo import models
from odoo.fields import Domain

from odoo.addons.volume_discount.core.numbers import EPSILON


class HelpdeskTicket(models.Model):
    _inherit = "helpdesk.ticket"

    def _get_spent_sentences(self):
        """Say what of the time the customer has invoices for, and what waits."""
        spent = self.total_hours
        if spent <= EPSILON:
            return super()._get_spent_sentences()
        worked, billed = self._get_invoiced_hours()
        values = {
            "spent": self._format_hours(spent),
            "worked": self._format_hours(worked),
            "billed": self._format_hours(billed),
            "withheld": self._format_hours(self.withheld_hours),
        }
        if worked <= EPSILON:
            sentences = [self.env._("%(spent)s h spent, none billed.", **values)]
        else:
            sentences = [
                self.env._("%(spent)s h spent, %(worked)s h of them billed.", **values)
            ]
        if worked > EPSILON and abs(worked - billed) > EPSILON:
            sentences.append(
                self.env._("Rounded as agreed these are %(billed)s h.", **values)
            )
        if self.withheld_hours > EPSILON:
            sentences.append(
                self.env._(
                    "%(withheld)s h wait for your approval and are not billed before.",
                    **values,
                )
            )
        return sentences

    def _get_invoiced_hours(self):
        """Return the worked and the billed hours on posted invoices of the ticket's
        own customer; a draft is nothing that the customer has."""
        self.ensure_one()
        allocations = self.env["billing.allocation"].sudo()
        domain = Domain(
            [
                ("move_line_id.ticket_id", "=", self.id),
                ("move_line_id.parent_state", "=", "posted"),
                (
                    "move_line_id.move_id.commercial_partner_id",
                    "=",
                    self.sudo().commercial_partner_id.id,
                ),
            ]
        )
        [(worked, billed)] = allocations._read_group(
            domain, aggregates=["worked_hours:sum", "billed_hours:sum"]
        )
        return worked or 0.0, billed or 0.0
