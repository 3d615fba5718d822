"""When a debtor is in default, and from which day interest runs (BGB 286, 288)."""

from dataclasses import dataclass
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)
GRACE = timedelta(days=30)


@dataclass(frozen=True)
class Claim:
    """What is known about one due amount.

    :param due: the last day on which it could be paid in time
    :param delivered_on: the day on which the invoice arrived, or None
    :param reminded_on: the day on which the first reminder arrived, or None
    :param is_consumer: whether the debtor is a consumer (BGB 13)
    :param is_due_agreed: whether the due day was agreed by the calendar
    :param is_warned: whether the invoice told a consumer about the 30 days
    """

    due: date
    delivered_on: date | None = None
    reminded_on: date | None = None
    is_consumer: bool = False
    is_due_agreed: bool = False
    is_warned: bool = False


def interest_from(claim: Claim) -> date | None:
    """Return the first day that bears interest, None while there is no default.

    The earliest of three: the day after an agreed calendar date (BGB 286(2) 1); the
    day after a reminder arrived that was sent past the due day (BGB 286(1)); the day
    after the 30 days that follow due day and receipt (BGB 286(3)), with consumers only
    if the invoice told them.
    """
    days = []
    if claim.is_due_agreed:
        days.append(claim.due + ONE_DAY)
    if claim.reminded_on and claim.reminded_on > claim.due:
        days.append(claim.reminded_on + ONE_DAY)
    if claim.delivered_on and (claim.is_warned or not claim.is_consumer):
        days.append(max(claim.due, claim.delivered_on) + GRACE + ONE_DAY)
    return min(days, default=None)


def is_in_default(claim: Claim, day: date) -> bool:
    """Return whether the debtor was in default before the end of ``day``."""
    first = interest_from(claim)
    return first is not None and first <= day
