"""Rows of a file that was changed: which new row is which known one."""


def pair(vanished, added):
    """Return {key of a known entry: entry of the file that took its place}.

    Only time of the same person on the same day is paired, each entry once: first what
    differs in one fact, then in two, and so on. So a corrected note does not bill the
    time a second time.

    :param vanished: dict of key to known ``TimeEntry`` that the file has no more
    :param added: list of ``TimeEntry`` of the file that are not known
    """
    known, new = {}, {}
    for key, entry in vanished.items():
        known.setdefault((entry.user.key, entry.day), []).append((key, entry))
    for entry in added:
        new.setdefault((entry.user.key, entry.day), []).append(entry)
    pairs = {}
    for group in sorted(known.keys() & new.keys(), key=str):
        pairs |= pair_group(known[group], new[group])
    return pairs


def pair_group(known, new):
    """Return the pairs of one person and day; see ``pair``."""
    ranked = sorted(
        (get_distance(old, entry), position, index)
        for position, (_key, old) in enumerate(known)
        for index, entry in enumerate(new)
    )
    pairs, taken = {}, set()
    for _distance, position, index in ranked:
        key = known[position][0]
        if key not in pairs and index not in taken:
            pairs[key] = new[index]
            taken.add(index)
    return pairs


def get_distance(one, other):
    """Return in how much two entries differ: facts first, then minutes."""
    facts = sum(
        getattr(one, name) != getattr(other, name)
        for name in ("customer", "project", "service", "billable", "note", "minutes")
    )
    return facts, abs(one.minutes - other.minutes)
