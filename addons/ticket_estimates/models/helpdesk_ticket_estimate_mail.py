from odoo import api, fields, models

RECIPIENT = "estimate_recipient_id"
#: e-mails that ask for an answer: pointless once there is one
QUESTIONS = (
    "ticket_estimates.mail_template_estimate_sent",
    "ticket_estimates.mail_template_estimate_overrun",
    "ticket_estimates.mail_template_estimate_reminder",
)


class HelpdeskTicketEstimate(models.Model):
    """E-mails to the customer, one per person: each carries that person's link and is
    followed up until the mail server has it."""

    _name = "helpdesk.ticket.estimate"
    _inherit = ["helpdesk.ticket.estimate", "mail.delivery.document"]

    delivery_error = fields.Text(
        compute="_compute_delivery_error",
        compute_sudo=True,
        groups="helpdesk_mgmt.group_helpdesk_user_own",
        help="Why e-mails about the estimate did not reach the customer.",
    )

    @api.depends("state")
    def _compute_delivery_error(self):
        unsent = self._get_unsent_deliveries().filtered("delivery_error")
        by_estimate = unsent.grouped("res_id")
        for estimate in self:
            found = by_estimate.get(estimate.id, unsent.browse())
            estimate.delivery_error = "\n".join(found.mapped("delivery_error"))

    def action_deliver(self):
        """Send what the customer has not got yet again, now."""
        self.check_access("write")
        self._get_unsent_deliveries()._deliver_again()
        return True

    def _get_unsent_deliveries(self, *purposes):
        """Return the e-mails, as superuser, that the mail server has not taken."""
        return self._get_deliveries(*purposes).filtered(
            lambda one: one.delivery_state in ("waiting", "sending", "failed")
        )

    def _mail_to_deciders(self, template_xmlid):
        """Mail the contact and whoever has to approve; note it where nobody can be.

        :param str template_xmlid: a mail template of this model
        """
        for estimate in self:
            if not estimate._mail_to(estimate._get_deciders(), template_xmlid):
                estimate.message_post(body=estimate._get_no_email_text())

    def _get_deciders(self):
        """Return the contact and, where they are needed, the named approvers."""
        self.ensure_one()
        if self._needs_named_approver():
            return self.partner_id | self._get_approvers()
        return self.partner_id

    def _mail_to(self, recipients, template_xmlid):
        """Mail each recipient with an address; return the messages.

        :param recipients: contacts of the customer
        :param str template_xmlid: a mail template of this model
        """
        self.ensure_one()
        deliveries = self._create_deliveries(
            template_xmlid, recipients.filtered("email")
        )
        deliveries._deliver_now()
        return deliveries.delivery_message_id

    def _call_off_questions(self):
        """Take back what still asks for an answer and has not gone out."""
        self._get_unsent_deliveries(*QUESTIONS)._call_off_delivery()

    def _send_delivery_of(self, delivery):
        estimate = self.with_context(**{RECIPIENT: delivery.recipient_id.id})
        return estimate.message_post_with_source(
            delivery.purpose,
            email_layout_xmlid="mail.mail_notification_light",
            message_type="comment",
            subtype_xmlid="ticket_estimates.mt_estimate_mailed",
            # Odoo leaves out who acts: here the customer who has just approved
            notify_author_mention=True,
        )

    def _is_delivery_wanted_of(self, delivery):
        return self.state == "sent" or delivery.purpose not in QUESTIONS

    def _get_delivery_user_of(self, delivery):
        return self._get_person_in_charge()

    def _get_undelivered_title_of(self, delivery):
        return self.env._("The customer did not get %s", self.display_name)

    def _get_mail_recipient(self):
        """Return whom the e-mail that is being written goes to: for templates."""
        recipient = self.env["res.partner"].browse(self.env.context.get(RECIPIENT))
        return recipient or self.partner_id

    def _get_mail_link(self):
        """Return the address of the page: for templates.

        It opens nothing. The mail that leaves carries each recipient's personal link
        instead, see ``_get_personal_arguments``.
        """
        return f"{self.get_base_url()}{self.access_url}"

    def _get_personal_arguments(self, partner):
        """Return what makes the address the personal link of ``partner``, who is asked
        or has answered; nothing for anybody else."""
        self.ensure_one()
        estimate = self.sudo()
        # The token comes first: the signature is made of it.
        token = estimate._portal_ensure_token()
        if not token or partner not in self._get_deciders() | self.signed_partner_id:
            return {}
        signature = estimate._sign_token(partner.id)
        return {"access_token": token, "pid": partner.id, "hash": signature}

    def _notify_get_recipients_groups(self, message, model_description, msg_vals=False):
        """The button in a mail to the customer leads to the page as other links do."""
        groups = super()._notify_get_recipients_groups(
            message, model_description, msg_vals=msg_vals
        )
        for name, _is_of_group, options in groups:
            if name == "portal_customer":
                options["button_access"] = {"url": self._get_mail_link()}
        return groups
