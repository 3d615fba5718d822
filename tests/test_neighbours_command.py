"""The comparison of the neighbours' tests without and with our addons."""

from commands import neighbours as command

REPORT = """<testsuites><testsuite>
<testcase classname="odoo.addons.portal.tests.test_one.TestOne" name="test_good"/>
<testcase classname="odoo.addons.portal.tests.test_one.TestOne" name="test_bad">
<failure message="no"/></testcase>
<testcase classname="odoo.addons.portal.tests.test_one.TestOne" name="test_broken">
<error message="no"/></testcase>
<testcase classname="odoo.addons.portal.tests.test_one.TestOne" name="test_left_out">
<skipped/></testcase>
</testsuite></testsuites>"""
GOOD, BAD, NEW = (f"odoo.addons.portal.tests.test_one.{name}" for name in "abc")


def test_report_says_what_passed(tmp_path):
    report = tmp_path / "report.xml"
    report.write_text(REPORT)
    found = {name.rpartition(".")[2]: ok for name, ok in command.read(report)}
    assert found == {"test_good": True, "test_bad": False, "test_broken": False}


def test_what_fails_without_ours_too_is_not_lost():
    before, after = {GOOD: True, BAD: False}, {GOOD: False, BAD: False}
    assert command.find_lost(before, after) == [GOOD]


def test_test_that_did_not_run_beside_ours_is_lost():
    assert command.find_lost({GOOD: True}, {NEW: True}) == [GOOD]


def test_tests_are_counted_by_addon():
    rows = command.count({GOOD: True, BAD: True}, {GOOD: True, BAD: False})
    assert rows == [{"addon": "portal", "without": 2, "with": 1, "lost": 1}]


def test_what_is_other_on_purpose_is_named_with_its_reason():
    [(end, reason)] = command.INTENDED.items()
    lost, intended = command.split_intended([GOOD, f"odoo.addons.{end}"])
    assert lost == [GOOD]
    assert intended == {f"odoo.addons.{end}": reason}
