"""The commands' environment: work done once, clear errors, tables that add up."""

import ast
import errno
import importlib.metadata
import importlib.util
import os
import socket
import subprocess
import sys

import pytest

from commands import demo
from environment import (
    databases,
    debian,
    durations,
    neighbours,
    postgres,
    prepare,
    requirements,
    server,
    steps,
    table,
)

from .fault_server import OwnServer

SETUP = requirements.SETUP
COLUMNS = {"customer": "Customer", "hours": "Hours", "net": "Net"}


def read_manifests(folders):
    """The manifests of all addons by name; the first folder that has one counts."""
    return {
        path.parent.name: ast.literal_eval(path.read_text())
        for folder in reversed(folders)
        for path in folder.glob("*/__manifest__.py")
    }


def complete(names, manifests):
    """Addons with all that they need and that installs itself beside them."""
    done = set()
    while names - done:
        done |= names
        names = names.union(*(manifests[name].get("depends", []) for name in names))
        for name, manifest in manifests.items():
            trigger = manifest.get("auto_install")
            if trigger is True:
                trigger = manifest.get("depends", [])
            if trigger and names.issuperset(trigger):
                names |= {name}
    return names


def is_there(package):
    """Whether a package is installed, by its name there or in Python."""
    try:
        importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return importlib.util.find_spec(package) is not None
    return True


def build_file(home, text="new"):
    """A step that fills a folder with one file."""
    return lambda: (home / "file").write_text(text)


def test_odoo_can_start_itself_again_by_its_path():
    """As it does with workers, for live chat and for each lost process anew."""
    environment = prepare()
    python, path = environment.odoo[:2]
    again = subprocess.run(
        [python, path, "gevent", "--version"],
        env=environment.variables,
        capture_output=True,
        text=True,
        check=False,
    )
    assert again.returncode == 0, again.stderr
    assert "Odoo" in again.stdout


class TestSteps:
    def test_finished_step_is_not_repeated(self, tmp_path):
        home = tmp_path / "home"
        steps.build_once(home, "1", "building", build_file(home, "first"))
        steps.build_once(home, "1", "building", build_file(home, "second"))
        assert (home / "file").read_text() == "first"

    def test_changed_input_repeats_the_step(self, tmp_path):
        home = tmp_path / "home"
        steps.build_once(home, "1", "building", build_file(home, "first"))
        steps.build_once(home, "2", "building", build_file(home, "second"))
        assert (home / "file").read_text() == "second"

    def test_interrupted_step_is_redone_from_nothing(self, tmp_path):
        home = tmp_path / "home"

        def interrupted():
            (home / "half").touch()
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            steps.build_once(home, "1", "building", interrupted)
        steps.build_once(home, "1", "building", build_file(home))
        assert not (home / "half").exists()
        assert (home / "file").exists()

    def test_failed_command_names_its_last_line_remedy_and_log(self, tmp_path):
        log = tmp_path / "step.log"
        command = ["sh", "-c", "echo fine; echo 'E: no such host'; exit 3"]
        with pytest.raises(steps.Failure) as caught:
            steps.run(command, "fetching", log, "is there a network? See")
        expected = f"fetching failed: E: no such host; is there a network? See {log}"
        assert str(caught.value) == expected

    def test_full_disk_is_said_before_the_work(self, tmp_path, monkeypatch):
        monkeypatch.setattr(steps, "NEEDED_BYTES", 1 << 60)
        with pytest.raises(steps.Failure, match="disk space"):
            steps.build_once(tmp_path / "home", "1", "building", lambda: None)

    @pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES])
    def test_errors_of_the_disk_end_with_one_line(self, number):
        with pytest.raises(SystemExit) as caught, steps.one_line_errors():
            raise OSError(number, os.strerror(number), "/there")
        assert "/there" in caught.value.code
        assert "\n" not in caught.value.code

    def test_two_commands_take_turns(self, tmp_path):
        lock = tmp_path / "lock"
        script = (
            "import sys; sys.path.insert(0, sys.argv[1])\n"
            "from environment import steps\n"
            "with steps.only_one(steps.Path(sys.argv[2]), 'waiting'): print('in')"
        )
        command = [sys.executable, "-c", script, str(SETUP), str(lock)]
        with steps.only_one(lock, "waiting"):
            second = subprocess.Popen(
                command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
            )
            assert second.stderr.readline() == "==> waiting\n"
            assert second.poll() is None
        assert second.communicate(timeout=20)[0] == "in\n"


class TestPythonEnvironments:
    @pytest.fixture
    def build(self, tmp_path, monkeypatch):
        """Builds the environment of requirements in the cache, without packages."""
        monkeypatch.setattr(requirements, "SETUP", tmp_path)
        monkeypatch.setattr(requirements, "_install", lambda *_arguments: None)

        def build(text):
            (tmp_path / "requirements.txt").write_text(text)
            return requirements.virtual_environment(tmp_path / "cache", "requirements")

        return build

    def test_checkouts_with_other_requirements_leave_each_other_alone(self, build):
        ours, others = build("lxml==5"), build("lxml==6")
        (others / "module").touch()
        assert build("lxml==5") == ours
        assert (others / "module").exists()

    def test_environment_that_nobody_used_for_a_month_is_removed(self, build):
        old = build("lxml==5")
        os.utime(old, (0, 0))
        kept = build("lxml==6")
        assert kept.is_dir()
        assert not old.exists()


