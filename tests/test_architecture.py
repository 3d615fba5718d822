"""Arrows between the addons point down only, and the arithmetic knows no Odoo."""

import ast
import re
import subprocess
import sys
from collections import defaultdict

import pytest

from environment import ROOT, databases

ADDONS = ROOT / "addons"
MANIFESTS = databases.manifests()
BASE_ADDONS = ("volume_discount", "ticket_estimates", "monthly_billing")
#: technical addons that any other may stand on, and that know none of them
FOUNDATIONS = ("mail_delivery_followup",)
#: worth installing alone, and no part of the billing
STANDALONE = ("invoice_dunning",)
CORES = sorted(
    path.relative_to(ADDONS).with_suffix("").as_posix().replace("/", ".")
    for path in ADDONS.glob("*/core/**/[a-z]*.py")
)
#: registers the addons without running their `__init__`, then imports the rest
IMPORT_CORES = """
import importlib, pathlib, sys, types
def add(name, folder):
    module = sys.modules[name] = types.ModuleType(name)
    module.__path__ = [str(folder)]
root, before = pathlib.Path(sys.argv[1]), set(sys.modules)
add("addons", root)
for folder in root.iterdir():
    add(f"addons.{folder.name}", folder)
for name in sys.argv[2:]:
    importlib.import_module(f"addons.{name}")
new = {name.partition(".")[0] for name in set(sys.modules) - before}
print(*sorted(new - sys.stdlib_module_names - {"addons"}))
"""
SOURCES = (".py", ".xml", ".csv", ".js", ".scss")


def ours_below(addon):
    """The addons of ours that `addon` stands on, itself included."""
    below = {addon}
    for name in MANIFESTS[addon]["depends"]:
        if name in MANIFESTS:
            below |= ours_below(name)
    return below


def sources(addon):
    """Paths and texts of what is installed or shown; tests may know neighbours."""
    for path in sorted((ADDONS / addon).rglob("*")):
        parts = path.relative_to(ADDONS / addon).parts
        if path.suffix in SOURCES and "tests" not in parts:
            yield path.relative_to(ADDONS), path.read_text()


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


def names_an_addon(text, addon):
    """Whether a text has an XML id, an import or a name of the addon."""
    return re.search(rf"(?<![\w.-])({addon}\.\w|addons\.{addon}\b)", text)


@pytest.mark.parametrize("addon", MANIFESTS)
def test_addon_names_only_addons_it_depends_on(addon):
    above = set(MANIFESTS) - ours_below(addon)
    wrong = [
        f"{path} names {other}"
        for path, text in sources(addon)
        for other in sorted(above)
        if names_an_addon(text, other)
    ]
    assert not wrong


@pytest.mark.parametrize("addon", BASE_ADDONS)
def test_the_three_addons_never_need_glue(addon):
    assert ours_below(addon) <= {*BASE_ADDONS, *FOUNDATIONS}


@pytest.mark.parametrize("addon", STANDALONE)
def test_standalone_addons_need_foundations_alone(addon):
    assert ours_below(addon) <= {addon, *FOUNDATIONS}


@pytest.mark.parametrize("addon", FOUNDATIONS)
def test_foundations_know_none_of_our_addons(addon):
    assert ours_below(addon) == {addon}


def test_price_and_consent_do_not_know_each_other_or_money():
    for addon in ("volume_discount", "ticket_estimates"):
        assert ours_below(addon) - set(FOUNDATIONS) == {addon}


@pytest.mark.parametrize("addon", MANIFESTS)
def test_dependencies_are_sorted_and_direct(addon):
    depends = MANIFESTS[addon]["depends"]
    assert depends == sorted(set(depends))
    implied = set()
    for name in set(depends) & set(MANIFESTS):
        implied |= ours_below(name) - {name}
    assert not implied & set(depends)


def test_glue_installs_itself():
    glue = set(MANIFESTS) - {*BASE_ADDONS, *FOUNDATIONS, *STANDALONE}
    assert [name for name in sorted(glue) if not MANIFESTS[name]["auto_install"]] == []


def test_plain_python_imports_every_core():
    assert {name.split(".")[0] for name in CORES} >= {*BASE_ADDONS, *STANDALONE}
    command = [sys.executable, "-I", "-c", IMPORT_CORES, ADDONS, *CORES]
    done = subprocess.run(command, capture_output=True, text=True)
    assert not done.stderr
    foreign = {name for name in done.stdout.split() if name[0] != "_"}
    assert foreign <= {"dateutil", "six"}


def test_pure_tests_run_without_odoo_and_without_a_database():
    script = ROOT / "setup" / "launch" / "run_pure_tests.py"
    command = [sys.executable, "-I", script, "-k", "TestPricingTables"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert re.search(r"Ran [1-9]\d* tests?", done.stderr)


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
def test_every_file_of_the_manifest_exists(addon):
    manifest = MANIFESTS[addon]
    files = [*manifest.get("data", []), *manifest.get("demo", [])]
    assert [name for name in files if not (ADDONS / addon / name).is_file()] == []


@pytest.mark.parametrize("addon", MANIFESTS)
def test_every_data_file_is_in_the_manifest(addon):
    manifest = MANIFESTS[addon]
    listed = {*manifest.get("data", []), *manifest.get("demo", [])}
    folders = ("data", "demo", "report", "security", "views", "wizard")
    found = {
        str(path.relative_to(ADDONS / addon))
        for folder in folders
        for path in (ADDONS / addon / folder).rglob("*")
        if path.suffix in (".xml", ".csv")
    }
    assert found - listed == set()
