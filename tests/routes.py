"""Which pages there are, and what may be sent to them, as the routing map says."""

import inspect
import threading
from typing import NamedTuple

from werkzeug.routing import IntegerConverter

AUTHOR = "Monthly Billing contributors"
#: addons of others whose pages ours extend
NEIGHBOURS = ("helpdesk",)
#: what pages read without naming it
MORE = ("page", "access_token", "pid", "hash", "token", "report_type", "download")


class Page(NamedTuple):
    """An address with places to fill in."""

    rule: object
    kind: str
    methods: frozenset
    names: tuple

    @property
    def numbers(self):
        """The places of the address that are numbers."""
        return [
            name
            for name, converter in self.rule._converters.items()
            if isinstance(converter, IntegerConverter)
        ]

    def get_path(self, values):
        """Return the address with ``values``; spelled by hand, for odd ones."""
        parts = []
        for dynamic, text in self.rule._trace:
            parts.append(str(values.get(text, "1")) if dynamic else text)
        return "".join(parts).lstrip("|")


def find_pages(env):
    """Return the pages that our addons or the helpdesk define or extend."""
    modules = env["ir.module.module"].sudo().search([("state", "=", "installed")])
    ours = {
        module.name
        for module in modules
        if module.author == AUTHOR or module.name.startswith(NEIGHBOURS)
    }
    pages = []
    # As a request does: the map asks its thread for the database.
    threading.current_thread().dbname = env.cr.dbname
    for rule in env["ir.http"].routing_map().iter_rules():
        endpoint = rule.endpoint
        method = getattr(endpoint, "func", None)
        controller = getattr(method, "__self__", None)
        if controller is None:
            continue
        definers = [
            cls.__dict__[method.__name__]
            for cls in type(controller).__mro__
            if method.__name__ in cls.__dict__
        ]
        homes = {definer.__module__.split(".")[2] for definer in definers}
        if homes & ours:
            routing = endpoint.routing
            names = dict.fromkeys(rule.arguments)
            for definer in definers:
                names.update(dict.fromkeys(_get_parameters(definer)))
            pages.append(
                Page(
                    rule,
                    routing["type"],
                    frozenset(routing.get("methods") or ("GET", "POST")),
                    tuple(names) + MORE,
                )
            )
    return pages


def _get_parameters(function):
    function = getattr(function, "original_endpoint", function)
    return [
        name
        for name, parameter in inspect.signature(function).parameters.items()
        if name != "self"
        and parameter.kind not in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL)
    ]
