"""Delivery of monthly invoices: planned, and handed to the mail server."""

from odoo import api, fields, models
from odoo.fields import Domain

CRON = "monthly_billing_delivery.account_move_cron_deliver"
#: who reads how the delivery goes: not the customer in the portal
STAFF = "account.group_account_readonly,account.group_account_invoice"


#: written by the delivery alone, on drafts as well
RECORDS = {
    "delivered_on",
    "delivery_activity_id",
    "delivery_at",
    "delivery_attempts",
    "delivery_error",
    "delivery_message_id",
    "delivery_state",
}


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", "mail.delivery.mixin", "mail.delivery.document"]

    delivery_state = fields.Selection(
        groups=STAFF, help="What became of sending this invoice by e-mail."
    )
    delivery_at = fields.Datetime(
        groups=STAFF, help="When the invoice is sent, or tried again."
    )
    delivery_attempts = fields.Integer(groups=STAFF)
    delivery_error = fields.Text(groups=STAFF)
    delivered_on = fields.Datetime(
        groups=STAFF, help="When the mail server took the invoice."
    )
    delivery_message_id = fields.Many2one(
        groups=STAFF, help="The message that carries the invoice."
    )
    delivery_activity_id = fields.Many2one(groups=STAFF)

    _delivery_failed_idx = models.Index("(company_id) WHERE delivery_state = 'failed'")
    _delivery_sending_idx = models.Index("(id) WHERE delivery_state = 'sending'")

    @api.model
    def _get_recorded_fields(self):
        return super()._get_recorded_fields() | RECORDS

    def button_draft(self):
        result = super().button_draft()
        self.sudo().filtered("delivery_state")._plan_corrected_delivery()
        return result

    def button_cancel(self):
        result = super().button_cancel()
        self.sudo().filtered("delivery_state")._forget_delivery()
        return result

    def _send_as_agreed(self):
        """A scheduled action sends them, so that a failing mail server cannot undo a
        posted invoice."""
        to_send = self.filtered("billing_period_id.agreement_id.auto_send")
        by_moment = to_send.grouped(
            lambda move: move.billing_period_id.agreement_id._get_delivery_time()
        )
        for moment, moves in by_moment.items():
            moves._plan_delivery(moment)
        return super()._send_as_agreed()

    def _plan_corrected_delivery(self):
        """Take back the mails that did not go out: they carry the old version.

        An invoice that nobody got and that is sent as agreed goes out once it is
        posted again. Whether one that the customer has is sent anew, a person says.
        """
        self._cancel_unsent_mails()
        again = self.filtered(
            lambda move: (
                move.delivery_state != "sent"
                and move.billing_period_id.agreement_id.auto_post
                and move.billing_period_id.agreement_id.auto_send
            )
        )
        (self - again)._forget_delivery()
        again._write_delivery({"delivery_message_id": False})
        for move in again:
            move._plan_delivery(move.delivery_at or fields.Datetime.now())

    def action_deliver(self):
        """Send these invoices again, now: after an address was mended, for instance.

        What lies in the outbox goes out anyway.
        """
        monthly = self.filtered(
            lambda move: move.state == "posted" and move._get_billing_period()
        )
        monthly._deliver_again()
        return True

    @api.model
    def _get_delivery_cron(self):
        return self.env.ref(CRON)

    @api.model
    def _get_delivery_domain(self):
        return super()._get_delivery_domain() & Domain("state", "=", "posted")

    def _write_delivery(self, values):
        return self._record(values)

    def _deliver(self):
        """An invoice that was credited as a whole before it was sent asks nobody for
        money."""
        if self.payment_state == "reversed" and not self.delivery_message_id:
            self._record_delivery_failure(self._get_credited_text(), retry=False)
            return
        super()._deliver()

    def _send_delivery(self):
        """Print the invoice and send it as the customer wants it, as Odoo does.

        A network such as Peppol takes it first, and that is committed: an e-mail that
        fails later does not send it there again.
        """
        sender = self.env["account.move.send"].with_company(self.company_id)
        methods = sender._get_default_sending_methods(self)
        networks = self._get_networks(sender, methods)
        others = methods - networks
        if networks and others:
            self._send_as_odoo(sender, sending_methods=networks)
            if sender._can_commit():
                # the network has it: that cannot be taken back
                self.env.cr.commit()  # pylint: disable=invalid-commit
            self._send_as_odoo(sender, sending_methods=others)
        else:
            self._send_as_odoo(sender)
        message = self.delivery_message_id
        if networks and not self._get_reader_notifications(message):
            self._record_delivered()
        return message

    def _send_as_odoo(self, sender, **settings):
        """Print the invoice and send it, by default in all ways the customer wants.

        :param settings: those of ``_generate_and_send_invoices``
        """
        author = self.invoice_user_id or self.env.user
        sender._generate_and_send_invoices(
            self,
            author_user_id=author.id,
            author_partner_id=author.partner_id.id,
            **settings,
        )

    def _get_networks(self, sender, methods):
        """Return those of ``methods`` other than e-mail by which Odoo itself sends the
        invoice, such as Peppol: then it says so if it fails."""
        return {
            method
            for method in methods - {"email", "manual"}
            if sender._is_applicable_to_move(method, self)
        }

    def _get_delivery_owner(self):
        return self._get_billing_period()

    def _get_delivery_user(self):
        return self._get_billing_period().user_id or self.env.user

    def _get_undelivered_title(self):
        return self._localize_for_staff().env._("Invoice was not delivered")

    def _get_no_address_text(self):
        return self._localize_for_staff().env._(
            "The invoice went to nobody. Give %(customer)s an e-mail address, set the "
            "way of sending invoices to e-mail, and send it again.",
            customer=self.partner_id.display_name,
        )

    def _get_credited_text(self):
        """Return why an invoice that is credited as a whole is not sent by itself: it
        would ask for money that nobody owes."""
        return self._localize_for_staff().env._(
            "The invoice was credited before it was sent. If the customer is to have "
            "both, open each of them and send it."
        )
