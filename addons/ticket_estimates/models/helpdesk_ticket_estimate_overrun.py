from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import formatLang

from ..core.consent import round_up_to_quarter
from .helpdesk_ticket_overrun import OVERRUN_ACTIVITY

#: Colour of an estimate in the kanban, by state; the others have none
STATE_COLORS = {"sent": 4, "approved": 10, "rejected": 1, "expired": 3}


class HelpdeskTicketEstimate(models.Model):
    """What happens when the approved hours will not suffice, once per approval."""

    _inherit = "helpdesk.ticket.estimate"

    overrun_warned_on = fields.Datetime(
        string="Team Warned On",
        readonly=True,
        copy=False,
        help="When the person in charge was told that the hours are nearly used up.",
    )
    overrun_told_on = fields.Datetime(
        readonly=True,
        copy=False,
        help="When it turned out that the hours will not suffice and the customer was "
        "asked for more, or the person in charge to do so.",
    )

    state_color = fields.Integer(compute="_compute_state_color")

    @api.depends("state")
    def _compute_state_color(self):
        for estimate in self:
            estimate.state_color = STATE_COLORS.get(estimate.state, 0)

    def _settle_overrun(self):
        """Nobody has to tell the customer any more that hours run out."""
        self.ticket_id.sudo().activity_unlink([OVERRUN_ACTIVITY])

    def _warn_person_in_charge(self):
        """The person in charge has an activity: the hours are nearly used up."""
        self.ensure_one()
        if self.overrun_warned_on:
            return
        # Written first: of two bookings at once only one gets through with it.
        self._write_transition({"overrun_warned_on": fields.Datetime.now()})
        self.flush_recordset(["overrun_warned_on"])
        estimate = self._with_language_in_charge()
        text = estimate.env._(
            "%(booked)s h of %(approved)s approved hours are booked. If more are "
            "needed, enter the expected total hours on the ticket: the customer is "
            "asked in time.",
            **estimate._format_overrun_hours(),
        )
        summary = estimate.env._("The approved hours are nearly used up")
        estimate.ticket_id._schedule_overrun_activity(
            self._get_person_in_charge(), summary, text
        )

    def _tell_customer_of_overrun(self):
        """The customer is asked for the hours the ticket will take.

        Where that is not possible, or the company wants to look at it first, the
        person in charge has an activity instead. The approval that is there stays
        valid until the customer answers.
        """
        self.ensure_one()
        if self.overrun_told_on:
            return
        self._write_transition({"overrun_told_on": fields.Datetime.now()})
        self.flush_recordset(["overrun_told_on"])
        hours = round_up_to_quarter(self.ticket_id._get_expected_hours())
        estimate = self._with_language_in_charge()
        try:
            with self.env.cr.savepoint():
                estimate._ask_for_hours(hours)
        except UserError as error:
            # Booking time must not fail because the customer cannot be asked.
            estimate._ask_person_in_charge(hours, str(error))

    def _ask_for_hours(self, hours):
        """A new revision asks the customer for ``hours``, or waits as a draft."""
        revision = self._get_siblings("draft", "sent").sorted("revision")[-1:]
        reason = revision and revision._get_open_text()
        if not revision:
            values = self._prepare_reapproval(hours)
            revision = self.with_company(self.company_id).copy(values)
            reason = revision._get_reason_to_look_first()
        if reason:
            self._ask_person_in_charge(hours, reason)
            return
        revision._send_overrun()
        revision._note_on_ticket(
            self.env._(
                "The customer was told that the approved hours will not suffice"
            ),
            self._get_overrun_text(hours),
        )

    def _prepare_reapproval(self, hours):
        """Return what differs in the revision that asks for ``hours``.

        :param float hours: expected total, a multiple of a quarter of an hour
        """
        self.ensure_one()
        # The former bounds need not hold the new hours.
        return {"estimated_hours": hours, "hours_min": 0.0, "hours_max": 0.0}

    def _send_overrun(self):
        """The customer has this revision and knows why it is needed."""
        self._mark_sent()
        self._mail_to_deciders("ticket_estimates.mail_template_estimate_overrun")

    def _ask_person_in_charge(self, hours, reason):
        """The person in charge has an activity to tell the customer.

        :param float hours: expected total
        :param str reason: why the customer was not asked automatically
        """
        # One activity says it all: none about hours that are nearly used up.
        if not self.overrun_warned_on:
            self._write_transition({"overrun_warned_on": fields.Datetime.now()})
        note = f"{self._get_overrun_text(hours)} {reason}"
        summary = self.env._("Tell the customer: the approved hours will not suffice")
        self.ticket_id._schedule_overrun_activity(
            self._get_person_in_charge(), summary, note
        )
        self._note_on_ticket(summary, note)

    def _get_person_in_charge(self):
        """Return who looks after the ticket, else after the estimate, else the team."""
        self.ensure_one()
        ticket = self.ticket_id
        people = ticket.user_id | self.user_id | ticket.team_id.user_ids
        return people.filtered("active")[:1] or self.env.user

    def _with_language_in_charge(self):
        """Return the estimate in the language of the person in charge."""
        return self.with_context(lang=self._get_person_in_charge().lang)

    def _get_open_text(self):
        """Return why this open revision stands against an automatic one."""
        if self.state == "sent":
            return self.env._(
                "%(estimate)s with %(hours)s h awaits the customer's answer already.",
                estimate=self.display_name,
                hours=formatLang(self.env, self.estimated_hours),
            )
        return self.env._(
            "There is a draft already: complete and send %(estimate)s.",
            estimate=self.display_name,
        )

    def _get_reason_to_look_first(self):
        """Return why a person has to send this draft, or nothing."""
        if self.company_id.ticket_overrun_notice == "prepare":
            return self.env._(
                "%(estimate)s is prepared: check and send it.",
                estimate=self.display_name,
            )
        if not self._get_deciders().filtered("email"):
            return self._get_no_email_text()
        return None

    def _get_overrun_text(self, hours):
        return self.env._(
            "%(approved)s h are approved, %(booked)s h are booked, %(hours)s h are "
            "expected in all.",
            hours=formatLang(self.env, hours),
            **self._format_overrun_hours(),
        )

    def _format_overrun_hours(self):
        return {
            "approved": formatLang(self.env, self.ticket_id.planned_hours),
            "booked": formatLang(self.env, self.ticket_id.total_hours),
        }
