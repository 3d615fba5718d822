from odoo.http import request

from odoo.addons.mail.controllers.mail import MailController as Base


class MailController(Base):
    @classmethod
    def _redirect_to_generic_fallback(cls, model, res_id, access_token=None, **kwargs):
        """Customers who follow an e-mail about an estimate come to its page."""
        customer = request.session.uid and request.env.user.share
        if customer and model == "helpdesk.ticket.estimate" and res_id:
            return request.redirect(f"/my/estimate/{int(res_id)}")
        return super()._redirect_to_generic_fallback(
            model, res_id, access_token=access_token, **kwargs
        )
