import binascii
import logging
from base64 import b64decode

from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools.mimetypes import guess_mimetype

from odoo.addons.mail_delivery_followup.disturbance import concerns_all

from ..pictures import MAX_SIGNATURE_PIXELS, get_pixels
from ..texts import strip_controls, to_one_line
from .helpdesk_ticket_estimate_portal import is_same

_logger = logging.getLogger(__name__)

MAX_NAME = 100
MAX_REASON = 2000
MAX_SIGNATURE = 2_000_000
SIGNATURE_TYPES = ("image/jpeg", "image/png")


class EstimateChanged(UserError):
    """The estimate is not what the customer saw: the page has to be read again."""


class HelpdeskTicketEstimate(models.Model):
    """The customer's answer from the portal and what is recorded about it."""

    _inherit = "helpdesk.ticket.estimate"

    signed_ip = fields.Char(
        string="Answered from Address",
        readonly=True,
        copy=False,
        groups="helpdesk_mgmt.group_helpdesk_user_own",
        help="Network address the answer came from.",
    )
    signed_user_id = fields.Many2one(
        comodel_name="res.users",
        string="Answered by User",
        readonly=True,
        copy=False,
        help="Who was logged in to the portal.",
    )
    signed_partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Answered by Contact",
        readonly=True,
        copy=False,
        help="Who was logged in, or whom the link was mailed to.",
    )
    signed_via = fields.Selection(
        selection=[
            ("login", "Logged in to the Portal"),
            ("personal_link", "By the Contact's Personal Link"),
            ("link", "By Link"),
            ("team", "Recorded by the Team"),
        ],
        string="Answered via",
        readonly=True,
        copy=False,
    )

    def _approve_online(self, visitor, name, signature, fingerprint, address):
        """The customer has approved the terms on the page with a signature.

        :param Visitor visitor: see ``_get_visitor``
        :param str signature: base64 encoded PNG or JPEG
        :param str fingerprint: of the terms that were shown
        :param str address: network address of the visitor
        :raises EstimateChanged: other terms than shown, or already answered
        :raises UserError: not allowed, or input missing, too long or no image
        """
        self.ensure_one()
        self._check_can_answer(visitor)
        name = self._clean_name(name)
        self._check_signature(signature)
        with self.env.cr.savepoint():
            self._check_unchanged(fingerprint)
            origin = self._prepare_origin(visitor, address)
            self._approve(name, signature=signature, origin=origin)
        self._confirm_approval()

    def _reject_online(self, visitor, name, reason, fingerprint, address):
        """The customer has rejected the terms on the page with a reason.

        Arguments and errors are those of ``_approve_online``.
        """
        self.ensure_one()
        self._check_can_answer(visitor)
        name = self._clean_name(name)
        if len(reason or "") > MAX_REASON:
            raise UserError(
                self.env._(
                    "The reason is too long: %(limit)s characters at most.",
                    limit=MAX_REASON,
                )
            )
        with self.env.cr.savepoint():
            self._check_unchanged(fingerprint)
            origin = self._prepare_origin(visitor, address)
            self._reject(strip_controls(reason or ""), name=name, origin=origin)

    def _check_can_answer(self, visitor):
        if not self._can_be_answered_by(visitor):
            raise UserError(
                self.env._(
                    "You may not answer this estimate for the customer. It is up to "
                    "the approvers the customer has named."
                )
            )

    def _check_unchanged(self, fingerprint):
        """Lock the estimate; raise unless it awaits an answer with these terms."""
        if not self._lock_family():
            raise UserError(
                self.env._("Someone is changing this estimate right now. Try again.")
            )
        same = is_same(self._get_terms_fingerprint(), fingerprint or "")
        if self.state != "sent" or not same:
            raise EstimateChanged(
                self.env._("The estimate has changed since you opened it.")
            )

    def _clean_name(self, name):
        name = to_one_line(name) if isinstance(name, str) else ""
        if not name:
            raise UserError(self.env._("Please enter your name."))
        if len(name) > MAX_NAME:
            raise UserError(
                self.env._(
                    "The name is too long: %(limit)s characters at most.",
                    limit=MAX_NAME,
                )
            )
        return name

    def _check_signature(self, signature):
        """Raise where the signature is missing, too large or no picture.

        The format is checked here: an SVG could carry a script into the backend.
        """
        if not signature or not isinstance(signature, str):
            raise UserError(self.env._("Please sign first."))
        try:
            content = b64decode(signature[: MAX_SIGNATURE + 1], validate=True)
        except (ValueError, binascii.Error):
            content = b""
        pixels = get_pixels(content) or 0
        too_large = len(signature) > MAX_SIGNATURE or pixels > MAX_SIGNATURE_PIXELS
        if too_large or not pixels or guess_mimetype(content) not in SIGNATURE_TYPES:
            raise UserError(
                self.env._("The signature cannot be read as a picture. Try again.")
            )

    def _prepare_origin(self, visitor, address):
        """Return how an answer came in, for the record."""
        return {
            "signed_via": visitor.via,
            "signed_ip": address,
            "signed_user_id": visitor.user.id,
            "signed_partner_id": visitor.partner.id,
        }

    def _prepare_answer(self, user, origin):
        """Return the values both answers record: when, through whom, where from."""
        return {
            "signed_on": fields.Datetime.now(),
            "signed_via": "team" if user else False,
            "approved_by_id": user.id if user else False,
            **(origin or {}),
        }

    def _with_team_language(self):
        """Return the estimate in the language of the person responsible."""
        user = self.user_id.sudo()
        lang = user.lang or self.company_id.sudo().partner_id.lang
        return self.with_context(lang=lang or self.env.lang)

    def _announce_answer(self, title, text=None):
        """The ticket has a note and the person responsible is told.

        :param str title: what happened
        :param str text: in the customer's words
        """
        self._note_on_ticket(title, text)
        body = Markup("%s<br/>%s") % (title, text) if text else title
        author = self.signed_partner_id
        estimate = self._with_team_language()
        estimate.message_post(
            body=body,
            subtype_xmlid="ticket_estimates.mt_estimate_answered",
            partner_ids=self.user_id.sudo().partner_id.ids,
            **({"author_id": author.id} if author.email else {}),
        )

    def _confirm_approval(self):
        """The contact and whoever approved have the signed estimate by e-mail.

        A failure is noted for the team: it takes nothing back of the approval.
        """
        self.ensure_one()
        # What the printed estimate shows has to be in the database.
        self.env.flush_all()
        recipients = self.partner_id | self.signed_partner_id
        try:
            with self.env.cr.savepoint():
                self._mail_to(
                    recipients, "ticket_estimates.mail_template_estimate_approved"
                )
        except Exception as error:
            if concerns_all(error):
                raise  # the request is repeated as a whole
            _logger.warning("%s was not confirmed to the customer", self, exc_info=True)
            self.env.invalidate_all()
            env = self._with_team_language().env
            reason = env._("An administrator finds the reason in the server's log.")
            if isinstance(error, UserError):
                reason = str(error)
            self._note_on_ticket(
                env._("The approval could not be confirmed by e-mail"), reason
            )
