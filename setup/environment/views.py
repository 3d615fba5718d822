"""Opens the views that our addons extend, inside a database."""

from ast import literal_eval
from collections import Counter

from lxml import etree

from odoo import fields
from odoo.tools.safe_eval import datetime, safe_eval

from . import databases


def find_problems(env) -> list[str]:
    """Return what is wrong with the views of every model that our views concern.

    Each is checked and opened, the filters of searches are applied, and so are the
    groups. Templates of pages and documents are put together.
    """
    families = _get_families(env)
    views = env["ir.ui.view"].search(
        [
            ("model", "in", list({view.model for view in families if view.model})),
            ("mode", "=", "primary"),
            ("type", "!=", "qweb"),
        ]
    )
    templates = families.filtered(lambda view: view.type == "qweb")
    problems = []
    for view in views | templates:
        for look in (_check, _open, _search):
            try:
                with env.cr.savepoint():
                    look(view)
            except Exception as error:
                problems.append(
                    f"{view.xml_id} ({view.model}) {look.__name__}: {error}"
                )
    return problems


def _get_families(env):
    """Return the views of ours with all that stand above and below them."""
    data = env["ir.model.data"].search(
        [("module", "in", list(databases.manifests())), ("model", "=", "ir.ui.view")]
    )
    views = roots = env["ir.ui.view"].browse(data.mapped("res_id")).exists()
    while parents := roots.inherit_id - views:
        views, roots = views | parents, parents
    below = views
    while below := below.inherit_children_ids - views:
        views |= below
    return views


def _check(view):
    view._check_xml()


def _open(view):
    if view.type != "qweb":
        view.env[view.model].get_views([(view.id, view.type)])


def _search(view):
    """Apply each filter and each group of a search view by itself."""
    if view.type != "search":
        return
    model = view.env[view.model]
    shown = model.get_views([(view.id, "search")])["views"]["search"]["arch"]
    filters = list(etree.fromstring(shown).iter("filter"))
    names = Counter(node.get("name") for node in filters)
    if double := [name for name, count in names.items() if name and count > 1]:
        raise ValueError(f"filters of the same name: {double}")
    values = {
        "uid": view.env.uid,
        "context_today": lambda: fields.Date.context_today(model),
        "datetime": datetime,
    }
    for node in filters:
        model.search(safe_eval(node.get("domain") or "[]", values), limit=1)
        _group(model, literal_eval(node.get("context") or "{}").get("group_by"))


def _group(model, group: str | None) -> None:
    """Group by a field; what a project or team makes up itself is left out."""
    if not group:
        return
    kind = model._fields[group.partition(":")[0]].type
    if kind in ("date", "datetime") and ":" not in group:
        group = f"{group}:month"
    if kind != "properties":
        model.formatted_read_group([], [group], ["__count"], limit=1)
