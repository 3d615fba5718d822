"""The work of three months as a table of jobs; `sessions.py` expands it to entries.

Months are 0, 1 and 2, the last being the one that the demo bills.
"""

from typing import NamedTuple


class Estimate(NamedTuple):
    """What the customer was offered in a month, and the answer.

    :param answer: `approved`, `rejected`, or `sent` while it is awaited
    """

    month: int
    hours: float
    answer: str
    reason: str = ""


class Job(NamedTuple):
    """Work for a customer.

    :param day: working day of the month, from 0, on which it begins
    :param minutes: worked in all
    :param kind: of work, a key of `sessions.PHRASES`
    :param place: `ticket`, `task`, or `project` for time without either
    """

    customer: str
    month: int
    day: int
    title: str
    kind: str
    people: tuple[str, ...]
    minutes: int
    estimates: tuple[Estimate, ...] = ()
    is_open: bool = False
    place: str = "ticket"


def approved(month: int, hours: float) -> Estimate:
    """Return an estimate the customer agreed to."""
    return Estimate(month, hours, "approved")


AGENCY = [
    Job("agency", 0, 1, "Website loads slowly on mobile", "web", ("lea",), 385),
    Job(
        "agency",
        0,
        4,
        "New starter: laptop and accounts for Ewan",
        "desk",
        ("tobias",),
        165,
    ),
    Job("agency", 0, 9, "Newsletter lands in spam folders", "mail", ("tobias",), 250),
    Job(
        "agency",
        0,
        17,
        "Move the file server to Nextcloud",
        "backup",
        ("mehmet", "tobias"),
        700,
        (approved(0, 12),),
    ),
    Job("agency", 1, 6, "Contact form sends duplicates", "web", ("lea",), 155),
    Job("agency", 1, 8, "Landing page “Northern Light”", "web", ("lea",), 330),
    Job(
        "agency",
        2,
        1,
        "Nextcloud: sharing folders with clients",
        "backup",
        ("mehmet",),
        310,
    ),
    Job(
        "agency",
        2,
        3,
        "Cookie banner and consent log",
        "web",
        ("lea",),
        475,
        (approved(2, 8),),
    ),
    Job(
        "agency",
        2,
        5,
        "VPN drops during video calls",
        "network",
        ("mehmet", "tobias"),
        265,
    ),
    Job(
        "agency",
        2,
        8,
        "Staging server for client previews",
        "web",
        ("lea", "tobias"),
        400,
        is_open=True,
    ),
    Job(
        "agency",
        2,
        12,
        "Two-factor login for all accounts",
        "security",
        ("tobias",),
        140,
    ),
]

HOTEL = [
    Job(
        "hotel",
        0,
        2,
        "WLAN in den Zimmern 201 bis 208 instabil",
        "network",
        ("mehmet",),
        290,
    ),
    Job(
        "hotel",
        0,
        7,
        "Kassendrucker im Restaurant druckt nicht",
        "desk",
        ("tobias",),
        85,
    ),
    Job("hotel", 0, 11, "Buchungsmaske zeigt falsche Preise", "web", ("lea",), 175),
    Job(
        "hotel",
        1,
        2,
        "Gäste-WLAN mit Anmeldeseite",
        "network",
        ("mehmet",),
        430,
        (approved(1, 8),),
    ),
    Job(
        "hotel", 1, 5, "Datensicherung der Rezeption prüfen", "backup", ("tobias",), 120
    ),
    Job(
        "hotel",
        1,
        10,
        "Channel-Manager überträgt keine Stornos",
        "web",
        ("lea", "florian"),
        210,
    ),
    Job(
        "hotel",
        2,
        2,
        "Telefonanlage auf VoIP umstellen",
        "phone",
        ("mehmet", "tobias"),
        520,
        (approved(2, 9),),
    ),
    Job(
        "hotel",
        2,
        9,
        "Kartenleser am Seiteneingang ohne Funktion",
        "desk",
        ("tobias",),
        95,
    ),
    Job(
        "hotel",
        2,
        11,
        "Umzug des Servers in den Technikraum",
        "network",
        ("mehmet",),
        245,
        is_open=True,
    ),
]