class TestRequirements:
    @pytest.mark.parametrize(
        "name",
        [
            "requirements",
            "requirements-lint",
            "requirements-neighbours",
            "requirements-oca",
            "requirements-rules",
        ],
    )
    def test_every_package_is_pinned_with_a_checksum(self, name):
        text = (SETUP / f"{name}.txt").read_text().replace("\\\n", "")
        lines = [line for line in text.splitlines() if line and line[0] not in "# "]
        loose = [line for line in lines if "==" not in line or "--hash=" not in line]
        assert lines
        assert loose == []

    def test_addons_that_odoo_adds_by_itself_have_their_packages(self):
        """A company in Germany brings Peppol, a company in Denmark Nemhandel."""
        manifests = read_manifests(prepare().addons_path)
        chosen = {*databases.together(), *neighbours.ODOO, "l10n_dk"}
        wanted = {
            package
            for name in complete(chosen, manifests)
            for package in manifests[name]
            .get("external_dependencies", {})
            .get("python", [])
        }
        assert "phonenumbers" in wanted
        assert {name for name in wanted if not is_there(name)} == set()

    def test_debian_packages_have_suite_and_checksum(self):
        packages = debian.pinned_packages()
        assert "odoo-19" in [name for name, _suite, _sum in packages]
        assert all(len(checksum) == 64 for _name, _suite, checksum in packages)


class TestDurations:
    def test_parts_take_about_the_same_time(self):
        seconds = {"a": 60, "b": 30, "c": 20, "d": 10}
        assert durations.cut("abcd", seconds, 2) == [["a"], ["b", "c", "d"]]

    def test_every_file_is_in_one_part_recorded_or_not(self):
        files = [f"file {number}" for number in range(9)]
        parts = durations.cut(files, {"file 3": 100}, 2)
        assert sorted(parts[0] + parts[1]) == files
        assert parts[0] == ["file 3"]

    def test_report_of_a_run_gives_seconds_by_file(self, tmp_path, monkeypatch):
        report = tmp_path / "report.xml"
        cases = [
            ("tests.test_environment.TestSteps", 1.4),
            ("tests.test_environment", 2.3),
            ("gone.test_other", 9),
        ]
        lines = [
            f'<testcase classname="{name}" time="{time}"/>' for name, time in cases
        ]
        report.write_text(f"<testsuite>{''.join(lines)}</testsuite>")
        monkeypatch.setattr(durations, "RECORD", tmp_path / "durations.json")
        durations.record([report])
        assert durations.recorded() == {"tests/test_environment.py": 4}


class TestServers:
    def test_named_database_server_that_is_silent_is_an_error(
        self, tmp_path, monkeypatch
    ):
        for name in postgres.NAMES:
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("PGHOST", "127.0.0.1")
        monkeypatch.setenv("PGPORT", "1")
        home = requirements.Path(sys.prefix)
        with pytest.raises(steps.Failure, match=r"no PostgreSQL at 127\.0\.0\.1"):
            postgres.start(tmp_path, home)

    def test_a_server_that_was_cut_off_is_told_from_one_that_ended(self):
        with OwnServer(prepare()) as own:
            own.cluster.stop("immediate")
            assert own.cluster.was_cut_off()
            own.cluster.start()
            own.cluster.stop()
            assert not own.cluster.was_cut_off()

    def test_files_of_a_server_that_was_cut_off_are_put_aside(self, tmp_path):
        for text in ("first", "second"):
            (tmp_path / "data").mkdir()
            (tmp_path / "data" / "file").write_text(text)
            postgres._put_aside(tmp_path / "data")
            assert (tmp_path / "data-cut-off" / "file").read_text() == text
            assert not (tmp_path / "data").exists()

    def test_used_port_is_an_error(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            with pytest.raises(steps.Failure, match=f"port {port} is in use"):
                server.check_port(port)

    def test_free_port_can_be_used(self):
        server.check_port(server.free_port())


class TestTable:
    rows = (
        {"customer": "Dentist", "hours": 1.5, "net": "0.10"},
        {"customer": "Agency", "hours": 2.25, "net": "0.20"},
    )

    def test_last_line_is_the_exact_sum(self):
        last = table.render(list(self.rows), COLUMNS, ("hours", "net")).splitlines()[-1]
        assert last.split() == ["3.75", "0.30"]

    def test_columns_stand_under_their_titles(self):
        lines = table.render(list(self.rows), COLUMNS).splitlines()
        assert lines[0] == "Customer  Hours  Net"
        assert lines[2] == "Dentist    1.50  0.10"

    def test_no_rows_give_titles_only(self):
        assert table.render([], COLUMNS).splitlines()[0].split() == list(
            COLUMNS.values()
        )


class TestDemo:
    @pytest.mark.parametrize("month", ["2026-13", "2026", "May", "2999-01"])
    def test_impossible_month_is_refused(self, month, capsys):
        with pytest.raises(SystemExit):
            demo._parse(["--month", month])
        assert month in capsys.readouterr().err

    def test_name_that_is_no_database_is_refused(self, capsys):
        with pytest.raises(SystemExit):
            demo._parse(["--database", "Robert'); DROP"])
        assert "--database" in capsys.readouterr().err

    def test_last_month_is_billed_when_none_is_named(self):
        assert demo._parse([]).month == demo._last_month()


class TestPython:
    def test_wrong_python_is_named_with_the_remedy(self, tmp_path):
        (tmp_path / "dirname").symlink_to("/usr/bin/dirname")
        (tmp_path / "id").write_text("#!/bin/sh\necho 1000\n")
        (tmp_path / "id").chmod(0o755)
        script = (SETUP / "python").read_text().replace("/usr/bin/python3", "none")
        done = subprocess.run(
            ["/bin/sh", "-s"],
            input=script,
            env={"PATH": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 1
        assert done.stderr.startswith("error: needs Python 3.10 to 3.13")
