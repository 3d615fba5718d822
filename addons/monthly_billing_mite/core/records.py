"""mite's records as plain values; what has another shape than agreed is refused."""

from dataclasses import dataclass, replace
from datetime import date

from .errors import MiteError
from .texts import clean

#: as much text as an entry of Odoo has
MAX_NOTE = 50_000
MAX_NAME = 500
#: the kinds of records that something of Odoo stands for, and their lists
KINDS = {
    "customer": "customers",
    "project": "projects",
    "service": "services",
    "user": "users",
}


@dataclass(frozen=True)
class Named:
    """A customer, project, service or user of an entry; the key is empty for none."""

    key: str = ""
    name: str = ""


@dataclass(frozen=True)
class TimeEntry:
    """Time as mite or a file has it.

    :param key: mite's id, or what tells the row from all others
    :param day: of the work, as it stands in mite: no time zone changes it
    :param running: a timer runs, so the minutes are not final
    """

    key: str
    day: date
    minutes: int
    note: str
    billable: bool
    user: Named
    customer: Named = Named()
    project: Named = Named()
    service: Named = Named()
    locked: bool = False
    running: bool = False


@dataclass(frozen=True)
class Master:
    """A customer, project, service or user of mite."""

    kind: str
    key: str
    name: str
    archived: bool = False
    parent: str = ""
    email: str = ""


@dataclass(frozen=True)
class Change:
    """What happened to a record: ``record`` is None if it is gone."""

    kind: str
    key: str
    record: TimeEntry | Master | None


def unwrap(data, name):
    """Return the fields of ``{name: {...}}``.

    :raise MiteError: ``changed`` if there are none
    """
    fields = data.get(name) if isinstance(data, dict) else None
    if not isinstance(fields, dict):
        raise MiteError("changed", name)
    return fields


def read_entry(data):
    """Return a ``TimeEntry`` from ``{"time_entry": {...}}``.

    :raise MiteError: ``changed`` if a fact that we need is missing or odd
    """
    fields = unwrap(data, "time_entry")
    minutes = fields.get("minutes")
    if not is_whole(minutes) or minutes < 0:
        raise MiteError("changed", "time_entry.minutes")
    if not isinstance(fields.get("billable"), bool):
        raise MiteError("changed", "time_entry.billable")
    user = read_named(fields, "user")
    if not user.key:
        raise MiteError("changed", "time_entry.user_id")
    return TimeEntry(
        key=read_key(fields, "id"),
        day=read_day(fields),
        minutes=minutes,
        note=read_text(fields, "note", MAX_NOTE),
        billable=fields["billable"],
        user=user,
        customer=read_named(fields, "customer"),
        project=read_named(fields, "project"),
        service=read_named(fields, "service"),
        locked=bool(fields.get("locked")),
        running=bool(fields.get("tracking")),
    )


def read_master(kind, data):
    """Return a ``Master`` from ``{kind: {...}}``.

    :raise MiteError: ``changed``
    """
    fields = unwrap(data, kind)
    return Master(
        kind=kind,
        key=read_key(fields, "id"),
        name=read_text(fields, "name", MAX_NAME),
        archived=bool(fields.get("archived")),
        parent=read_named(fields, "customer").key,
        email=read_text(fields, "email", MAX_NAME),
    )


def read_change(data):
    """Return a ``Change``, None if it is about nothing we keep.

    :raise MiteError: ``changed``
    """
    fields = unwrap(data, "change")
    kind, action = fields.get("record_type"), fields.get("action")
    if action not in ("created", "updated", "deleted"):
        raise MiteError("changed", "change.action")
    if kind != "time_entry" and kind not in KINDS:
        return None
    key, record = read_key(fields, "record_id"), None
    if action != "deleted":
        if kind == "time_entry":
            record = read_entry(fields.get("record"))
        else:
            record = read_master(kind, fields.get("record"))
    return Change(kind, key, record)


def read_sum(data):
    """Return (customer, minutes) of a group of entries.

    :raise MiteError: ``changed``
    """
    fields = unwrap(data, "time_entry_group")
    minutes = fields.get("minutes")
    if not is_whole(minutes):
        raise MiteError("changed", "time_entry_group.minutes")
    return read_named(fields, "customer"), minutes


def read_named(fields, kind):
    """Return the customer, project, service or user that an entry names."""
    if fields.get(f"{kind}_id") is None:
        return Named()
    key = read_key(fields, f"{kind}_id")
    return Named(key, read_text(fields, f"{kind}_name", MAX_NAME) or key)


def read_key(fields, name):
    """Return an id of mite as text."""
    value = fields.get(name)
    if not is_whole(value) or value <= 0:
        raise MiteError("changed", name)
    return str(value)


def read_day(fields):
    """Return the day of an entry."""
    try:
        return date.fromisoformat(fields.get("date_at"))
    except (TypeError, ValueError) as error:
        raise MiteError("changed", "time_entry.date_at") from error


def read_text(fields, name, length):
    """Return a text of mite, empty for none."""
    value = fields.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise MiteError("changed", name)
    return clean(value)[:length]


def is_whole(value):
    """Return whether ``value`` is a whole number; True and False are none."""
    return isinstance(value, int) and not isinstance(value, bool)


def rename(entry, key):
    """Return ``entry`` under another key."""
    return replace(entry, key=key)
