from odoo import models

RECIPIENT = "estimate_recipient_id"


class HelpdeskTicketEstimate(models.Model):
    """E-mails to the customer, one per person: each carries that person's link."""

    _inherit = "helpdesk.ticket.estimate"

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
        messages = self.env["mail.message"]
        for recipient in recipients.filtered("email"):
            estimate = self.with_context(**{RECIPIENT: recipient.id})
            messages += estimate.message_post_with_source(
                template_xmlid,
                email_layout_xmlid="mail.mail_notification_light",
                message_type="comment",
                subtype_xmlid="ticket_estimates.mt_estimate_mailed",
            )
        return messages

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
