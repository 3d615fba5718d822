from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from ..core.months import get_first
from ..core.texts import get_digits, names_ticket


class Collecting(NamedTuple):
    """Time for the ticket that collects the time of a project in a month."""

    link: object
    month: object
    category: object
    project: object
    partner: object


class Unplaced(Exception):
    """Time cannot be booked yet: ``problem`` is one of ``mite.entry``."""

    def __init__(self, problem):
        super().__init__(problem)
        self.problem = problem


class MitePlace(models.AbstractModel):
    """Finds where time of mite is booked: person, project and ticket."""

    _name = "mite.place"
    _description = "Finds the Place of Time"

    @api.model
    def _find(self, entry, tickets):
        """Return the values of a timesheet entry that say where it is booked, or
        ``Collecting`` where a collecting ticket says it.

        :param entry: ``mite.entry`` whose facts are to be booked
        :param tickets: result of ``_get_tickets``
        :raise Unplaced: if something is not assigned
        """
        customer, project = entry.customer_link_id, entry.project_link_id
        self._check_decided(entry)
        partner = customer.partner_id
        ticket = self._find_ticket(entry, partner, tickets)
        if ticket:
            return self._prepare_ticket(ticket, partner)
        if not customer:
            raise Unplaced("customer")
        if project and project.state != "decided":
            raise Unplaced("project")
        return self._make_assigned(entry, project or customer, partner)

    @api.model
    def _check_decided(self, entry):
        """Raise if person, service or customer still wait for a decision."""
        for kind in ("user", "customer", "service"):
            link = entry[f"{kind}_link_id"]
            if link and link.state != "decided":
                raise Unplaced(kind)
        if not entry.user_link_id.employee_id:
            raise Unplaced("user")
        if entry.customer_link_id and not entry.customer_link_id.partner_id:
            raise Unplaced("customer")

    @api.model
    def _make_assigned(self, entry, link, partner):
        """Return the values for what was decided about a project or customer."""
        customer = entry.customer_link_id
        if not (link.project_id or link.ticket_id):
            link = customer
        project = link.project_id or link.ticket_id._get_timesheet_project()
        self._check_project(project)
        if link.ticket_mode == "ticket" and link.ticket_id:
            return self._prepare_ticket(link.ticket_id, partner)
        category = entry.service_link_id.category_id
        if project.partner_id:
            self._check_partner(project.partner_id, partner)
        if link.ticket_mode == "none" and not category:
            return {
                "project_id": project.id,
                "ticket_id": False,
                "partner_id": (project.partner_id or partner).id,
            }
        return Collecting(
            entry.project_link_id or customer,
            get_first(entry.day),
            category,
            project,
            project.partner_id or partner,
        )

    @api.model
    def _make_collected(self, places):
        """Return the values of each place that is ``Collecting``, tickets included."""
        tickets = self.env["mite.collection"]._ensure_tickets(places)
        return {
            place: self._prepare_ticket(ticket, self.env["res.partner"])
            for place, ticket in tickets.items()
        }

    @api.model
    def _prepare_ticket(self, ticket, partner):
        if partner:
            self._check_partner(ticket.partner_id, partner)
        project = ticket._get_timesheet_project()
        self._check_project(project)
        return {
            "project_id": project.id,
            "ticket_id": ticket.id,
            "task_id": ticket._get_timesheet_task().id,
            "partner_id": ticket.partner_id.id,
        }

    @api.model
    def _check_project(self, project):
        """Raise if no time can be booked on a project."""
        if not project.allow_timesheets:
            raise Unplaced("project")

    @api.model
    def _check_partner(self, booked, partner):
        """Raise if time of one customer would be booked to the charge of another."""
        if booked.commercial_partner_id != partner.commercial_partner_id:
            raise Unplaced("conflict")

    @api.model
    def _find_ticket(self, entry, partner, tickets):
        """Return the ticket whose number is in the note; none of another customer."""
        firm = partner.commercial_partner_id
        for token in entry._get_numbers():
            found = tickets.get(token, self.env["helpdesk.ticket"]).filtered(
                lambda ticket: not firm or ticket.commercial_partner_id == firm
            )
            if len(found) == 1:
                return found
        return self.env["helpdesk.ticket"]

    @api.model
    def _get_tickets(self, account, entries):
        """Return the tickets by what may be their number in the notes of entries."""
        tokens = {token for entry in entries for token in entry._get_numbers()}
        if not tokens:
            return {}
        tickets = self.env["helpdesk.ticket"]
        tickets.flush_model(["number", "company_id"])
        figures = {get_digits(token) for token in tokens} - {""}
        rows = self.env.execute_query(
            SQL(
                r"""
                SELECT id
                  FROM helpdesk_ticket
                 WHERE company_id = %s
                   AND ltrim(regexp_replace(number, '\D', '', 'g'), '0') = ANY(%s)
                """,
                account.company_id.id,
                list(figures),
            )
        )
        found = tickets.browse(key for (key,) in rows)
        return {
            token: found.filtered(
                lambda ticket, token=token: names_ticket(token, ticket.number)
            )
            for token in tokens
        }
