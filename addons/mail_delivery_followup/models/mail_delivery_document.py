"""A document about which several e-mails go out, each followed up on its own."""

from odoo import models


class MailDeliveryDocument(models.AbstractModel):
    _name = "mail.delivery.document"
    _description = "Document with Followed-up E-Mails"

    def unlink(self):
        deliveries = self._get_deliveries()
        result = super().unlink()
        deliveries.unlink()
        return result

    def _send_delivery_of(self, delivery):
        """Extension point: write the e-mail of a ``mail.delivery`` to its recipient.

        :return: ``mail.message``
        """
        raise NotImplementedError

    def _is_delivery_wanted_of(self, delivery):
        """Extension point: return whether an e-mail may still go out."""
        return True

    def _get_delivery_owner_of(self, delivery):
        """Extension point: return the record that gets the activity if it fails."""
        return self

    def _get_delivery_user_of(self, delivery):
        """Extension point: return who is asked if it fails."""
        return self.env.user

    def _get_undelivered_title_of(self, delivery):
        """Extension point: return what that person is asked about, in the language of
        the environment."""
        return self.env._("E-mail was not delivered")

    def _get_deliveries(self, *purposes):
        """Return the e-mails about these documents, as superuser, the latest first.

        :param purposes: only those for one of these
        """
        deliveries = self.env["mail.delivery"].sudo()
        domain = [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        if purposes:
            domain.append(("purpose", "in", purposes))
        return deliveries.search(domain) if self else deliveries

    def _create_deliveries(self, purpose, recipients):
        """Return new e-mails about this document, one per recipient, as superuser.

        They go out by ``_deliver_now`` or ``_plan_delivery``.

        :param str purpose: technical name that ``_send_delivery_of`` understands
        :param recipients: ``res.partner``
        """
        self.ensure_one()
        return (
            self.env["mail.delivery"]
            .sudo()
            .create(
                [
                    {
                        "res_model": self._name,
                        "res_id": self.id,
                        "purpose": purpose,
                        "recipient_id": recipient.id,
                        "delivery_state": "waiting",
                    }
                    for recipient in recipients
                ]
            )
        )
