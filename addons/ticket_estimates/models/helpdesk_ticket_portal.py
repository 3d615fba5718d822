from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

# States in which the customer gets to see the latest estimate.
SHOWN_STATES = ("sent", "approved", "rejected", "expired")


class HelpdeskTicket(models.Model):
    """What a customer sees of a ticket. Fields stay closed, values are handed out."""

    _inherit = "helpdesk.ticket"

    # Its name would tell a customer about another one's ticket.
    duplicate_id = fields.Many2one(groups="base.group_user")
    # Opens money and time to whoever holds it, also to people who are only in copy.
    access_token = fields.Char(groups=fields.NO_ACCESS)

    def _portal_ensure_token(self):
        """Return the token for the customer's e-mails, which the system writes, and to
        those who may know the terms; False to all others."""
        if not (self.env.su or self._may_have_token(self.env.user)):
            return False
        return super(HelpdeskTicket, self.sudo())._portal_ensure_token()

    def _may_have_token(self, user):
        """Tell whether ``user`` may read the ticket with its terms."""
        return self.with_user(user).has_access("read") and self._shows_terms_to(user)

    def _sign_token(self, pid):
        """The system writes the customer's e-mails, whoever causes them."""
        return super(HelpdeskTicket, self.sudo())._sign_token(pid)

    def _get_share_url(self, redirect=False, signup_partner=False, pid=None, **options):
        """Share no token, and nobody's signature, by those who may not have it."""
        if not self._portal_ensure_token():
            options["share_token"] = False
            return super()._get_share_url(redirect, signup_partner, **options)
        # no user may read the field, and this one may have the token
        ticket = super(HelpdeskTicket, self.sudo())
        return ticket._get_share_url(redirect, signup_partner, pid, **options)

    def _get_personal_arguments(self, partner):
        """The token goes to the customer's own people, by mail."""
        if partner.commercial_partner_id != self.commercial_partner_id:
            return {}
        return {"access_token": self._portal_ensure_token()}

    def _get_access_action(self, access_uid=None, force_website=False):
        """People with a login come to the page without a token: their rights count."""
        self.ensure_one()
        user = self.env["res.users"].sudo().browse(access_uid) or self.env.user
        if user.share and not force_website and self.with_user(user).has_access("read"):
            return {
                "type": "ir.actions.act_url",
                "url": self.access_url,
                "target": "self",
                "res_id": self.id,
            }
        return super()._get_access_action(access_uid, force_website)

    def _get_portal_values(self):
        """Return what the ticket's page shows to its customer.

        :return: ``priority`` (text), ``rank``, ``attachments``, ``hours`` (see
            :meth:`_get_portal_hours`), ``estimate`` (maybe empty), ``is_awaited`` (it
            wants an answer), ``answered`` (earlier answered estimates), ``entries``
            (list, or None where entries are not shown), ``invoices`` (list),
            ``sentences`` (where time and money stand) and ``next_steps`` (of a new
            ticket); records are with sudo
        """
        self.ensure_one()
        ticket = self.sudo()
        estimate = ticket._get_portal_estimate()
        return {
            **ticket._get_portal_public_values(),
            "hours": ticket._get_portal_hours(),
            "estimate": estimate,
            "is_awaited": bool(estimate) and estimate._is_awaiting_answer(),
            "answered": ticket._get_portal_answers(estimate),
            "entries": ticket._get_portal_entries(),
            "invoices": ticket._get_portal_invoice_values(),
            "sentences": ticket._get_portal_sentences(),
            "next_steps": ticket._get_next_steps(),
        }

    def _get_portal_public_values(self):
        """Return what everybody who may read the ticket sees, also other companies'
        people in copy: nothing about money and time."""
        self.ensure_one()
        ticket = self.sudo()
        priorities = dict(self._fields["priority"]._description_selection(self.env))
        return {
            "priority": priorities.get(ticket.priority, ""),
            "rank": 0 if ticket.closed else ticket.customer_rank,
            "attachments": ticket._get_portal_attachments(),
        }

    def _get_portal_summaries(self):
        """Return {ticket id: {``hours``, ``estimate``}} for a list of tickets."""
        return {
            ticket.id: {
                "hours": ticket._get_portal_hours(),
                "estimate": ticket._get_portal_estimate(),
            }
            for ticket in self.sudo()
        }

    def _shows_terms_to(self, user):
        """Tell whether ``user`` may know money and time of this ticket.

        People of the customer and of the firm's helpdesk may. Somebody of another
        company who follows the ticket reads the conversation alone.
        """
        self.ensure_one()
        if user._is_internal():
            return user.has_group("helpdesk_mgmt.group_helpdesk_user_own")
        return self._is_of_customer(user)

    def _is_of_customer(self, user):
        """Tell whether ``user`` is of the ticket's own customer."""
        customer = self.sudo().commercial_partner_id
        return bool(customer) and customer == user.partner_id.commercial_partner_id

    def _can_be_closed_by(self, user):
        """Tell whether ``user`` may close the ticket in the portal.

        As for its terms; besides, people of the firm close what they have reported.
        """
        return self._is_of_customer(user) or self._shows_terms_to(user)

    def _get_portal_estimate(self):
        """Return the estimate that counts for the customer: never a draft."""
        own = self.estimate_ids._filter_of_present_customer()
        shown = own.filtered(lambda e: e.state in SHOWN_STATES)
        return shown.sorted("revision")[-1:]

    def _get_portal_answers(self, current):
        """Return the estimates the customer answered before ``current``, latest
        first."""
        own = self.estimate_ids._filter_of_present_customer()
        answered = (own - current).filtered("signed_on")
        return answered.sorted("revision", reverse=True)

    def _get_portal_hours(self):
        """Return hours ``spent``, ``planned`` and ``remaining`` with two digits, the
        ``percent`` spent, and ``is_over`` once more is spent than planned."""
        spent, planned = round(self.total_hours, 2), round(self.planned_hours, 2)
        return {
            "spent": spent,
            "planned": planned,
            "remaining": round(planned - spent, 2),
            "percent": round(100 * spent / planned) if planned else 0,
            "is_over": bool(planned) and spent > planned,
        }

    def _get_portal_entries(self):
        """Return date, person, text and hours of each entry, latest first; None where
        the customer does not see them."""
        if not self._is_time_shown_in_portal():
            return None
        hour = self.env.ref("uom.product_uom_hour")
        lines = self.timesheet_ids._filter_of_present_customer()
        people = lines._get_shown_people()
        return [
            {
                "date": line.date,
                "person": people[line],
                "text": "" if line.name == "/" else line.name,
                "hours": round(
                    self._convert_to_hours(line.unit_amount, line.product_uom_id, hour),
                    2,
                ),
            }
            for line in lines.sorted("id").sorted("date", reverse=True)
        ]

    def _is_time_shown_in_portal(self):
        """Tell whether the customer sees each entry on the ticket."""
        self.ensure_one()
        ticket = self.sudo()
        domain = self._get_time_shown_domain(ticket.commercial_partner_id)
        return bool(ticket.filtered_domain(domain))

    @api.model
    def _get_time_shown_domain(self, customer):
        """Return the domain of the tickets whose entries ``customer`` may see.

        As their teams say. Override to let what was agreed with the customer decide;
        the domain is evaluated with full rights, by search and on single tickets.
        """
        return Domain("team_id.show_timesheet_portal", "=", True)

    def _get_portal_invoice_values(self):
        return [
            {
                "id": move.id,
                "name": move.name,
                "date": move.invoice_date,
                "total": move.amount_total,
                "currency": move.currency_id,
            }
            for move in self._get_portal_invoices()
        ]

    def _get_portal_invoices(self):
        """Return the invoices which the ticket's page names, as sudo records.

        None here. An addon that bills tickets returns the posted ones of the ticket's
        own customer.
        """
        return self.env["account.move"].sudo()

    def _get_portal_attachments(self):
        """Return the files of the ticket, without those of internal notes alone."""
        files = self.attachment_ids
        messages = self.env["mail.message"].sudo()
        messages = messages.search([("attachment_ids", "in", files.ids)])
        notes = messages.filtered(lambda message: message._is_internal_note())
        return files - (notes.attachment_ids - (messages - notes).attachment_ids)

    def _get_portal_closing_stages(self):
        """Return the stages in which a customer may close the ticket."""
        self.ensure_one()
        ticket = self.sudo()
        stages = ticket.team_id.with_company(ticket.company_id)._get_applicable_stages()
        return stages.filtered("close_from_portal")

    def _close_from_portal(self, stage):
        """The ticket is closed, in a stage which is offered to customers for that.

        :raises AccessError: the user is only in copy, or may not even read the
            ticket, the stage is not offered, or the ticket is closed already
        """
        self.ensure_one()
        self.check_access("read")
        ticket = self.sudo()
        offered = not ticket.closed and self._can_be_closed_by(self.env.user)
        if not offered or stage.sudo() not in ticket._get_portal_closing_stages():
            raise AccessError(
                self.env._("The ticket cannot be closed this way. Write a message.")
            )
        ticket.stage_id = stage
