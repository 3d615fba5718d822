from collections import defaultdict

from odoo import api, fields, models

from ..core.consent import EPSILON

# What may put more time on a ticket.
WORK_FIELDS = frozenset({"product_uom_id", "ticket_id", "unit_amount"})


class AccountAnalyticLine(models.Model):
    """Time on tickets, as far as the customer has approved it."""

    _inherit = "account.analytic.line"

    consent_message = fields.Text(
        string="Approval", compute="_compute_consent_message", compute_sudo=True
    )

    @api.depends("ticket_id", "unit_amount", "product_uom_id")
    def _compute_consent_message(self):
        for line in self:
            verdict = line._judge_consent()
            ticket = line.ticket_id
            line.consent_message = verdict and ticket._get_verdict_text(verdict)

    @api.onchange("ticket_id", "unit_amount")
    def _onchange_consent(self):
        """Say at once what saving the entry would bring about."""
        verdict = self._judge_consent()
        if not verdict:
            return None
        return {
            "warning": {
                "title": self.env._("Not approved by the customer"),
                "message": self.ticket_id._get_verdict_text(verdict),
                "type": "notification",
            }
        }

    def unlink(self):
        if not self:  # Odoo's invoices call it for every line, mostly with nothing
            return super().unlink()
        before = self._get_hours_by_ticket()
        result = super().unlink()
        # Without a correction there is more time than with it.
        added = {ticket: -hours for ticket, hours in before.items() if hours < -EPSILON}
        self.env["helpdesk.ticket"].browse(added)._admit_added_hours(added)
        return result

    def _admit_changed_hours(self, before):
        """The time these entries add to tickets is allowed, noted or refused.

        Less time is never refused. All entries of a ticket are judged together.

        :param dict before: hours of these entries by ticket id, before the change
        :raises UserError: see ``helpdesk.ticket._admit_added_hours``
        """
        added = {
            ticket_id: hours - before.get(ticket_id, 0.0)
            for ticket_id, hours in self._get_hours_by_ticket().items()
            if hours - before.get(ticket_id, 0.0) > EPSILON
        }
        if added:
            tickets = self.env["helpdesk.ticket"].browse(added)
            tickets._admit_added_hours(added)

    def _get_hours_by_ticket(self):
        """Return the hours of these entries by ticket id, for its present customer."""
        hours = defaultdict(float)
        unit = self.env.ref("uom.product_uom_hour")
        lines = self.sudo().filtered("ticket_id")
        for line in lines._filter_of_present_customer():
            hours[line.ticket_id.id] += line._get_hours(unit)
        return hours

    def _get_hours(self, hour):
        """Return the hours of the entry, unrounded.

        :param hour: the unit of time
        """
        self.ensure_one()
        convert = self.env["helpdesk.ticket"]._convert_to_hours
        return convert(self.unit_amount, self.product_uom_id, hour)

    def _judge_consent(self):
        """Return the verdict on the ticket's hours with this entry as it stands.

        None where the entry adds nothing to what is saved.
        """
        self.ensure_one()
        line = self.sudo()
        ticket = line.ticket_id._origin
        former = line._origin._get_hours_by_ticket().get(ticket.id, 0.0)
        hours = line._get_hours_by_ticket().get(line.ticket_id.id, 0.0)
        if not ticket or hours - former <= EPSILON:
            return None
        return ticket._judge_hours(ticket.total_hours - former + hours)
