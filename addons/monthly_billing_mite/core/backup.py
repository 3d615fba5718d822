"""mite's backup in XML: the records of the API with dashed names."""

from datetime import date

from lxml import etree

from .errors import FileError
from .records import KINDS, MAX_NAME, MAX_NOTE, Master, Named, TimeEntry
from .rows import Problem, Reading
from .tables import MAX_BYTES, MAX_ROWS
from .texts import clean


def is_xml(content):
    """Return whether a file looks like XML."""
    return content.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"<"


def read_backup(content):
    """Return (``Reading``, list of ``Master``) of a backup, wherever it nests them.

    :raise FileError: if it is no XML, has a document type, or no time
    """
    if len(content) > MAX_BYTES:
        raise FileError("too_big", str(MAX_BYTES // 1024 // 1024))
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise FileError("format") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise FileError("format", "DOCTYPE")
    masters = {
        (kind, master.key): master
        for kind in KINDS
        for element in root.iter(kind)
        if (master := read_master(kind, get_values(element)))
    }
    entries, problems = [], []
    for element in root.iter("time-entry"):
        line = element.sourceline or 0
        try:
            entry = read_entry(get_values(element), masters)
        except (KeyError, ValueError) as error:
            problems.append(Problem(line, *explain(error)))
            continue
        entries.append((line, entry))
        if len(entries) > MAX_ROWS:
            raise FileError("too_big", str(MAX_ROWS))
    if not (entries or problems):
        raise FileError("empty")
    return Reading(entries, problems), list(masters.values())


def explain(error):
    """Return (kind, value) of what is wrong with an element."""
    name = str(error.args[0]) if error.args else ""
    kinds = {"date-at": "day", "minutes": "duration", "user-id": "user", "id": "key"}
    return kinds.get(name, "billable" if name == "billable" else "day"), name


def get_values(element):
    """Return the texts of the elements below; those that are null are left out."""
    return {
        child.tag: (child.text or "").strip() if child.tag != "note" else child.text
        for child in element
        if isinstance(child.tag, str) and child.get("nil") != "true" and child.text
    }


def read_master(kind, values):
    """Return a ``Master``, None if the element is only the name of something."""
    if not values.get("id", "").isdecimal():
        return None
    return Master(
        kind=kind,
        key=values["id"],
        name=clean(values.get("name", ""))[:MAX_NAME],
        archived=values.get("archived") == "true",
        parent=values.get("customer-id", ""),
        email=clean(values.get("email", ""))[:MAX_NAME],
    )


def read_entry(values, masters):
    """Return a ``TimeEntry``.

    :raise KeyError, ValueError: with the name of the element that is missing or odd
    """
    for name in ("id", "minutes", "user-id"):
        if not values[name].isdecimal():
            raise ValueError(name)
    try:
        day = date.fromisoformat(values["date-at"][:10])
    except ValueError as error:
        raise ValueError("date-at") from error
    if values["billable"] not in ("true", "false"):
        raise ValueError("billable")
    named = {kind: get_named(kind, values, masters) for kind in KINDS}
    project = masters.get(("project", named["project"].key))
    if not named["customer"].key and project and project.parent:
        parent = {"customer-id": project.parent}
        named["customer"] = get_named("customer", parent, masters)
    return TimeEntry(
        key=values["id"],
        day=day,
        minutes=int(values["minutes"]),
        note=clean(values.get("note", ""))[:MAX_NOTE],
        billable=values["billable"] == "true",
        locked=values.get("locked") == "true",
        **named,
    )


def get_named(kind, values, masters):
    """Return what an entry names, by its own name or that of the record."""
    key = values.get(f"{kind}-id", "")
    if not key.isdecimal():
        return Named()
    master = masters.get((kind, key))
    name = values.get(f"{kind}-name") or (master.name if master else "") or key
    return Named(key, clean(name)[:MAX_NAME])
