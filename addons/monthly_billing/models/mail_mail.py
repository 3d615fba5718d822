from odoo import models
from odoo.fields import Command


class MailMail(models.Model):
    _inherit = "mail.mail"

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        """Monthly invoices learn what became of their mails, and who has one does not
        get it again when the mail is tried again for others."""
        moves = self._get_monthly_invoices()
        reason = failure_reason or self[:1].failure_reason if moves else None
        if moves and failure_type and success_pids:
            reached = [Command.unlink(partner.id) for partner in success_pids]
            self.write({"recipient_ids": reached})
        result = super()._postprocess_sent_message(
            success_pids,
            success_emails,
            failure_reason=failure_reason,
            failure_type=failure_type,
        )
        moves._update_delivery_or_log_error(reason)
        return result

    def _get_monthly_invoices(self):
        """Return the monthly invoices that these mails carry, as superuser."""
        messages = self.mail_message_id.filtered(lambda m: m.model == "account.move")
        moves = self.env["account.move"].sudo()
        if not messages:
            return moves
        return moves.search([("delivery_message_id", "in", messages.ids)])
