import json
import sys
from base64 import b64encode
from pathlib import Path
from subprocess import PIPE, Popen

PROGRAM = Path(__file__).with_name("rules_checker.py")


class Rules:
    """The official rules of EN 16931, asked of a process of its own: Saxon reserves
    more address space than Odoo allows itself."""

    def __init__(self):
        self.process = Popen(
            [sys.executable, PROGRAM], stdin=PIPE, stdout=PIPE, text=True
        )

    def find_violations(self, xml):
        """Return the schema errors and the violated rules of an e-invoice.

        :param bytes xml: UBL or CII
        :return: list of texts, empty if the invoice is valid
        """
        self.process.stdin.write(b64encode(xml).decode() + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def close(self):
        """End the process: it ends with its input."""
        with self.process:
            self.process.stdin.close()
