from odoo import models

MODELS = ("account.move", "helpdesk.ticket", "helpdesk.ticket.estimate")


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    def _get_action_link_params(self, link_type, **kwargs):
        """A forwarded e-mail makes nobody the customer: it lets a reader sign up only
        where the company wants that."""
        params = super()._get_action_link_params(link_type, **kwargs)
        if self._name in MODELS and not self._is_signup_offered():
            params.pop("auth_signup_token", None)
        return params

    def _is_signup_offered(self):
        company = self[:1].sudo().company_id or self.env.company.sudo()
        return company.mail_signup_link
