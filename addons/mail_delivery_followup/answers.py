"""What a mail server answered, read from the text that Odoo keeps of an error."""

import ast
import re
from typing import NamedTuple

#: how Python writes a reply: (550, b'5.1.1 no such user')
REPLY = re.compile(
    r"""\(\s*(?P<code>[2-5]\d\d)\s*,\s*
        (?P<text>b?'(?:[^'\\]|\\.)*'|b?"(?:[^"\\]|\\.)*")""",
    re.VERBOSE,
)


class Answer(NamedTuple):
    """A reply of a mail server: its code (RFC 5321, 4.2) and its words."""

    code: int
    text: str

    @property
    def is_final(self) -> bool:
        """Whether the server says that it will never take this e-mail."""
        return self.code >= 500


def read_answer(text: str) -> Answer | None:
    """Return the last reply in ``text``, or None if it holds none.

    The last one is the most recent: the e-mail and its notification may both tell.
    """
    replies = list(REPLY.finditer(text or ""))
    if not replies:
        return None
    words = ast.literal_eval(replies[-1]["text"])
    if isinstance(words, bytes):
        words = words.decode(errors="replace")
    return Answer(int(replies[-1]["code"]), " ".join(words.split()))
