from odoo import fields, models

from ..delivery import get_delivery_time


class BillingAgreement(models.Model):
    _inherit = "billing.agreement"

    send_day = fields.Integer(
        string="Sending Day",
        tracking=True,
        help="Day of the month of posting on which the invoice is sent, if it is "
        "posted before; 31 is the last day. 0: on the day of posting.",
    )
    send_hour = fields.Float(
        string="Sending Time",
        tracking=True,
        help="Not sent before this time of day, in the time zone of the company.",
    )
    copy_partner_ids = fields.Many2many(
        "res.partner",
        "billing_agreement_copy_partner_rel",
        string="Copy To",
        check_company=True,
        tracking=True,
        help="Who else gets every invoice by e-mail, such as the customer's "
        "bookkeeping or tax adviser.",
    )

    _send_day_in_month = models.Constraint(
        "CHECK(send_day BETWEEN 0 AND 31)",
        "The sending day must be between 0 and 31.",
    )
    _send_hour_in_day = models.Constraint(
        "CHECK(send_hour >= 0 AND send_hour < 24)",
        "The sending time must be between 00:00 and 23:59.",
    )

    def _get_delivery_time(self):
        """Return when an invoice that is posted now is sent (UTC)."""
        self.ensure_one()
        zone = self.company_id._get_timezone()
        return get_delivery_time(
            fields.Datetime.now(), zone, self.send_day, self.send_hour
        )
