import subprocess
import sys
from pathlib import Path

from odoo.tests import BaseCase, tagged

ADDON = Path(__file__).resolve().parents[1]
IMPORT = """
import sys
sys.path.insert(0, sys.argv[1])
import tiers
foreign = {name.partition(".")[0] for name in sys.modules} - sys.stdlib_module_names
print(sorted(foreign - {"tiers", "__main__"}))
"""


@tagged("post_install", "-at_install")
class TestWithoutOdoo(BaseCase):
    def test_arithmetic_imports_the_standard_library_only(self):
        command = [sys.executable, "-I", "-S", "-c", IMPORT, str(ADDON)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        self.assertEqual(done.stdout.strip(), "[]")
