from odoo import models

from ..links import without_secrets


class PortalMixin(models.AbstractModel):
    _inherit = "portal.mixin"

    def get_portal_url(self, *args, **kwargs):
        """Return the address; without token where the user must not have it."""
        url = super().get_portal_url(*args, **kwargs)
        return without_secrets(url) if "access_token=False" in url else url

    def _get_personal_arguments(self, partner):
        """Return what the page's address carries in the mail that leaves to
        ``partner``.

        Extension point for documents whose token is to be stored in no message.

        :return: {name: value}, or None where addresses stay as they are
        """
        return None
