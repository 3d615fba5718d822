from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command


class MailMail(models.Model):
    _inherit = "mail.mail"

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        """What is followed up learns what became of its e-mails, and who has one does
        not get it again when it is tried again for others."""
        deliveries = self._get_deliveries()
        if any(deliveries) and failure_type and success_pids:
            reached = [Command.unlink(partner.id) for partner in success_pids]
            self.write({"recipient_ids": reached})
        result = super()._postprocess_sent_message(
            success_pids,
            success_emails,
            failure_reason=failure_reason,
            failure_type=failure_type,
        )
        for records in deliveries:
            records._update_delivery_or_log_error()
        return result

    def _prepare_outgoing_list(self, *args, **kwargs):
        """What is followed up never goes out with an empty file: it is a failure."""
        if self._get_deliveries():
            attachments = self.mail_message_id.attachment_ids
            if files := self.env["mail.delivery"]._find_unreadable(attachments):
                raise UserError(
                    self.env._(
                        "The file %(name)s is missing or damaged.", name=files[0].name
                    )
                )
        return super()._prepare_outgoing_list(*args, **kwargs)

    def _get_deliveries(self):
        """Return what these e-mails carry: recordsets of several models, as
        superuser."""
        messages = self.mail_message_id.ids
        domain = [("delivery_message_id", "in", messages)]
        models_ = self.env["mail.delivery"].sudo()._get_delivery_models()
        return [found for model in models_ if (found := model.search(domain))]
