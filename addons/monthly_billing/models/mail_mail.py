from odoo import models


class MailMail(models.Model):
    _inherit = "mail.mail"

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        """Leave mails with monthly invoices in the queue while no mail server answers.

        Odoo gives such mails up. Nothing of them has left, so the next run of the queue
        sends them; until then the invoice shows the failure.
        """
        result = super()._postprocess_sent_message(
            success_pids,
            success_emails,
            failure_reason=failure_reason,
            failure_type=failure_type,
        )
        if failure_type == "mail_smtp":
            self.sudo()._filter_monthly_invoices().mark_outgoing()
        return result

    def _filter_monthly_invoices(self):
        """Return those of the mails that belong to an invoice of a month."""
        mails = self.filtered(lambda mail: mail.model == "account.move")
        moves = self.env["account.move"].browse(mails.mapped("res_id")).exists()
        monthly = moves.filtered("billing_period_id")
        return mails.filtered(lambda mail: mail.res_id in monthly.ids)
