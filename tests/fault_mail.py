"""A mail server that keeps what it is given; it may be down, busy or strict."""

import asyncio
import email
import email.policy
import threading

from aiosmtpd.controller import Controller

#: seconds until no mail is expected any more
PATIENCE = 600


class MailServer:
    """Listens on a port of this machine while the block runs.

    :param held: the number of the mail that is kept, but only confirmed at ``release``
    :param dropped: the number of the attempt at which it hangs up in the middle
    :param busy: whether it puts everybody off until later
    :param unknown: addresses that it refuses for good
    :param silent: seconds that it lets its first client wait for an answer
    """

    def __init__(self, port: int, held=0, dropped=0, busy=False, unknown=(), silent=0):
        self.mails, self.held, self.dropped = [], held, dropped
        self.busy, self.unknown, self.silent = busy, unknown, silent
        self.attempts = 0
        self.has_held, self.is_released = threading.Event(), threading.Event()
        self.controller = Controller(self, hostname="127.0.0.1", port=port)

    def __enter__(self):
        self.controller.start()
        return self

    def __exit__(self, *_error):
        self.controller.stop()

    async def handle_RCPT(  # noqa: N802
        self, _server, _session, envelope, address, _options
    ) -> str:
        """Take or refuse an address; called by ``aiosmtpd``."""
        if address in self.unknown:
            return f"550 5.1.1 {address} is not known here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, _session, envelope) -> str:  # noqa: N802
        """Keep a mail and its recipients; called by ``aiosmtpd``."""
        self.attempts += 1
        if self.busy:
            return "421 4.3.2 too busy, come back later"
        if self.attempts == self.dropped:
            server.transport.abort()
            return "421 gone"
        if self.silent:
            pause, self.silent = self.silent, 0
            await asyncio.sleep(pause)
            return "421 gone"
        message = email.message_from_bytes(
            envelope.content, policy=email.policy.default
        )
        self.mails.append((envelope.rcpt_tos, message))
        if len(self.mails) == self.held:
            self.has_held.set()
            await asyncio.to_thread(self.is_released.wait, PATIENCE)
        return "250 kept"

    def wait_for_held(self) -> None:
        """Wait until the mail has come that is not confirmed yet."""
        assert self.has_held.wait(PATIENCE), "no mail comes"

    def release(self) -> None:
        """Confirm the mail that is held, to whoever is still there."""
        self.is_released.set()

    def get_ids(self, address: str) -> list[str]:
        """Return the ids of the mails that an address got."""
        return [mail["Message-Id"] for to, mail in self.mails if address in to]

    def get_files(self) -> list[list]:
        """Return the names of the files in each mail."""
        return [
            [part.get_filename() for part in mail.iter_attachments()]
            for _to, mail in self.mails
        ]
