from odoo import api, models

#: those without which nobody gets what was billed
SENDING = (
    "monthly_billing_delivery.account_move_cron_deliver",
    "monthly_billing_delivery.account_move_cron_send_receipts",
    "mail_delivery_followup.mail_delivery_cron_deliver",
    "mail.ir_cron_mail_scheduler_action",
)


class IrCron(models.Model):
    _inherit = "ir.cron"

    @api.model
    def _get_watched(self):
        jobs = super()._get_watched()
        for name in SENDING:
            jobs |= self.env.ref(name, raise_if_not_found=False) or jobs
        return jobs
