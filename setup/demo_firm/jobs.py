"""The work of three months, read from the table `jobs.csv`.

Months are 0, 1 and 2, the last being the one that the demo bills. Estimates are
written "month hours answer", parted by semicolons.
"""

import csv
from pathlib import Path
from typing import NamedTuple


class Estimate(NamedTuple):
    """What the customer was offered in a month, and the answer.

    :param answer: `approved`, `rejected`, `expired` without one, `sent` while it is
        awaited, or `draft` before it is sent
    """

    month: int
    hours: float
    answer: str


class Job(NamedTuple):
    """Work for a customer.

    :param day: working day of the month, from 0, on which it begins
    :param kind: of work, a key of `sessions.PHRASES`
    :param minutes: worked in all
    :param place: `ticket`, `task`, or `project` for time without either
    """

    customer: str
    month: int
    day: int
    title: str
    kind: str
    people: tuple[str, ...]
    minutes: int
    estimates: tuple[Estimate, ...]
    is_open: bool
    place: str


def _read_job(row: dict[str, str]) -> Job:
    return Job(
        row["customer"],
        int(row["month"]),
        int(row["day"]),
        row["title"],
        row["kind"],
        tuple(row["people"].split()),
        int(row["minutes"]),
        tuple(_read_estimate(text) for text in row["estimates"].split(";") if text),
        row["status"] == "open",
        row["place"],
    )


def _read_estimate(text: str) -> Estimate:
    month, hours, answer = text.split()
    return Estimate(int(month), float(hours), answer)


def _read_jobs() -> list[Job]:
    with Path(__file__).with_name("jobs.csv").open(encoding="utf-8") as table:
        return [_read_job(row) for row in csv.DictReader(table)]


JOBS = _read_jobs()
REFUSAL = "Zu teuer, wir warten auf das Angebot der Kammer."

#: Typed in after its month was billed: title, person, minutes, text
LATE = (
    "Landing page “Northern Light”",
    "lea",
    105,
    "Campaign tracking, entered after the month was billed",
)
