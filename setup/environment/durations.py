"""How long each file of tests takes, and parts of them that take equally long."""

import json
import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from . import ROOT
from .steps import write_whole

RECORD = ROOT / "setup" / "durations.json"
UNKNOWN = 10  # seconds of a file that nobody has measured


def cut(files: Iterable[str], seconds: dict[str, float], parts: int) -> list[list[str]]:
    """Deal files into parts of about the same duration, each in the order given.

    :param files: paths of files of tests
    :param seconds: how long a file takes, in seconds; other files count `UNKNOWN`
    :return: as many lists of paths as there are parts
    """
    files = list(files)
    totals, dealt = [0.0] * parts, {}
    for path in sorted(files, key=lambda path: -seconds.get(path, UNKNOWN)):
        part = totals.index(min(totals))
        totals[part] += seconds.get(path, UNKNOWN)
        dealt[path] = part
    return [[path for path in files if dealt[path] == part] for part in range(parts)]


def recorded() -> dict[str, float]:
    """Seconds that each file of tests took when they were recorded."""
    return json.loads(RECORD.read_text())


def record(reports: Sequence[Path]) -> None:
    """Write down how long each file took, in whole seconds, from pytest's reports."""
    total: Counter = Counter()
    for report in reports:
        for case in ElementTree.parse(report).iter("testcase"):
            if path := _path_of(case.get("classname", "")):
                total[path] += float(case.get("time", 0))
    seconds = {path: round(total[path]) for path in sorted(total)}
    write_whole(RECORD, json.dumps(seconds, indent=2) + "\n")


def _path_of(classname: str) -> str:
    """The file of `addons.x.tests.test_y.TestZ`; empty when there is none."""
    names = classname.split(".")
    for length in range(len(names), 0, -1):
        path = Path(*names[:length]).with_suffix(".py")
        if (ROOT / path).is_file():
            return path.as_posix()
    return ""
