from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

# What decides whether a ticket is to be ranked, and among whose.
RANKING_FIELDS = frozenset({"stage_id", "partner_id", "active"})


class HelpdeskTicket(models.Model):
    """The customer's own order of the open tickets, beside the team's priority."""

    _inherit = "helpdesk.ticket"

    customer_rank = fields.Integer(
        copy=False,
        readonly=True,
        aggregator=None,
        help="The customer's own order of the open tickets: 1 comes first, 0 is not "
        "ranked.",
    )

    _customer_rank_positive = models.Constraint(
        "CHECK(customer_rank >= 0)", "The rank of a ticket cannot be negative."
    )

    @api.model
    def _get_rankable_domain(self, customer):
        """Return the domain of the tickets that people of ``customer`` rank."""
        return Domain("commercial_partner_id", "in", customer.ids) & Domain(
            "stage_id.closed", "!=", True
        )

    @api.model
    def _get_customer_ranking(self):
        """Return the current user's open tickets, first what the customer wants first.

        Tickets without a rank follow in the order in which they came in.
        """
        customer = self.env.user.partner_id.commercial_partner_id
        return self.search(self._get_rankable_domain(customer))._sorted_by_rank()

    def _sorted_by_rank(self):
        return self.sorted(lambda t: (not t.customer_rank, t.customer_rank, t.id))

    def _rank_above(self, other):
        """The ticket comes before ``other``, and the customer's tickets are ranked.

        Where it did already, it stays: the same wish twice has one result. All open
        tickets of the customer then have ranks 1 to n, also those the user may not
        read. Two people at once: the database lets one of them through, the request
        of the other one is repeated on the new order.

        :param other: another open ticket of the same customer
        :raises AccessError: one of them is no open ticket of the user's own company
        """
        self.ensure_one()
        visible = self._get_customer_ranking()
        if self not in visible or other not in visible:
            raise AccessError(
                self.env._("Only open tickets of your own company can be ranked.")
            )
        domain = self._get_rankable_domain(self.sudo().commercial_partner_id)
        ranking = list(self.sudo().search(domain)._sorted_by_rank().ids)
        if ranking.index(self.id) > ranking.index(other.id):
            ranking.remove(self.id)
            ranking.insert(ranking.index(other.id), self.id)
        self.sudo().browse(ranking)._write_ranking()

    def _write_ranking(self):
        """These tickets are ranked 1 to n in this order."""
        for rank, ticket in enumerate(self, start=1):
            if ticket.customer_rank != rank:
                ticket.customer_rank = rank

    def _leave_ranking(self, former):
        """Tickets that are not to be ranked any more have no rank; others move up.

        :param dict former: customer of each ticket before it changed
        """
        left = self.sudo().filtered(
            lambda t: (
                t.customer_rank
                and (t.closed or not t.active or t.commercial_partner_id != former[t])
            )
        )
        left.customer_rank = 0
        for customer in {former[ticket] for ticket in left}:
            domain = self._get_rankable_domain(customer)
            ranked = left.search(domain & Domain("customer_rank", ">", 0))
            ranked._sorted_by_rank()._write_ranking()
