from odoo import api, models

MODELS = ("account.move", "helpdesk.ticket", "helpdesk.ticket.estimate")


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.readonly
    def message_get_followers(self, *args, **kwargs):
        """Who follows a document is for those who may read it."""
        self.check_access("read")
        return super().message_get_followers(*args, **kwargs)

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
