"""What has to happen here after time has changed in mite."""

from dataclasses import dataclass

#: facts of an entry that a billed one keeps
FACTS = ("minutes", "date", "user", "place", "billable", "text")


@dataclass(frozen=True)
class Step:
    """What to do with the timesheet entries of an entry of mite.

    :param kind: ``nothing``, ``create``, ``write``, ``delete`` or ``drift``
    :param changed: names of facts that are not those of the last booking
    """

    kind: str
    changed: frozenset = frozenset()


def find_step(wanted, booked, exists, frozen):
    """Return the ``Step`` that makes the time here that of mite.

    :param wanted: facts by name as mite has them, None if the time is gone there
    :param booked: facts as they were booked, None if nothing is booked
    :param exists: whether there are timesheet entries
    :param frozen: whether one of them is billed, or decided upon
    """
    if wanted is None:
        if not exists:
            return Step("nothing")
        return Step("drift" if frozen else "delete", frozenset({"deleted"}))
    if not exists:
        return Step("create")
    changed = frozenset(
        name for name in FACTS if not booked or wanted[name] != booked.get(name)
    )
    if not changed:
        return Step("nothing")
    return Step("drift" if frozen else "write", changed)
