"""Placeholders of thank-you notes: plain text in, plain text out."""

import re

PLACEHOLDERS = (
    "contact",
    "customer",
    "month",
    "hours",
    "tickets",
    "total",
    "responsible",
    "company",
)
_PATTERN = re.compile(r"\{(\w+)\}")


def find_unknown(text: str) -> list[str]:
    """Return what stands in braces and is no placeholder, each once, in order."""
    names = dict.fromkeys(_PATTERN.findall(text or ""))
    return [name for name in names if name not in PLACEHOLDERS]


def fill(text: str, values: dict[str, str]) -> str:
    """Return ``text`` with its placeholders replaced; what is unknown stays as it is.

    A value is never read for placeholders again.
    """
    return _PATTERN.sub(lambda match: values.get(match[1], match[0]), text or "")
