from odoo import api, models
from odoo.tools import SQL


class HelpdeskTicket(models.Model):
    """A ticket whose customer changes: what was agreed and billed stays behind.

    Time that is frozen, and estimates the customer has seen, keep their customer. The
    figures of the ticket are those of the customer it belongs to now.
    """

    _inherit = "helpdesk.ticket"

    def _is_for_present_customer(self, partner):
        """Tell whether what is for ``partner`` is for the customer of this ticket.

        This is the only place that says so. Nobody in particular is nobody else.
        """
        customer = self.sudo().commercial_partner_id
        own = partner.sudo().commercial_partner_id
        return not own or not customer or own == customer

    @api.model
    def _search_with_former_customers(self):
        """Return the tickets with time or estimates for another than their customer."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT known.ticket_id
                  FROM (SELECT ticket_id, partner_id FROM account_analytic_line
                         WHERE ticket_id IS NOT NULL
                         UNION
                        SELECT ticket_id, partner_id FROM helpdesk_ticket_estimate)
                    AS known
                  JOIN helpdesk_ticket AS ticket ON ticket.id = known.ticket_id
                  JOIN res_partner AS partner ON partner.id = known.partner_id
                 WHERE partner.commercial_partner_id != ticket.commercial_partner_id
                 GROUP BY 1
                """
            )
        )
        return self.browse(ticket_id for (ticket_id,) in rows)

    def _get_hours_approved_by(self, customer):
        """Return the hours that a present or former customer has approved.

        :param customer: commercial partner
        """
        self.ensure_one()
        ticket = self.sudo()
        if ticket._is_for_present_customer(customer):
            return ticket.planned_hours
        signed = ticket.estimate_ids.filtered(
            lambda estimate: (
                estimate.state == "superseded"
                and estimate.signed_on
                and estimate.partner_id.commercial_partner_id == customer
            )
        )
        return signed.sorted("revision")[-1:].estimated_hours

    def _void_estimates_of_former_customers(self, former):
        """An approval binds the customer who gave it, not the ticket's next one; nor
        does the link to the ticket open for the former customer any more.

        :param dict former: commercial customer of each ticket before the change
        """
        moved = self.filtered(lambda t: t.commercial_partner_id != former[t])
        # The link the former customer has does not open the next one's page.
        moved.filtered(lambda t: former[t]).sudo().access_token = False
        moved.sudo().estimate_ids.filtered(
            lambda estimate: estimate.state in ("sent", "approved")
        )._supersede(self.env._("The ticket now belongs to another customer."))


class HelpdeskTicketEstimate(models.Model):
    _inherit = "helpdesk.ticket.estimate"

    def _filter_of_present_customer(self):
        """Return the estimates for the customer their ticket belongs to now."""
        return self.filtered(
            lambda estimate: estimate.ticket_id._is_for_present_customer(
                estimate.partner_id
            )
        )
