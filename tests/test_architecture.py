"""Arrows between the addons point down only, and the arithmetic knows no Odoo."""

import re
import subprocess
import sys

import pytest

from environment import ROOT, databases

ADDONS = ROOT / "addons"
MANIFESTS = databases.manifests()
BASE_ADDONS = ("volume_discount", "ticket_estimates", "monthly_billing")
#: technical addons that any other may stand on, and that know none of them
FOUNDATIONS = ("mail_delivery_followup",)
#: worth installing alone, and no part of the billing
STANDALONE = ("invoice_dunning",)
#: glue to a service outside that a firm has or has not: it is asked for by name
ON_DEMAND = ("monthly_billing_mite",)
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
    glue = set(MANIFESTS) - {*BASE_ADDONS, *FOUNDATIONS, *STANDALONE, *ON_DEMAND}
    assert [name for name in sorted(glue) if not MANIFESTS[name]["auto_install"]] == []


def test_plain_python_imports_every_core():
    assert {name.split(".")[0] for name in CORES} >= {*BASE_ADDONS, *STANDALONE}
    command = [sys.executable, "-I", "-c", IMPORT_CORES, ADDONS, *CORES]
    done = subprocess.run(command, capture_output=True, text=True)
    assert not done.stderr
    assert "odoo" not in done.stdout.split()


def test_pure_tests_run_without_odoo_and_without_a_database():
    script = ROOT / "setup" / "launch" / "run_pure_tests.py"
    command = [sys.executable, "-I", script, "-k", "TestPricingTables"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert re.search(r"Ran [1-9]\d* tests?", done.stderr)


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
