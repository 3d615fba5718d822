"""From the table of jobs to timesheet entries, by a rule without chance."""

from datetime import date
from itertools import accumulate
from typing import NamedTuple

from .calendar import add_months, working_days
from .jobs import JOBS, LATE, Job

#: Minutes of one sitting after the other: quarter hours and odd minutes
SITTINGS = (50, 75, 30, 90, 20, 60, 105, 45, 15, 70, 35, 80)

PHRASES = {
    ("web", "de_DE"): (
        "Anforderung geklärt",
        "Umsetzung auf dem Testsystem",
        "Darstellung auf Mobilgeräten geprüft",
        "Texte und Felder angepasst",
        "Live geschaltet und kontrolliert",
    ),
    ("web", "en_GB"): (
        "Requirements clarified",
        "Implemented on the test system",
        "Checked on phones and tablets",
        "Texts and fields adapted",
        "Released and verified",
    ),
    ("desk", "de_DE"): (
        "Fehler vor Ort nachgestellt",
        "Treiber und Firmware aktualisiert",
        "Gerät eingerichtet",
        "Mit der Anwenderin getestet",
    ),
    ("desk", "en_GB"): (
        "Device installed and updated",
        "Accounts and groups created",
        "Software deployed",
        "Handed over to the user",
    ),
    ("mail", "de_DE"): (
        "Protokolle ausgewertet",
        "Postfach und Regeln korrigiert",
        "Zustellung getestet",
    ),
    ("mail", "en_GB"): (
        "Mail logs analysed",
        "SPF, DKIM and DMARC corrected",
        "Delivery tested with three providers",
    ),
    ("backup", "de_DE"): (
        "Sicherungsprotokoll geprüft",
        "Aufträge neu eingerichtet",
        "Rücksicherung getestet",
    ),
    ("backup", "en_GB"): (
        "Folder structure and rights mapped",
        "Data copied and compared",
        "Clients switched over",
        "Restore tested",
    ),
    ("network", "de_DE"): (
        "Messung vor Ort",
        "Konfiguration vorbereitet",
        "Geräte montiert und verkabelt",
        "Umschaltung außerhalb der Geschäftszeit",
        "Dokumentation ergänzt",
    ),
    ("network", "en_GB"): (
        "Connection traced during a call",
        "Router configuration changed",
        "Second line set up as fallback",
        "Measured again, no loss",
    ),
    ("security", "de_DE"): (
        "Richtlinie entworfen",
        "Richtlinie verteilt",
        "Stichprobe geprüft",
    ),
    ("security", "en_GB"): (
        "Accounts reviewed",
        "Second factor rolled out",
        "Recovery codes stored",
    ),
    ("phone", "de_DE"): (
        "Rufnummernplan aufgenommen",
        "Endgeräte eingerichtet",
        "Portierung begleitet",
        "Ansagen und Nachtschaltung",
        "Einweisung Rezeption",
    ),
    ("erp", "de_DE"): (
        "Analyse mit der Fachabteilung",
        "Datenbestand bereinigt",
        "Anpassung programmiert",
        "Testlauf mit Echtdaten",
        "Abnahme und Einweisung",
    ),
    ("training", "de_DE"): (
        "Unterlagen vorbereitet",
        "Schulung vor Ort",
        "Fragen nachgearbeitet",
    ),
    ("advice", "de_DE"): ("Besprechung", "Protokoll und offene Punkte"),
}


class Session(NamedTuple):
    """One timesheet entry to be: who, when, how many minutes, what."""

    job: Job
    person: str
    day: date
    minutes: int
    text: str


def expand(last_month: date, langs: dict[str, str]) -> list[Session]:
    """Return the sessions of all jobs by day.

    :param last_month: first day of the month 2
    :param langs: language of each customer
    """
    months = [working_days(add_months(last_month, back)) for back in (-2, -1, 0)]
    days = [day for month in months for day in month]
    starts = [0, *accumulate(len(month) for month in months)]
    sessions = [
        session
        for number, job in enumerate(JOBS)
        for session in _expand_job(
            job, number, days[starts[job.month] + job.day :], langs[job.customer]
        )
    ]
    return sorted(sessions, key=lambda session: session.day)


def _expand_job(job: Job, number: int, days: list[date], lang: str) -> list[Session]:
    """Cut a job into sittings, two a day at most, on the days from its first."""
    phrases = PHRASES[job.kind, lang] if job.minutes else ()
    sessions, left = [], job.minutes
    while left:
        index = len(sessions)
        minutes = min(left, SITTINGS[(number + index) % len(SITTINGS)])
        if left - minutes < 10:
            minutes = left
        left -= minutes
        sessions.append(
            Session(
                job,
                job.people[index % len(job.people)],
                days[min(index // 2, len(days) - 1)],
                minutes,
                phrases[index % len(phrases)],
            )
        )
    return sessions


def late_session(last_month: date) -> Session:
    """Return the session of month 1 that is typed in month 2."""
    title, person, minutes, text = LATE
    job = next(job for job in JOBS if job.title == title)
    day = working_days(add_months(last_month, -1))[-1]
    return Session(job, person, day, minutes, text)
