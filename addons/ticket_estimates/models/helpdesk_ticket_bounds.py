from odoo import api, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import html2plaintext, plaintext2html

from ..texts import (
    MAX_DESCRIPTION,
    MAX_TITLE,
    find_text_problem,
    join_lines,
    shorten,
    to_one_line,
)

# People of the firm paste logs and pictures.
MAX_NAME = 500
MAX_HTML = 2_000_000
MAX_EMAIL = 254


class HelpdeskTicket(models.Model):
    """Texts of a ticket have a length, and its title is one line."""

    _inherit = "helpdesk.ticket"

    @api.constrains("name", "description")
    def _check_texts_in_bounds(self):
        for ticket in self:
            for text, limit in (
                (ticket.name, MAX_NAME),
                (ticket.description, MAX_HTML),
            ):
                if problem := find_text_problem(self.env, text, limit):
                    raise ValidationError(problem)

    @api.model
    def _prepare_title(self, name):
        """Return a title as one line; what is no text is left to Odoo."""
        return join_lines(name) if isinstance(name, str) else name

    @api.model
    def _shorten_mail(self, msg):
        """Return an incoming mail with subject, sender and text of a ticket's length:
        a mail is never refused, what is too long of it stands in the message."""
        body = msg.get("body") or ""
        if len(body) > 4 * MAX_DESCRIPTION:
            body = plaintext2html(shorten(html2plaintext(body), MAX_DESCRIPTION))
        return {
            **msg,
            "subject": shorten(to_one_line(msg.get("subject") or ""), MAX_TITLE),
            "from": (msg.get("from") or "")[:MAX_EMAIL],
            "body": body,
        }

    def _check_message(self, body):
        if problem := find_text_problem(self.env, body, MAX_DESCRIPTION):
            raise UserError(problem)

    def message_post(self, *, body="", message_type="notification", **kwargs):
        """What a customer writes in the portal has a length."""
        if message_type == "comment" and self.env.user.share:
            self._check_message(body)
        return super().message_post(body=body, message_type=message_type, **kwargs)
