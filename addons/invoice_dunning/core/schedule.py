"""Which reminder a due amount has come to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Step:
    """A level of reminders: ``key`` names it, ``days`` after the due day it is reached.

    Negative days are those before it: a note, not a reminder. Steps are given in the
    order of their days.
    """

    key: int
    days: int

    @property
    def is_note(self) -> bool:
        """Whether it comes before the due day."""
        return self.days < 0


def next_step(
    steps: Sequence[Step],
    due: date,
    day: date,
    last_key: int | None = None,
    last_day: date | None = None,
) -> Step | None:
    """Return the level to be reached on ``day``, None while there is none.

    No level is left out, and between two stands at least the time that lies between
    them when all goes to plan: a customer who was forgotten for a year gets the
    friendly reminder first, too. A note is no reminder: it is sent up to the due day or
    not at all, and nothing waits for it.

    :param due: the last day on which the amount could be paid in time
    :param last_key: the level that was reached already
    :param last_day: the day on which it was
    """
    keys = [step.key for step in steps]
    position = keys.index(last_key) + 1 if last_key in keys else 0
    left = [step for step in steps[position:] if day <= due or not step.is_note]
    if not left:
        return None
    step, former = left[0], steps[position - 1] if position else None
    if day < due + timedelta(days=step.days):
        return None
    if former and last_day and not former.is_note:
        gap = step.days - former.days
        if day < last_day + timedelta(days=gap):
            return None
    return step
