from odoo import models

from ..links import with_arguments


class MailMail(models.Model):
    _inherit = "mail.mail"

    def _personalize_outgoing_body(self, body, partner=False, doc_to_followers=None):
        """A link opens its page in the mail that leaves, and nowhere it is kept."""
        body = super()._personalize_outgoing_body(
            body, partner, doc_to_followers=doc_to_followers
        )
        document = self._get_portal_document() if body and partner else None
        arguments = document and document._get_personal_arguments(partner)
        if arguments is None or not document:
            return body
        base = document.get_base_url()
        return with_arguments(body, base, document.access_url, arguments)

    def _get_portal_document(self):
        """Return what the mail is about if it has a page, as superuser, else None."""
        model = self.env.get(self.model)
        if model is None or not isinstance(model, self.pool["portal.mixin"]):
            return None
        return model.sudo().browse(self.res_id).exists()
