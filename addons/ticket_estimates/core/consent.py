"""What a customer has agreed to against what is booked: hours in, verdicts out."""

from math import ceil
from typing import NamedTuple

#: Hours below which two figures count as equal
EPSILON = 1e-6


class Policy(NamedTuple):
    """The rules for one customer in one company."""

    #: work without approval: ``allow``, ``warn`` or ``block``
    estimate: str
    #: hours a ticket may have without approval
    free_hours: float
    #: work beyond approval: ``allow``, ``warn``, ``block`` or ``withhold``
    overrun: str
    #: percent of the approved hours that may be booked on top of them
    tolerance: float
    #: percent of the approved hours at which the team is warned, 0 for never
    warning: float


class Verdict(NamedTuple):
    """Hours on a ticket that the rules do not simply allow."""

    #: ``unapproved`` or ``overrun``
    kind: str
    #: ``warn``, ``block`` or ``withhold``
    action: str
    #: hours that may be booked without a word
    limit: float
    approved: float
    booked: float


def get_limit(policy, approved):
    """Return the hours a ticket may have: with tolerance, or free of approval.

    :param Policy policy: the rules of the customer
    :param float approved: approved hours, 0 without an approved estimate
    """
    if approved > EPSILON:
        return approved * (1 + policy.tolerance / 100)
    return policy.free_hours


def judge(policy, approved, booked):
    """Return the verdict on ``booked`` hours, or None where they are allowed.

    :param Policy policy: the rules of the customer
    :param float approved: approved hours, 0 without an approved estimate
    :param float booked: all hours of the ticket
    """
    has_approval = approved > EPSILON
    action = policy.overrun if has_approval else policy.estimate
    limit = get_limit(policy, approved)
    if action == "allow" or booked <= limit + EPSILON:
        return None
    kind = "overrun" if has_approval else "unapproved"
    return Verdict(kind, action, limit, approved, booked)


def is_near(policy, approved, booked):
    """Tell whether the share of the approved hours to warn the team at is booked."""
    if approved <= EPSILON or policy.warning <= 0:
        return False
    return booked >= approved * policy.warning / 100 - EPSILON


def is_beyond(policy, approved, expected):
    """Tell whether ``expected`` hours will exceed the approved ones with tolerance.

    From here on the customer must be told (BGB 649).
    """
    return approved > EPSILON and expected > get_limit(policy, approved) + EPSILON


def get_alert(policy, approved, booked, expected):
    """Return the worst that is to be said of a ticket, or None.

    :param float booked: all hours of the ticket
    :param float expected: hours it will have in the end, at least ``booked``
    :return: ``unapproved`` (work without approval), ``beyond`` (more than the
        tolerance), ``over`` (more than approved) or ``near`` (nearly used up)
    """
    if approved <= EPSILON:
        return "unapproved" if booked > policy.free_hours + EPSILON else None
    if is_beyond(policy, approved, expected):
        return "beyond"
    if booked > approved + EPSILON:
        return "over"
    return "near" if is_near(policy, approved, booked) else None


def round_up_to_quarter(hours):
    """Return ``hours`` rounded up to the quarter of an hour."""
    return ceil(hours * 4 - EPSILON) / 4
