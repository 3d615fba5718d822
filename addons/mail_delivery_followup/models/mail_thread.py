from odoo import models


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    def _message_receive_bounce(self, email, partner):
        """What was sent last about the document to this address has not arrived."""
        result = super()._message_receive_bounce(email, partner)
        for record in self:
            found = [
                delivery
                for model in self.env["mail.delivery"].sudo()._get_delivery_models()
                for delivery in model._find_deliveries(record.sudo())
                if delivery._is_reader(email, partner)
            ]
            if found:
                last = max(found, key=lambda one: one.delivery_message_id.id)
                last._record_bounce(email)
        return result
