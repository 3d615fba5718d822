from odoo import api, models
from odoo.exceptions import AccessError

from ..links import without_secrets

MODELS = ("helpdesk.ticket", "helpdesk.ticket.estimate")


class MailMessage(models.Model):
    _inherit = "mail.message"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("body") and vals.get("model") in MODELS:
                self._drop_secrets(vals)
        return super().create(vals_list)

    def write(self, vals):
        if vals.get("body") and any(message.model in MODELS for message in self):
            vals = dict(vals)
            self._drop_secrets(vals)
        return super().write(vals)

    def _drop_secrets(self, vals):
        """Keep what opens a page out of the body: readers of a ticket or an estimate
        could open it as the customer. It goes into the mail that leaves alone."""
        body = vals["body"]
        vals["body"] = type(body)(without_secrets(str(body)))

    def _check_access(self, operation):
        """Customers read no internal note of a ticket, whoever or whatever wrote it.

        Odoo keeps the notes that people write to the team, but hands those of the
        system to every portal user who reads the document.
        """
        result = super()._check_access(operation)
        if operation != "read" or self.env.su or self.env.user._is_internal():
            return result
        forbidden = result[0] if result else self.browse()
        notes = (self - forbidden)._filter_internal_notes()
        if not notes:
            return result
        return forbidden | notes, lambda: AccessError(
            self.env._("Internal notes stay with the team.")
        )

    def _filter_internal_notes(self):
        """Return the internal notes of tickets which the user was not sent."""
        partner = self.env.user.partner_id
        notes = self.sudo().filtered(
            lambda message: (
                message.model in MODELS
                and message._is_internal_note()
                and partner not in message.partner_ids | message.author_id
            )
        )
        return self.browse(notes.ids)

    def _is_internal_note(self):
        self.ensure_one()
        subtype = self.subtype_id
        return self.is_internal or not subtype or subtype.internal
