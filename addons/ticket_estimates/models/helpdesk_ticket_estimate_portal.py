import hashlib
import hmac
import json
import re
import uuid
from typing import NamedTuple

from odoo import api, fields, models
from odoo.fields import Domain

# A mailed link opens the estimate in these states and is void in all others.
LINK_STATES = ("sent", "approved", "rejected")
# The number of a contact: longer ones are none.
CONTACT = re.compile(r"[0-9]{1,9}")
MAIL_TOKEN_NAMES = ("hash", "pid", "token")


def is_same(secret, given):
    """Tell whether two texts are equal, in a time that tells nothing about them."""
    return hmac.compare_digest(secret.encode(), given.encode())


class Visitor(NamedTuple):
    """Who looks at an estimate in the portal, and how that person came in."""

    via: str
    """``login``, ``personal_link`` (mailed to one contact), ``link`` or ``team``"""
    partner: models.Model
    """the contact on the customer's side; nobody for a bare link"""
    user: models.Model
    """who is logged in; nobody for the public"""


class HelpdeskTicketEstimate(models.Model):
    """What the customer sees online. Portal users have no access to the model."""

    _inherit = "helpdesk.ticket.estimate"

    access_token = fields.Char(groups=fields.NO_ACCESS)

    def _compute_access_url(self):
        for estimate in self:
            estimate.access_url = f"/my/estimate/{estimate.id}"

    def action_preview(self):
        """Open the page as the customer sees it."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "target": "self",
            "url": self.access_url,
        }

    def _prepare_token(self, state):
        """Return the value of the token in a new state: it dies with the validity."""
        if state == "sent":
            return {"access_token": str(uuid.uuid4())}
        return {} if state in LINK_STATES else {"access_token": False}

    def _portal_ensure_token(self):
        """Return to the system, which mails it, the token of an estimate the customer
        may see; False to every user: whoever has it can sign for the customer."""
        self.check_access("read")
        if not self.env.su:
            return False
        estimate = self.sudo()
        if estimate.state in LINK_STATES and not estimate.access_token:
            estimate._write_transition({"access_token": str(uuid.uuid4())})
        return estimate.access_token

    def _sign_token(self, pid):
        """Return the hash that makes a link the personal one of contact ``pid``."""
        self.ensure_one()
        secret = self.env["ir.config_parameter"].sudo().get_param("database.secret")
        token = self.sudo().access_token
        message = (self.env.cr.dbname, self._name, self.id, token, pid)
        return hmac.new(
            secret.encode(), repr(message).encode(), hashlib.sha256
        ).hexdigest()

    def _get_share_url(self, redirect=False, signup_partner=False, pid=None, **options):
        """A link that is shared leads to the page and opens nothing."""
        options["share_token"] = False
        return super()._get_share_url(redirect, False, None, **options)

    @api.model
    def _get_thread_with_access(self, thread_id, **kwargs):
        """A link opens the estimate's page, never its conversation with the team."""
        kwargs = {
            name: value
            for name, value in kwargs.items()
            if name not in MAIL_TOKEN_NAMES
        }
        return super()._get_thread_with_access(thread_id, **kwargs)

    def _get_access_action(self, access_uid=None, force_website=False):
        """Customers are led to the page, which checks on its own who may see it."""
        self.ensure_one()
        user = self.env["res.users"].sudo().browse(access_uid) or self.env.user
        if user.share and not force_website:
            return {
                "type": "ir.actions.act_url",
                "url": self.access_url,
                "target": "self",
                "target_type": "public",
                "res_id": self.id,
            }
        return super()._get_access_action(access_uid, force_website)

    @api.model
    def _get_portal_domain(self):
        """Return the domain of the estimates the current customer may see.

        They are of the customer's own company, and on tickets the customer may read.
        To be searched with sudo, as portal users have no access to the model.
        """
        customer = self.env.user.partner_id.commercial_partner_id
        tickets = self.env["helpdesk.ticket"]._search([])
        return (
            Domain("state", "!=", "draft")
            & Domain("partner_id.commercial_partner_id", "=", customer.id)
            & Domain("ticket_id", "in", tickets)
        )

    def _is_shown_to_customer(self):
        """Tell whether the current portal user may see this estimate."""
        domain = self._get_portal_domain() & Domain("id", "=", self.id)
        return bool(self.sudo().search_count(domain, limit=1))

    def _get_visitor(self, access_token=None, pid=None, signature=None):
        """Return the current user as a Visitor, or None who may not see the estimate.

        :param str access_token: from the link
        :param str pid: the contact the link was mailed to
        :param str signature: what ``_sign_token`` says for that contact
        """
        if not self.sudo().exists():
            return None
        user = self.env.user
        logged_in = user.browse() if user._is_public() else user
        linked = self.sudo()._get_link_visitor(access_token, pid, signature, logged_in)
        if user._is_internal():
            allowed = linked or self.has_access("read")
            return Visitor("team", user.partner_id, user) if allowed else None
        if user._is_public() or not self._is_shown_to_customer():
            return linked
        own = Visitor("login", user.partner_id, user)
        # A colleague who was handed the link of an approver acts for the approver.
        if linked and not self.sudo()._can_be_answered_by(own):
            return linked if self.sudo()._can_be_answered_by(linked) else own
        return own

    def _get_link_visitor(self, access_token, pid, signature, user):
        """Return whoever holds a valid link to this estimate as a Visitor, or None."""
        token = self.state in LINK_STATES and self.access_token
        if not token or not access_token or not is_same(token, access_token):
            return None
        nobody = self.env["res.partner"]
        if not signature or not CONTACT.fullmatch(pid or ""):
            return Visitor("link", nobody, user)
        if not is_same(self._sign_token(int(pid)), signature):
            return Visitor("link", nobody, user)
        return Visitor("personal_link", nobody.browse(int(pid)).exists(), user)

    def _get_newest_for_customer(self):
        """Return the ticket's latest estimate the current user may see, or none."""
        if self.env.user._is_public():
            return self.browse()
        ticket = self.sudo().exists().ticket_id
        domain = Domain("ticket_id", "=", ticket.id)
        if self.env.user._is_internal():
            if not self.browse().has_access("read"):
                return self.browse()
            return self.search(domain, order="revision desc", limit=1)
        domain &= self._get_portal_domain()
        return self.sudo().search(domain, order="revision desc", limit=1)

    def _is_awaiting_answer(self):
        """Tell whether the customer can answer today."""
        return self.state == "sent" and not self._is_overdue()

    def _get_terms(self):
        """Return what the customer agrees to as plain values, same in any language."""
        self.ensure_one()
        return {
            "id": self.id,
            "revision": self.revision,
            "title": self.ticket_id.name or "",
            "hours": self.estimated_hours,
            "price_unit": self.price_unit,
            "currency": self.currency_id.name,
            "taxes": sorted(self.tax_ids.ids),
            "amounts": [
                self.currency_id.round(amount)
                for amount in (self.amount_untaxed, self.amount_tax, self.amount_total)
            ],
            "validity_date": str(self.validity_date or ""),
            "scope": str(self.scope or ""),
        }

    def _get_terms_fingerprint(self):
        """Return a hash that differs as soon as any term differs."""
        terms = json.dumps(self._get_terms(), sort_keys=True)
        return hashlib.sha256(terms.encode()).hexdigest()
