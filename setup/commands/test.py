"""Checks source and translations, then runs every test.

`--neighbours` runs the tests of Odoo's and OCA's addons beside ours instead. `--pure`
runs those of the arithmetic alone, by plain Python without a database, in seconds.
`SKIP_LINT=1` leaves out the checks of the source. Without arguments two processes share
the tests, each with a database of its own, by the time that each file took when it was
recorded: `RECORD_DURATIONS=1` does that anew.
"""

import os
import re
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from environment import (
    ROOT,
    Environment,
    databases,
    durations,
    prepare,
    requirements,
    server,
    tools,
)
from environment.steps import cache_folder, only_one, say

from . import lint, neighbours

PREFIX = "monthly_billing_test"
TESTS = "test_*.py"
HALVES = ("a", "b")
COUNTED = r"(\d+) (passed|failed|errors?|skipped|xfailed|subtests passed)\b"


def main(arguments: list[str]) -> int:
    """Run lint, then pytest with `arguments`; the closing line comes last."""
    if arguments[:1] == ["--neighbours"]:
        return neighbours.main(arguments[1:])
    if arguments[:1] == ["--pure"]:
        return _run_pure_tests(arguments[1:])
    environment = prepare()
    tools.require_browser(environment.cache)
    lint_failed = not os.environ.get("SKIP_LINT") and lint.main([])
    if arguments:
        tests_failed, _output = _run_tests(environment, "one", arguments)
    else:
        tests_failed = _run_all_tests(environment)
    return int(bool(tests_failed or lint_failed))


def _run_pure_tests(arguments: list[str]) -> int:
    """Run the tests that need nothing but Python; `arguments` go to unittest."""
    cache = cache_folder()
    with only_one(cache / "lock", "another command is installing: waiting for it"):
        home = requirements.virtual_environment(cache, "requirements")
    script = ROOT / "setup" / "launch" / "run_pure_tests.py"
    command = [home / "bin" / "python", "-I", script, *arguments]
    return subprocess.run(command, cwd=cache, check=False).returncode


def _run_all_tests(environment: Environment) -> bool:
    """Run two halves side by side; the second is shown when the first has ended."""
    parts = durations.cut(_files(), durations.recorded(), len(HALVES))
    with ThreadPoolExecutor() as pool:
        hidden = pool.submit(_run_tests, environment, "b", parts[1], False)
        halves = [_run_tests(environment, "a", parts[0])]
        halves.append(hidden.result())
    print(halves[1][1])
    closing = Counter()
    for _code, output in halves:
        for count, word in re.findall(COUNTED, output.strip().rpartition("\n")[2]):
            closing[word] += int(count)
    if os.environ.get("RECORD_DURATIONS"):
        durations.record([_report(environment, name) for name in HALVES])
    print("=====", ", ".join(f"{closing[word]} {word}" for word in closing), "=====")
    return any(code for code, _output in halves)


def _files() -> list[str]:
    """The files of tests that run together, as paths below the project."""
    folders = [f"addons/{name}/tests" for name in databases.together()]
    found = [path for name in [*folders, "tests"] for path in (ROOT / name).glob(TESTS)]
    return sorted(path.relative_to(ROOT).as_posix() for path in found)


def _run_tests(
    environment: Environment, name: str, arguments: list[str], is_shown: bool = True
) -> tuple[int, str]:
    """Run pytest in a database of its own; return its exit status and output."""
    database = f"{PREFIX}_{os.getpid()}_{name}"
    databases.copy_template(environment, database)
    server.call(environment, database, "ready_companies:make")
    say(f"testing in {database}")
    command = [environment.python, "-m", "pytest", "--odoo-http"]
    command += [f"--odoo-database={database}", "--odoo-log-level=error"]
    command += ["--odoo-extra=max-cron-threads=0", *arguments]
    command += [f"--junit-xml={_report(environment, name)}"]
    output = b""
    try:
        with subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment.variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        ) as process:
            while chunk := process.stdout.read1():
                output += chunk
                if is_shown:
                    sys.stdout.buffer.write(chunk)
                    sys.stdout.buffer.flush()
    finally:
        databases.drop(environment, database)
    return process.returncode, output.decode(errors="replace")


def _report(environment: Environment, name: str) -> Path:
    """Where pytest writes how long each test of a half took."""
    return environment.cache / "log" / f"tests-{name}.xml"