MACHINES = [
    Job(
        "machines",
        0,
        1,
        "Lagerbuchungen doppelt nach Inventur",
        "erp",
        ("florian",),
        420,
    ),
    Job(
        "machines",
        0,
        3,
        "CAD-Arbeitsplatz stürzt beim Speichern ab",
        "desk",
        ("tobias",),
        235,
    ),
    Job(
        "machines",
        0,
        5,
        "Schnittstelle Zeiterfassung zur Lohnabrechnung",
        "erp",
        ("florian", "lea"),
        610,
        (approved(0, 11),),
    ),
    Job(
        "machines",
        0,
        4,
        "Stücklisten übernehmen",
        "erp",
        ("florian",),
        595,
        place="task",
    ),
    Job(
        "machines",
        1,
        1,
        "Server-Umzug in die neue Halle",
        "network",
        ("mehmet", "tobias"),
        690,
        (approved(1, 12),),
    ),
    Job("machines", 1, 4, "Etikettendruck im Versand", "erp", ("florian",), 275),
    Job(
        "machines",
        1,
        5,
        "Maschinendaten in das ERP übernehmen",
        "erp",
        ("florian", "lea"),
        640,
    ),
    Job(
        "machines",
        1,
        2,
        "Stücklisten übernehmen",
        "erp",
        ("florian",),
        555,
        place="task",
    ),
    Job("machines", 2, 1, "Preislisten je Kundengruppe", "erp", ("florian",), 385),
    Job("machines", 2, 3, "Switch in Halle 2 ausgefallen", "network", ("mehmet",), 205),
    Job(
        "machines",
        2,
        2,
        "Serviceportal für Ersatzteile",
        "web",
        ("lea",),
        820,
        (approved(2, 14), Estimate(2, 24, "sent")),
        is_open=True,
    ),
    Job(
        "machines",
        2,
        4,
        "EDI-Anbindung für Bestellungen",
        "erp",
        ("florian", "lea"),
        735,
        (approved(2, 10), approved(2, 13)),
        is_open=True,
    ),
    Job(
        "machines",
        2,
        6,
        "Schulung Einkauf und Disposition",
        "training",
        ("florian",),
        510,
        place="task",
    ),
    Job(
        "machines",
        2,
        2,
        "Jour fixe",
        "advice",
        ("jana", "florian"),
        255,
        place="project",
    ),
]

TAX = [
    Job("tax", 0, 3, "Drei Kanzleiarbeitsplätze einrichten", "desk", ("tobias",), 265),
    Job("tax", 0, 8, "Scanner liefert leere Seiten", "desk", ("tobias",), 62),
    Job(
        "tax",
        1,
        3,
        "Homeoffice für zwei Sachbearbeiterinnen",
        "network",
        ("mehmet", "tobias"),
        245,
    ),
    Job("tax", 1, 8, "Nächtliche Sicherung meldet Fehler", "backup", ("tobias",), 97),
    Job("tax", 1, 11, "Belegablage im DMS neu ordnen", "erp", ("florian",), 204),
    Job("tax", 2, 2, "Fristenkalender erinnert nicht", "mail", ("tobias",), 88),
    Job("tax", 2, 5, "Zertifikat für das Mandantenportal", "web", ("lea",), 107),
    Job("tax", 2, 9, "Bildschirm am Empfang bleibt dunkel", "desk", ("tobias",), 41),
    Job("tax", 2, 11, "Schulung gegen Phishing", "training", ("jana",), 215),
]

DENTIST = [
    Job(
        "dentist",
        0,
        4,
        "Röntgenbilder öffnen langsam",
        "desk",
        ("tobias",),
        275,
        (approved(0, 5),),
    ),
    Job(
        "dentist",
        0,
        10,
        "Praxis-WLAN vom Gäste-WLAN trennen",
        "network",
        ("mehmet",),
        190,
        (approved(0, 4),),
    ),
    Job(
        "dentist",
        1,
        2,
        "Neuer Server für die Praxissoftware",
        "network",
        ("tobias", "mehmet"),
        510,
        (approved(1, 7), approved(2, 9)),
    ),
    Job(
        "dentist",
        1,
        9,
        "Terminerinnerung per SMS",
        "mail",
        ("lea",),
        105,
        (approved(1, 2),),
    ),
    Job(
        "dentist",
        2,
        3,
        "Umstieg auf die elektronische Patientenakte",
        "erp",
        ("florian",),
        195,
        (
            Estimate(
                2, 16, "rejected", "Zu teuer, wir warten auf das Angebot der Kammer."
            ),
        ),
        is_open=True,
    ),
    Job(
        "dentist",
        2,
        7,
        "Kartenterminal verliert die Verbindung",
        "desk",
        ("tobias",),
        160,
        (approved(2, 3),),
    ),
    Job(
        "dentist",
        2,
        12,
        "Zweiter Befundmonitor im Behandlungszimmer 3",
        "desk",
        ("tobias",),
        0,
        (Estimate(2, 2.5, "sent"),),
        is_open=True,
    ),
    Job(
        "dentist",
        2,
        5,
        "Telefonische Beratung",
        "advice",
        ("jana",),
        50,
        place="project",
    ),
]

TOWN = [
    Job("town", 0, 12, "Drucker im Bürgerbüro nach Umzug", "desk", ("tobias",), 90),
    Job(
        "town",
        1,
        5,
        "Ratsinformationssystem: Zugänge für neue Mitglieder",
        "mail",
        ("tobias",),
        75,
    ),
    Job("town", 1, 8, "Hundesteuer-Formular barrierefrei", "web", ("lea",), 145),
    Job("town", 2, 4, "Website nach BITV prüfen", "web", ("lea",), 270),
    Job("town", 2, 10, "Bildschirmsperre per Richtlinie", "security", ("tobias",), 95),
]

JOBS = [*AGENCY, *HOTEL, *MACHINES, *TAX, *DENTIST, *TOWN]

#: Typed in after its month was billed: title, person, minutes, text
LATE = (
    "Landing page “Northern Light”",
    "lea",
    105,
    "Campaign tracking, entered after the month was billed",
)
