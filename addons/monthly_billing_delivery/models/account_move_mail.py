"""Which e-mail a monthly invoice or its credit note goes out with."""

from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    def _get_mail_template(self):
        if self and all(move._get_billing_period() for move in self):
            if all(move.move_type == "out_invoice" for move in self):
                return self.env.ref("monthly_billing_delivery.mail_template_invoice")
            if all(move.move_type == "out_refund" for move in self):
                return self.env.ref(
                    "monthly_billing_delivery.mail_template_credit_note"
                )
        return super()._get_mail_template()
