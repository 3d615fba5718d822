import subprocess
import sys
from pathlib import Path

from odoo.tests import BaseCase, tagged

ADDON = Path(__file__).resolve().parents[1]
PURE = sorted(path.stem for path in (ADDON / "core").glob("[a-z]*.py"))
IMPORT = """
import importlib, sys, types
addon = types.ModuleType("addon")
addon.__path__ = [sys.argv[1]]
sys.modules["addon"] = addon
for name in sys.argv[2:]:
    importlib.import_module(f"addon.core.{name}")
foreign = {name.partition(".")[0] for name in sys.modules} - sys.stdlib_module_names
print(sorted(foreign - {"addon", "__main__"}))
"""


@tagged("post_install", "-at_install")
class TestWithoutOdoo(BaseCase):
    def test_arithmetic_imports_the_standard_library_only(self):
        command = [sys.executable, "-I", "-S", "-c", IMPORT, str(ADDON), *PURE]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        self.assertEqual(done.stdout.strip(), "[]")
