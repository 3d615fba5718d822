from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools.misc import formatLang

from ..core.consent import EPSILON, get_alert, judge


class HelpdeskTicket(models.Model):
    """What the rules say about time the customer has not approved."""

    _inherit = "helpdesk.ticket"

    forecast_hours = fields.Float(
        string="Expected Total Hours",
        groups="base.group_user",
        tracking=True,
        copy=False,
        help="What the team expects the ticket to take in all, time spent included. "
        "Where it exceeds the approved hours and the tolerance, the customer is asked "
        "for a new approval. Empty: nothing else than the time spent is expected.",
    )
    consent_alert = fields.Selection(
        selection=[
            ("unapproved", "Without Approval"),
            ("near", "Nearly Used Up"),
            ("over", "Over Estimate"),
            ("beyond", "Beyond Tolerance"),
        ],
        string="Approval Alert",
        compute="_compute_consent_alert",
        groups="base.group_user",
    )
    has_unapproved_work = fields.Boolean(
        compute="_compute_consent_alert",
        search="_search_has_unapproved_work",
        groups="base.group_user",
        help="More time is spent than the customer gets without an approved estimate.",
    )

    _forecast_hours_positive = models.Constraint(
        "CHECK(forecast_hours IS NULL OR forecast_hours BETWEEN 0 AND 10000)",
        "The expected total hours must be between 0 and 10,000.",
    )

    @api.depends(
        "planned_hours",
        "total_hours",
        "forecast_hours",
        "commercial_partner_id",
        "company_id",
    )
    def _compute_consent_alert(self):
        for ticket in self:
            ticket.consent_alert = ticket._get_consent_alert()
            ticket.has_unapproved_work = ticket.consent_alert == "unapproved"

    def _search_has_unapproved_work(self, operator, value):
        if operator != "in":
            return NotImplemented
        companies = self.env["res.company"].sudo().search([("active", "=", True)])
        domain = Domain.OR(map(self._get_unapproved_work_domain, companies))
        return domain if True in value else ~domain

    @api.model
    def _get_unapproved_work_domain(self, company):
        """Return the tickets of ``company`` with time that nobody approved."""
        customers = self.env["res.partner"].sudo().with_company(company)
        with_own = customers.with_context(active_test=False).search(
            [("ticket_estimate_policy", "!=", False)]
        )
        limit = company._get_ticket_policy().free_hours
        by_limit = with_own.grouped("ticket_estimate_free_hours")
        beyond = Domain("commercial_partner_id", "not in", with_own.ids) & Domain(
            "total_hours", ">", limit + EPSILON
        )
        for limit, owners in by_limit.items():
            beyond |= Domain("commercial_partner_id", "in", owners.ids) & Domain(
                "total_hours", ">", limit + EPSILON
            )
        nobody_to_ask = [False, company.partner_id.commercial_partner_id.id]
        return (
            Domain("company_id", "=", company.id)
            & Domain("commercial_partner_id", "not in", nobody_to_ask)
            & Domain("planned_hours", "=", 0)
            & beyond
        )

    def _get_ticket_policy(self):
        """Return the rules of this ticket's customer in its company."""
        self.ensure_one()
        ticket = self.sudo()
        return ticket.commercial_partner_id._get_ticket_policy(ticket.company_id)

    def _needs_consent(self):
        """Tell whether there is a customer to ask: not so for the firm's own jobs."""
        self.ensure_one()
        ticket = self.sudo()
        customer = ticket.commercial_partner_id
        return (
            customer and customer != ticket.company_id.partner_id.commercial_partner_id
        )

    def _get_expected_hours(self):
        """Return the hours the ticket will have in the end, as far as is known."""
        self.ensure_one()
        ticket = self.sudo()
        return max(ticket.total_hours, ticket.forecast_hours)

    def _get_consent_alert(self):
        self.ensure_one()
        if not self._needs_consent():
            return False
        ticket = self.sudo()
        return (
            get_alert(
                self._get_ticket_policy(),
                ticket.planned_hours,
                ticket.total_hours,
                self._get_expected_hours(),
            )
            or False
        )

    def _judge_hours(self, booked):
        """Return the verdict on ``booked`` hours on this ticket, or None."""
        self.ensure_one()
        if not self._needs_consent():
            return None
        return judge(self._get_ticket_policy(), self.sudo().planned_hours, booked)

    def _admit_added_hours(self, added):
        """Time that was added is allowed, noted or refused, see
        ``_note_or_refuse_hours``; who has to know that hours run out is told."""
        self._note_or_refuse_hours(added)
        self._watch_overrun()

    def _note_or_refuse_hours(self, added):
        """Time that was added is allowed, or noted on its ticket.

        Time the system books or moves (a merge, an import) is never refused: it has
        been worked already. One batch of entries leaves one note per ticket.

        :param dict added: hours by ticket id, more than zero
        :raises UserError: the rules refuse the time and the user may not book anyway
        """
        is_exempt = self.env.su or self.env.user.has_group(
            "ticket_estimates.group_override"
        )
        notes = {}
        for ticket in self.sudo():
            verdict = ticket._judge_hours(ticket.total_hours)
            if not verdict:
                continue
            if verdict.action == "block":
                if not is_exempt:
                    raise UserError(ticket._get_refusal_text(verdict))
                notes[ticket.id] = self._get_override_note(verdict, added[ticket.id])
            elif verdict.booked - added[ticket.id] <= verdict.limit + EPSILON:
                notes[ticket.id] = self._get_verdict_note(verdict)
        if notes:
            self.sudo().browse(notes)._message_log_batch(notes)

    def _get_refusal_text(self, verdict):
        """Return why time is refused, what to do and who can help."""
        ticket = self.sudo()
        person = ticket.user_id or ticket.estimate_id.user_id
        help_text = self.env._(
            "Such time can be booked by users with the right “May book without "
            "approval”."
        )
        if person:
            help_text = self.env._(
                "%(person)s is in charge of the ticket. Such time can be booked by "
                "users with the right “May book without approval”.",
                person=person.name,
            )
        return f"{self._get_verdict_text(verdict)}\n{help_text}"

    def _get_verdict_text(self, verdict):
        """Return what is wrong with the hours and what to do, for who books them."""
        values = {
            "ticket": self.sudo().display_name,
            **self._format_verdict(verdict),
        }
        if verdict.kind == "unapproved":
            text = self.env._(
                "The customer has approved no estimate for ticket %(ticket)s. It would "
                "have %(booked)s h, %(limit)s h are free of approval. Send an estimate "
                "and let it be approved.",
                **values,
            )
        else:
            text = self.env._(
                "The customer has approved %(approved)s h for ticket %(ticket)s, "
                "%(limit)s h with the tolerance. It would have %(booked)s h. Send a "
                "new revision of the estimate, or enter the expected total hours on "
                "the ticket: then the customer is asked.",
                **values,
            )
        return f"{text} {self._get_consequence_text(verdict)}"

    def _get_consequence_text(self, verdict):
        if verdict.action == "block":
            return self.env._("The time cannot be booked.")
        if verdict.action == "withhold":
            return self.env._(
                "The time can be booked. What goes beyond stays off the invoice until "
                "the customer approves it."
            )
        return self.env._("The time can be booked; a note is left on the ticket.")

    def _get_override_note(self, verdict, hours):
        """Return the record of time that was booked although the rules refuse it."""
        values = {
            "user": self.env.user.name,
            "hours": formatLang(self.env, hours),
        }
        if self.env.su:
            text = self.env._(
                "%(hours)s h were moved or imported here that the rules would refuse.",
                **values,
            )
        else:
            text = self.env._(
                "%(user)s booked %(hours)s h that the rules refuse, by the right “May "
                "book without approval”.",
                **values,
            )
        return f"{text} {self._get_verdict_note(verdict)}"

    def _get_verdict_note(self, verdict):
        values = self._format_verdict(verdict)
        if verdict.kind == "unapproved":
            return self.env._(
                "Work without approval: %(booked)s h are booked, %(limit)s h are free "
                "of approval.",
                **values,
            )
        return self.env._(
            "Work beyond approval: %(booked)s h are booked, %(approved)s h are "
            "approved, %(limit)s h with the tolerance.",
            **values,
        )

    def _format_verdict(self, verdict):
        return {
            name: formatLang(self.env, getattr(verdict, name))
            for name in ("approved", "booked", "limit")
        }
