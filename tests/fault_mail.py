"""A mail server that keeps what it is given; it may be down."""

import email
import email.policy
import socketserver
import threading

#: seconds until no mail is expected any more
PATIENCE = 120


class Talk(socketserver.StreamRequestHandler):
    """One connection of a client that sends mails (RFC 5321, without extensions)."""

    def handle(self):
        self.answer("220 loopback")
        recipients = []
        while line := self.rfile.readline().decode().strip():
            verb = line.split(maxsplit=1)[0].upper()
            if verb == "RCPT":
                recipients.append(line.partition("<")[2].partition(">")[0])
            if verb == "DATA":
                self.take(recipients)
                recipients = []
            elif verb == "QUIT":
                self.answer("221 bye")
                return
            else:
                self.answer("250 ok")

    def take(self, recipients: list[str]) -> None:
        """Read a mail up to the single dot and keep it."""
        self.answer("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        message = email.message_from_bytes(b"".join(lines), policy=email.policy.default)
        self.server.mails.append((recipients, message))
        self.server.has_mail.set()
        self.answer("250 kept")

    def answer(self, text: str) -> None:
        """Send one line."""
        self.wfile.write(f"{text}\r\n".encode())


class MailServer(socketserver.ThreadingTCPServer):
    """Listens on a port of this machine while the block runs."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port: int):
        self.mails, self.has_mail = [], threading.Event()
        super().__init__(("127.0.0.1", port), Talk)

    def __enter__(self):
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_error):
        self.shutdown()
        self.server_close()

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
