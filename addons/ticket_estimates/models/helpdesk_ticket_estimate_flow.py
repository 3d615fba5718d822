import logging

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from .helpdesk_ticket_estimate import TRANSITION

_logger = logging.getLogger(__name__)


class HelpdeskTicketEstimate(models.Model):
    """From draft to the customer's answer. Each transition locks, then checks."""

    _inherit = "helpdesk.ticket.estimate"

    def action_send(self):
        """Send the estimate to the customer and warn where there is no address."""
        self.ensure_one()
        self._send()
        if self.partner_id.email:
            return True
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "message": self._get_no_email_text(),
                "sticky": True,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def action_approve_on_behalf(self):
        return self._get_answer_action("helpdesk_ticket_estimate_approve_action")

    def action_reject_on_behalf(self):
        return self._get_answer_action("helpdesk_ticket_estimate_reject_action")

    def action_withdraw(self):
        """Take an estimate back from the customer to change it."""
        self.ensure_one()
        self._withdraw()
        return True

    def action_revise(self):
        """Open a new draft with this estimate's terms; this one stays as it is."""
        self.ensure_one()
        action = self.ticket_id._get_estimate_action()
        return {**action, "views": [(False, "form")], "res_id": self._revise().id}

    def action_view_ticket(self):
        self.ensure_one()
        return self.ticket_id._get_records_action()

    @api.model
    def _cron_expire_estimates(self):
        """Every estimate whose validity has ended unanswered is expired."""
        # Local dates are at most one day ahead of the server's.
        today = fields.Date.today()
        ending = self.search([("state", "=", "sent"), ("validity_date", "<=", today)])
        for estimate in ending.filtered(lambda estimate: estimate._is_overdue()):
            try:
                with self.env.cr.savepoint():
                    if estimate._lock_family() and estimate.state == "sent":
                        estimate._expire()
            except Exception:
                self.env.invalidate_all()
                _logger.exception("%s could not expire", estimate)

    def _is_overdue(self):
        """Tell whether the last day of the validity is over."""
        self.ensure_one()
        last = self.validity_date
        return bool(last) and last < self.company_id._get_today()

    def _send(self):
        """The customer has the estimate, by e-mail where there is an address."""
        for estimate in self:
            estimate._mark_sent()
            estimate._mail_to_deciders("ticket_estimates.mail_template_estimate_sent")

    def _mark_sent(self):
        """The estimate awaits the customer's answer; older ones no longer do."""
        for estimate in self:
            estimate._lock_for_transition("draft")
            estimate._check_can_be_offered()
            sent_on = fields.Datetime.now()
            estimate._write_transition(
                {"state": "sent", "sent_on": sent_on, "reminded_on": False}
            )
            estimate._get_siblings("sent")._supersede()
            estimate._note_on_ticket(self.env._("Estimate sent to the customer"))

    def _approve(self, name, signature=None, note=None, user=None, origin=None):
        """The customer's approval is recorded and the hours count as planned.

        :param str name: the person who approves, as that person writes it
        :param signature: drawn signature, base64 encoded image
        :param str note: how the approval was given, for the record
        :param user: the internal user who records it on the customer's behalf; such
            an approval may come before the estimate was ever sent
        :param dict origin: how an answer came in online, see ``_prepare_origin``
        :raises UserError: no name, no longer waiting for an answer, or expired
        """
        self.ensure_one()
        if not (name or "").strip():
            raise UserError(self.env._("Who approves? Enter the customer's name."))
        self._lock_for_transition(*(("draft", "sent") if user else ("sent",)))
        self._check_can_be_offered()
        self._get_siblings("approved", "sent")._supersede()
        self._write_transition(
            {
                "state": "approved",
                "signed_by": name.strip(),
                "signature": signature,
                **self._prepare_answer(user, origin),
            }
        )
        env = self._with_team_language().env
        text = env._("Estimate approved by %(name)s", name=name.strip())
        self._announce_answer(text, note)
        self._settle_overrun()

    def _reject(self, reason, name=None, user=None, origin=None):
        """The customer's refusal is recorded; an older approval stays valid.

        :param str reason: why, in the customer's words
        :param str name: the person who rejects
        :param user: the internal user who records it on the customer's behalf
        :param dict origin: how an answer came in online, see ``_prepare_origin``
        :raises UserError: no reason, or no longer waiting for an answer
        """
        self.ensure_one()
        if not (reason or "").strip():
            raise UserError(self.env._("Why was it rejected? Enter the reason."))
        self._lock_for_transition("sent")
        self._write_transition(
            {
                "state": "rejected",
                "reject_reason": reason.strip(),
                "signed_by": name,
                **self._prepare_answer(user, origin),
            }
        )
        env = self._with_team_language().env
        text = env._("Estimate rejected")
        if name:
            text = env._("Estimate rejected by %(name)s", name=name)
        self._announce_answer(text, reason.strip())

    def _withdraw(self):
        """The estimate is a draft again, for the ticket's present contact."""
        for estimate in self:
            estimate._lock_for_transition("sent")
            values = {"state": "draft"}
            if estimate.partner_id != estimate.ticket_id.partner_id:
                values["partner_id"] = estimate.ticket_id.partner_id.id
            estimate._write_transition(values)
            estimate._note_on_ticket(self.env._("Estimate withdrawn"))

    def _revise(self):
        """Return a draft with these terms, the one there is or a new one."""
        self.ensure_one()
        newer = self.ticket_id.estimate_ids.filtered(
            lambda e: e.state == "draft" and e.revision > self.revision
        )
        if newer:
            return newer.sorted("revision")[-1:]
        if self.state == "draft":
            raise UserError(self.env._("This estimate is still a draft: change it."))
        return self.copy()

    def _expire(self):
        """Nobody can approve these estimates any more."""
        for estimate in self:
            estimate._lock_for_transition("sent")
            estimate._write_transition({"state": "expired"})
            estimate._note_on_ticket(self.env._("Estimate expired without an answer"))

    def _supersede(self, reason=None):
        """These estimates no longer bind anyone.

        :param str reason: for the record, where no newer estimate explains it
        """
        for estimate in self:
            estimate._lock_for_transition("sent", "approved")
            estimate._write_transition({"state": "superseded"})
            if reason:
                estimate._note_on_ticket(self.env._("Estimate void"), reason)

    def _get_siblings(self, *states):
        """Return the ticket's other estimates in these states, whoever may see them."""
        siblings = self.ticket_id.sudo().estimate_ids - self
        return siblings.filtered(lambda estimate: estimate.state in states)

    def _get_no_email_text(self):
        return self.env._(
            "%(customer)s has no e-mail address: hand the estimate over another way.",
            customer=self.partner_id.display_name,
        )

    def _get_answer_action(self, name):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            f"ticket_estimates.{name}"
        )
        return {**action, "context": {"default_estimate_id": self.id}}

    def _lock_for_transition(self, *states):
        """Keep everyone else from answering the ticket's estimates until commit.

        :param states: the states in which the transition makes sense
        :raises UserError: another user is at it, or the estimate is in another state
        """
        self.ensure_one()
        self.check_access("write")
        if not self._lock_family():
            raise UserError(
                self.env._("Someone is changing this estimate right now. Try again.")
            )
        if self.state not in states:
            labels = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(estimate)s is “%(state)s” by now: this is no longer possible.",
                    estimate=self.display_name,
                    state=labels[self.state],
                )
            )

    def _lock_family(self):
        """Lock all estimates of the ticket; tell whether that succeeded at once."""
        self.flush_recordset()
        family = self.ticket_id.sudo().estimate_ids
        locked = family.try_lock_for_update(allow_referencing=True)
        family.invalidate_recordset(["state"])
        return locked == family

    def _write_transition(self, values):
        estimates = self.with_context(estimate_transition=TRANSITION)
        estimates.write(values)
        token = self._prepare_token(values["state"]) if "state" in values else {}
        if token:
            # No user has access to the token.
            estimates.sudo().write(token)
        if values.get("state", "sent") != "sent":
            self._call_off_questions()

    def _check_can_be_offered(self):
        """Raise where the customer could not rely on this estimate."""
        self.ensure_one()
        self.ticket_id._check_has_customer()
        if self.price_unit <= 0:
            raise UserError(
                self.env._(
                    "%(estimate)s has no hourly rate. Enter one, or choose a service "
                    "with a price.",
                    estimate=self.display_name,
                )
            )
        if self._is_overdue():
            raise UserError(
                self.env._(
                    "The validity of %(estimate)s ended on %(date)s. Extend it or "
                    "create a new revision.",
                    estimate=self.display_name,
                    date=format_date(self.env, self.validity_date),
                )
            )

    def _note_on_ticket(self, title, text=None):
        """Leave an internal note with a link to the estimate on its ticket."""
        link = self._get_html_link(title=self.display_name)
        body = Markup("%s: %s") % (title, link)
        if text:
            body += Markup("<br/>%s") % text
        self.ticket_id.sudo().message_post(body=body, subtype_xmlid="mail.mt_note")
