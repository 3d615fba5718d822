"""Which column of a file is which fact, by the headings of known programs."""

import re

#: facts of an entry that a column may have
FIELDS = (
    *("key", "date", "duration", "user", "last_name", "customer", "project"),
    *("service", "note", "billable"),
)
REQUIRED = ("date", "duration", "user")
ALIASES = {
    "key": ("id", "entry id", "time entry id"),
    "date": ("datum", "date", "tag", "day", "start date", "startdatum"),
    "duration": (
        *("dauer", "duration", "stunden", "hours", "minuten", "minutes", "zeit"),
        *("duration h", "duration decimal", "aufwand", "time", "std", "min"),
    ),
    "user": (
        *("benutzer", "mitarbeiter", "user", "person", "name", "employee", "member"),
        *("mitarbeiterin", "nutzer", "username", "vorname", "first name", "team"),
    ),
    "last_name": ("nachname", "last name"),
    "customer": ("kunde", "kundin", "customer", "client", "auftraggeber"),
    "project": ("projekt", "project"),
    "service": (
        *("leistung", "service", "tätigkeit", "activity", "task", "aufgabe"),
        *("arbeitsart",),
    ),
    "note": (
        *("bemerkung", "notiz", "note", "notes", "beschreibung", "description"),
        *("kommentar", "comment", "text"),
    ),
    "billable": (
        *("abrechenbar", "billable", "verrechenbar", "fakturierbar"),
        *("abrechnungsfähig",),
    ),
}
#: headings as the programs' own documentation names them, in the order of preference
PRESETS = {
    "toggl": {
        "date": ("start date",),
        "duration": ("duration",),
        "user": ("user", "member"),
        "customer": ("client",),
        "project": ("project",),
        "service": ("task",),
        "note": ("description",),
        "billable": ("billable",),
    },
    "clockify": {
        "date": ("start date",),
        "duration": ("duration h", "duration decimal"),
        "user": ("user",),
        "customer": ("client",),
        "project": ("project",),
        "service": ("task",),
        "note": ("description",),
        "billable": ("billable",),
    },
    "kimai": {
        "key": ("id",),
        "date": ("date", "datum"),
        "duration": ("duration", "dauer"),
        "user": ("name", "username", "user", "benutzer"),
        "customer": ("customer", "kunde"),
        "project": ("project", "projekt"),
        "service": ("activity", "tätigkeit"),
        "note": ("description", "beschreibung"),
        "billable": ("billable", "abrechenbar"),
    },
    "harvest": {
        "date": ("date",),
        "duration": ("hours",),
        "user": ("first name",),
        "last_name": ("last name",),
        "customer": ("client",),
        "project": ("project",),
        "service": ("task",),
        "note": ("notes",),
        "billable": ("billable",),
    },
}
#: whose export writes the month first unless it was told otherwise
MONTH_FIRST = ("clockify",)


def normalize(heading):
    """Return a heading without signs, in small letters."""
    return " ".join(re.findall(r"\w+", heading.casefold()))


def guess_columns(header, preset=None):
    """Return the column (a number from 0) of each fact that has one.

    :param preset: a program of ``PRESETS``; None for any heading we know
    """
    names = [normalize(heading) for heading in header]
    columns = {}
    for field, aliases in (PRESETS.get(preset) or ALIASES).items():
        for alias in aliases:
            index = names.index(alias) if alias in names else None
            if index is not None and index not in columns.values():
                columns[field] = index
                break
    return columns


def get_missing(columns):
    """Return the facts without which no row can be read."""
    return [field for field in REQUIRED if columns.get(field) is None]
