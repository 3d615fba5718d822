from typing import NamedTuple

from odoo import SUPERUSER_ID, api, models
from odoo.fields import Domain

# How many of the customer's tickets are looked at for team, project and person.
RECENT_TICKETS = 20
RECEIPT = "ticket_estimates.mail_template_ticket_received"


class Intake(NamedTuple):
    """Who takes a new ticket, and where its time is booked; records with sudo."""

    team: models.Model
    project: models.Model
    user: models.Model


class HelpdeskTicket(models.Model):
    """A ticket the customer opens: who takes it, who is told, what happens next."""

    _inherit = "helpdesk.ticket"

    @api.model
    def _complete_intake_values(self, vals):
        """Return ``vals`` of a customer's new ticket with team, project and person.

        What ``vals`` say stays: a team the customer has chosen, for instance.
        """
        tickets = self.sudo().with_company(vals["company_id"])
        customer = tickets.env["res.partner"].browse(vals["partner_id"])
        teams = tickets.env["helpdesk.ticket.team"]
        intake = tickets._get_intake(
            customer.commercial_partner_id, teams.browse(vals.get("team_id"))
        )
        stage = intake.team._get_applicable_stages()[:1]
        return {
            **vals,
            "team_id": intake.team.id,
            "project_id": vals.get("project_id") or intake.project.id,
            "user_id": vals.get("user_id") or intake.user.id,
            "stage_id": stage.id,
        }

    @api.model
    def _get_intake(self, customer, chosen_team):
        """Return the ``Intake`` of a new ticket in the company of the environment.

        What was agreed with the customer comes first, then the latest tickets, then
        what the team has as default.

        :param customer: commercial partner
        :param chosen_team: by the customer; may be empty
        """
        sources = [
            *self._get_agreed_intakes(customer),
            *self._get_latest_intakes(customer),
        ]
        teams = [chosen_team, *(source.team for source in sources)]
        team = next(filter(self._takes_tickets, teams), None)
        if team is None:
            team = self._get_default_team()
        projects = [*(source.project for source in sources), team.default_project_id]
        users = [*(source.user for source in sources), team.user_id]
        return Intake(
            team,
            next(
                (one for one in projects if self._takes_time(one, customer)),
                self.env["project.project"],
            ),
            next(
                (one for one in users if self._takes_charge(one, team)),
                self.env["res.users"],
            ),
        )

    @api.model
    def _get_agreed_intakes(self, customer):
        """Return what was agreed with ``customer`` as a list of ``Intake``.

        Extension point: nothing here. An addon that knows agreements returns those
        that run today, in the company of the environment, the first to count first.
        """
        return []

    @api.model
    def _get_latest_intakes(self, customer):
        """Return the ``Intake`` of each of the customer's latest tickets."""
        domain = Domain("commercial_partner_id", "=", customer.id)
        domain &= Domain("company_id", "=", self.env.company.id)
        latest = self.with_context(active_test=False).search(
            domain, order="create_date desc, id desc", limit=RECENT_TICKETS
        )
        return [
            Intake(ticket.team_id, ticket._get_timesheet_project(), ticket.user_id)
            for ticket in latest
        ]

    @api.model
    def _get_default_team(self):
        """Return the team of customers nobody has worked for yet."""
        teams = self.env["helpdesk.ticket.team"].search(
            [("company_id", "in", [False, self.env.company.id])]
        )
        return teams.sorted(
            lambda team: (not team.show_in_portal, not team.default_project_id)
        )[:1]

    @api.model
    def _takes_tickets(self, team):
        return team.active and team.company_id in (
            self.env.company,
            self.env["res.company"],
        )

    @api.model
    def _takes_time(self, project, customer):
        """Tell whether time for ``customer`` can be booked on ``project``."""
        owner = project.partner_id.commercial_partner_id
        return (
            project.active
            and project.allow_timesheets
            and project.company_id <= self.env.company
            and owner <= customer
        )

    @api.model
    def _takes_charge(self, user, team):
        """Tell whether ``user`` may be in charge of a ticket of ``team``."""
        return (
            user.active
            and user._is_internal()
            and self.env.company in user.company_ids
            and (not team.user_ids or user in team.user_ids)
        )

    def _welcome(self):
        """Team and customer know of a ticket that the customer has opened."""
        for ticket in self.sudo():
            ticket._tell_team_of_opening()
            ticket._send_receipt()

    def _tell_team_of_opening(self):
        """Team and person in charge read of the new ticket, in their languages."""
        self.ensure_one()
        people = (self.user_id | self.team_id.user_ids | self.team_id.user_id).filtered(
            "active"
        )
        for lang, users in people.grouped("lang").items():
            ticket = self.with_context(lang=lang or self.env.lang)
            body = ticket._render_opening()
            ticket.message_notify(
                partner_ids=users.partner_id.ids,
                subject=ticket.env._(
                    "New ticket %(number)s of %(customer)s: %(title)s",
                    number=ticket.number,
                    customer=ticket.commercial_partner_id.name,
                    title=ticket.name,
                ),
                body=body,
                email_layout_xmlid="mail.mail_notification_layout",
            )

    def _render_opening(self):
        """Return what the team reads of a new ticket, as HTML."""
        introduction = self.env._(
            "%(person)s has opened ticket %(number)s, “%(title)s”.",
            person=self.partner_id.display_name,
            number=self.number,
            title=self.name,
        )
        values = {
            "introduction": introduction,
            "project": self._get_timesheet_project(),
            "ticket": self,
        }
        return self.env["ir.qweb"]._render(
            "ticket_estimates.message_ticket_opened", values
        )

    def _send_receipt(self):
        """The customer reads that the ticket arrived, and what happens next."""
        self.ensure_one()
        company = self.company_id.partner_id
        author = self.user_id.partner_id.filtered("email") or company
        if self.partner_id.email:
            # Odoo mails nothing to whoever acts, and that is the customer.
            self.with_user(SUPERUSER_ID).message_post_with_source(
                RECEIPT,
                author_id=author.id,
                email_from=author.email_formatted or company.email_formatted,
                email_layout_xmlid="mail.mail_notification_light",
                subtype_xmlid="ticket_estimates.mt_ticket_received",
            )

    def _get_next_steps(self):
        """Return what happens next as sentences for the customer: for the page and
        the receipt."""
        self.ensure_one()
        ticket = self.sudo()
        if ticket.user_id:
            first = self.env._(
                "%(person)s is in charge of your ticket and will answer you here and "
                "by e-mail.",
                person=ticket.user_id.name,
            )
        else:
            first = self.env._(
                "Our team has your ticket and will answer you here and by e-mail."
            )
        terms = ticket.commercial_partner_id._get_approval_terms(ticket.company_id)
        return [first, *terms]

    @api.model
    def message_new(self, msg, custom_values=None):
        """A ticket by e-mail is taken by whom the customer's other tickets are."""
        msg = self._shorten_mail(msg)
        ticket = super().message_new(msg, custom_values=custom_values)
        if ticket.sudo()._needs_consent():
            ticket._complete_intake()
        return ticket

    def _complete_intake(self):
        """Team, project and person are set where the ticket has none."""
        self.ensure_one()
        ticket = self.sudo()
        found = ticket._complete_intake_values(
            {
                "company_id": ticket.company_id.id,
                "partner_id": ticket.partner_id.id,
                "team_id": ticket.team_id.id,
            }
        )
        # The person last: a new team would clear it.
        for name in ("team_id", "project_id", "user_id"):
            if found[name] and not ticket[name]:
                ticket[name] = found[name]
