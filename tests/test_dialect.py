"""One town, one dialect: what the syntax tree tells of names and of their promises."""

import ast
import re
from collections import defaultdict

import pytest

from .test_architecture import ADDONS, MANIFESTS, sources

READING = ("_get_", "_find_", "_prepare_")
WRITING = {"create", "write", "unlink"}
#: verbs of our own methods that write
WRITING_VERBS = ("_create_", "_ensure_", "_link_", "_record_", "_write_")


def models_of(addon):
    """The classes of the addon that make or extend a model, with their files."""
    for path in sorted((ADDONS / addon).rglob("*.py")):
        if "tests" not in path.relative_to(ADDONS / addon).parts:
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.ClassDef) and get_model_name(node):
                    yield path.relative_to(ADDONS), node


def get_model_name(model):
    """The name of the model that a class makes or extends, None for another class."""
    values = {
        node.targets[0].id: node.value
        for node in model.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    given = values.get("_name", values.get("_inherit"))
    if isinstance(given, ast.List):
        given = given.elts[0]
    return given.value if isinstance(given, ast.Constant) else None


def get_kinds():
    """The words of lines that have a name, from the two modules that name them."""
    trees = [
        ast.parse((ADDONS / addon / "core" / "kinds.py").read_text())
        for addon in ("volume_discount", "monthly_billing")
    ]
    return {
        node.value.value
        for tree in trees
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
    }


def compares_a_kind(node):
    """Whether a comparison or a condition of a domain is about the kind of a line."""
    if isinstance(node, ast.Compare):
        return any(
            getattr(part, "attr", getattr(part, "id", "")).endswith("kind")
            for part in (node.left, *node.comparators)
        )
    if not isinstance(node, ast.Call | ast.Tuple):
        return False
    values = node.args if isinstance(node, ast.Call) else node.elts
    return (
        len(values) == 3
        and isinstance(values[0], ast.Constant)
        and str(values[0].value).endswith(("billing_kind", "volume_discount_kind"))
    )


def methods_of(addon):
    """The methods and functions of the addon: (file, node)."""
    for path, text in sources(addon):
        if path.suffix == ".py" and "migrations" not in path.parts:
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.FunctionDef):
                    yield path, node


def find_writing_calls(method):
    """The calls by which a method writes, `Command.create` and the like left out."""
    for node in ast.walk(method):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        name, owner = node.func.attr, node.func.value
        is_command = isinstance(owner, ast.Name) and owner.id == "Command"
        if not is_command and (name in WRITING or name.startswith(WRITING_VERBS)):
            yield name


def overrides_another_addon(method):
    """Whether the method calls `super()`: its promise is another addon's."""
    return any(
        isinstance(node, ast.Call) and getattr(node.func, "id", "") == "super"
        for node in ast.walk(method)
    )


def returns_something(method):
    return any(
        isinstance(node, ast.Yield | ast.YieldFrom)
        or (isinstance(node, ast.Return) and node.value is not None)
        for node in ast.walk(method)
    )


@pytest.mark.parametrize("addon", MANIFESTS)
def test_no_method_is_defined_twice_for_one_model_in_one_addon(addon):
    found = defaultdict(list)
    for path, model in models_of(addon):
        for node in model.body:
            if isinstance(node, ast.FunctionDef):
                found[get_model_name(model), node.name].append(path)
    assert {key: paths for key, paths in found.items() if len(paths) > 1} == {}


@pytest.mark.parametrize("addon", ["volume_discount", "monthly_billing"])
def test_kinds_of_lines_are_named_and_never_spelled(addon):
    words, spelled = get_kinds(), []
    assert len(words) >= 10
    for path, text in sources(addon):
        if path.suffix != ".py" or path.name == "kinds.py":
            continue
        spelled += [
            f"{path}:{node.lineno}"
            for node in ast.walk(ast.parse(text))
            if compares_a_kind(node)
            for part in ast.walk(node)
            if isinstance(part, ast.Constant) and part.value in words
        ]
        if re.search(r"_kind\s*(=|!=|IN|NOT IN)\s*\(?'", text):
            spelled.append(f"{path}, in SQL")
    assert spelled == []


@pytest.mark.parametrize("addon", MANIFESTS)
def test_what_gets_finds_and_prepares_writes_nothing(addon):
    wrong = [
        f"{path}: {method.name} calls {name}"
        for path, method in methods_of(addon)
        if method.name.startswith(READING)
        for name in find_writing_calls(method)
    ]
    assert wrong == []


@pytest.mark.parametrize("addon", MANIFESTS)
def test_what_checks_raises_and_returns_nothing(addon):
    wrong = [
        f"{path}: {method.name}"
        for path, method in methods_of(addon)
        if method.name.startswith("_check_")
        and returns_something(method)
        and not overrides_another_addon(method)
    ]
    assert wrong == []


def test_gates_see_what_they_forbid():
    source = "def _get_it(self):\n    self.env['x'].create({})\n    Command.create({})"
    assert list(find_writing_calls(ast.parse(source))) == ["create"]
    assert returns_something(ast.parse("def _check_it(self):\n    return 1"))
    assert compares_a_kind(ast.parse("line.billing_kind == 'time'").body[0].value)
