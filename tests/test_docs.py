"""What the newcomer's pages say: every path and name is there, every arrow is true."""

import ast
import re

import pytest

from environment import ROOT

from .test_architecture import ADDONS, MANIFESTS

PAGES = ("architecture.md", "where-is.md")


def get_rows(page):
    """The rows of a page's tables that name a file: (file, names in it)."""
    for line in (ROOT / "docs" / page).read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        quoted = [re.findall(r"`([^`]+)`", cell) for cell in cells[-2:]]
        if line.startswith("|") and quoted[0] and "/" in quoted[0][0]:
            yield quoted[0][0], quoted[1]


def get_names(path):
    """The functions, methods, classes and constants of a file."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            yield node.targets[0].id


@pytest.mark.parametrize("page", PAGES)
def test_every_path_and_name_of_a_page_is_there(page):
    lost = []
    for file, names in get_rows(page):
        path = ROOT / file
        known = set(get_names(path)) if path.is_file() else set()
        lost += [f"{file}: {name}" for name in names or ["a name"] if name not in known]
    assert lost == []


def test_at_least_twenty_rules_have_a_place():
    assert len(list(get_rows("where-is.md"))) >= 20


def test_the_picture_has_every_arrow_between_our_addons_and_no_other():
    text = (ROOT / "docs" / "architecture.md").read_text()
    drawn = set(re.findall(r"^ +(\w+) --> (\w+)$", text, re.MULTILINE))
    assert drawn == {
        (addon, below)
        for addon, manifest in MANIFESTS.items()
        for below in manifest["depends"]
        if (ADDONS / below).is_dir()
    }
