"""Which record of ours has the name that another system uses: a proposal only."""

import re
import unicodedata

#: what firms leave out of their names
FORMS = {
    *("gmbh", "mbh", "ag", "kg", "ug", "ohg", "gbr", "ev", "ek", "eg", "se", "co"),
    *("haftungsbeschraenkt", "inc", "ltd", "llc", "bv", "sarl", "sa", "und", "and"),
}
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def normalize(name):
    """Return the words of a name that tell it from others.

    A name that consists of such words alone keeps them.
    """
    text = unicodedata.normalize("NFC", name).casefold().translate(UMLAUTS)
    text = unicodedata.normalize("NFKD", text)
    text = "".join(sign for sign in text if not unicodedata.combining(sign))
    text = re.sub(r"\b(\w)\.(?=\s?\w\.)\s?(\w)\.", r"\1\2", text)
    words = re.findall(r"\w+", text)
    return tuple(word for word in words if word not in FORMS) or tuple(words)


def propose(name, candidates):
    """Return the id of the only candidate with that name, else None.

    :param candidates: pairs of (id, name)
    """
    words = normalize(name)
    if not words:
        return None
    for same in (
        lambda other: other == words,
        lambda other: sorted(other) == sorted(words),
    ):
        found = {key for key, other in candidates if same(normalize(other))}
        if found:
            return found.pop() if len(found) == 1 else None
    return None
