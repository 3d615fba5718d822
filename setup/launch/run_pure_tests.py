"""Runs the tests of the arithmetic: plain Python, no Odoo, no database, in seconds.

Pure is every test file whose imports, followed through our own files, end in the
standard library, in dateutil, hypothesis and the two names of `odoo.tests` that have a
stand-in here. Nothing lists them: what becomes pure is found. Arguments go to unittest.
"""

import ast
import sys
import types
import unittest
from collections.abc import Iterator
from pathlib import Path

ADDONS = Path(__file__).resolve().parents[2] / "addons"
STAND_INS = {"BaseCase", "tagged"}
ALLOWED = sys.stdlib_module_names | {"dateutil", "hypothesis"}


def find_pure_tests() -> list[str]:
    """Return the names of the modules with pure tests, as Odoo names them."""
    known: dict[Path, bool] = {}
    return [
        _get_name(path)
        for path in sorted(ADDONS.glob("*/tests/test_*.py"))
        if _is_pure(path, known)
    ]


def _is_pure(path: Path, known: dict[Path, bool]) -> bool:
    """Whether plain Python can import the file."""
    if path not in known:
        known[path] = True  # of a circle the others decide
        known[path] = all(
            _is_pure(found, known) if isinstance(found, Path) else found
            for found in _follow_imports(path)
        )
    return known[path]


def _follow_imports(path: Path) -> Iterator[Path | bool]:
    """Yield our files that `path` imports, and of other imports if they are allowed."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield all(name.name.split(".")[0] in ALLOWED for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            names = {name.name for name in node.names}
            if node.level:
                folder = path.parents[node.level - 1]
                yield from _find_files(folder, node.module, names)
            elif (node.module or "").startswith("odoo.addons."):
                module = node.module.removeprefix("odoo.addons.")
                yield from _find_files(ADDONS, module, names)
            elif node.module == "odoo.tests":
                yield names <= STAND_INS
            else:
                yield (node.module or "").split(".")[0] in ALLOWED


def _find_files(
    folder: Path, module: str | None, names: set[str]
) -> Iterator[Path | bool]:
    """Yield the files behind the names of a module below `folder`, False without."""
    target = folder.joinpath(*module.split(".")) if module else folder
    if target.is_dir():
        files = [target / f"{name}.py" for name in names]
    else:
        files = [target.with_suffix(".py")]
    for file in files:
        yield file if file.is_file() and ADDONS in file.parents else False


def _get_name(path: Path) -> str:
    parts = path.relative_to(ADDONS).with_suffix("").parts
    return ".".join(["odoo", "addons", *parts])


def stand_in_for_odoo() -> None:
    """Make our addons importable under Odoo's names without running any of it."""
    _add_module("odoo", [])
    tests = _add_module("odoo.tests", [])
    tests.BaseCase = unittest.TestCase
    tests.tagged = lambda *_tags: lambda test_class: test_class
    _add_module("odoo.addons", [ADDONS])
    for addon in ADDONS.iterdir():
        _add_module(f"odoo.addons.{addon.name}", [addon])
        _add_module(f"odoo.addons.{addon.name}.tests", [addon / "tests"])


def _add_module(name: str, folders: list[Path]) -> types.ModuleType:
    """Register a package without running its `__init__`."""
    module = types.ModuleType(name)
    module.__path__ = [str(folder) for folder in folders]
    sys.modules[name] = module
    above, _, own = name.rpartition(".")
    if above:
        setattr(sys.modules[above], own, module)
    return module


if __name__ == "__main__":
    stand_in_for_odoo()
    unittest.main(module=None, argv=[sys.argv[0], *find_pure_tests(), *sys.argv[1:]])
