from odoo import models


class MailMail(models.Model):
    _inherit = "mail.mail"

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        """Monthly invoices learn what became of their mails."""
        messages = self.mail_message_id.filtered(lambda m: m.model == "account.move")
        result = super()._postprocess_sent_message(
            success_pids,
            success_emails,
            failure_reason=failure_reason,
            failure_type=failure_type,
        )
        if messages:
            moves = self.env["account.move"].sudo()
            moves = moves.search([("delivery_message_id", "in", messages.ids)])
            moves._update_delivery(failure_type, failure_reason)
        return result
