from odoo import models


class MailTemplate(models.Model):
    _inherit = "mail.template"

    def _check_can_be_rendered(self, fnames=None, render_options=None):
        """Whether the template can be rendered is tried and leaves nothing behind.

        Odoo tries it on any record: a link to the portal would give that invoice a
        token and mark it as modified by hand.
        """
        with self.env.cr.savepoint() as trial:
            result = super()._check_can_be_rendered(fnames, render_options)
            trial.rollback()
        return result
