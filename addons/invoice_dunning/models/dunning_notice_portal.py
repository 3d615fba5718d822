"""What the customer sees of a reminder online, and what he answers."""

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import plaintext2html

MAX_TEXT = 1000
MAX_ANSWERS = 5
KINDS = ("paid", "question")


class DunningNotice(models.Model):
    _inherit = "dunning.notice"

    @api.model
    def _get_portal_domain(self, user):
        """Return the domain of the reminders that a portal user may see: those that
        his company got."""
        if user._is_public():
            return Domain.FALSE
        return Domain("partner_id", "=", user.commercial_partner_id.id) & Domain(
            "state", "=", "sent"
        )

    def _get_open_lines(self):
        """Return what this reminder asks for and is not paid yet."""
        self.ensure_one()
        return self.line_ids.filtered(
            lambda line: (
                line.move_id.is_sale_document(include_receipts=True)
                and not line.move_line_id.reconciled
            )
        )

    def _get_open_rows(self):
        """Return the invoices of this reminder that are still open, as plain values.

        :return: list of dicts ``number``, ``url``, ``due``, ``amount``
        """
        return [
            {
                "number": line.move_id.name,
                "url": line.move_id.get_portal_url(anchor="portal_pay"),
                "due": line.date_maturity,
                "amount": line.move_line_id.amount_residual_currency,
            }
            for line in self._get_open_lines()
        ]

    def _record_answer(self, kind, text, author):
        """Keep what the customer answers and ask the person in charge to see to it.

        :param kind: ``paid`` or ``question``
        :param text: what the customer writes, up to 1000 characters
        :param author: the ``res.partner`` who answers
        :raise UserError: if the answer cannot be taken, in words for the customer
        """
        self.ensure_one()
        text = " ".join((text or "").replace("\0", "").split())
        if kind not in KINDS:
            raise UserError(self.env._("Please choose one of the two answers."))
        if kind == "question" and not text:
            raise UserError(self.env._("Please write your question."))
        if len(text) > MAX_TEXT:
            raise UserError(
                self.env._("Please shorten your message to 1000 characters.")
            )
        answers = self.message_ids.filtered(
            lambda message: (
                message.author_id == author and message.message_type == "comment"
            )
        )
        if len(answers) >= MAX_ANSWERS:
            raise UserError(
                self.env._("We have your messages. Please call us about anything more.")
            )
        self._post_answer(kind, text, author)

    def _post_answer(self, kind, text, author):
        record = self._localize_for_staff()
        titles = {
            "paid": record.env._("The customer says it is paid"),
            "question": record.env._("The customer has a question"),
        }
        self.message_post(
            body=plaintext2html(text or titles[kind]),
            author_id=author.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=titles[kind],
            note=plaintext2html(text) if text else False,
            user_id=self._get_delivery_user().id,
        )

    def _notify_get_recipients_groups(self, message, model_description, msg_vals=False):
        """The button of the e-mail says what the customer finds behind it."""
        groups = super()._notify_get_recipients_groups(
            message, model_description, msg_vals=msg_vals
        )
        for name, _accepts, options in groups:
            if name in ("portal_customer", "portal"):
                options.setdefault("button_access", {})["title"] = self.env._(
                    "See the invoices and pay"
                )
        return groups

    def _mail_get_partner_fields(self, introspect_fields=False):
        return ["recipient_id"]
