"""Texts of people: as one line, and the ticket numbers in them."""

import re
import unicodedata

NUMBER = re.compile(r"(?<![\w#&/])#(\d{1,9})(?!\w)")
CODE = re.compile(r"(?<![\w#/-])([A-Z]{1,5}-?\d{3,9})(?![\w-])")
#: more numbers than that in a note are a list, no reference
MAX_NUMBERS = 20


def clean(text):
    """Return ``text`` without signs that no database holds; breaks and emoji stay."""
    return "".join(
        sign
        for sign in text
        if sign in "\n\r\t"
        or (
            unicodedata.category(sign) not in ("Cc", "Cs")
            and sign not in "\ufffe\uffff"
        )
    )


def to_line(text):
    """Return the whole text as one line."""
    return " ".join(text.split())


def find_numbers(text):
    """Return what may be ticket numbers, in their order: ``1042`` for ``#1042``,
    ``T02349`` as it stands."""
    found = [(match.start(), match.group(1)) for match in NUMBER.finditer(text)]
    found += [(match.start(), match.group(1)) for match in CODE.finditer(text)]
    return tuple(dict.fromkeys(token for _start, token in sorted(found)))[:MAX_NUMBERS]


def get_digits(number):
    """Return the figures of a ticket number without leading zeros."""
    return re.sub(r"\D", "", number).lstrip("0")


def names_ticket(token, number):
    """Return whether a token of a note is the ticket's ``number``."""
    if token.isdecimal():
        return bool(token.strip("0")) and token.lstrip("0") == get_digits(number)
    return token.replace("-", "").upper() == number.replace("-", "").upper()
