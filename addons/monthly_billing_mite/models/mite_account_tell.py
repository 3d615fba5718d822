from odoo import models
from odoo.tools import plaintext2html

from .mite_account import MANAGERS


class MiteAccount(models.Model):
    """Tells people what only they can mend."""

    _inherit = "mite.account"

    def _tell_managers(self, text):
        """Send the billing managers of the company a message about the source."""
        self.ensure_one()
        users = (
            self.env.ref(MANAGERS)
            .sudo()
            .all_user_ids.filtered(
                lambda user: user.active and self.company_id in user.company_ids
            )
        )
        self.sudo().message_notify(
            partner_ids=users.partner_id.ids,
            subject=self.env._("Import of time: %s", self.name),
            body=plaintext2html(text),
        )

    def _get_drift_text(self, number):
        """Return that billed time has changed, and where to decide."""
        return self.env._(
            "%(number)s entries were changed or deleted in mite after they were "
            "billed. What is billed stays as it is: decide under Import of Time > "
            "Drift.",
            number=number,
        )
