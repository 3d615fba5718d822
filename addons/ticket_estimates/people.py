"""How customers read the names of the firm's people: plain values."""

import re


def get_initials(name: str) -> str:
    """Return the first letters of a name: "Anna-Lena Fischer" is "ALF"."""
    return "".join(part[0] for part in re.findall(r"[^\W\d_]+", name or "")).upper()


def show_person(name: str, choice: str) -> str:
    """Return how a customer reads a person, empty for not at all.

    :param choice: ``name``, ``initials`` or ``none``
    """
    if choice == "none":
        return ""
    return get_initials(name) if choice == "initials" else name or ""
