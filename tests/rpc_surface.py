"""What can be called from outside: models, methods and arguments, found by looking."""

import inspect
import json
from contextlib import contextmanager
from typing import NamedTuple
from unittest.mock import patch

from odoo import sql_db
from odoo.exceptions import AccessDenied, MissingError, UserError
from odoo.service.model import call_kw, get_public_method

from environment import databases

OURS = set(databases.manifests())
TOKEN = "0" * 36
REFUSALS = (UserError, AccessDenied, MissingError)
#: words by which arguments are filled in that have no default
BY_NAME = {
    "aggregates": ["__count"],
    "body": "Let me in",
    "day": "2026-10-01",
    "domain": [],
    "domains": [[]],
    "field_name": "display_name",
    "field_names": ["display_name"],
    "fields": ["display_name"],
    "fields_list": ["display_name"],
    "fields_spec": {"display_name": {}},
    "fields_to_export": ["display_name"],
    "groupby": ["id"],
    "limit": 5,
    "name": "Confidential",
    "specification": {"display_name": {}},
    "token": TOKEN,
    "access_token": TOKEN,
    "values": {},
    "vals": {},
    "vals_list": [{}],
    "views": [[False, "form"]],
}
#: what else such an argument may be
OTHERS = ([], {}, "x", 1, False)


class Answer(NamedTuple):
    """What a call gave to somebody: nothing where it was refused."""

    value: object
    writes: tuple


def is_ours(module):
    """Tell whether an addon is one of this product or of OCA's helpdesk."""
    return module in OURS or (module or "").startswith("helpdesk")


def find_methods(env):
    """Return {model: names of the methods to call}, sorted: of models of ours all, of
    other models those that our addons add or change."""
    found = {}
    for name, cls in sorted(env.registry.items()):
        names = find_public(env[name])
        if not is_ours(cls._original_module):
            names = sorted(get_added(cls).intersection(names))
        if names:
            found[name] = names
    return found


def find_public(model):
    """Return the names of the methods that can be called over RPC."""
    names = []
    for name in dir(type(model)):
        if name.startswith("_") or not inspect.isroutine(getattr(type(model), name)):
            continue
        try:
            get_public_method(model, name)
        except UserError:
            continue
        names.append(name)
    return names


def get_added(cls):
    """Return what addons of ours define for this model, not for a mixin of it."""
    return {
        name
        for base in cls.mro()
        if getattr(base, "_name", None) == cls._name and is_ours(get_addon(base))
        for name in vars(base)
    }


def get_addon(thing):
    return thing.__module__.removeprefix("odoo.addons.").partition(".")[0]


def get_arguments(model, name, ids):
    """Return the lists of arguments to try, the most plausible first."""
    method = getattr(type(model), name)
    is_model = getattr(method, "_api_model", False)
    first = [] if is_model else [ids]
    needed = [
        parameter.name
        for parameter in list(inspect.signature(method).parameters.values())[1:]
        if parameter.default is parameter.empty
        and parameter.kind
        in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD)
    ]
    guess = [BY_NAME.get(name, ids if "id" in name else {}) for name in needed]
    tries = [[*first, *guess]]
    if needed and is_ours_method(type(model), name):
        tries += [[*first, *([other] * len(needed))] for other in OTHERS]
    return tries


def is_ours_method(cls, name):
    return is_ours(get_addon(getattr(cls, name)))


class Caller:
    """Calls as a user; what a call writes is undone."""

    def __init__(self, env):
        self.env = env
        self.writes = []

    @contextmanager
    def watching(self):
        """Note each statement that writes."""
        execute = sql_db.Cursor.execute

        def watch(cursor, query, *args, **kwargs):
            text = (query if isinstance(query, str) else query.code).lstrip()
            if text[:6].upper() in ("INSERT", "UPDATE", "DELETE"):
                self.writes.append(" ".join(text.split())[:120])
            return execute(cursor, query, *args, **kwargs)

        with patch.object(sql_db.Cursor, "execute", watch):
            yield

    def call_all(self, user, names, model, ids):
        """Return {method: Answer} of what answers or writes."""
        answers = {}
        savepoint = self.env.cr.savepoint()
        own = self.env(user=user, context={})[model]
        for name in names:
            for arguments in get_arguments(own, name, ids):
                answer = self._call(own, name, arguments, savepoint)
                if answer and (answer.writes or is_telling(answer.value, ids)):
                    answers[name] = answer
                    break
        savepoint.close()
        return answers

    def _call(self, own, name, arguments, savepoint):
        """Return the Answer; None where the call is refused or not possible."""
        self.writes.clear()
        value, given = None, False
        try:
            value = call_kw(own, name, arguments, {})
            given = True
            self.env.flush_all()
        except REFUSALS:
            given = False
        except Exception:
            # Not the right arguments, so nothing came of it.
            given = False
            savepoint.rollback()
        writes = tuple(self.writes)
        if writes or self.env.transaction.field_dirty:
            savepoint.rollback()
        return Answer(value, writes) if given else None


def is_telling(value, ids):
    """Tell whether a value says anything but "done", "nothing" or what was asked."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        return any(is_telling(part, ids) for part in value)
    return bool(value) and value is not True and value not in ids


def is_action(value):
    """Tell whether a value leads somewhere in the client: there, access is checked."""
    kind = value.get("type") if isinstance(value, dict) else None
    return isinstance(kind, str) and kind.startswith("ir.actions.")


def as_text(value):
    """Return what is sent to the caller."""
    return json.dumps(value, default=str, ensure_ascii=False)
