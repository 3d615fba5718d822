"""A mail server that keeps what it is given; it may be down."""

import email
import email.policy
import threading

from aiosmtpd.controller import Controller

#: seconds until no mail is expected any more
PATIENCE = 120


class MailServer:
    """Listens on a port of this machine while the block runs."""

    def __init__(self, port: int):
        self.mails, self.has_mail = [], threading.Event()
        self.controller = Controller(self, hostname="127.0.0.1", port=port)

    def __enter__(self):
        self.controller.start()
        return self

    def __exit__(self, *_error):
        self.controller.stop()

    async def handle_DATA(self, _server, _session, envelope) -> str:  # noqa: N802
        """Keep a mail and its recipients; called by ``aiosmtpd``."""
        message = email.message_from_bytes(
            envelope.content, policy=email.policy.default
        )
        self.mails.append((envelope.rcpt_tos, message))
        self.has_mail.set()
        return "250 kept"

    def wait_for_mail(self) -> None:
        """Wait until the first mail has come."""
        assert self.has_mail.wait(PATIENCE), "no mail comes"

    def get_ids(self, address: str) -> list[str]:
        """Return the ids of the mails that an address got."""
        return [mail["Message-Id"] for to, mail in self.mails if address in to]

    def get_files(self) -> list[list]:
        """Return the names of the files in each mail."""
        return [
            [part.get_filename() for part in mail.iter_attachments()]
            for _to, mail in self.mails
        ]
