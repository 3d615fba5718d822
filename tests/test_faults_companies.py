"""A run over several companies that is killed: each is billed by its own books."""

from .test_faults_job import EARLY

NAMES = ["North", "South"]
#: hours of a customer and the rate in the new companies
NET = (2.5 + 7.25 + 4.0) * 100


def test_killed_run_over_several_companies_is_completed(firm, undisturbed):
    firm.call("fault_companies:build", NAMES)
    assert firm.start("fault_run:run_jobs", "kill", EARLY).wait()
    assert firm.start("fault_run:run_jobs", "kill", undisturbed.steps // 2).wait()
    firm.call("fault_run:pass_a_night")
    firm.call("fault_run:run_jobs")
    firm.check_sound()
    found = firm.call("fault_companies:get_invoices")
    assert {name: found[name] for name in NAMES} == {name: [1, NET] for name in NAMES}
    assert set(found) > set(NAMES)
