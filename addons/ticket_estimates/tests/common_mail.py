class OutgoingMail:
    """Sees e-mails as the mail server gets them. For transaction cases."""

    def _get_left(self):
        """Return (recipient, body) of each e-mail that leaves, the latest last."""
        mails = self.env["mail.mail"].search([("state", "=", "outgoing")], order="id")
        return [
            (email["partner_id"], email["body"])
            for mail in mails
            for email in mail._prepare_outgoing_list()
        ]

    def _get_body_to(self, partner):
        """Return the body of the latest e-mail that leaves to ``partner``."""
        return [body for recipient, body in self._get_left() if recipient == partner][
            -1
        ]
