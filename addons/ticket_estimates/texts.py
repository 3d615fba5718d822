"""Texts from outside: how long they may be and what is not in them."""

import re
import unicodedata

# The title of a ticket and what else stands in lists and subjects.
MAX_TITLE = 200
MAX_DESCRIPTION = 50_000
# Opens and closes tags; what people mean by them stays readable.
TAG_SIGNS = str.maketrans({"<": "‹", ">": "›"})


def is_control(character: str) -> bool:
    """Return whether it is a character that no text has: not a line break or tab."""
    if character in "\n\r\t\v\f\x85":
        return False
    return (
        unicodedata.category(character) in ("Cc", "Cs") or character in "\ufffe\uffff"
    )


def strip_controls(text: str) -> str:
    """Return ``text`` without characters that no database or document can hold."""
    return "".join(sign for sign in text if not is_control(sign))


def join_lines(text: str) -> str:
    """Return ``text`` as one line: breaks and what is around them become a blank."""
    return re.sub(
        r"\s*[\r\n\t\v\f\x85\u2028\u2029]+\s*", " ", strip_controls(text)
    ).strip()


def to_one_line(text: str) -> str:
    """Return ``text`` from outside as one line without tags."""
    return join_lines(text).translate(TAG_SIGNS)


def shorten(text: str, length: int) -> str:
    """Return ``text`` with at most ``length`` characters, the cut marked."""
    return text if len(text) <= length else f"{text[: length - 1]}…"


def find_text_problem(env, text: str | None, length: int) -> str | None:
    """Return what is wrong with a text somebody typed, as a sentence, or None."""
    if len(text or "") <= length:
        return None
    return env._(
        "The text has %(length)s characters, %(limit)s are allowed. Shorten it, or "
        "attach it as a file.",
        length=len(text),
        limit=length,
    )
